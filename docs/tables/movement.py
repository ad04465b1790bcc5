"""The movement page: every number of [soundscape] and [[voice]]."""

from __future__ import annotations

import msgspec

from benchmarks.slot import filled
from wearsound.mapping.structure import Soundscape, Voice

NUMBERS = """| key | takes | left out | is |
| --- | --- | --- | --- |
"""


def numbers() -> str:
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
    return (NUMBERS + "".join(rows)).rstrip()


def page(text: str) -> str:
    """Its slot."""
    return filled(text, "numbers", numbers())
