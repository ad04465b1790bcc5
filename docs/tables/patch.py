"""The patch page: every key of a patch, and every control that a route may move."""

from __future__ import annotations

from collections.abc import Iterable

from benchmarks.slot import filled
from docs.tables.keys import tables
from wearsound.core import Spec
from wearsound.instruments.light import ZONE_CONTROLS
from wearsound.mapping.sentences import WORDS
from wearsound.sound import DIALS

HEADINGS = {
    (): "The whole patch",
    ("feel", "from"): "A band of your own",
    ("soundscape",): "`[soundscape]`",
}
OWN = {
    "feel.NAME": ("how strongly that `[[feel]]` is felt", "0 .. 1"),
    "voice.NAME": ("how loud that `[[voice]]` is; 0.5 as it was made", "0 .. 1"),
    "sketch.NAME": ("a parameter of the show's sketch", "as the sketch says"),
    "/any/address": ("an OSC message to every `[[osc]]` of the rig", "as `out` says; 0 .. 1 without"),
}


def page(text: str) -> str:
    """Its two slots."""
    return filled(filled(text, "controls", controls(ZONE_CONTROLS)), "keys", tables(WORDS, HEADINGS))


def controls(zones: Iterable[Spec]) -> str:
    """What may stand after `to =`."""
    rows = ["| control | is | range |", "| --- | --- | --- |"]
    for spec in zones:
        rows.append(
            f"| `ZONE.{spec.name}` | {spec.about} | {f'{spec.low:g} .. {spec.high:g} {spec.unit}'.strip()} |"
        )
    rows += [f"| `sound.{name}` | {about} | 0 .. 1 |" for name, about in DIALS.items()]
    rows += [f"| `{name}` | {about} | {reach} |" for name, (about, reach) in OWN.items()]
    return "\n".join(rows)
