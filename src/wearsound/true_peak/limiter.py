"""Limiter: no true peak leaves above a ceiling, and the gain comes down before the peak does.

ceiling / true peak -> its least over 128 samples -> release -> two means of 64. The gain that leaves is a mean of
values none of which is above what the sample behind the delay line may have: nothing overshoots, nothing is clipped.
Where all is well below the ceiling the gain is 1 to the bit, and costs nothing.
"""

from __future__ import annotations

import numpy as np

from wearsound.core import F64, Clock
from wearsound.true_peak.peaks import REACH, Peaks

RELEASE = 0.18
"""Seconds from nothing back to all."""
_WINDOW, _MEAN = 128, 64
_PAST = 2 * (_MEAN - 1)
DELAY = REACH + _PAST
"""Samples from what comes in to what leaves (2.8 ms at 48 kHz): one more, or fewer, and the gain misses its peak."""


class Limiter:
    """Limits two channels as one, so that nothing moves aside. `least` is the lowest gain so far. [engine thread]"""

    def __init__(self, ceiling: float, clock: Clock) -> None:
        hop = clock.hop
        self._ceiling, self._hop = ceiling, hop
        self._peaks = Peaks(clock)
        self._free = ceiling / self._peaks.most
        self._samples: F64 = np.zeros((2, DELAY + hop))
        self._peak: F64 = np.zeros(hop)
        self._wanted: F64 = np.ones(_WINDOW - 1 + hop)
        self._released: F64 = np.ones(_PAST + hop)
        self._line: F64 = np.arange(1, hop + 1) / (RELEASE * clock.sample_rate)
        self.reset()

    def reset(self) -> None:
        """As after silence."""
        self.least = 1.0
        self.clear()

    def clear(self) -> None:
        """What waits in the delay line is not heard."""
        self._peaks.reset()
        self._samples[:] = 0.0
        self._wanted[:] = 1.0
        self._released[:] = 1.0
        self._carry = 1.0
        self._before = 0.0
        self._open = True

    def limit(self, wave: F64, out: F64) -> None:
        """One hop (2, hop) of finite samples; `out` (2, hop) is what leaves, DELAY samples late."""
        samples, hop = self._samples, self._hop
        samples[:, :DELAY] = samples[:, hop:]
        samples[:, DELAY:] = wave
        self._peaks.take(wave)
        peak = max(float(wave.max()), -float(wave.min()))
        near = max(peak, self._before) > self._free
        self._before = peak
        if not near and self._open:
            np.copyto(out, samples[:, :hop])
            return
        gain = self._gain(near)
        np.multiply(samples[:, :hop], gain, out=out)
        np.clip(out, -self._ceiling, self._ceiling, out=out)

    def _gain(self, near: bool) -> F64:
        """The gain of what leaves now, (hop,)."""
        wanted, released, hop = self._wanted, self._released, self._hop
        wanted[: _WINDOW - 1] = wanted[hop:]
        now = wanted[_WINDOW - 1 :]
        if near:
            self._peaks.read(self._peak)
            np.maximum(self._peak, self._ceiling, out=self._peak)
            np.divide(self._ceiling, self._peak, out=now)
        else:
            now[:] = 1.0
        least, width = wanted, 1
        while width < _WINDOW:  # the least of 2, 4, 8 .. neighbours
            least = np.minimum(least[width:], least[:-width])
            width *= 2
        released[:_PAST] = released[hop:]
        open_now = self._carry == 1.0 and float(least.min()) == 1.0
        if open_now:
            released[_PAST:] = 1.0
        else:
            level = least - self._line
            level[0] = min(float(level[0]), self._carry)
            np.minimum.accumulate(level, out=level)
            np.add(level, self._line, out=released[_PAST:])
            self._carry = float(released[-1]) if released[-1] < 1.0 - 1e-9 else 1.0
        mean = released
        for _ in range(2):
            width = 1
            while width < _MEAN:
                mean = mean[width:] + mean[:-width]
                width *= 2
        gain = mean * (1.0 / (_MEAN * _MEAN))
        self._open = open_now and float(released.min()) == 1.0 == float(wanted.min())
        self.least = min(self.least, float(gain.min()))
        return gain
