"""How large each zone is drawn, and on which zone a point lies: the outlines of a garment as straight polygons.

The picture bends its outlines through the same points, so that both differ by a few per cent at most. All
lengths are centimetres; a ring is float64 (n, 2), closed by itself. Sums, products and quotients only: the flash
guard weighs zones by these areas, and every machine must find the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from wearsound.core import F64, Mask
from wearsound.garment.layers import Inset, Layer, OutlinePoint, central, zone_of
from wearsound.garment.structure import Figure

CELLS = 192
"""Cells along the longer side of a figure."""

LEVEL = 1e-9
"""cm: an edge that rises less is level. A quotient by less than that would be no number."""

UNDRAWN = 1.0
"""dm2 of a zone that no figure shows."""


def areas(figures: Sequence[Figure], zones: Sequence[str]) -> F64:
    """What is seen of each zone on all figures, dm2 (n_zones,); 0 for one that is not seen."""
    found = np.zeros(len(zones))
    for figure in figures:
        cells, _, step = seen(figure, zones)
        found += np.bincount(cells[cells >= 0], minlength=len(zones)) * (step * step / 100)
    return np.round(found, 3)


def seen(figure: Figure, zones: Sequence[str]) -> tuple[NDArray[np.int64], F64, float]:
    """Which zone is seen in each cell of a figure, (rows, columns), -1 for none; where the first begins (2,) and how
    wide a cell is, cm."""
    drawn = [(layer, list(rings(layer))) for layer in figure.layer]
    points = np.concatenate([ring for _, pieces in drawn for _, ring in pieces])
    low, high = points.min(axis=0), points.max(axis=0)
    step = max(float((high - low).max()) / CELLS, 0.05)
    columns, rows = (int(n) + 1 for n in (high - low) / step)
    cells = np.full((rows, columns), -1, np.int64)
    for layer, pieces in drawn:
        for mirror, ring in pieces:
            piece = _filled(ring, low, step, cells.shape)
            zone = zone_of(layer.zone, mirror)
            cells[piece] = zones.index(zone) if zone else -1
            for inset in layer.insets:
                for part in _inset_rings(layer, inset, mirror):
                    cells[piece & _filled(part, low, step, cells.shape)] = zones.index(inset.zone)
    return cells, low, step


def rings(layer: Layer) -> Iterator[tuple[bool, F64]]:
    """The outlines of a layer: whether it is the mirrored one, and its ring."""
    if layer.side == "whole":
        yield False, _ring(layer.outline, whole=True)
        return
    yield False, _ring(layer.outline)
    if layer.side == "pair":
        yield True, _mirrored(_ring(layer.outline))


def zones_at(layer: Layer, mirror: bool, points: F64) -> list[str]:
    """On which zone of its layer each of (n, 2) points lies, beside it too; "" on a layer that is of no zone."""
    found = [zone_of(layer.zone, mirror)] * len(points)
    for inset in layer.insets:
        for ring in _inset_rings(layer, inset, mirror):
            for i in np.flatnonzero(inside(ring, points)):
                found[i] = inset.zone
    return found


def inside(ring: F64, points: F64) -> Mask:
    """Which of (n, 2) points a ring encloses, by the even and odd rule."""
    (x0, y0), (x1, y1) = ring.T, np.roll(ring, -1, axis=0).T
    x, y = points[:, :1], points[:, 1:]
    crossed = (y0 <= y) != (y1 <= y)
    at = x0 + (y - y0) * (x1 - x0) / np.where(np.abs(y1 - y0) < LEVEL, 1.0, y1 - y0)
    odd: Mask = ((crossed & (at > x)).sum(axis=1) & 1).astype(bool)
    return odd


def off(ring: F64, points: F64) -> F64:
    """How far outside a ring each of (n, 2) points lies, cm (n,); 0 inside."""
    ends = np.roll(ring, -1, axis=0)
    way = ends - ring
    square = np.maximum((way * way).sum(axis=1), 1e-12)
    apart = points[:, None, :] - ring
    share = np.clip((apart * way).sum(axis=-1) / square, 0.0, 1.0)
    gap = apart - share[..., None] * way
    distance: F64 = np.sqrt((gap * gap).sum(axis=-1).min(axis=1))
    return np.where(inside(ring, points), 0.0, distance)


def lengths(path: F64) -> F64:
    """Distance along a path (n, 2) at each of its points, cm (n,), from 0."""
    steps = np.sqrt(((path[1:] - path[:-1]) ** 2).sum(axis=1))
    return np.concatenate([[0.0], np.cumsum(steps)])


def points_at(path: F64, at: F64) -> F64:
    """The points (m, 2) of a path (n, 2) at the shares `at` (m,) 0..1 of its length."""
    run = lengths(path)
    where = at * run[-1]
    return np.stack([np.interp(where, run, path[:, i]) for i in (0, 1)], axis=-1)


def sampled(path: Sequence[tuple[float, float]], mirror: bool, count: int = 64) -> F64:
    """Points (count, 2) evenly along a path or its mirror image."""
    points = np.array(path, np.float64)
    if mirror:
        points = points * (-1.0, 1.0)
    return points_at(points, np.arange(count) / (count - 1))


def _inset_rings(layer: Layer, inset: Inset, mirror: bool) -> list[F64]:
    """As in the picture: on a whole layer what begins and ends in the middle is one, the rest lies on both sides."""
    if layer.side != "whole":
        ring = _ring(inset.outline)
        return [_mirrored(ring) if mirror else ring]
    ends = tuple((float(point[0]), float(point[1])) for point in (inset.outline[0], inset.outline[-1]))
    if central(ends):
        return [_ring(inset.outline, whole=True)]
    return [_ring(inset.outline), _mirrored(_ring(inset.outline))]


def _ring(outline: Sequence[OutlinePoint], whole: bool = False) -> F64:
    half = np.array([point[:2] for point in outline], np.float64)
    return np.concatenate([half, _mirrored(half)]) if whole else half


def _mirrored(ring: F64) -> F64:
    turned: F64 = ring[::-1] * (-1.0, 1.0)
    return turned


def _filled(ring: F64, low: F64, step: float, shape: tuple[int, ...]) -> Mask:
    """Which cells (rows, columns) have their middle in a ring."""
    rows, columns = shape
    (x0, y0), (x1, y1) = ring.T, np.roll(ring, -1, axis=0).T
    y = (low[1] + (np.arange(rows) + 0.5) * step)[:, None]
    crossed = (y0 <= y) != (y1 <= y)
    at = x0 + (y - y0) * (x1 - x0) / np.where(np.abs(y1 - y0) < LEVEL, 1.0, y1 - y0)
    row, edge = np.nonzero(crossed)
    first = np.clip(np.ceil((at[row, edge] - low[0]) / step - 0.5), 0, columns).astype(np.intp)
    turns = np.zeros((rows, columns + 1), np.int64)
    np.add.at(turns, (row, first), 1)
    filled: Mask = (np.cumsum(turns, axis=1)[:, :columns] & 1).astype(bool)
    return filled
