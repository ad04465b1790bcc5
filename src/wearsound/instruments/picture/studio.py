"""The room: a dark graded ground, a soft pool of light behind each figure, a warm floor, grain."""

from __future__ import annotations

from typing import Any

import numpy as np

from wearsound import chance
from wearsound.core import F64, U8
from wearsound.garment.colour import linear_to_srgb, oklch_to_linear
from wearsound.garment.document import Figure
from wearsound.instruments.picture.cloth import smoothstep
from wearsound.instruments.picture.outline import Map

STAGE = (0.150, 0.012, 262.0)
POOL = (0.33, 0.022, 250.0)
FLOOR = (0.36, 0.018, 65.0)
FILM = 1.15


def film(linear: F64 | Map) -> Any:
    """The film curve: light adds for ever, the picture never clips."""
    return 1 - np.exp(-FILM * linear)


def encode(linear: F64 | Map) -> Any:
    """Linear light through film to display levels 0..255, not yet rounded."""
    return 255 * linear_to_srgb(film(linear))


def triangular(seed: int, name: str, shape: tuple[int, ...]) -> F64:
    """Dither noise of triangular spread, -1..1."""
    count = int(np.prod(shape))
    dither: F64 = (chance.uniforms(seed, name, count) - chance.uniforms(seed, name + "2", count)).reshape(
        shape
    )
    return dither


def places(figures: tuple[Figure, ...], size: tuple[int, int]) -> list[tuple[float, float, float, float]]:
    """Centre x, middle y, floor y and share of full size of each figure, in pixels.

    What is seen closer than a coat is a small thing: its light and shadow grow no wider than a coat's.
    """
    unit = min(size[0] / 1280, size[1] / 720)
    left, top = (size[0] - 1280 * unit) / 2, (size[1] - 720 * unit) / 2
    return [
        (
            left + f.at[0] * unit,
            top + (f.at[1] + 150) * unit,
            top + f.floor * unit,
            unit * min(f.scale / 7.3, 1.0),
        )
        for f in figures
    ]


def ground(figures: tuple[Figure, ...], size: tuple[int, int]) -> Map:
    """The empty studio in linear light, (height, width, 3)."""
    width, height = size
    unit = min(width / 1280, height / 720)
    x, y = np.meshgrid(np.arange(width, dtype=np.float32) + 0.5, np.arange(height, dtype=np.float32) + 0.5)
    stage, pool, floor = (oklch_to_linear(c).astype(np.float32) for c in (STAGE, POOL, FLOOR))
    room = np.empty((height, width, 3), np.float32)
    room[:] = stage * 0.8
    for cx, cy, line, share in places(figures, size):
        soft = np.exp(
            -(((x - cx - 70 * share) / (400 * unit)) ** 2 + ((y - cy) / (300 * unit)) ** 2) * np.float32(1.15)
        )
        room += (soft * 0.40)[..., None] * pool
        below = smoothstep((y - line + 30 * unit) / (95 * unit))
        reach = np.exp(
            -(((x - cx - 30 * share) / (360 * unit)) ** 2) - ((y - line - 26 * unit) / (70 * unit)) ** 2
        )
        room += (reach * below * 0.26 * (0.55 + 0.45 * share / unit))[..., None] * floor
        shadow = np.exp(-(((x - cx) / (150 * share)) ** 2 + ((y - line - 4 * unit) / (15 * share)) ** 2))
        room *= (1 - 0.55 * shadow)[..., None]
    far = np.sqrt(((x - width / 2) / (0.62 * width)) ** 2 + ((y - 0.46 * height) / (0.66 * height)) ** 2)
    vignette = 1 - 0.55 * smoothstep((far - 0.35) / 0.85)
    room *= vignette[..., None]
    return room


def floor_mask(figures: tuple[Figure, ...], shape: tuple[int, int], size: tuple[int, int]) -> list[Map]:
    """Where each figure's light lands on the floor, 0..1, on a small picture of `shape`."""
    masks = []
    sx, sy = size[0] / shape[1], size[1] / shape[0]
    unit = min(size[0] / 1280, size[1] / 720)
    x, y = np.meshgrid((np.arange(shape[1]) + 0.5) * sx, (np.arange(shape[0]) + 0.5) * sy)
    for cx, _, line, share in places(figures, size):
        pool = np.exp(-(((x - cx) / (215 * share)) ** 2 + ((y - line - 14 * unit) / (34 * unit)) ** 2))
        masks.append((pool * smoothstep((y - line + 26 * unit) / (40 * unit))).astype(np.float32))
    return masks


def grain_tile(seed: int, size: tuple[int, int]) -> U8:
    """A tile of film grain to be added, mean 2, deviation 2; (height, width) larger than the picture."""
    shape = (size[1] + 64, size[0] + 64)
    a, b = (chance.uniforms(seed, f"grain.{k}", shape[0] * shape[1]) for k in "ab")
    spread = (a + b - 1.0).reshape(shape)
    tile: U8 = np.clip(np.rint(2.0 + 4.6 * spread), 0, 8).astype(np.uint8)
    return tile
