"""Where the pixels of a garment's `screen` zones lie on a picture, and the small picture that they take colours from.

The figure is laid over the whole of it: the box round all cloth of a figure covers the picture from edge to edge, so
a picture runs on across the zones of one figure, and a second figure shows it again.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from wearsound.core import F64, Index
from wearsound.garment.document import Figure, Garment
from wearsound.garment.sewn import sewn

SIZE = (160, 90)
"""Its pixels: a garment has hardly more."""
EVERY = 2
"""It is drawn for every second light frame: thirty times a second."""


def screen_pixels(garment: Garment) -> Index:
    """The numbers of the pixels that a picture colours, in the order of `sewn`. [any thread]"""
    shown = np.array([zone.fabric == "screen" for zone in garment.zones])
    return np.flatnonzero(shown[sewn(garment).zone])


def screen_places(garment: Garment) -> F64:
    """Where each of `screen_pixels` lies on the picture: (n, 2) 0..1, from its left and from its top.

    A pixel that is not sewn anywhere lies in the middle.
    """
    body, mine = sewn(garment), screen_pixels(garment)
    places = np.full((len(mine), 2), 0.5)
    for number, figure in enumerate(garment.figures):
        here = body.figure[mine] == number
        if not here.any():
            continue
        points = np.array([*_cloth(figure), *body.place[body.figure == number].tolist()])
        low, high = points.min(axis=0), points.max(axis=0)
        places[here] = (body.place[mine[here]] - low) / np.maximum(high - low, 1e-6)
    return places


def cells(places: F64) -> tuple[Index, Index]:
    """Columns and rows, each (n,), of `places` (n, 2) 0..1 from the left and from the top. [any thread]"""
    across = np.clip((places[:, 0] * SIZE[0]).astype(np.intp), 0, SIZE[0] - 1)
    down = np.clip((places[:, 1] * SIZE[1]).astype(np.intp), 0, SIZE[1] - 1)
    return across, down


def _cloth(figure: Figure) -> Iterator[tuple[float, float]]:
    """The corners of every piece of cloth (not of the form below it), with their mirror images, in cm."""
    for layer in figure.layer:
        if layer.zone:
            for point in layer.outline:
                yield point[0], point[1]
                if layer.side != "one":
                    yield -point[0], point[1]
