"""Which actuators are on which channel of a target, and the most that may leave there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from wearsound.core import F32, F64

MOST = 64


class Channels:
    """`actuators` are the numbers of those on each channel, by the channel from 0; `limit` 0..1 of rated drive.

    Several on one channel (a zone's, wired together) get their mean: that is never on for longer, nor harder, than
    the guard allowed each of them. Channels that nobody named stay still.
    """

    def __init__(self, actuators: Mapping[int, Sequence[int]], limit: float = 1.0) -> None:
        self.count = 1 + max(actuators)
        self.limit = limit
        self._on = {channel: np.array(numbers, np.intp) for channel, numbers in actuators.items()}
        self.reset()

    def reset(self) -> None:
        """Forget how far the last hop was turned down."""
        self._gain: F64 = np.ones(self.count)

    def levels(self, level: F64) -> F64:
        """Amplitudes (count,) of one hop's `level` (n_actuators,), -limit..limit. [engine thread]"""
        clipped: F64 = np.clip(self._mean(level[None])[0], -self.limit, self.limit)
        return clipped

    def wave(self, wave: F32, level: F64, hop: int) -> F32:
        """A new (n_hops * hop, count) of a block's `wave` and `level`, -limit..limit. [engine thread]

        What is louder than the limit is turned down, hop by hop with a ramp, and not cut: a cut sine would hum in
        octaves that nobody played.
        """
        out = self._mean(wave).astype(np.float32)
        if self.limit < 1.0:
            loud = np.abs(self._mean(level))
            gains = np.where(loud > self.limit, self.limit / np.maximum(loud, 1e-9), 1.0)
            rising = (np.arange(1, hop + 1) / hop)[:, None]
            for i, to in enumerate(gains):
                out[i * hop : (i + 1) * hop] *= self._gain + (to - self._gain) * rising
                self._gain = to
        clipped: F32 = np.clip(out, -self.limit, self.limit, out=out)
        return clipped

    def _mean(self, each: F32 | F64) -> F64:
        out = np.zeros((len(each), self.count))
        for channel, numbers in self._on.items():
            out[:, channel] = each[:, numbers[0]] if len(numbers) == 1 else each[:, numbers].mean(axis=1)
        return np.nan_to_num(out, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
