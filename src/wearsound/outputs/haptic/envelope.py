"""A curve with as few points as a stated error allows (Ramer 1972; Douglas and Peucker 1973)."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from wearsound.core import F64, Index

DECIMALS = 5
"""Of a second in a file: 10 us, in which the steepest rise (5 ms) moves by 0.002; and two points are never one."""


def thin(times: F64, values: F64, error: float, keep: Iterable[int] = ()) -> Index:
    """Which points of a curve stay: straight lines between them miss no other point by more than `error`.

    `times` (n,) strictly rising, `values` (n,). The distance is taken upright, in units of `values`: between two
    points of the curve the error is then no larger either. First, last and `keep` stay as they are.
    """
    last = len(times) - 1
    fixed = sorted({0, last, *keep})
    stays = np.zeros(last + 1, np.bool_)
    stays[fixed] = True
    open_ends = list(pairwise(fixed))
    while open_ends:
        start, end = open_ends.pop()
        if end - start < 2:
            continue
        slope = (values[end] - values[start]) / (times[end] - times[start])
        inner = slice(start + 1, end)
        miss = np.abs(values[start] + slope * (times[inner] - times[start]) - values[inner])
        worst = int(miss.argmax())
        if miss[worst] > error:
            middle = start + 1 + worst
            stays[middle] = True
            open_ends += [(start, middle), (middle, end)]
    return np.flatnonzero(stays)


def with_points(times: F64, values: F64, more: F64) -> tuple[F64, F64, Index]:
    """The same curve with points at the times `more` as well, and where in it these are; times rounded as written."""
    also = np.round(more, DECIMALS)
    joined = np.union1d(np.round(times, DECIMALS), also)
    return joined, np.interp(joined, times, values), np.searchsorted(joined, also)
