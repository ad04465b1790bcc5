"""How harmful shaking is by its frequency: the law's weight of a pitch, and of a wave, whatever is told of its pitch.

Above 16 Hz, Wh of ISO 5349-1 falls as one over the frequency, which a low-pass of one pole does too. This one lies
above Wh from 10 Hz on (by up to 17 %, below 16 Hz by more), so what it hears is never too little. Waves are thinned
first, to about 3 kHz, by means: nothing above 1 kHz is felt.
"""

from __future__ import annotations

import math

import numpy as np

from wearsound.core import F32, F64, Clock

STEADY, CORNER = 1.5, 12.5
"""Gain for what hardly moves, and Hz: 1.5 / sqrt(1 + (f / 12.5)^2) >= Wh(f)."""
_RATE = 3000


def weight(hz: float) -> float:
    """Wh of ISO 5349-1 at a frequency: the magnitude of its band limits (6.31 and 1259 Hz) and its fall from 16 Hz."""
    below, above, x = 6.310 / hz, hz / 1258.9, hz / 15.915
    below, above, x = below * below, above * above, x * x
    limits = math.sqrt(1.0 + below * below) * math.sqrt(1.0 + above * above)
    return math.sqrt(1.0 + x) / math.sqrt((1.0 - x) * (1.0 - x) + x / (0.64 * 0.64)) / limits


class Slow:
    """Weighs the waves of `n` actuators. [engine thread]"""

    def __init__(self, n: int, clock: Clock) -> None:
        self._n = n
        thin = 1
        while clock.hop % (2 * thin) == 0 and clock.sample_rate // (2 * thin) >= _RATE:
            thin *= 2
        self._thin, count = thin, clock.hop // thin
        w = 2.0 * math.pi * CORNER * thin / clock.sample_rate
        step = round(w / (1.0 + w), 9)
        keep = 1.0
        kept = [keep := keep * (1.0 - step) for _ in range(count)]
        self._keep = np.array(kept)[:, None]
        self._lift = STEADY * step / thin / self._keep
        self.reset()

    def reset(self) -> None:
        """Still."""
        self._last: F64 = np.zeros(self._n)

    def square(self, wave: F32) -> F64:
        """The mean square of one hop of weighted `wave` (hop, n): (n,), at most STEADY squared."""
        thinned = wave.reshape(-1, self._thin * self._n)
        while thinned.shape[1] > self._n:  # halves on halves: long rows are quick
            half = thinned.shape[1] // 2
            thinned = thinned[:, :half] + thinned[:, half:]
        heard = (np.cumsum(thinned * self._lift, axis=0) + self._last) * self._keep
        self._last = heard[-1]
        square: F64 = np.square(heard).sum(axis=0) / len(heard)
        return square
