"""Straight lines from one level to the next, never faster than skin and springs like it."""

from __future__ import annotations

import numpy as np

from wearsound.core import F64, Clock
from wearsound.felt import RAMP


class Ramp:
    """Where each of some actuators was driven to, and how it gets from there to where it should be next."""

    def __init__(self, n: int, clock: Clock) -> None:
        self._step = clock.hop / (RAMP * clock.sample_rate)
        self._rising: F64 = (np.arange(1, clock.hop + 1) / clock.hop)[:, None]
        self._n = n
        self.reset()

    def reset(self) -> None:
        """Still."""
        self.level: F64 = np.zeros(self._n)

    def reach(self, wanted: F64) -> F64:
        """How far it gets of `wanted` in one hop: the level at its end."""
        step, level = self._step, self.level
        reached: F64 = np.clip(np.clip(wanted, level - step, level + step), -1.0, 1.0)
        return reached

    def draw(self, to: F64) -> F64:
        """The line from the last level to `to`, (hop, n), which is the last level from now on."""
        line: F64 = self.level + (to - self.level) * self._rising
        self.level = to
        return line
