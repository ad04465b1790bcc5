"""The addresses page: what can be set and asked by OSC, from the program's own tree of a show that has everything."""

from __future__ import annotations

import re

from wearsound.mapping.dial import route_names
from wearsound.show.load import load
from wearsound.show.tree import tree_of

ADDRESSES = """# Addresses that can be set and asked

What `wearsound run` takes by OSC, as `wearsound osc tree SHOW` lists it for a show of yours with its own zones,
scenes and routes. An address without an argument asks, except a trigger, which fires. Made from the program's own
tree by `python -m docs.tables`.

| address | takes | what it is |
| --- | --- | --- |
"""
OWN = """| `/wear/subscribe [port]` | | changes are told to that port of yours (else 9001) for 60 s: say it again |
| `/wear/unsubscribe` | | no more |
| `/wear/dump` | | everything that can be asked, at once; once a second |
| `/wear/ping` | | answers `/wear/pong "wearsound" version namespace` |
"""


def page(_: str) -> str:
    """The whole page. One row a kind of address: zones, scenes, routes and outputs by their place."""
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
