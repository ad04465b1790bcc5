"""The flash guard of a screen: a sketch's picture, tile by tile and as a whole.

The picture is darkened as one, never re-coloured; a limited tile therefore dims its neighbours for
as long as it waits for a slot.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from wearsound.core import F64, Clock, Frame, Picture
from wearsound.safety.flash import Swings, swing

TILES = (8, 6)


class ScreenGuard:
    """Limits how often a pygame surface may flash. [the thread that draws]"""

    def __init__(self, clock: Clock) -> None:
        # Nine overlapping quarters of the screen, and the whole.
        self._swings = Swings(10, clock)
        self._linear = (np.arange(256) / 255.0) ** 2.2

    def reset(self) -> None:
        """Dark before."""
        self._swings.reset()

    def limit(self, tick: int, surface: Any) -> float:
        """Darken `surface` in place as far as needed; the factor 0..1 that was used."""
        import pygame

        small = pygame.transform.smoothscale(surface, TILES)
        light: F64 = swing(self._linear[pygame.surfarray.array3d(small)])
        values = self._areas(light)
        ceilings = self._swings.ceilings(tick, values)
        factor = float(np.min(np.minimum(1.0, ceilings / np.maximum(values, 1e-9))))
        if factor < 1.0:
            # Rounded down: a byte too dark is safe, a byte too bright is not.
            byte = int(255 * factor ** (1 / 2.2))
            surface.fill((byte, byte, byte), special_flags=pygame.BLEND_RGB_MULT)
            factor = float(self._linear[byte])
        self._swings.track(values * factor)
        return factor

    @staticmethod
    def _areas(light: F64) -> F64:
        quarters = [light[x : x + 4, y : y + 3].mean() for x in (0, 2, 4) for y in (0, 1, 3)]
        return np.array([*quarters, light.mean()])


class GuardedPicture:
    """Any picture, with the guard's hand on it last; implements core.Picture."""

    def __init__(self, picture: Picture, clock: Clock) -> None:
        self._picture = picture
        self._guard = ScreenGuard(clock)

    def draw(self, surface: Any, frame: Frame) -> None:
        """Draw one frame, then darken it if it would flash too often. [main thread]"""
        self._picture.draw(surface, frame)
        self._guard.limit(frame.tick, surface)
