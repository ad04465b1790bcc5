"""A way from one number to another in so many hops."""

from __future__ import annotations

import numpy as np

from wearsound.core import F64


class Fade:
    """`now` is where it is, `over` whether it has arrived. [engine thread]"""

    def __init__(self, start: float, end: float, ticks: int) -> None:
        self._start, self._end, self._ticks = start, end, ticks
        self._done = 0
        self.now = start

    @property
    def over(self) -> bool:
        """Whether it is where it goes."""
        return self._done >= self._ticks

    def next(self, n: int) -> F64:
        """Where it is at the end of each of the next `n` hops, (n,)."""
        done = np.minimum((self._done + 1.0 + np.arange(n)) / self._ticks, 1.0)
        # Made so that it is exactly there in the end.
        way: F64 = self._start * (1.0 - done) + self._end * done
        self._done += n
        self.now = float(way[-1])
        return way
