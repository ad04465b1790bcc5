"""True peak of a whole recording after ITU-R BS.1770-5 annex 2, oversampled eightfold: not the limiter's own code."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from wearsound.core import F64

FACTOR, REACH = 8, 16
"""Points a sample; samples on either side that each is made of."""


class TruePeakMeter:
    """Takes 24-bit stereo in pieces of any length; `decibels` is the highest point of the wave so far, dBTP.

    A piece that could not reach higher than the highest so far, whatever lies between its samples, is not looked at.
    """

    def __init__(self) -> None:
        at = np.arange(1 - REACH, REACH + 1)[:, np.newaxis] - np.arange(FACTOR) / FACTOR
        taps = np.sinc(at) * np.cos(at * (math.pi / (2 * REACH + 1))) ** 2
        self._taps: F64 = (taps / np.add.reduce(taps, axis=0))[:, :, np.newaxis, np.newaxis]
        self._most = float(np.add.reduce(np.abs(taps), axis=0).max())
        self._rest: F64 = np.zeros((2, 2 * REACH - 1))
        self._highest = 0.0

    def add(self, pcm: NDArray[np.int32]) -> None:
        """Take (n, 2) samples."""
        samples = np.concatenate([self._rest, pcm.T / float(1 << 23)], axis=1)
        self._rest = samples[:, samples.shape[1] - (2 * REACH - 1) :]
        if float(np.abs(samples).max()) * self._most <= self._highest:
            return
        n = len(pcm)
        points: F64 = np.zeros((FACTOR, 2, n))
        for k, taps in enumerate(self._taps):  # in order: the same sums however the pieces were cut
            points += samples[:, k : k + n] * taps
        self._highest = max(self._highest, float(points.max()), -float(points.min()))

    def decibels(self) -> float:
        """With what follows the last sample: silence."""
        self.add(np.zeros((2 * REACH, 2), np.int32))
        return round(20.0 * math.log10(max(self._highest, 1e-9)), 2)
