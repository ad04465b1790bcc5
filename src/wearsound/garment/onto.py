"""Where the pixels of a garment's `screen` zones lie on a picture: the figure is laid over the whole of it.

The box round all cloth of a figure covers the picture from edge to edge, so a picture runs on across the zones of
one figure, and a second figure shows it again.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from wearsound.core import F64
from wearsound.garment.document import Figure, Garment
from wearsound.garment.sewn import sewn

Index = NDArray[np.intp]


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


def _cloth(figure: Figure) -> Iterator[tuple[float, float]]:
    """The corners of every piece of cloth (not of the form below it), with their mirror images, in cm."""
    for layer in figure.layer:
        if layer.zone:
            for point in layer.outline:
                yield point[0], point[1]
                if layer.side != "one":
                    yield -point[0], point[1]
