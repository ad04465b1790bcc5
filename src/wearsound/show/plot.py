"""What was heard as one sheet of paper: peaks, six bands, onsets and beats, worth printing."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from wearsound import folders
from wearsound.core import F64
from wearsound.errors import WearsoundError
from wearsound.instruments.picture.type import font
from wearsound.outputs.record.png import png

if TYPE_CHECKING:
    from wearsound.analysis.analysis import Analysis

WIDTH, HEIGHT = 1800, 1200
LEFT, RIGHT = 150, 60
FINE = 2  # drawn this much larger, then averaged: fine lines without stairs

PAPER = (244, 240, 230)
INK = (34, 40, 56)
SOFT = (150, 148, 142)
RULE = (214, 208, 196)
BEAT = (143, 56, 51)
BANDS = (
    ("air", "6-16 kHz", (127, 160, 178)),
    ("high", "2-6 kHz", (96, 146, 138)),
    ("mid", "500-2000 Hz", (196, 152, 70)),
    ("lowmid", "160-500 Hz", (196, 108, 58)),
    ("bass", "45-160 Hz", (143, 56, 51)),
    ("sub", "20-45 Hz", (53, 72, 105)),
)


def plot(analysis: Analysis, path: str | Path) -> None:
    """Write the sheet as a PNG, whole or not at all; WearsoundError if the file cannot be written."""
    target = Path(path)
    if target.suffix.lower() != ".png":
        raise WearsoundError(f"{path}: the plot is a PNG, let its name end in .png")
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    import pygame

    pygame.font.init()
    sheet = pygame.Surface((WIDTH * FINE, HEIGHT * FINE))
    sheet.fill(PAPER)
    _Sheet(sheet, analysis).draw()
    small = pygame.transform.smoothscale(sheet, (WIDTH, HEIGHT))
    rgb = np.frombuffer(pygame.image.tobytes(small, "RGB"), np.uint8).reshape(HEIGHT, WIDTH, 3)
    try:
        folders.write_whole(target, png(rgb))
    except OSError as error:
        raise WearsoundError(f"{path} cannot be written ({error.strerror}); nothing was kept") from None


class _Sheet:
    def __init__(self, surface: Any, analysis: Analysis) -> None:
        import pygame

        self._pygame = pygame
        self._surface = surface
        self._analysis = analysis
        self._duration = max(analysis.duration, 1e-3)

    def draw(self) -> None:
        """Title, peaks with onsets above and beats below, then the bands, high to low."""
        analysis = self._analysis
        self._write(Path(analysis.name).name, LEFT, 52, 34, INK, "sans")
        tempo = f"{analysis.tempo:.1f} bpm" if analysis.tempo else "no steady tempo"
        facts = f"{self._duration:.1f} s    {tempo}    {len(analysis.beats)} beats    {len(analysis.onsets)} onsets"
        self._write(facts, LEFT, 104, 18, SOFT, "mono")
        self._time_axis(160, HEIGHT - 80)
        self._silence(160, HEIGHT - 80)
        self._onsets(172, 200)
        self._peaks(210, 390)
        self._beats(400, 428)
        top, each = 452, 102
        for i, (band, range_, colour) in enumerate(BANDS):
            base = top + (i + 1) * each
            self._write(band, LEFT - 22, base - 44, 18, INK, "sans", right=True)
            self._write(range_, LEFT - 22, base - 20, 12, SOFT, "mono", right=True)
            self._ridge(self._feature(band), base, each * 1.12, colour)

    def _feature(self, name: str) -> F64:
        return np.asarray(self._analysis.series(name), dtype=np.float64)

    def _x(self, seconds: float) -> float:
        return float(LEFT + seconds / self._duration * (WIDTH - LEFT - RIGHT)) * FINE

    def _columns(self, values: F64) -> F64:
        """The largest value under each column of the drawing."""
        n = (WIDTH - LEFT - RIGHT) * FINE // 2
        if len(values) == 0:
            return np.zeros(n)
        edges = np.minimum(np.arange(n) * len(values) // n, len(values) - 1)
        return np.maximum.reduceat(values, np.unique(edges))[np.searchsorted(np.unique(edges), edges)]

    def _write(
        self,
        text: str,
        x: float,
        y: float,
        size: int,
        ink: tuple[int, int, int],
        face: str,
        right: bool = False,
    ) -> None:
        drawn = font(face, size * FINE).render(text, True, ink)
        self._surface.blit(drawn, (x * FINE - (drawn.get_width() if right else 0), y * FINE))

    def _line(self, x: float, top: float, bottom: float, ink: tuple[int, int, int], width: float) -> None:
        half = max(1, round(width * FINE / 2))
        self._surface.fill(ink, (round(x) - half, round(top * FINE), 2 * half, round((bottom - top) * FINE)))

    def _time_axis(self, top: float, bottom: float) -> None:
        step = next(s for s in (0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1e9) if self._duration / s <= 16)
        count = int(self._duration / step + 1e-9)
        for i in range(count + 1):
            x = self._x(i * step)
            self._line(x, top, bottom, RULE, 0.5)
            minutes, seconds = divmod(i * step, 60)
            text = f"{int(minutes)}:{seconds:02.0f}" if self._duration >= 60 else f"{i * step:g} s"
            self._write(text, x / FINE - 10, bottom + 12, 13, SOFT, "mono")

    def _silence(self, top: float, bottom: float) -> None:
        silent = self._feature("silence") > 0.5
        edges = np.flatnonzero(np.diff(np.concatenate([[0], silent.astype(int), [0]])))
        n = max(len(silent), 1)
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            x0, x1 = self._x(start / n * self._duration), self._x(end / n * self._duration)
            self._surface.fill(
                (234, 229, 217), (round(x0), top * FINE, max(1, round(x1 - x0)), (bottom - top) * FINE)
            )
            if x1 - x0 > 120:
                self._write("silence", x0 / FINE + 8, bottom - 26, 12, SOFT, "mono")

    def _peaks(self, top: float, bottom: float) -> None:
        self._write("peak", LEFT - 22, (top + bottom) / 2 - 12, 18, INK, "sans", right=True)
        peak = self._columns(
            10 ** (np.maximum(self._feature("peak"), -60.0) / 20) * (self._feature("peak") > -60)
        )
        loudest = max(float(peak.max()), 1e-3)
        middle = (top + bottom) / 2 * FINE
        for i, value in enumerate(peak):
            half = max(1.0, value / loudest * (bottom - top) / 2 * FINE)
            self._surface.fill(INK, (LEFT * FINE + i * 2, round(middle - half), 2, round(2 * half)))

    def _onsets(self, top: float, bottom: float) -> None:
        self._write("onsets", LEFT - 22, top + 4, 14, SOFT, "sans", right=True)
        for onset in self._analysis.onsets:
            self._line(self._x(onset), top + 6, bottom, (196, 108, 58), 1.2)

    def _beats(self, top: float, bottom: float) -> None:
        self._write("beats", LEFT - 22, top - 3, 14, SOFT, "sans", right=True)
        self._write("bars long", LEFT - 22, top + 14, 12, SOFT, "mono", right=True)
        begun = np.diff(self._feature("downbeat"), prepend=0.0) > 0
        bars = set(self._analysis.time[begun].round(4).tolist())
        for beat in self._analysis.beats:
            self._line(self._x(beat), top, bottom if beat in bars else top + 16, BEAT, 1.6)

    def _ridge(self, values: F64, base: float, height: float, colour: tuple[int, int, int]) -> None:
        heights = self._columns(values) * height * FINE
        xs = LEFT * FINE + np.arange(len(heights)) * 2
        ys = base * FINE - heights
        points = [
            (int(xs[0]), base * FINE),
            *zip(xs.tolist(), ys.tolist(), strict=True),
            (int(xs[-1]), base * FINE),
        ]
        self._pygame.draw.polygon(self._surface, colour, points)
        pale = tuple((c + p) // 2 for c, p in zip(colour, PAPER, strict=True))
        self._pygame.draw.lines(self._surface, pale, False, points[1:-1], FINE)
        self._line_across(base, colour)

    def _line_across(self, y: float, ink: tuple[int, int, int]) -> None:
        self._surface.fill(ink, (LEFT * FINE, round(y * FINE), (WIDTH - LEFT - RIGHT) * FINE, FINE))
