"""A curve between 0 and 1 as a table: what needs a power or a tangent is made once, and read by plus and times."""

from __future__ import annotations

from collections.abc import Callable

from wearsound.instruments.soundscape.plain import power

STEPS = 64


class Table:
    """`curve` at 65 places over 0..1. [any thread]"""

    def __init__(self, curve: Callable[[float], float]) -> None:
        values = [curve(i / STEPS) for i in range(STEPS + 1)]
        self._values = [*values, values[-1]]

    def at(self, x: float) -> float:
        """The value at `x` 0..1, a straight line between two places."""
        place = x * STEPS
        number = int(place)
        before = self._values[number]
        return before + (place - number) * (self._values[number + 1] - before)


def decibels(low: float, high: float) -> Table:
    """A factor that goes from `low` to `high` dB."""
    return Table(lambda x: power(10.0, (low + x * (high - low)) / 20.0))
