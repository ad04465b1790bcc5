"""Real faults, one after the other, on a real show, and how long each took to be over.

The show runs in a venue of its own (`fault_room`); what happens there is in `fault_night`. tests/test_real_faults.py
lets the same faults last as briefly as they can.
"""

from __future__ import annotations

import math
from typing import Any

from benchmarks.fault_night import DARK
from benchmarks.fault_room import inside, missing
from benchmarks.table import Figure, Part, number

GAP = 1.0
"""Seconds that light may wait."""
HOLDS = 2.5
"""Seconds for which they keep what they show, while nobody can send."""
BACK = {
    "port": 6.0,
    "name": 65.0,
    "state": 8.0,
    "unloaded": 5.0,
    "killed": 8.0,
    "frozen": 5.0,
    "cable": 1.0,
    "adapter": 1.5,
    "vanished": 1.0,
    "full": 5.0,
    "picture": 2.0,
    "descriptors": 5.0,
    "crashed": 2.0,
    "busy": 1.0,
    "clocks": 1.0,
    "display": 15.0,
    "asleep": 2.5,
}
"""Seconds from when the cause is gone; a name is tried again after 5, 10, 20 .. 60 s."""
HEAD = (
    "| fault | code | in the log after | longest wait for light | dark by a panic | back after | lines: entry, over "
    "| left behind |\n| --- | --- | --- | --- | --- | --- | --- | --- |"
)


def most(name: str) -> float:
    """The longest that light may wait during a fault, seconds."""
    return HOLDS if name in ("crashed", "asleep") else GAP


def night(long: bool, only: tuple[str, ...] = ()) -> dict[str, dict[str, Any]]:
    """What was seen, by the name of the fault; seconds that never came are infinite."""
    found = {}
    for seen in inside("benchmarks.fault_night", {"long": long, "only": list(only)}):
        found[seen["name"]] = {key: math.inf if value is None else value for key, value in seen.items()}
    return found


def row(seen: dict[str, Any]) -> str:
    """One line of the table."""

    def seconds(value: float) -> str:
        return f"{number(value)} s" if math.isfinite(value) else "-"

    times = " | ".join(seconds(seen[name]) for name in ("noticed", "gap", "dark", "back"))
    left = ", ".join(f"{value:g} {what}" for what, value in seen["more"].items()) or "nothing"
    return f"| {seen['what']} | {seen['code']} | {times} | {seen['lines']}, {seen['backs']} | {left} |"


def run() -> Part:
    """Every fault, as long as they last in rooms; nothing where there can be no such venue."""
    part = Part("Real faults, and what became of them")
    why = missing()
    if why:
        part.notes.append(f"{why}: not measured.")
        return part
    found = night(long=True)
    left = found.pop("left")
    part.notes.append("\n".join([HEAD, *map(row, found.values())]))
    for name, seen in found.items():
        part.figures.append(Figure(f"{name}: longest wait for light", seen["gap"], "s", most(name)))
        if math.isfinite(seen["dark"]):
            part.figures.append(Figure(f"{name}: dark by a panic", seen["dark"], "s", DARK))
        part.figures.append(Figure(f"{name}: back after", seen["back"], "s", BACK[name]))
    part.figures.append(Figure("code with which it left", left["code"], "", 0))
    return part
