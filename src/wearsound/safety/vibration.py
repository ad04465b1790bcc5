"""The last hand on vibration: nothing steps faster than RAMP, and the performer's hand is on all of it."""

from __future__ import annotations

import numpy as np

from wearsound.core import F64, Clock
from wearsound.felt import Drive
from wearsound.garment.document import Garment

RAMP = 0.005
"""Seconds from still to full at the least."""


class VibrationGuard:
    """Implements felt.TouchGuard for one garment. [engine thread]"""

    def __init__(self, garment: Garment, clock: Clock) -> None:
        self._clock = clock
        self._n = len(garment.actuators)
        self._rising = (np.arange(1, clock.hop + 1) / clock.hop)[:, None]
        self.reset()

    def reset(self) -> None:
        """Still, nothing counted."""
        self._gain: F64 = np.zeros(self._n)

    def limit(self, tick: int, drive: Drive, hand: F64) -> None:
        """Make of `drive`, in place, what may leave."""
        hop = self._clock.hop
        step = hop / (RAMP * self._clock.sample_rate)
        for i, up in enumerate(hand.tolist()):
            to = self._gain + np.clip(up - self._gain, -step, step)
            wave = drive.wave[i * hop : (i + 1) * hop]
            wave *= self._gain + (to - self._gain) * self._rising
            drive.level[i] *= to
            self._gain = to
        np.clip(drive.wave, -1.0, 1.0, out=drive.wave)
        np.clip(drive.level, -1.0, 1.0, out=drive.level)
