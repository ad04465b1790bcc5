"""Every choice of one piece comes from a `Dice`: a named stream of one seed.

Training music is not part of the package, so NumPy's generator is allowed here: a piece needs
normal and integer draws by the hundred thousand, and need not be equal on every machine for ever.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.random import default_rng  # noqa: TID251  (see above)
from numpy.typing import NDArray

T = TypeVar("T")


class Dice:
    """Draws for one aspect (`name`) of one piece (`seed`); aspects do not disturb one another."""

    def __init__(self, seed: int, name: str) -> None:
        self.seed = seed
        self.rng = default_rng([seed, zlib.crc32(name.encode())])

    def chance(self, probability: float) -> bool:
        """True with the given probability."""
        return bool(self.rng.random() < probability)

    def between(self, low: float, high: float) -> float:
        """Uniform in [low, high)."""
        return float(low + (high - low) * self.rng.random())

    def log(self, low: float, high: float) -> float:
        """Uniform in the logarithm between low and high (both > 0)."""
        return float(low * (high / low) ** self.rng.random())

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return int(self.rng.integers(low, high + 1))

    def normal(self, spread: float) -> float:
        """Gaussian with mean 0 and the given standard deviation."""
        return float(self.rng.normal(0.0, spread))

    def pick(self, things: Sequence[T], weights: Sequence[float] | None = None) -> T:
        """One of the things, by weight."""
        if weights is None:
            return things[int(self.rng.integers(len(things)))]
        heap = np.cumsum(weights)
        return things[int(np.searchsorted(heap, self.rng.random() * heap[-1], side="right"))]

    def weighted(self, table: dict[T, float]) -> T:
        """One key of a table of weights."""
        return self.pick(list(table), list(table.values()))

    def noise(self, count: int) -> NDArray[np.float32]:
        """White Gaussian noise of unit variance."""
        return self.rng.standard_normal(count, dtype=np.float32)
