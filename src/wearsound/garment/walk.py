"""A short round walk over points of a body, for what goes from place to place."""

from __future__ import annotations

import numpy as np

from wearsound.core import F64, Index


def walk(body: F64) -> Index:
    """Whose turn each of (n, 3) points is, (n,): x cm to the wearer's right, y down, z to the front.

    It begins at the lowest, goes first to the side of the wearer's left, and from its last point home again. Always to
    the nearest, then uncrossed (2-opt, Croes 1958): not surely the shortest, but never a walk that crosses itself.
    """
    n = len(body)
    way = _nearest(body, int(np.lexsort((body[:, 0], -body[:, 1]))[0])) if n else []
    gap = np.sqrt(((body[:, None] - body[None]) ** 2).sum(axis=-1))
    while _uncross(way, gap):
        pass
    if n > 2 and body[way[1], 0] > body[way[-1], 0]:
        way[1:] = way[:0:-1]
    turn = np.zeros(n, np.intp)
    turn[way] = np.arange(n)
    return turn


def _nearest(body: F64, first: int) -> list[int]:
    way, left = [first], [i for i in range(len(body)) if i != first]
    while left:
        here = body[way[-1]]
        found = min(left, key=lambda i: float(((body[i] - here) ** 2).sum()))
        way.append(found)
        left.remove(found)
    return way


def _uncross(way: list[int], gap: F64) -> bool:
    """Turn round the first stretch that is shorter backwards; whether there was one."""
    n = len(way)
    for i in range(n - 2):
        a, b = way[i], way[i + 1]
        for j in range(i + 2, n):
            c, d = way[j], way[(j + 1) % n]
            if d != a and gap[a, c] + gap[b, d] < gap[a, b] + gap[c, d] - 1e-6:
                way[i + 1 : j + 1] = way[j:i:-1]
                return True
    return False
