"""Light and film for the canvas: soft lamps, a darker edge, grain."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from wearsound import chance
from wearsound.core import U8


@lru_cache(maxsize=1)
def _falloff(size: int = 256) -> Any:
    """A white lamp on black, dithered so that its rim does not band when it is dimmed."""
    import pygame

    axis = (np.arange(size) + 0.5) / size * 2 - 1
    inside = np.clip(1 - axis[:, None] ** 2 - axis[None, :] ** 2, 0, 1)
    dither = chance.uniforms(0, "canvas.lamp", size * size).reshape(size, size)
    level = np.minimum(255, inside**2.2 * 255 + dither * (inside > 0)).astype(np.uint8)
    surface = pygame.Surface((size, size), 0, 32)
    pygame.surfarray.blit_array(surface, np.repeat(level[:, :, None], 3, axis=2))
    return surface


@lru_cache(maxsize=48)
def lamp(radius: int, colour: tuple[int, int, int]) -> Any:
    """A soft round lamp of that radius in pixels, black at its rim, to be added."""
    import pygame

    surface = pygame.transform.smoothscale(_falloff(), (2 * radius, 2 * radius))
    surface.fill(colour, special_flags=pygame.BLEND_RGB_MULT)
    return surface


SMALL = np.array([1, 1.5, 2, 3, 4, 6, 8, 11, 16, 23, 32, 45, 64])
"""Radii in pixels of the lamps that are drawn many at once."""
LEVELS = 12
"""How many strengths of light they have."""


def small_sizes(radii: Any) -> Any:
    """The index into SMALL of the radius nearest by ratio."""
    return np.searchsorted((SMALL[1:] * SMALL[:-1]) ** 0.5, radii)


def small_levels(lights: Any) -> Any:
    """0 (dark) to LEVELS."""
    return np.clip(np.rint(np.nan_to_num(np.asarray(lights, np.float64)) * LEVELS), 0, LEVELS).astype(int)


@lru_cache(maxsize=8)
def small_lamps(colour: tuple[int, int, int]) -> Callable[[int], Any]:
    """Sprites of one colour, made when first asked for: by (size * LEVELS + level - 1) * 16 + part.

    `part` says by how many quarters of a pixel it is set to the right (and, times four, down).
    """
    import pygame

    made: dict[int, Any] = {}

    def sprite(index: int) -> Any:
        if index not in made:
            which, part = divmod(index, 16)
            size, level = divmod(which, LEVELS)
            reach = float(SMALL[size])
            axis = np.arange(math.ceil(2 * reach) + 1) + 0.5 - reach
            x, y = (axis - part % 4 / 4) / reach, (axis - part // 4 / 4) / reach
            soft = np.clip(1 - x[:, None] ** 2 - y[None, :] ** 2, 0, 1) ** 1.5 * ((level + 1) / LEVELS)
            lit = soft[:, :, None] * np.array(colour) + 0.5
            made[index] = pygame.surfarray.make_surface(lit.astype(np.uint8))
        return made[index]

    return sprite


@lru_cache(maxsize=4)
def edge(size: tuple[int, int], amount: float, x: float, y: float) -> Any:
    """A sheet to multiply with: white at (x, y) (fractions of the size), `amount` darker in the corners."""
    import pygame

    width, height = size
    across = (np.arange(width) / width - x)[:, None] * 2
    down = (np.arange(height) / height - y)[None, :] * 2
    dark = np.clip((across**2 + down**2) / 1.9, 0, 1) ** 1.25 * amount
    dither = chance.uniforms(0, "canvas.edge", width * height).reshape(width, height)
    level = np.clip((1 - dark) * 255 + dither - 0.5, 0, 255).astype(np.uint8)
    surface = pygame.Surface(size, 0, 32)
    pygame.surfarray.blit_array(surface, np.repeat(level[:, :, None], 3, axis=2))
    return surface


@lru_cache(maxsize=2)
def grain(seed: int, size: tuple[int, int], amount: int) -> Any:
    """A tile of film grain to be added, 256 pixels larger than the picture, so that it can be moved."""
    import pygame

    width, height = size[0] + 256, size[1] + 256
    # The sum of two evenly spread numbers is triangular: no level of grey is left out.
    level: U8 = (
        (chance.uniforms(seed, "grain.a", width * height) + chance.uniforms(seed, "grain.b", width * height))
        * (amount + 0.5)
    ).astype(np.uint8)
    surface = pygame.Surface((width, height), 0, 32)
    pygame.surfarray.blit_array(surface, np.repeat(level.reshape(width, height)[:, :, None], 3, axis=2))
    return surface
