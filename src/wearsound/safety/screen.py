"""The flash guard of a screen: a sketch's picture, by nine overlapping quarters and as a whole.

A quarter of the field is the area from which WCAG counts a flash; what swaps within a quarter in
antiphase cancels there. The picture is darkened as one, never re-coloured, so a limited quarter dims
the others for as long as it waits for a slot.
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
        self._swings = Swings(2 * 10, clock)
        self._work: Any = None

    def reset(self) -> None:
        """Dark before."""
        self._swings.reset()

    def limit(self, tick: int, surface: Any) -> float:
        """Darken `surface` in place as far as needed; the factor 0..1 on its light that was used."""
        import pygame

        values = self._light(surface)
        ceilings = self._swings.ceilings(tick, values)
        factor = float(np.min(np.minimum(1.0, ceilings / np.maximum(values, 1e-9))))
        if factor < 1.0:
            # Rounded down: a byte too dark is safe, a byte too bright is not.
            byte = int(255 * factor**0.5)
            surface.fill((byte, byte, byte), special_flags=pygame.BLEND_RGB_MULT)
            factor = (byte / 255) ** 2
        self._swings.track(values * factor)
        return factor

    def _light(self, surface: Any) -> F64:
        """Both measures of the nine quarters and of the whole, (20,).

        Light is nearly the square of a byte, and it is light that must be averaged: averaged bytes
        would take white lines on black for dark grey.
        """
        import pygame

        if self._work is None or self._work.get_size() != surface.get_size():
            self._work = pygame.Surface(surface.get_size(), 0, 32)
        self._work.blit(surface, (0, 0))
        self._work.blit(surface, (0, 0), special_flags=pygame.BLEND_RGB_MULT)
        small = pygame.transform.smoothscale(self._work, TILES)
        light = swing(pygame.surfarray.array3d(small) / 255.0)
        quarters = [light[:, x : x + 4, y : y + 3].mean(axis=(1, 2)) for x in (0, 2, 4) for y in (0, 1, 3)]
        return np.array([*quarters, light.mean(axis=(1, 2))]).ravel()


class GuardedPicture:
    """Any picture, with the guard's hand on it last; implements core.Picture."""

    def __init__(self, picture: Picture, clock: Clock) -> None:
        self._picture = picture
        self._guard = ScreenGuard(clock)

    def draw(self, surface: Any, frame: Frame) -> None:
        """Draw one frame, then darken it if it would flash too often. [main thread]"""
        self._picture.draw(surface, frame)
        self._guard.limit(frame.tick, surface)
