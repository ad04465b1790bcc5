"""A sketch as the light of cloth, live: the window draws it anyway, and its colours come back to the engine.

A sketch may hang or die, so it never runs where the engine does; whatever its window does, the cloth keeps the last
colours for a while and then goes dark.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from wearsound.core import LIGHT_RATE, U8, Frame
from wearsound.garment.screen import EVERY, SIZE, cells
from wearsound.outputs.slot import Slot

HELD, FADE = 2.0, 0.5
"""Seconds: how long colours stay without news, and how long they take to go dark."""


class Sampled:
    """Takes the colours at `places` (n, 2) 0..1 of a surface. [main thread of the window's process]"""

    def __init__(self, places: Sequence[Sequence[float]], pygame: Any) -> None:
        self._pygame = pygame
        self._across, self._down = cells(np.array(places))
        self._small = pygame.Surface(SIZE, 0, 32)
        self._next = 0

    def tell(self, number: int, surface: Any, slot: Slot) -> None:
        """Show `slot` the colours in frame `number`, but no more than thirty times a second."""
        if number >= self._next or number < self._next - EVERY:
            self._next = number + EVERY
            slot.show(self.colours(surface))

    def colours(self, surface: Any) -> U8:
        """Uint8 (n, 3): of the picture made small first, so that a thin line is not missed."""
        transform = self._pygame.transform
        if surface.get_bitsize() != 32:  # smoothscale wants the same depth on both sides
            surface = surface.convert(self._small)
        transform.smoothscale(surface, SIZE, self._small)
        taken: U8 = self._pygame.surfarray.pixels3d(self._small)[self._across, self._down]
        return taken


class ShownScreen:
    """Gives the newest colours of a window; implements contracts.Screen. [engine thread]"""

    def __init__(self, news: Callable[[], U8 | None], n: int) -> None:
        """`news` gives the colours, uint8 (n, 3), or None where none are new (`Window.shown`)."""
        self._news, self._n = news, n
        self.reset()

    def reset(self) -> None:
        """Dark until the first picture."""
        self._colours = np.zeros((self._n, 3), np.uint8)
        self._came = 0

    def colours(self, frame: Frame) -> U8:
        """RGB, uint8 (n, 3), gamma 2.2; darker and then dark once nothing has come for HELD seconds."""
        news = self._news()
        if news is not None:
            self._colours, self._came = news, frame.number
        late = (frame.number - self._came) / LIGHT_RATE - HELD
        if late <= 0:
            return self._colours
        return (self._colours * max(0.0, 1.0 - late / FADE)).astype(np.uint8)
