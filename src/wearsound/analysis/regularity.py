"""How regular what happens is, and at what pace: of a kick, a walk, a hand that rubs; the same code for all."""

from __future__ import annotations

import math

import numpy as np

from wearsound.analysis.gain import GRID
from wearsound.core import F64

SLOWEST, FASTEST = 30.0, 240.0
"""Events a minute: 0 and 1 of the pace, on a logarithmic scale; 85 is the middle."""
FAVOURITE, WIDTH = 100.0, 1.2
"""Where people hear a pulse, a walking pace, and how many octaves around it (after van Noorden & Moelants 1999, who
find 120; a walk is a little slower)."""
MEMORY_SECONDS = 4.0
MEAN_SECONDS = 2.0
SLIDE_SECONDS = 0.3
AS_HIGH = 0.75
"""Of two peaks that are nearly as high as each other the quicker is the pace: every second step repeats as well."""
FAITHFUL = 1.25
"""Times as high the old pace counts: a pace that doubles with each hat cannot be worn."""
REST_SECONDS = 2.2
"""Silence within is part of a slow pulse; beyond, nothing repeats."""
FIRM = 0.85
"""Height of the autocorrelation's peak that counts as wholly regular: nobody walks like a clock."""


class Regularity:
    """`look` once a look, of any `look_seconds` from 5 to 50 ms; then `rhythm` 0..1 and `pace` 0..1 stand.

    A leaky autocorrelation (4 s) of what has risen, from 0.25 to 2 s; the peak that is highest under a broad preference
    for a walking pace is the pace, its height the regularity. `rhythm` is that times how far events stand out.
    """

    def __init__(self, look_seconds: float, faint: float) -> None:
        """`faint` is the deviation (rms) of rises that stand out by half."""
        self._memory = round(look_seconds / MEMORY_SECONDS, 9)
        self._mean_weight = round(look_seconds / MEAN_SECONDS, 9)
        self._slide = round(look_seconds / SLIDE_SECONDS, 9)
        self._first = max(2, math.floor(60.0 / FASTEST / look_seconds))
        self._last = math.ceil(60.0 / SLOWEST / look_seconds)
        self._faint = faint * faint
        self._patience = round(REST_SECONDS / look_seconds)
        lags = np.arange(self._first, self._last + 1) * look_seconds
        octaves = np.log2(60.0 / FAVOURITE / lags)
        self._favour: F64 = np.exp(-0.5 * (octaves / WIDTH) ** 2).round(9)
        self._paces: F64 = (np.log2(60.0 / SLOWEST / lags) / math.log2(FASTEST / SLOWEST)).round(9)
        self.reset()

    def reset(self) -> None:
        """Nothing has happened."""
        self.rhythm = self.pace = 0.0
        self._past: F64 = np.zeros(self._last + 2)
        self._alike: F64 = np.zeros(self._last + 2)
        self._before = (0.0, 0.0)
        self._mean = 0.0
        self._sure = False
        self._still = self._at = 0

    def look(self, rise: float, silent: bool = False) -> None:
        """How much has risen since the last look, in any unit that `faint` is in; 0 where nothing has."""
        smooth = 0.25 * self._before[0] + 0.5 * self._before[1] + 0.25 * rise
        self._before = self._before[1], rise
        self._mean += self._mean_weight * (smooth - self._mean)
        past, alike = self._past, self._alike
        past[1:] = past[:-1]
        past[0] = smooth - self._mean
        alike *= 1.0 - self._memory
        alike += (self._memory * float(past[0])) * past
        total = float(alike[0])
        self._still = self._still + 1 if silent else 0
        if self._still > self._patience or total < 1e-9:
            self._rest()
            return
        part = alike[self._first : self._last + 1] / total
        heights = part * self._favour
        if self._sure:
            heights[max(0, self._at - 1) : self._at + 2] *= FAITHFUL
        at = self._at = _quickest(np.rint(heights * GRID))
        # Silence before the first event is like itself: what is said grows only as it is heard again.
        regular = min(1.0, max(0.0, float(part[at]) / FIRM))
        rhythm = regular * total / (total + self._faint)
        self.rhythm += self._slide * (rhythm - self.rhythm)
        if 0 < at < len(part) - 1 and regular > 0.15:
            before, top, after = (float(x) for x in part[at - 1 : at + 2])
            bend = before - 2.0 * top + after
            shift = min(0.5, max(-0.5, 0.5 * (before - after) / bend)) if bend < -1e-9 else 0.0
            lower = int(shift < 0.0)
            here, there = self._paces[at], self._paces[at - 1 if lower else at + 1]
            now = math.floor(float(here + abs(shift) * (there - here)) * GRID + 0.5) / GRID
            # The first is taken as it is; what follows is slid to.
            self.pace += (self._slide if self._sure else 1.0) * (now - self.pace)
            self._sure = True

    def _rest(self) -> None:
        self.rhythm -= self._slide * self.rhythm
        self.pace -= self._slide * self.pace
        if self.rhythm < 1e-3:
            self.rhythm = 0.0
        if self.pace < 1e-3:
            self.pace, self._sure = 0.0, False


def _quickest(heights: F64) -> int:
    """The first peak that is nearly as high as the highest."""
    at = int(np.argmax(heights))
    least = AS_HIGH * float(heights[at])
    inner = heights[1:-1]
    peaks = np.flatnonzero((inner >= heights[:-2]) & (inner > heights[2:]) & (inner >= least))
    return min(at, int(peaks[0]) + 1) if len(peaks) and least > 0.0 else at
