"""The playing head: no DC, a bump in the lows, a lift of the highs, and an end that comes sooner as it wears."""

from __future__ import annotations

import numpy as np

from wearsound.core import F64, Clock
from wearsound.instruments.soundscape.plain import PI, cosine, sine
from wearsound.instruments.soundscape.table import Table
from wearsound.instruments.vibration.filters import Cascade

LOWEST = 26.0
"""Hz."""
BUMP, BUMP_Q, BUMPS = 82.0, 1.1, (1.122, 1.349)
"""Hz, quality, and gain at age 0 and 1: 1 and 2.6 dB, as heads of cassette decks have."""
SHELF, LIFTS = 1100.0, (1.259, 1.884)
"""Hz where the lift begins, and gain above: 2 and 5.5 dB, which gives back what the room took."""
EDGES = (15_800.0, 7_400.0)
"""Hz where the highs end, at age 0 and 1."""
SQRT2 = 1.4142135623730951
SNAP = 1e-12


class Head:
    """Four sections on two sides, whose coefficients follow age hop by hop. [engine thread]"""

    def __init__(self, clock: Clock) -> None:
        rate = clock.sample_rate
        self._edge = Table(lambda age: _warped(EDGES[0] + age * (EDGES[1] - EDGES[0]), rate))
        self._bump, self._shelf = _warped(BUMP, rate), _warped(SHELF, rate)
        self._sections: F64 = np.zeros((4, 6))
        self._sections[:, 3] = 1.0
        _high_pass(self._sections[0], _warped(LOWEST, rate))
        self._filter = Cascade(self._sections, rows=2)
        self._age: float | None = None
        self._turn(0.0)

    def reset(self) -> None:
        """Nothing was heard."""
        self._filter.reset()

    @property
    def quiet(self) -> bool:
        """It holds nothing that could be heard."""
        return bool(np.abs(self._filter.memory).max() < SNAP)

    def play(self, wave: F64, age: float) -> None:
        """Filter `wave` (2, hop), C-contiguous, in place."""
        if age != self._age:
            self._turn(age)
        self._filter.run(wave)

    def _turn(self, age: float) -> None:
        self._age = age
        _peak(self._sections[1], self._bump, BUMPS[0] + age * (BUMPS[1] - BUMPS[0]))
        _high_shelf(self._sections[2], self._shelf, LIFTS[0] + age * (LIFTS[1] - LIFTS[0]))
        _low_pass(self._sections[3], self._edge.at(age))


def _warped(hz: float, rate: float) -> float:
    angle = PI * min(hz, 0.45 * rate) / rate
    return sine(angle) / cosine(angle)


def _high_pass(section: F64, k: float) -> None:
    """Butterworth of the second order, by the bilinear transform, as all of these."""
    norm = 1.0 / (1.0 + SQRT2 * k + k * k)
    section[:3] = norm, -2.0 * norm, norm
    section[4:] = 2.0 * (k * k - 1.0) * norm, (1.0 - SQRT2 * k + k * k) * norm


def _low_pass(section: F64, k: float) -> None:
    norm = 1.0 / (1.0 + SQRT2 * k + k * k)
    b = k * k * norm
    section[:3] = b, 2.0 * b, b
    section[4:] = 2.0 * (k * k - 1.0) * norm, (1.0 - SQRT2 * k + k * k) * norm


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
