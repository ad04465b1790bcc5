"""Phones: on or off, in slots; how strong is how many of a frame's slots are on.

Four slots of 25 to 30 ms (shorter ones many phones swallow) make a frame of about 100 ms, so there are four strengths
and a slight flutter. Something new, after a slot's rest, begins a frame at once: a click never waits for a frame.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wearsound.core import F64, Clock, Index, Mask
from wearsound.garment.motor_kinds import Motion
from wearsound.instruments.vibration.ramp import Ramp

SLOT = 0.0267
"""Seconds, to the nearest hop."""
SLOTS = 4
GATE = 0.02
"""Envelope below which nothing is asked."""


class PhoneDrive:
    """Some of them."""

    def __init__(self, own: Sequence[Motion], clock: Clock) -> None:
        self._hz = np.array([each.hz for each in own])
        self._full = np.array([each.full for each in own])
        self._long = clock.ticks(SLOT)
        self._ramp = Ramp(len(own), clock)
        self.reset()

    def reset(self) -> None:
        """Off, and rested."""
        n = len(self._hz)
        self._ramp.reset()
        self._on: Mask = np.zeros(n, bool)
        self._slot: Index = np.zeros(n, np.intp)
        self._left: Index = np.zeros(n, np.intp)
        self._rested: Index = np.full(n, self._long)
        self._unasked: Index = np.full(n, self._long)

    def hop(self, wave: F64, env: F64, hz: F64) -> tuple[F64, F64, F64]:
        """One hop of drive, its level at the end and its pitch."""
        wanted = np.where(env >= GATE, np.ceil(env * SLOTS - 1e-9), 0.0)
        fresh = (wanted > 0) & (np.minimum(self._rested, self._unasked) >= self._long)
        ended = self._left == 0
        self._slot = np.where(fresh, 0, np.where(ended, (self._slot + 1) % SLOTS, self._slot))
        self._on = np.where(fresh | ended, self._slot < wanted, self._on)
        self._left = np.where(fresh | ended, self._long, self._left) - 1
        self._rested = np.where(self._on, 0, self._rested + 1)
        self._unasked = np.where(wanted > 0, 0, self._unasked + 1)
        level = self._ramp.reach(self._on * self._full)
        driven = (level != 0) | (self._ramp.level != 0)
        return self._ramp.draw(level), level, np.where(driven, self._hz, 0.0)
