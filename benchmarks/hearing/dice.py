"""Dice of one piece: every throw is looked up from the seed, so a piece is the same for ever."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeVar

from wearsound import chance

T = TypeVar("T")


class Dice:
    """Throws in order. Another `name` is another cup: its throws do not disturb these."""

    def __init__(self, seed: int, name: str) -> None:
        self.seed, self.name, self._throw = seed, name, 0

    def cup(self, name: str) -> Dice:
        """Dice of their own for a part of the piece."""
        return Dice(self.seed, f"{self.name}/{name}")

    def uniform(self, low: float = 0.0, high: float = 1.0) -> float:
        """A number in [low, high)."""
        self._throw += 1
        return low + (high - low) * chance.uniform(self.seed, self.name, self._throw)

    def chance(self, part: float) -> bool:
        """True in `part` of all throws."""
        return self.uniform() < part

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both possible."""
        return low + int(self.uniform() * (high - low + 1))

    def pick(self, of: Sequence[T]) -> T:
        """One of several."""
        return of[int(self.uniform() * len(of))]

    def normal(self, spread: float = 1.0, most: float = 2.5) -> float:
        """Bell-shaped about 0 (Box-Muller), never further out than `most` spreads."""
        radius = math.sqrt(-2.0 * math.log(1.0 - self.uniform()))
        value = radius * math.cos(2.0 * math.pi * self.uniform())
        return spread * max(-most, min(most, value))
