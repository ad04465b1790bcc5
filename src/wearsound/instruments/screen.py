"""A sketch as the light of cloth: drawn small, in lockstep with the light, for a show that must be exact.

Only for a show offline: a sketch may hang, and then the engine would. Live the window draws it, and its colours come
back (`outputs.screen`).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from wearsound.core import LIGHT_RATE, U8, Frame, Picture
from wearsound.errors import DeviceError
from wearsound.garment.document import Garment
from wearsound.garment.screen import EVERY, SIZE, cells, screen_places
from wearsound.instruments.picture import open_picture


class DrawnScreen:
    """Draws a sketch and gives its colours at a garment's screen pixels; implements contracts.Screen.

    A PatchError names file and line of a sketch that fails; DeviceError without pygame. [engine thread]
    """

    def __init__(
        self, garment: Garment, garment_path: Path, sketch: Path, seed: int, palette: Sequence[Any] = ()
    ) -> None:
        os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
        try:
            import pygame
        except ImportError as error:
            raise DeviceError(
                f"a garment with a screen shows a sketch, which needs pygame-ce ({error}): pip install pygame-ce"
            ) from error
        self._pygame: Any = pygame
        self._across, self._down = cells(screen_places(garment))
        self.draws = (garment.digest, sketch.read_bytes(), seed, tuple(map(repr, palette)))
        """What it shows: two that show the same are one, and may stand in for each other."""
        self._open: Callable[[], Picture] = lambda: open_picture(
            garment_path, sketch, SIZE, seed, LIGHT_RATE // EVERY, palette
        )
        self._fresh = False
        self.reset()

    def reset(self) -> None:
        """The sketch is set up anew, and nothing is drawn yet."""
        if self._fresh:
            return
        self._picture = self._open()
        self._surface = self._pygame.Surface(SIZE, 0, 32)
        self._colours = np.zeros((len(self._across), 3), np.uint8)
        self._drawn = -EVERY
        self._fresh = True

    def colours(self, frame: Frame) -> U8:
        """RGB of the screen pixels, uint8 (n, 3), gamma 2.2, in light frame `frame`; drawn on every second one."""
        if frame.number // EVERY != self._drawn:
            self._drawn, self._fresh = frame.number // EVERY, False
            self._picture.draw(self._surface, frame)
            self._colours = self._pygame.surfarray.pixels3d(self._surface)[self._across, self._down]
        return self._colours
