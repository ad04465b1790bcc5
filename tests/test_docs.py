"""What the docs say about features is what the ear says; links lead somewhere."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

import msgspec
import pytest

from wearsound.analysis.ear import KINDS, everything, feature_specs, kind_specs
from wearsound.core import Spec
from wearsound.mapping.dial import route_names
from wearsound.mapping.structure import Soundscape, Voice
from wearsound.show.load import load
from wearsound.show.tree import tree_of

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
HEAD = """# Features

What can be written after `from =` in a patch, for every lane: `room.bass` or just `bass`. A count only grows: a
route strikes each time it does. Made from the meters' own words: the tests with `WEARSOUND_WRITE_DOCS=1` write it anew.

## Always heard

"""
ASKED = """
## Heard only where asked for

These run, and are sent and recorded, only where a route, the sketch (`hears = ("pitch",)` in its class) or the rig
(`hears = ["pitch"]`) names one of them; `wearsound analyze` hears them all. Each line that is asked for brings
those that are found together with it: all notes with the key, `note` with `pitch`.
`drape.swing`, `drape.width` and `drape.fold` are a lane of their own, written in full: a small cloth simulation
whose load is the bass of `room`. Every show whose picture is the garment asks for them; a sketch reads them as
`f["drape.swing"]`.

"""
KIND = """
## Only of a lane called {kind}

Or `{kind}_l`, `{kind}2` and the like; heard where asked for, written in full.

"""
TABLE = """| name | what it is | range | step |
| --- | --- | --- | --- |
"""


def features_page() -> str:
    core, every = feature_specs(["room"]), feature_specs(["room"], {}, everything(["room"]))
    page = HEAD + table(core) + ASKED + table([spec for spec in every if spec not in core])
    return page + "".join(KIND.format(kind=kind) + table(kind_specs(kind)) for kind in KINDS)


def table(specs: Iterable[Spec]) -> str:
    rows = []
    for spec in specs:
        name = spec.name.removeprefix("room.")
        reach = "counts up" if spec.growing else f"{spec.low:g} .. {spec.high:g} {spec.unit}".strip()
        rows.append(f"| `{name}` | {spec.about} | {reach} | {spec.step:g} |\n")
    return TABLE + "".join(rows)


def test_the_features_page_is_what_the_ear_says() -> None:
    page = ROOT / "docs" / "features.md"
    if os.environ.get("WEARSOUND_WRITE_DOCS"):
        page.write_text(features_page(), encoding="utf-8")
    assert page.read_text(encoding="utf-8") == features_page()


ADDRESSES = """# Addresses that can be set and asked

What `wearsound run` takes by OSC, as `wearsound osc tree SHOW` lists it for a show of yours with its own zones,
scenes and routes. An address without an argument asks, except a trigger, which fires. Made from the program's own
tree: the tests with `WEARSOUND_WRITE_DOCS=1` write it anew.

