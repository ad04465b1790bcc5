"""How fast something grows, and how sure that is: a straight line through numbers, by least squares."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

SURE = 2.0
"""Standard errors on either side within which the true slope lies, 19 times of 20."""


@dataclass(frozen=True, slots=True)
class Slope:
    """`rise` a second and its standard error; both NaN where there are too few numbers, `error` 0 where they lie on a
    line."""

    rise: float
    error: float

    @property
    def an_hour(self) -> tuple[float, float]:
        """Rise and error an hour."""
        return 3600.0 * self.rise, 3600.0 * self.error

    def grows(self, most: float) -> bool | None:
        """Whether it surely rises by more than `most` an hour (True), surely not (False), or nobody can tell yet."""
        rise, error = self.an_hour
        if rise - SURE * error > most:
            return True
        return False if rise + SURE * error <= most else None


def slope(times: Sequence[float], values: Sequence[float]) -> Slope:
    """The slope of `values` over `times` (seconds, rising).

    The usual standard error takes every number for news. What a program's memory is now it mostly was a moment ago, so
    the error is widened by sqrt((1 + r) / (1 - r)), where r is how much each remainder is like the one before (never
    below 0).
    """
    x, y = np.asarray(times, np.float64), np.asarray(values, np.float64)
    n = len(x)
    if n < 3 or x[-1] <= x[0]:
        return Slope(math.nan, math.nan)
    x = x - x.mean()
    spread = float((x * x).sum())
    rise = float((x * (y - y.mean())).sum()) / spread
    left = y - y.mean() - rise * x
    squares = float((left * left).sum())
    if squares <= 1e-18 * max(1.0, float((y * y).sum())):
        return Slope(rise, 0.0)
    like = float((left[1:] * left[:-1]).sum()) / squares
    like = min(max(like, 0.0), 1.0 - 1.0 / n)
    error = math.sqrt(squares / (n - 2) / spread)
    return Slope(rise, error * math.sqrt((1.0 + like) / (1.0 - like)))
