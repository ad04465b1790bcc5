"""The cloth's answer: how much of the light that a strand spills comes back from each pixel."""

from __future__ import annotations

import numpy as np

from wearsound.core import U8
from wearsound.garment.document import Figure
from wearsound.instruments.picture import studio
from wearsound.instruments.picture.outline import Map
from wearsound.instruments.picture.pile import Pile

QUARTER = 4
"""Light spreads on a copy of the picture this much smaller."""

AIR, ON_FLOOR, ON_FORM, ON_CLOTH = 0.20, 0.42, 0.16, 0.62


def answer_of(whole: Pile, core: Map, figures: tuple[Figure, ...], size: tuple[int, int]) -> U8:
    """How much of the light that falls near a strand comes back: cloth facing it most, air least."""
    shape = whole.cover.shape
    towards_x, towards_y = _towards(core, min(size[0] / 1280, size[1] / 720))
    slope = whole.slope_x * towards_x + whole.slope_y * towards_y
    texture = np.maximum(whole.texture, 0.0)
    lively = np.clip(1 + 2.1 * (texture - 1), 0.3, 2.0)
    cloth = ON_CLOTH * np.clip(1 + 1.9 * slope, 0.34, 2.2) * lively
    y = np.arange(shape[0], dtype=np.float32)[:, None]
    lines = [line for _, _, line, _ in studio.places(figures, size)]
    under = np.clip((y - min(lines) + 0.04 * size[1]) / (0.12 * size[1]), 0, 1)
    room = AIR + (ON_FLOOR - AIR) * under
    form = whole.cover - whole.cloth
    answer = whole.cloth * cloth + np.clip(form, 0, 1) * ON_FORM + (1 - whole.cover) * room
    levels: U8 = np.clip(np.rint(answer * 200), 0, 255).astype(np.uint8)
    return levels


def _towards(core: Map, unit: float) -> tuple[Map, Map]:
    """Which way the strands are from each pixel, x and y within -1..1, 0 where they pull evenly.

    Found on a small copy: the slope of the strands' own blur points to the nearer light and turns
    smoothly between two, where the exactly nearest one would draw an edge.
    """
    from scipy import ndimage

    height, width = core.shape
    rows, columns = -(-height // QUARTER), -(-width // QUARTER)
    padded = np.zeros((rows * QUARTER, columns * QUARTER), np.float32)
    padded[:height, :width] = core
    small = padded.reshape(rows, QUARTER, columns, QUARTER).mean(axis=(1, 3), dtype=np.float32)
    near, far = max(0.8, 13 * unit / QUARTER), max(1.6, 42 * unit / QUARTER)
    glow = ndimage.gaussian_filter(small, near) + 0.12 * ndimage.gaussian_filter(small, far)
    gy, gx = np.gradient(glow)
    pull = near * 1.6 / (glow + 1e-7)
    vx, vy = gx * pull, gy * pull
    size = np.sqrt(1 + vx * vx + vy * vy)
    maps = []
    for direction in (vx / size, vy / size):
        full = np.repeat(np.repeat(direction, QUARTER, axis=0), QUARTER, axis=1)
        maps.append(ndimage.uniform_filter(full, 2 * QUARTER - 1)[:height, :width].astype(np.float32))
    return maps[0], maps[1]
