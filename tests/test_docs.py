"""What the docs say about features is what the ear says; links lead somewhere."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from wearsound.analysis.ear import everything, feature_specs
from wearsound.core import Spec

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
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

"""
TABLE = """| name | what it is | range | step |
| --- | --- | --- | --- |
"""


def features_page() -> str:
    core, every = feature_specs(["room"]), feature_specs(["room"], {}, everything(["room"]))
    return HEAD + table(core) + ASKED + table([spec for spec in every if spec not in core])


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


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
