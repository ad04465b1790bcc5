"""Delay lines whose past is always one run of samples: a ring that is written twice, so that it has no seam."""

from __future__ import annotations

import numpy as np

from wearsound.core import F64


class DelayLines:
    """`rows` lines that remember `longest` samples before the hop in hand. [engine thread]

    Memory is rows * 2 * (longest + two hops): each hop is written at two places, and a reader then never has to
    go round a corner. A delay shorter than a hop would read what is not written yet: ask for `hop` at the least.
    """

    def __init__(self, rows: int, longest: int, hop: int) -> None:
        self._hop = hop
        self._size = (-(-longest // hop) + 2) * hop
        self._memory: F64 = np.zeros((rows, 2 * self._size))
        self._at = 0

    def reset(self) -> None:
        """Nothing was written."""
        self._memory[:] = 0.0
        self._at = 0

    def past(self, delay: int, n: int) -> F64:
        """`n` samples of all lines (rows, n): the first is `delay` samples before the hop in hand begins. A view."""
        start = (self._at - delay) % self._size
        return self._memory[:, start : start + n]

    def past_of(self, row: int, delay: int, n: int) -> F64:
        """The same of one line, (n,)."""
        start = (self._at - delay) % self._size
        return self._memory[row, start : start + n]

    def write(self, samples: F64) -> None:
        """Keep the hop in hand, (rows, hop), and go on to the next."""
        at, hop, size = self._at, self._hop, self._size
        self._memory[:, at : at + hop] = samples
        self._memory[:, at + size : at + size + hop] = samples
        self._at = (at + hop) % size
