"""The words of what is sensed: which numbers a sensor lane may hold, in which units, and how samples are called.

`sources` brings such numbers in, `analysis` listens to them and `outputs` sends what it heard; all read this
page. No NumPy here.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

SENSE = "/wear/sense"
"""A sample as the engine takes it: `/wear/sense/LANE/GROUP x y z [t]`, in this page's units; `t` is the moment at which
it was measured by the sender's own clock, in seconds from anywhere. Unlike a value, of which the last one wins, every
sample counts."""

MOVED = frozenset(("energy", "jerk", "stillness", "cadence", "rub", "tap", "step", "handling")) | {
    *("tilt", "roll", "turn", "flex", "press", "speed", "fresh")
}
"""What lanes say of movement rather than of sound: it leaves at `/wear/move/LANE/NAME`."""

G = 9.80665
"""One g in m/s2 (standard gravity, CGPM 1901)."""


@dataclass(frozen=True, slots=True)
class Group:
    """Numbers that are measured together: their names in a lane, their unit and the range that is believed."""

    columns: tuple[str, ...]
    unit: str
    low: float
    high: float


GROUPS: dict[str, Group] = {
    "accel": Group(("ax", "ay", "az"), "m/s2", -160.0, 160.0),
    "gravity": Group(("ux", "uy", "uz"), "m/s2", -20.0, 20.0),
    "gyro": Group(("gx", "gy", "gz"), "rad/s", -40.0, 40.0),
    "stretch": Group(("stretch",), "", 0.0, 1.0),
    "pressure": Group(("pressure",), "", 0.0, 1.0),
}
"""Acceleration with or without gravity, up at rest; gravity by itself where the sender takes it apart; rotation. 16 g
and 2000 degrees a second are the most that the chips of phones and boards measure (157 m/s2, 34.9 rad/s)."""

OF_COLUMN = {column: name for name, group in GROUPS.items() for column in group.columns}
"""Which group a number belongs to."""


def groups_of(values: Collection[str]) -> tuple[str, ...]:
    """The groups that a lane with these values has whole, in the order of this page."""
    return tuple(name for name, group in GROUPS.items() if all(column in values for column in group.columns))


@dataclass(frozen=True, slots=True)
class Reading:
    """How one message of a sender becomes a sample: which address, what it says, in which unit.

    `source` is an OSC address; one of its parts may be `*`, which stands for any. `to` is a group, or one number of a
    group where a sender says them apart. Each argument in `args` becomes `(x - zero) * factor`. `stamp` is the argument
    that says when it was measured, `tick` what its unit is in seconds.
    """

    source: str
    to: str
    args: tuple[int, ...]
    unit: str = ""
    factor: float = 1.0
    zero: float = 0.0
    stamp: int | None = None
    tick: float = 1.0

    @property
    def group(self) -> str:
        """The group that it is of."""
        return OF_COLUMN.get(self.to, self.to)


@dataclass(frozen=True, slots=True)
class Sensor:
    """A sender and the lane that it is heard as.

    `only` says which, where there are several: what stands for `*` in its addresses, or its network address; "" is
    whoever speaks first. `preset` is the file that says how it is read.
    """

    lane: str
    readings: tuple[Reading, ...]
    only: str = ""
    preset: str = ""

    @property
    def columns(self) -> dict[str, tuple[float, float]]:
        """The numbers of its lane and the range of each, in this page's units."""
        found = dict.fromkeys(reading.group for reading in self.readings)
        groups = [GROUPS[name] for name in GROUPS if name in found]
        return {column: (group.low, group.high) for group in groups for column in group.columns}
