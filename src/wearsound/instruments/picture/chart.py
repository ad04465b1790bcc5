"""A strip chart for each actuator, above the signal strip: how strongly it was felt in the last seconds, at what pitch.

It appears with the first touch of a show and stays, in the garment's order, so that a place is an actuator.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pygame

from wearsound.core import F32, Frame
from wearsound.instruments.picture.type import font

SPAN = 4.0
"""Seconds from the left end of a trace to its right."""

MOST = 16
"""Actuators for which there is room."""

ROW, TRACE = 48, 24
"""Height of a row and of a trace in it, pixels."""

_MARGIN, _GAP, _NOW, _WIDEST = 32, 14, 5, 220
_IN_A_ROW = 12
"""More than these take two rows."""
_LARGE = 130
"""Cells as wide as this say their pitch large enough for three metres; in narrower ones it is read at a desk, and
only place and height are read from afar."""

Text = Callable[[str, str, tuple[int, int, int]], Any]
"""(font, text, colour) -> a surface that is kept."""

INK, DIM, RAIL = (0xED, 0xE7, 0xDB), (0x9C, 0x98, 0x8E), (0x3A, 0x3D, 0x44)
AREA = (0x62, 0x61, 0x5C)
"""What was, under its line: darker than ink, so that sixteen of them stay quiet."""


class Chart:
    """What `Frame.touch` said, kept on a grid of time. Set `names` before the first frame. [main thread]"""

    def __init__(self, width: int) -> None:
        """`width` of the picture."""
        self._width = width
        self._shown = False
        self.names = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The actuators in the order of `Frame.touch`; those beyond MOST have no room."""
        return self._names

    @names.setter
    def names(self, names: tuple[str, ...]) -> None:
        self._names = names[:MOST]
        self.rows = 1 if len(names) <= _IN_A_ROW else 2
        count = max(1, -(-len(self._names) // self.rows))
        self._in_a_row = count
        self.cell = min(_WIDEST, (self._width - 2 * _MARGIN + _GAP) // count)
        self._large = self.cell >= _LARGE
        number = font("mono", 28).size("000")[0] if self._large else font("sans", 17).size("000")[0]
        self._columns = self.cell - _GAP - number - 7 - _NOW
        self._kept: F32 = np.zeros((max(1, self._columns), len(self._names)), np.float32)
        self._newest = -1
        self._hz = [0] * len(self._names)

    @property
    def tall(self) -> int:
        """Its height in pixels."""
        return self.rows * ROW + 2

    @property
    def seen(self) -> bool:
        """Whether it is there: something was felt, and there is room."""
        return self._shown and self._columns >= 16

    def keep(self, frame: Frame) -> None:
        """Take what is felt; each column keeps the strongest of its time, so that a click is never lost."""
        count = len(self._names)
        touch = frame.touch[:count]
        if not count or len(touch) < count:
            return
        felt = np.clip(np.nan_to_num(touch[:, 0], nan=0.0), 0.0, 1.0)
        self._shown = self._shown or bool(felt.any())
        long = len(self._kept)
        column = math.floor(frame.time * long / SPAN) if math.isfinite(frame.time) else 0
        passed = column - self._newest
        if not 0 <= passed < long:
            self._kept[:] = 0
        elif passed:
            self._kept[:-passed] = self._kept[passed:]
            self._kept[-passed:] = 0
        self._newest = column
        np.maximum(self._kept[-1], felt, out=self._kept[-1])
        for i, hz in enumerate(touch[:, 1].tolist()):
            if felt[i] > 0 and 0 < hz < 1000:
                self._hz[i] = round(hz)

    def draw(self, surface: Any, top: int, text: Text) -> None:
        """Draw it with its upper edge at `top`. Only what is felt now is bright: sixteen numbers must not shout."""
        traces = self._traces()
        for i, name in enumerate(self._names):
            x, y = _MARGIN + i % self._in_a_row * self.cell, top + i // self._in_a_row * ROW
            now = float(self._kept[-1, i])
            recent = bool(self._kept[:, i].any())
            label = text("label", name, DIM)
            surface.blit(label, (x, y), (0, 0, self.cell - _GAP // 2, label.get_height()))
            foot = y + ROW - 3
            surface.fill(RAIL, (x, foot, self._columns + _NOW, 2))
            wide = self._columns
            surface.blit(traces, (x, foot - TRACE), (i * wide, 0, wide, TRACE), pygame.BLEND_RGB_MAX)
            tall = round(TRACE * now)
            surface.fill(INK, (x + wide, foot - tall, _NOW, tall + 2 if tall else 0))
            hz = text(
                "name" if self._large else "value",
                str(self._hz[i]) if recent and self._hz[i] else "—",
                DIM,
            )
            right = x + self.cell - _GAP - hz.get_width()
            surface.blit(hz, (right, foot + 2 - TRACE // 2 - hz.get_height() // 2))

    def _traces(self) -> Any:
        """Every actuator's trace beside the next, light on black."""
        height = np.rint(self._kept.T.reshape(-1) * TRACE)[:, None]
        row = TRACE - np.arange(TRACE)[None, :]
        made = pygame.Surface((len(height), TRACE), 0, 32)
        pixels = np.zeros((len(height), TRACE, 3), np.uint8)
        pixels[row <= height] = AREA
        pixels[row == height] = DIM
        pygame.surfarray.blit_array(made, pixels)
        return made
