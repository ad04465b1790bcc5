"""DC block: what stands still moves no air, warms coils, and takes the limiter's room."""

from __future__ import annotations

import math

import numpy as np

from wearsound.core import F64, Clock

CORNER = 5.0
"""Hz: 3 dB down; .26 dB down at 20 Hz."""
SNAP = 1e-8
"""What rings out below this (-160 dB) is silence."""


class DcBlock:
    """One pole and a zero at 0 Hz, on two channels: y[n] = x[n] - x[n-1] + r y[n-1]. [engine thread]"""

    def __init__(self, clock: Clock) -> None:
        r = round(1.0 - 2.0 * math.pi * CORNER / clock.sample_rate, 9)
        power = 1.0
        powers = [power := power * r for _ in range(clock.hop)]
        self._fall: F64 = np.array(powers)
        self._grow: F64 = 1.0 / self._fall
        self._steps: F64 = np.zeros((2, clock.hop + 1))
        self._last: F64 = np.zeros(2)
        self.reset()

    def reset(self) -> None:
        """As after silence."""
        self._steps[:] = 0.0
        self._last[:] = 0.0

    def block(self, wave: F64) -> None:
        """Take the DC out of one hop of `wave` (2, hop), in place."""
        steps, last = self._steps, self._last
        inner = steps[:, 1:]
        np.subtract(wave[:, 1:], wave[:, :-1], out=inner[:, 1:])
        np.subtract(wave[:, 0], last, out=inner[:, 0])
        last[:] = wave[:, -1]
        # Powers of r and back: the sum of a hop is one cumulative call, its carry in front.
        inner *= self._grow
        np.cumsum(steps, axis=1, out=steps)
        np.multiply(inner, self._fall, out=wave)
        end = wave[:, -1]
        if last[0] == 0.0 == last[1] and abs(end[0]) < SNAP and abs(end[1]) < SNAP:
            steps[:, 0] = 0.0
            if float(np.abs(wave).max()) < SNAP:
                wave[:] = 0.0
        else:
            steps[:, 0] = end