| address | takes | what it is |
| --- | --- | --- |
"""
OWN = """| `/wear/subscribe [port]` | | changes are told to that port of yours (else 9001) for 60 s: say it again |
| `/wear/unsubscribe` | | no more |
| `/wear/dump` | | everything that can be asked, at once; once a second |
| `/wear/ping` | | answers `/wear/pong "wearsound" version namespace` |
"""


def addresses_page() -> str:
    """One row a kind of address: zones, scenes, routes and outputs by their place."""
    show = load("bass-denim", rig="stage", sketch="loom")
    rows: dict[str, str] = {}
    for parameter in tree_of(show):
        address = parameter.address
        for name in show.garment.zone_names:
            address = address.replace(f"/zone/{name}", "/zone/<zone>")
        for name in [scene.name for scene in show.patch.scenes]:
            address = re.sub(rf"/scene/{name}$", "/scene/<scene>", address)
        for name in sorted(route_names(show.patch), key=len, reverse=True):
            address = address.replace(f"/param/{name}/", "/param/<route>/")
        address = re.sub(r"/delay/.*", "/delay/<output>", address)
        address = re.sub(r"/param/sketch/[^/]+", "/param/sketch/<parameter>", address)
        address = re.sub(
            r"/move/[^/]+/.*", "/move/<lane>/<value>", re.sub(r"/move/[^/]+$", "/move/<lane>", address)
        )
        address = re.sub(r"/zone/<zone>/[^/]+/release$", "/zone/<zone>/<medium>/release", address)
        kind = {
            "trigger": "fires" if parameter.low >= 0 else f"a number {parameter.unit}".strip(),
            "switch": "0 or 1",
            "list": "numbers",
        }.get(parameter.kind, "")
        kind = kind or (f"{parameter.low:g} .. {parameter.high:g} {parameter.unit}".strip())
        if parameter.kind == "text":
            kind = "a word" if parameter.settable else "a word, only asked"
        about = parameter.about.rpartition(": ")[2] if "<route>" in address else parameter.about
        about = {"<lane>": "the numbers of a remote lane", "<value>": "one number of a remote lane"}.get(
            address.rpartition("/")[2], about
        )
        for end, text in (("/<output>", "how much later an output is"), ("/<scene>", "call a scene")):
            about = text if address.endswith(end) else about
        if "/param/<route>/" in address and address.rpartition("/")[0].endswith(("/in", "/out")):
            kind = "as the feature" if "/in/" in address else "as the control"
        if "/sketch/<parameter>" in address and not address.endswith("release"):
            kind, about = "as it says", "a parameter of the sketch"
        rows.setdefault(address, f"| `{address}` | {kind} | {about} |\n")
    return ADDRESSES + "".join(rows.values()) + OWN


def test_the_addresses_page_is_what_the_tree_says() -> None:
    page = ROOT / "docs" / "addresses.md"
    if os.environ.get("WEARSOUND_WRITE_DOCS"):
        page.write_text(addresses_page(), encoding="utf-8")
    assert page.read_text(encoding="utf-8") == addresses_page()


NUMBERS = """| key | takes | left out | is |
| --- | --- | --- | --- |
"""


def numbers_table() -> str:
    """Every number of [soundscape] and [[voice]]."""
    rows = []
    for kind, head in ((Soundscape, "[soundscape]"), (Voice, "[[voice]]")):
        properties = msgspec.json.schema(kind)["$defs"][kind.__name__]["properties"]
        for name, said in properties.items():
            if "minimum" in said:
                whole = " whole" if said["type"] == "integer" else ""
                reach = f"{said['minimum']:g} to {said['maximum']:g}{whole}"
                rows.append(
                    f"| `{head}` `{name}` | {reach} | {said['default']:g} | {said['description']} |\n"
                )
    return NUMBERS + "".join(rows)


def test_the_numbers_of_the_movement_page_are_what_a_patch_takes() -> None:
    page = ROOT / "docs" / "movement.md"
    parts = re.split(
        r"(?<=<!-- numbers -->\n)(.*?)(?=<!-- /numbers -->)", page.read_text("utf-8"), flags=re.DOTALL
    )
    assert len(parts) == 3
    if os.environ.get("WEARSOUND_WRITE_DOCS"):
        page.write_text(parts[0] + numbers_table() + parts[2], encoding="utf-8")
        parts[1] = numbers_table()
    assert parts[1] == numbers_table()
    assert "| `[soundscape]` `memory` | 0 to 1 | 0.3 |" in parts[1]
    assert "| `[[voice]]` `octave` | -1 to 2 whole | 0 |" in parts[1]


def test_the_patches_of_the_movement_page_and_the_front_page_are_whole(tmp_path: Path) -> None:
    for name in ("README.md", "docs/movement.md"):
        blocks = re.findall(r"```toml\n(.*?)```", (ROOT / name).read_text("utf-8"), flags=re.DOTALL)
        whole = [block for block in blocks if "[soundscape]" in block]
        assert whole
        for block in whole:
            path = tmp_path / "own.toml"
            path.write_text(block, encoding="utf-8")
            assert load(path).patch.soundscape is not None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
