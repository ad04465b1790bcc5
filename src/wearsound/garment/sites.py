"""Where on the body each actuator sits, in the garment's order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wearsound.core import F64, Index
from wearsound.garment.document import Garment
from wearsound.garment.shape import seen
from wearsound.garment.structure import Figure, shown_on

DEPTH = 10.0
"""cm from the middle of a body to its front and back: about half of how deep a chest is."""


@dataclass(frozen=True, slots=True, eq=False)
class Sites:
    """`zone` (n,) the zone of each; `figure` (n,) the figure it is seen on; `at` (n, 2) cm from the pit of the neck on
    that figure; `up` (n,) from 0 at the lowest to 1 at the highest; `of_zone` the actuators of each zone.

    `across` (n,) from -1 at the outermost on the wearer's left to 1 on the right, 0 in the middle; `around` (n,) 0..1
    round the body: 0 the wearer's left, 1/4 the middle of the front, 1/2 the right, 3/4 the middle of the back.
    `walk` (n,) whose turn it is on a round walk that is short: 0 the lowest, then up on the wearer's left, and back.
    """

    zone: Index
    figure: Index
    at: F64
    up: F64
    across: F64
    around: F64
    walk: Index
    of_zone: tuple[Index, ...]


def sites(garment: Garment) -> Sites:
    """The actuators' places; one without `at` sits in the middle of its zone. [any thread]"""
    names, n = garment.zone_names, len(garment.actuators)
    zone = np.array([names.index(actuator.zone) for actuator in garment.actuators], np.intp)
    figure = np.array(
        [shown_on(garment.figures, actuator.zone, actuator.view) or 0 for actuator in garment.actuators],
        np.intp,
    )
    at = np.zeros((n, 2))
    for i, actuator in enumerate(garment.actuators):
        at[i] = actuator.at or _middle(garment.figures[figure[i]], int(zone[i]), names)
    # From the front the viewer's right is the wearer's left; a figure from behind is the other way round.
    behind = np.array([garment.figures[i].view == "back" for i in figure], bool)
    right = np.where(behind, at[:, 0], -at[:, 0])
    span = float(np.ptp(at[:, 1])) if n else 0.0
    widest = float(np.abs(right).max()) if n else 0.0
    across = right / widest if widest > 0.5 else np.zeros(n)
    body = np.stack([right, at[:, 1], np.where(behind, -DEPTH, DEPTH)], axis=-1)
    return Sites(
        zone=zone,
        figure=figure,
        at=at,
        up=(at[:, 1].max() - at[:, 1]) / span if span else np.full(n, 0.5),
        across=across,
        around=np.where(behind, (3.0 - across) / 4.0, (1.0 + across) / 4.0) % 1.0,
        walk=round_walk(body),
        of_zone=tuple(np.flatnonzero(zone == i) for i in range(len(names))),
    )


def _middle(figure: Figure, zone: int, names: tuple[str, ...]) -> F64:
    """A point of the zone near its middle, cm; of one that lies on both sides only, the side on the viewer's right."""
    cells, low, step = seen(figure, names)
    row, column = np.nonzero(cells == zone)
    if not len(row):
        return np.zeros(2)
    points = low + (np.stack([column, row], axis=-1) + 0.5) * step
    middle = points.mean(axis=0)
    if np.abs(points - middle).max(axis=1).min() > step and (points[:, 0] > 0).any():
        points = points[points[:, 0] > 0]
        middle = points.mean(axis=0)
    nearest: F64 = points[int(((points - middle) ** 2).sum(axis=1).argmin())]
    return np.round(nearest, 1)


def round_walk(body: F64) -> Index:
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
