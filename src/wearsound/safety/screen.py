"""The flash guard of a screen: a sketch's picture, by nine overlapping quarters and as a whole.

One guard for garment and screen: a picture may begin to swing only in a slot that the garment's guard opened, which
comes with the frame (`core.Frame.slots`), so what is worn and what is projected flash together or not at all.
Without a garment that swings there is a slot a second. Each quarter and the whole keeps to three swings in any second
by itself, too.

A quarter of the field is the area from which WCAG counts a flash; what swaps within a quarter in antiphase cancels
there. The picture is darkened as one, never re-coloured, so a limited quarter dims the others for as long as it waits.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from wearsound.core import F32, Clock, Frame, Picture
from wearsound.safety.measures import swing
from wearsound.safety.slots import follows
from wearsound.safety.swings import Swings

TILES = (8, 6)
_SLOWEST = 24.0
_FASTEST = 60.0


class ScreenGuard:
    """Limits how often a pygame surface may flash. [the thread that draws]"""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        # A slow fade must not wait a second for its next slot: what has begun goes on.
        self._swings = Swings(np.repeat([False, True, False], 10), clock, np.ones(30, bool), rests=30)
        self._work: Any = None
        self.reset()

    def reset(self) -> None:
        """Dark before."""
        self._swings.reset()
        self._before: int | None = None

    def limit(self, tick: int, surface: Any, slots: tuple[int, ...]) -> float:
        """Darken `surface` in place as far as needed; the factor 0..1 on its light that was used."""
        import pygame

        values = self._light(surface)
        ceilings = self._swings.ceilings(tick, self._passed(tick))
        over = np.flatnonzero(values > ceilings)
        until = follows(slots, tick, self._clock)
        if len(over) and until:
            self._swings.grant(over[self._swings.may(over, tick, values[over])], tick, until, until)
        factor = float(np.min(np.minimum(1.0, ceilings / np.maximum(values, 1e-9))))
        if factor < 1.0:
            # Rounded down: a byte too dark is safe, a byte too bright is not.
            byte = int(255 * factor**0.5)
            surface.fill((byte, byte, byte), special_flags=pygame.BLEND_RGB_MULT)
            factor = (byte / 255) ** 2
        self._swings.track(tick, values * np.float32(factor))
        return factor

    def _passed(self, tick: int) -> float:
        """How many light frames have passed since the last picture, so that a swing goes on as fast at any rate."""
        before, self._before = self._before, tick
        if before is None:
            return 1.0
        frames = (tick - before) / self._clock.sample_rate * self._clock.hop * _FASTEST
        return min(max(frames, 0.0), _FASTEST / _SLOWEST)

    def _light(self, surface: Any) -> F32:
        """The measures of the nine quarters and of the whole, (30,).

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
        return np.stack([*quarters, light.mean(axis=(1, 2))], axis=1).astype(np.float32).ravel()


class GuardedPicture:
    """Any picture, with the guard's hand on it last; implements core.Picture."""

    def __init__(self, picture: Picture, clock: Clock) -> None:
        self._picture = picture
        self._guard = ScreenGuard(clock)

    def draw(self, surface: Any, frame: Frame) -> None:
        """Draw one frame, then darken it if it would flash too often. [main thread]"""
        self._picture.draw(surface, frame)
        self._guard.limit(frame.tick, surface, frame.slots)
