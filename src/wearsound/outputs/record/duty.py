"""How much actuators worked in the worst ten seconds and ten minutes of a render: counted here, not by the guard."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from wearsound.core import F64, Clock

I64 = NDArray[np.int64]
WINDOWS = {"10s": 10.0, "10min": 600.0}
"""Names and seconds."""


class DutyMeter:
    """The largest mean of what it is given over any window, `n` numbers a hop; whole numbers, so any grouping agrees.

    What lies before the first hop counts as rest: a render that is shorter than a window has rested for the remainder.
    """

    def __init__(self, n: int, clock: Clock) -> None:
        self._hops = {
            name: math.floor(seconds * clock.sample_rate / clock.hop) for name, seconds in WINDOWS.items()
        }
        self._past: I64 = np.zeros((max(self._hops.values()), n), np.int32)
        self._at = 0
        self._sums: dict[str, I64] = {name: np.zeros(n, np.int64) for name in WINDOWS}
        self._worst: dict[str, I64] = {name: np.zeros(n, np.int64) for name in WINDOWS}

    def add(self, worked: I64) -> dict[str, F64]:
        """Take (hops, n) whole numbers below 2**31, at most as many hops as the shortest window has.

        Gives, by window, the mean of the window that ends with each hop, (hops, n).
        """
        means = {}
        whole = len(self._past)
        rows = (self._at + np.arange(len(worked))) % whole
        gone = {name: self._past[(rows - hops) % whole] for name, hops in self._hops.items()}
        for name, sums in self._sums.items():
            running = sums + np.cumsum(worked - gone[name], axis=0)
            np.maximum(self._worst[name], running.max(axis=0), out=self._worst[name])
            self._sums[name] = running[-1]
            means[name] = running / self._hops[name]
        self._past[rows] = worked
        self._at = (self._at + len(worked)) % whole
        return means

    def worst(self, full: int) -> dict[str, list[float]]:
        """By window: the largest mean of each, `full` being 1."""
        return {
            name: [round(int(most) / (full * hops), 4) for most in self._worst[name]]
            for name, hops in self._hops.items()
        }
