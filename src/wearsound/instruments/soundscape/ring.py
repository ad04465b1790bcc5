"""The performer's own last seconds, for grains: a ring that is always written and never erased."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wearsound.core import F64, Clock
from wearsound.instruments.soundscape.scrub import scrub

SIZE = 1 << 18
"""Samples: 5.5 s at 48 kHz. A power of two, so that going round is one mask."""


class Ring:
    """Mono. `written`: how many samples so far. [engine thread]"""

    def __init__(self, clock: Clock) -> None:
        self._hop = clock.hop
        self._memory: F64 = np.zeros(SIZE)
        self._now: F64 = np.zeros(clock.hop)
        self.reset()

    def reset(self) -> None:
        """Nothing was played."""
        self._memory[:] = 0.0
        self.written = 0

    def write(self, both: F64) -> None:
        """Keep the mean of the two sides, of which `both` (hop,) is the sum."""
        np.multiply(both, 0.5, out=self._now)
        scrub(self._now)
        at = self.written & (SIZE - 1)
        first = min(self._hop, SIZE - at)
        self._memory[at : at + first] = self._now[:first]
        self._memory[: self._hop - first] = self._now[first:]
        self.written += self._hop

    def take(self, number: NDArray[np.intp]) -> F64:
        """Samples by their number since the start; SIZE back at the most, and what is not written yet is what was."""
        return self._memory.take(number & (SIZE - 1))
