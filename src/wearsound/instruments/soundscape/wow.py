"""Wow and flutter: a tape that is never quite at its speed, as a delay that wanders.

Four slow lines that never repeat (wow, a second wow, flutter, scrape) are cubics within a hop, so their coefficients
are added and one polynomial is evaluated. It is the delay itself, not the speed: nothing adds up, nothing drifts away.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wearsound.core import F64, Clock
from wearsound.instruments.soundscape.spline import Spline

LINES: tuple[tuple[str, float, float], ...] = (
    ("wow", 0.699, 1.6e-3),
    ("wow two", 0.283, 0.45e-3),
    ("flutter", 0.0587, 70e-6),
    ("scrape", 0.0107, 6e-6),
)
"""Name, seconds from knot to knot, seconds of delay at age 1 where the line is 1. Speed is off by 0.16 % rms then: a
worn cassette deck; a new one, 0.05 % (data sheets give 0.05 to 0.2, weighted or not as it suits them)."""
LEAST = 4
"""Samples that even a new tape is late: four points are read."""
MOST = 156
"""Samples that a worn one is late besides, in the middle, at 48 kHz: a little more than all lines together."""


class Wow:
    """Stereo, hop by hop, both sides alike: they are on one tape. [engine thread]"""

    def __init__(self, seed: int, clock: Clock) -> None:
        rate, self._hop = clock.sample_rate, clock.hop
        self._lines = [
            (Spline(seed, f"soundscape.tape.{name}", clock.ticks(seconds)), delay * rate)
            for name, seconds, delay in LINES
        ]
        self._most = MOST * rate / 48_000
        self._kept = LEAST + 2 * round(self._most)
        self._past: F64 = np.zeros((2, self._kept + clock.hop))
        self._at: F64 = self._kept + np.arange(clock.hop, dtype=np.float64) - LEAST
        self._u: F64 = (np.arange(clock.hop) + 1.0) / clock.hop
        self._place: F64 = np.zeros(clock.hop)
        self._whole: F64 = np.zeros(clock.hop)
        self.reset()

    def reset(self) -> None:
        """A tape with nothing on it."""
        self._past[:] = 0.0

    def play(self, tick: int, wave: F64, before: float, age: float) -> None:
        """Read one hop of `wave` (2, hop) from the tape, in place; the age at the hop's beginning and end."""
        kept, hop, past = self._kept, self._hop, self._past
        past[:, :kept] = past[:, hop:].copy()
        past[:, kept:] = wave
        place, u = self._place, self._u
        c0, c1, c2, c3 = self._cubic(tick)
        np.multiply(u, c3, out=place)
        place += c2
        place *= u
        place += c1
        place *= u
        place += c0 + self._most
        place *= age if before == age else before + (age - before) * u
        np.subtract(self._at, place, out=place)
        whole = np.floor(place, out=self._whole)
        place -= whole
        _hermite(past, whole.astype(np.intp), place, wave)

    def _cubic(self, tick: int) -> tuple[float, float, float, float]:
        c0 = c1 = c2 = c3 = 0.0
        for spline, delay in self._lines:
            d0, d1, d2, d3 = spline.cubic(tick)
            c0, c1, c2, c3 = c0 + delay * d0, c1 + delay * d1, c2 + delay * d2, c3 + delay * d3
        return c0, c1, c2, c3


def _hermite(past: F64, at: NDArray[np.intp], part: F64, out: F64) -> None:
    """Between the samples `at` and `at + 1` of `past`, by the cubic through four (Catmull and Rom)."""
    x0, x1, x2, x3 = (past.take(at + k, 1) for k in (-1, 0, 1, 2))
    np.subtract(x2, x0, out=out)
    first = 0.5 * out
    np.subtract(x1, x2, out=out)
    third = 1.5 * out
    x3 -= x0
    x3 *= 0.5
    third += x3
    np.subtract(x2, x1, out=x2)
    x2 -= first
    x2 -= third
    third *= part
    third += x2
    third *= part
    third += first
    third *= part
    np.add(x1, third, out=out)
