"""The sets of pixels whose mean is watched: every zone, the whole garment, and quarters of it that hang together.

Lamps of the room are a garment of their own beside what is sewn: what both share is watched too, but a large lamp
that stays dark must not make a small garment smaller, nor the other way round.

A quarter of a visual field is the area from which WCAG counts a flash. Quarters are cut along the order of sewing
and, where it is known, across and along the body: each of these ways gives seven that overlap by half.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from wearsound.core import F32, F64
from wearsound.safety.swings import Index, Mask

_FINE = 64
_EIGHTHS = 8
_LEAST = 1e-20
"""A share so small that float32 can no longer weigh it against others."""


class Places:
    """Sums over sets, by way of *cells*: runs of neighbouring pixels of one zone, at most a 64th of the garment.

    Sets are numbered: the zones, what is sewn and the lamps where there are both, all (`n_shared` so far), then the
    quarters.
    """

    def __init__(
        self,
        zone: Index,
        area: F64,
        place: F64 | None = None,
        figure: Index | None = None,
        lamp: Mask | None = None,
    ) -> None:
        """`zone` and `figure` (n,) numbers, `area` (n,) shares, `place` (n, 2), NaN for nowhere, `lamp` (n,)."""
        parts = shares(area, lamp)
        self._area = (area / area.sum()).astype(np.float32)
        self._work = np.zeros((4, len(zone)), np.float32)
        cuts = _cuts(zone, parts.sum(axis=0))
        self._starts = np.array(cuts[:-1], np.intp)
        self._lengths: Index = np.array(cuts[1:], np.intp) - self._starts
        share = np.add.reduceat(area / area.sum(), self._starts)
        mine = zone[self._starts]
        sets = [np.flatnonzero(mine == z) for z in np.unique(zone)]
        weights = [np.add.reduceat(part, self._starts) for part in parts]
        if len(weights) > 1:
            sets += [np.flatnonzero(weight) for weight in weights]
        sets.append(np.arange(len(mine)))
        self.n_shared = len(sets)
        for way in self._ways(place, figure):
            for weight in weights:
                order = way[weight[way] > 0]
                end = np.cumsum(weight[order])
                eighth = np.minimum(((end - weight[order] / 2) * _EIGHTHS).astype(np.intp), _EIGHTHS - 1)
                for k in range(_EIGHTHS - 1):
                    quarter = order[(eighth == k) | (eighth == k + 1)]
                    if len(quarter):
                        sets.append(np.sort(quarter))
        self.n_sets = len(sets)
        sizes = np.array([len(each) for each in sets])
        self._members = np.concatenate(sets)
        self._firsts = np.cumsum(sizes) - sizes
        self._shares = np.add.reduceat(share[self._members], self._firsts).astype(np.float32)
        # Of each cell the sets that it is in; the number after the last set stands for none.
        inside = [[k for k, each in enumerate(sets) if cell in each] for cell in range(len(mine))]
        most = max(len(each) for each in inside)
        self._sets_of = np.array([each + [self.n_sets] * (most - len(each)) for each in inside], np.intp)

    def cells(self, rows: F32) -> F32:
        """Area-weighted sums of (r, n), r up to 4, over each cell: (r, n_cells)."""
        weighted = np.multiply(rows, self._area, out=self._work[: len(rows)])
        sums: F32 = np.add.reduceat(weighted, self._starts, axis=1)
        return sums

    def means(self, cells: F32) -> F32:
        """Of sums over cells the mean of every set: (r, n_sets)."""
        sums: F32 = np.add.reduceat(cells.take(self._members, axis=1), self._firsts, axis=1)
        sums /= self._shares
        return sums

    def least(self, factors: F32) -> F32:
        """Of a factor a set (n_sets,) the smallest that each cell is under: (n_cells,)."""
        all_ = np.ones(self.n_sets + 1, np.float32)
        all_[: self.n_sets] = factors
        least: F32 = np.minimum.reduce(all_.take(self._sets_of), axis=1)
        return least

    def spread(self, cells: F32) -> F32:
        """A number a cell for each of its pixels: (n,)."""
        return np.repeat(cells, self._lengths)

    def _ways(self, place: F64 | None, figure: Index | None) -> list[Index]:
        ways = [np.arange(len(self._starts), dtype=np.intp)]
        if place is not None and figure is not None:
            middle = self._starts + self._lengths // 2
            side = figure[middle]
            ways += [np.lexsort((np.nan_to_num(place[middle, axis]), side)) for axis in (0, 1)]
        return ways


def shares(area: F64, lamp: Mask | None = None) -> F64:
    """Shares of what is sewn and shares of the lamps of the room, (2, n); (1, n) if all is the one or the other.

    Each row sums to 1 and is 0 where a pixel belongs to the other. ValueError for shares that weigh nothing: the
    mean of such a set is no number, and no limit holds one.
    """
    if not np.isfinite(area).all() or area.min() <= _LEAST * area.sum():
        raise ValueError("a pixel's share of the area is no number or too small to weigh")
    if lamp is None or lamp.all() or not lamp.any():
        return np.reshape(area / area.sum(), (1, -1))
    parts = np.stack([np.where(lamp, 0.0, area), np.where(lamp, area, 0.0)])
    parts /= parts.sum(axis=1, keepdims=True)
    return parts


def _cuts(zone: Index, area: F64) -> list[int]:
    """Where cells begin, and the end."""
    n = len(zone)
    edges = [0, *(np.flatnonzero(np.diff(zone)) + 1).tolist(), n]
    cuts = [0]
    for first, end in pairwise(edges):
        pieces = min(end - first, max(1, int(np.ceil(area[first:end].sum() * _FINE - 1e-9))))
        cuts += [first + (end - first) * (k + 1) // pieces for k in range(pieces)]
    return cuts
