"""A sheet of paper with a time axis, worth printing: what every plot is drawn on."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np

from wearsound import folders
from wearsound.core import F64
from wearsound.errors import WearsoundError
from wearsound.instruments.picture.type import font
from wearsound.outputs.record.png import png

Ink = tuple[int, int, int]

WIDTH = 1800
LEFT, RIGHT = 150, 60
FINE = 2  # drawn this much larger, then averaged: fine lines without stairs

PAPER: Ink = (244, 240, 230)
INK: Ink = (34, 40, 56)
SOFT: Ink = (150, 148, 142)
RULE: Ink = (214, 208, 196)
BEAT: Ink = (143, 56, 51)
OCHRE: Ink = (196, 152, 70)
RUST: Ink = (196, 108, 58)
GREEN: Ink = (96, 146, 138)
BLUE: Ink = (53, 72, 105)


class Sheet:
    """WIDTH by `height` of paper, `duration` seconds from LEFT to the right margin; lengths are before FINE.

    [main thread]
    """

    def __init__(self, height: int, duration: float) -> None:
        os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
        import pygame

        pygame.font.init()
        self.pygame = pygame
        self.height, self.duration = height, max(duration, 1e-3)
        self.surface: Any = pygame.Surface((WIDTH * FINE, height * FINE))
        self.surface.fill(PAPER)

    def save(self, path: Path) -> None:
        """As a PNG, whole or not at all; WearsoundError if the file cannot be written."""
        small = self.pygame.transform.smoothscale(self.surface, (WIDTH, self.height))
        rgb = np.frombuffer(self.pygame.image.tobytes(small, "RGB"), np.uint8)
        picture = png(rgb.reshape(self.height, WIDTH, 3))
        folders.write_or_say(path, picture, "nothing was kept; choose another place")

    def x(self, seconds: float) -> float:
        """Where a moment is, in fine pixels."""
        return float(LEFT + seconds / self.duration * (WIDTH - LEFT - RIGHT)) * FINE

    def write(
        self, text: str, x: float, y: float, size: int, ink: Ink, face: str = "sans", right: bool = False
    ) -> None:
        """Words that begin (or end) at x, below y."""
        drawn = font(face, size * FINE).render(text, True, ink)
        self.surface.blit(drawn, (x * FINE - (drawn.get_width() if right else 0), y * FINE))

    def line(self, x: float, top: float, bottom: float, ink: Ink, width: float) -> None:
        """Upright, at x in fine pixels."""
        half = max(1, round(width * FINE / 2))
        self.surface.fill(ink, (round(x) - half, round(top * FINE), 2 * half, round((bottom - top) * FINE)))

    def line_across(self, y: float, ink: Ink) -> None:
        """From the beginning to the end."""
        self.surface.fill(ink, (LEFT * FINE, round(y * FINE), (WIDTH - LEFT - RIGHT) * FINE, FINE))

    def time_axis(self, top: float, bottom: float) -> None:
        """Rules at round moments, and their names below."""
        step = next(s for s in (0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1e9) if self.duration / s <= 16)
        count = int(self.duration / step + 1e-9)
        for i in range(count + 1):
            x = self.x(i * step)
            self.line(x, top, bottom, RULE, 0.5)
            minutes, seconds = divmod(i * step, 60)
            text = f"{int(minutes)}:{seconds:02.0f}" if self.duration >= 60 else f"{i * step:g} s"
            self.write(text, x / FINE - 10, bottom + 12, 13, SOFT, "mono")

    def columns(self, values: F64) -> F64:
        """The largest value under each column of the drawing, two fine pixels each."""
        n = (WIDTH - LEFT - RIGHT) * FINE // 2
        if len(values) == 0:
            return np.zeros(n)
        edges = np.minimum(np.arange(n) * len(values) // n, len(values) - 1)
        return np.maximum.reduceat(values, np.unique(edges))[np.searchsorted(np.unique(edges), edges)]


def is_png(path: str | Path) -> Path:
    """The path of a plot; WearsoundError if it does not end as one."""
    if Path(path).suffix.lower() != ".png":
        raise WearsoundError(f"{path}: the plot is a PNG, let its name end in .png")
    return Path(path)
