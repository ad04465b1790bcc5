"""What a bend, stretch or pressure sensor says: over its rest, smooth, and how quickly it changes."""

from __future__ import annotations

import math

from wearsound.analysis.sensor.one_euro import OneEuro
from wearsound.core import Clock

FILTER = (1.0, 1.0)
"""Least Hz and Hz per unit a second: the whole way in half a second is followed at 3 Hz (a guess)."""
SINK_SECONDS = 0.3
"""How quickly a lower rest is believed: it was bent or pressed when it began."""
CREEP = 0.001
"""Of its range a second: how slowly a higher rest is believed. Woven and foam sensors creep under load, and a hold of a
minute loses a sixteenth (a guess)."""
CURVE = 20.0
"""Pressure is felt by its logarithm: a resistor's first newtons move it little, the hand feels them most."""
SLOWEST, SPEED_HALF, SPEED_SECONDS = 0.05, 1.5, 0.15
"""Whole ways a second that are noise, that count as half, and seconds in which speed leaks away."""


class Bent:
    """One sensor of 0..1. `value` and `speed` are both 0..1; `logarithmic` for pressure."""

    def __init__(self, clock: Clock, logarithmic: bool) -> None:
        self._logarithmic = logarithmic
        self._hop = clock.hop / clock.sample_rate
        self._sink = clock.coefficient(SINK_SECONDS)
        self._leak = clock.coefficient(SPEED_SECONDS)
        self._filter = OneEuro(*FILTER)
        self.reset()

    def reset(self) -> None:
        """As before anything came. [engine thread]"""
        self._filter.reset()
        self._floor: float | None = None
        self._before = self._quick = 0.0
        self.value = self.speed = 0.0

    def hear(self, raw: float) -> None:
        """One hop passes with the sensor at `raw`, 0..1. [engine thread]"""
        smooth = self._filter.smooth(raw, self._hop)
        if self._floor is None:
            self._floor = self._before = smooth
        if smooth < self._floor:
            self._floor += self._sink * (smooth - self._floor)
        else:
            self._floor += min(CREEP * self._hop, smooth - self._floor)
        over = min(1.0, max(0.0, (smooth - self._floor) / max(0.1, 1.0 - self._floor)))
        if self._logarithmic:
            over = round(math.log1p(CURVE * over) / math.log1p(CURVE), 9)
        self.value = over
        quick = max(0.0, abs(smooth - self._before) / self._hop - SLOWEST)
        self._before = smooth
        self._quick += self._leak * (quick - self._quick) if quick < self._quick else quick - self._quick
        self.speed = self._quick / (self._quick + SPEED_HALF)
