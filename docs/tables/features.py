"""The features page: what can be written after `from =`, from the ear's own words."""

from __future__ import annotations

from collections.abc import Iterable

from wearsound.analysis.ear import KINDS, everything, feature_specs, kind_specs
from wearsound.core import Spec

HEAD = """# Features

What can be written after `from =` in a patch, for every lane: `room.bass` or just `bass`. A count only grows: a
route strikes each time it does. Made from the meters' own words by `python -m docs.tables`.

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


def page(_: str) -> str:
    """The whole page."""
    core, every = feature_specs(["room"]), feature_specs(["room"], {}, everything(["room"]))
    text = HEAD + table(core) + ASKED + table([spec for spec in every if spec not in core])
    return text + "".join(KIND.format(kind=kind) + table(kind_specs(kind)) for kind in KINDS)


def table(specs: Iterable[Spec]) -> str:
    """A row a feature."""
    rows = []
    for spec in specs:
        name = spec.name.removeprefix("room.")
        reach = "counts up" if spec.growing else f"{spec.low:g} .. {spec.high:g} {spec.unit}".strip()
        rows.append(f"| `{name}` | {spec.about} | {reach} | {spec.step:g} |\n")
    return TABLE + "".join(rows)
