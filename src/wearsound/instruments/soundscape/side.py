"""Mono at the bottom: what differs between left and right is taken out of the lows, where it only wastes power."""

from __future__ import annotations

import numpy as np

from wearsound.cascade import Cascade
from wearsound.core import F64, Clock
from wearsound.instruments.filters import high_pass

EDGE = 140.0
"""Hz: below, both sides are one."""
SNAP = 1e-12


class Side:
    """A high-pass of order 4 on the side signal, (left - right) / 2. [engine thread]"""

    def __init__(self, clock: Clock) -> None:
        self._filter = Cascade(high_pass(EDGE, 4, clock))
        self._middle: F64 = np.zeros(clock.hop)
        self._side: F64 = np.zeros((1, clock.hop))

    def reset(self) -> None:
        """Nothing was heard."""
        self._filter.reset()

    def play(self, wave: F64) -> None:
        """Narrow the lows of one hop, `wave` (2, hop), in place."""
        left, right = wave
        middle, side = self._middle, self._side[0]
        np.add(left, right, out=middle)
        middle *= 0.5
        np.subtract(left, middle, out=side)
        if not side.any() and np.abs(self._filter.memory).max() < SNAP:
            self._filter.reset()  # silence, and mono, stay exact
            return
        self._filter.run(self._side)
        np.add(middle, side, out=left)
        np.subtract(middle, side, out=right)
