"""How much work it is to draw a garment, before anybody draws it: a file of a stranger must not stall the picture.

One unit is one pass over all pixels of a stage of 1280 by 720, at the fine resolution that cloth is drawn in: about
one step of a curve whose distance every pixel asks for. An estimate from boxes and lengths, within a factor of two.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from wearsound.core import F64
from wearsound.garment.layers import Layer, central
from wearsound.garment.shape import lengths, rings
from wearsound.garment.structure import Figure

MOST = 1000.0
"""Units that a garment may take, some 30 ms of a processor each; the house's own take up to 250."""

HANGS = 3.0
"""Stages that may hang: what moves is drawn anew in each frame."""

_STAGE = np.array([1280.0, 720.0])
_CLOTH, _PLAIN, _ROUGH, _ROW = 45.0, 6.0, 40.0, 10.0
_FINE = 4  # fine pixels in one finished pixel
_TAPS = 14  # taps of a blur in the time of one step of a curve


def work(figure: Figure, layer: Layer) -> float:
    """Units that one layer takes with its mirror image."""
    return sum(sum(_piece(figure, layer, ring)) for _, ring in rings(layer))


def hangs(figure: Figure, layer: Layer) -> float:
    """Stages that hang of one layer and its mirror image."""
    return sum(_share(figure, ring) for _, ring in rings(layer)) if layer.hang is not None else 0.0


def _piece(figure: Figure, layer: Layer, ring: F64) -> Iterator[float]:
    box = _share(figure, ring)
    both = 2 if layer.side == "whole" else 1
    rough = sum(inset.rough > 0 for inset in layer.insets)
    steps = _CLOTH + 2.4 * figure.scale + both * _PLAIN * len(layer.insets) + _ROUGH * rough
    steps += _length(layer.axis) / 2
    if layer.edge_rows:
        steps += _length([*ring, ring[0]]) / 1.2 + _ROW * len(layer.edge_rows)
    yield box * steps
    yield _shadow(figure, layer, ring)
    for fold in layer.folds:
        sides = 1 if central(fold.path) else both
        steps = _length(fold.path) / max(0.16 * fold.width, 0.5) + 25
        yield sides * _share(figure, fold.path, 3.2 * fold.width, box) * steps
    for fan in layer.fans:
        steps = 1.2 * fan.length / max(0.12 * fan.width, 0.5) + 25
        disc = _share(figure, [fan.at], 1.2 * fan.length + 4.2 * fan.width, box)
        yield both * fan.count * disc / 3 * steps  # a fold of a fan lies in a part of its disc
    for seam in layer.seams:
        sides = 1 if central(seam.path) else both
        yield sides * _share(figure, seam.path, 3.0, box) * (_length(seam.path) + 20 + _ROW * len(seam.rows))
    for filament in layer.filaments:
        sides = 1 if central(filament.path) else both
        yield sides * _share(figure, filament.path, 1.2, box) * (_length(filament.path) / 0.8 + 40) / _FINE


def _shadow(figure: Figure, layer: Layer, ring: F64) -> float:
    """The shadow a lifted piece casts: blurs over its box and as much around it as the shadow is soft."""
    if layer.lift <= 0:
        return 0.0
    placed = np.array(ring) * figure.scale + np.array(figure.at)
    reach = 5.0 * layer.lift * figure.scale
    low, high = np.clip(placed.min(axis=0), 0, _STAGE), np.clip(placed.max(axis=0), 0, _STAGE)
    area = float(np.prod((np.maximum(high - low, 0) + reach) / _STAGE))
    return area * (5.5 * layer.lift + 2.0) * figure.scale / (_TAPS * _FINE)


def _share(
    figure: Figure, points: Sequence[Sequence[float]] | F64, margin: float = 0.0, most: float = 1.0
) -> float:
    """What share of the stage the box round points lies on, `margin` cm more on each side; at most `most`."""
    placed = np.array([point[:2] for point in points], np.float64)
    low = np.clip((placed.min(axis=0) - margin) * figure.scale + np.array(figure.at), 0, _STAGE)
    high = np.clip((placed.max(axis=0) + margin) * figure.scale + np.array(figure.at), 0, _STAGE)
    return min(most, float(np.prod((high - low) / _STAGE)))


def _length(path: Sequence[Sequence[float]]) -> float:
    """cm along a path; 0 of none."""
    return float(lengths(np.array([point[:2] for point in path], np.float64))[-1]) if len(path) > 1 else 0.0
