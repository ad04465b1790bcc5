"""The playing head: no DC, a bump in the lows, a lift of the highs, and an end that comes sooner as it wears."""

from __future__ import annotations

import numpy as np

from wearsound.cascade import Cascade
from wearsound.core import F64, Clock
from wearsound.instruments.soundscape.band import high_pass, low_pass, warped
from wearsound.instruments.soundscape.table import Table

LOWEST = 26.0
"""Hz."""
BUMP, BUMP_Q, BUMPS = 82.0, 1.1, (1.122, 1.349)
"""Hz, quality, and gain at age 0 and 1: 1 and 2.6 dB, as heads of cassette decks have."""
SHELF, LIFTS = 1100.0, (1.259, 1.884)
"""Hz where the lift begins, and gain above: 2 and 5.5 dB, which gives back what the room took."""
EDGES = (15_800.0, 7_400.0)
"""Hz where the highs end, at age 0 and 1."""


class Head:
    """Four sections on two sides, whose coefficients follow age hop by hop. [engine thread]"""

    def __init__(self, clock: Clock) -> None:
        rate = clock.sample_rate
        self._edge = Table(lambda age: warped(EDGES[0] + age * (EDGES[1] - EDGES[0]), rate))
        self._bump, self._shelf = warped(BUMP, rate), warped(SHELF, rate)
        self._sections: F64 = np.zeros((4, 6))
        self._sections[:, 3] = 1.0
        _put(self._sections[0], high_pass(warped(LOWEST, rate)))
        self._filter = Cascade(self._sections, rows=2)
        self._age: float | None = None
        self._turn(0.0)

    def reset(self) -> None:
        """Nothing was heard."""
        self._filter.reset()

    def play(self, wave: F64, age: float) -> None:
        """Filter `wave` (2, hop), C-contiguous, in place."""
        if age != self._age:
            self._turn(age)
        self._filter.run(wave)

    def _turn(self, age: float) -> None:
        self._age = age
        _peak(self._sections[1], self._bump, BUMPS[0] + age * (BUMPS[1] - BUMPS[0]))
        _high_shelf(self._sections[2], self._shelf, LIFTS[0] + age * (LIFTS[1] - LIFTS[0]))
        _put(self._sections[3], low_pass(self._edge.at(age)))


def _put(section: F64, filter: tuple[list[float], list[float]]) -> None:
    section[:3], section[4:] = filter[0], filter[1][1:]


def _peak(section: F64, k: float, gain: float) -> None:
    """`gain` times at its middle, 1 far from it."""
    width = k / BUMP_Q
    norm = 1.0 / (1.0 + width + k * k)
    turn = 2.0 * (k * k - 1.0) * norm
    section[:3] = (1.0 + gain * width + k * k) * norm, turn, (1.0 - gain * width + k * k) * norm
    section[4:] = turn, (1.0 - width + k * k) * norm


def _high_shelf(section: F64, k: float, gain: float) -> None:
    """First order: 1 below, `gain` times above."""
    norm = 1.0 / (1.0 + k)
    section[:3] = (gain + k) * norm, (k - gain) * norm, 0.0
    section[4:] = (k - 1.0) * norm, 0.0
