"""Noise that never repeats within a show: two looked-up loops of lengths without a common divisor, added."""

from __future__ import annotations

import numpy as np

from wearsound import chance
from wearsound.core import F64

LENGTHS = (40_961, 32_771)
"""Primes: at 6 kHz both loops begin together again after 62 hours."""


class Noise:
    """White, rms 0.82, `per` samples a hop, a function of (seed, name, tick). [engine thread]"""

    def __init__(self, seed: int, name: str, per: int) -> None:
        self._per = per
        self._loops: list[F64] = []
        for i, length in enumerate(LENGTHS):
            loop = chance.noises(seed, f"{name} {i}", length)
            self._loops.append(np.concatenate([loop, loop[:per]]))

    def at(self, tick: int) -> F64:
        """(per,)."""
        at, per = tick * self._per, self._per
        (first, second), (one, two) = self._loops, (at % length for length in LENGTHS)
        return first[one : one + per] + second[two : two + per]
