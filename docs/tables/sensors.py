"""The sensors page: what a patch may play from a phone or a board."""

from __future__ import annotations

from benchmarks.slot import filled
from wearsound.analysis.sensor.motion import Motion
from wearsound.sensed import GROUPS


def page(text: str) -> str:
    """Its slot."""
    rows = ["| name | what it is | range |", "| --- | --- | --- |"]
    for spec in Motion.words([column for group in GROUPS.values() for column in group.columns]):
        reach = f"{spec.low:g} .. {spec.high:g} {spec.unit}".strip()
        rows.append(f"| `phone.{spec.name}` | {spec.about} | {reach} |")
    return filled(text, "features", "\n".join(rows))
