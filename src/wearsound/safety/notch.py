"""A notch that comes at once and lets go slowly: a wide dip at one pitch."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from wearsound.core import F64, Clock

DEPTH = -24.0
"""dB at its middle."""
WIDTH = 4.0
"""Q: the loop's neighbours, which howl next, are dipped as well (half of DEPTH at +-17 %)."""
HOLD, RELEASE, LONGEST = 20.0, 10.0, 640.0
"""Seconds that it stays, and until it is gone; each time that it was needed again it stays twice as long."""


class Notch:
    """One dip at `hz` on two channels, held for `hold` seconds. [engine thread]"""

    def __init__(self, hz: float, clock: Clock, hold: float = HOLD) -> None:
        from scipy.signal import lfilter  # only where something howls

        self._lfilter: Callable[..., tuple[Any, Any]] = lfilter
        self._clock = clock
        self.hz, self.hold = hz, hold
        w = 2.0 * math.pi * hz / clock.sample_rate
        a, c = 10.0 ** (DEPTH / 40.0), -2.0 * math.cos(w)
        alpha = math.sin(w) / (2.0 * WIDTH)
        whole = 1.0 + alpha / a
        self._b = [round(v / whole, 12) for v in (1.0 + alpha * a, c, 1.0 - alpha * a)]
        self._a = [1.0, round(c / whole, 12), round((1.0 - alpha / a) / whole, 12)]
        self._ramp: F64 = np.arange(1, clock.hop + 1) / clock.hop
        self._state: F64 = np.zeros((2, 2))
        self._amount = 0.0
        self.renew(hold)

    def renew(self, hold: float) -> None:
        """Needed again: it stays for so long from now on."""
        self.hold = min(hold, LONGEST)
        self._left = self._clock.ticks(self.hold + RELEASE)

    @property
    def gone(self) -> bool:
        """Whether it has let go."""
        return self._left <= 0

    def dip(self, wave: F64) -> None:
        """One hop (2, hop), in place."""
        dipped, self._state = self._lfilter(self._b, self._a, wave, axis=1, zi=self._state)
        self._left -= 1
        before = self._amount
        self._amount = amount = min(1.0, self._left / self._clock.ticks(RELEASE))
        dipped -= wave
        dipped *= amount if amount == before else before + (amount - before) * self._ramp
        wave += dipped
