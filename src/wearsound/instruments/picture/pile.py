"""What lies on top so far while a picture is baked, over the whole of it at its finished size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wearsound.core import U8
from wearsound.instruments.picture.outline import Map

NOTHING = 31
"""The zone of pixels without cloth; its colours are black."""


@dataclass(slots=True)
class Pile:
    """What lies on top so far, over the whole picture, at its finished size."""

    cover: Map
    shade: Map
    resist: Map
    texture: Map
    slope_x: Map
    slope_y: Map
    fixed: Map
    cloth: Map
    zone: U8


def blank(shape: tuple[int, int]) -> Pile:
    """Nothing lies there yet; `shape` is (height, width)."""
    cover, shade, resist, texture, slope_x, slope_y, cloth = (np.zeros(shape, np.float32) for _ in range(7))
    fixed, zone = np.zeros((*shape, 3), np.float32), np.full(shape, NOTHING, np.uint8)
    return Pile(cover, shade, resist, texture, slope_x, slope_y, fixed, cloth, zone)
