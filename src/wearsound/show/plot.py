"""What was heard as one sheet of paper: peaks, six bands, onsets and beats, worth printing; the words of two lanes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from wearsound.core import F64
from wearsound.show.sheet import (
    BEAT,
    BLUE,
    FINE,
    GREEN,
    INK,
    LEFT,
    OCHRE,
    PAPER,
    RUST,
    SOFT,
    Ink,
    Sheet,
    is_png,
)
from wearsound.show.words_plot import HEIGHT as WORDS_HEIGHT
from wearsound.show.words_plot import draw_words, drawn

if TYPE_CHECKING:
    from wearsound.analysis.analysis import Analysis

HEIGHT = 1200
SILENT: Ink = (234, 229, 217)
BANDS: tuple[tuple[str, str, Ink], ...] = (
    ("air", "6-16 kHz", (127, 160, 178)),
    ("high", "2-6 kHz", GREEN),
    ("mid", "500-2000 Hz", OCHRE),
    ("lowmid", "160-500 Hz", RUST),
    ("bass", "45-160 Hz", BEAT),
    ("sub", "20-45 Hz", BLUE),
)


def plot(analysis: Analysis, path: str | Path) -> None:
    """Write the sheet as a PNG, whole or not at all; WearsoundError if the file cannot be written."""
    target = is_png(path)
    lanes = drawn(analysis)
    sheet = Sheet(HEIGHT + (WORDS_HEIGHT if lanes else 0), analysis.duration)
    _Heard(sheet, analysis).draw()
    if lanes:
        draw_words(sheet, analysis, lanes, HEIGHT - 16)
    sheet.save(target)


class _Heard:
    def __init__(self, sheet: Sheet, analysis: Analysis) -> None:
        self._sheet, self._surface, self._analysis = sheet, sheet.surface, analysis
        self._write, self._line, self._x = sheet.write, sheet.line, sheet.x

    def draw(self) -> None:
        """Title, peaks with onsets above and beats below, then the bands, high to low."""
        analysis = self._analysis
        self._write(Path(analysis.name).name, LEFT, 52, 34, INK, "sans")
        tempo = f"{analysis.tempo:.1f} bpm" if analysis.tempo else "no steady tempo"
        counts = f"{len(analysis.beats)} beats    {len(analysis.onsets)} onsets"
        facts = f"{self._sheet.duration:.1f} s    {tempo}    {counts}"
        self._write(facts, LEFT, 104, 18, SOFT, "mono")
        self._sheet.time_axis(160, HEIGHT - 80)
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

    def _silence(self, top: float, bottom: float) -> None:
        silent = self._feature("silence") > 0.5
        edges = np.flatnonzero(np.diff(np.concatenate([[0], silent.astype(int), [0]])))
        n = max(len(silent), 1)
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            x0, x1 = self._x(start / n * self._sheet.duration), self._x(end / n * self._sheet.duration)
            self._surface.fill(SILENT, (round(x0), top * FINE, max(1, round(x1 - x0)), (bottom - top) * FINE))
            if x1 - x0 > 120:
                self._write("silence", x0 / FINE + 8, bottom - 26, 12, SOFT, "mono")

    def _peaks(self, top: float, bottom: float) -> None:
        self._write("peak", LEFT - 22, (top + bottom) / 2 - 12, 18, INK, "sans", right=True)
        peak = self._sheet.columns(
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
            self._line(self._x(onset), top + 6, bottom, RUST, 1.2)

    def _beats(self, top: float, bottom: float) -> None:
        self._write("beats", LEFT - 22, top - 3, 14, SOFT, "sans", right=True)
        self._write("bars long", LEFT - 22, top + 14, 12, SOFT, "mono", right=True)
        begun = np.diff(self._feature("downbeat"), prepend=0.0) > 0
        bars = set(self._analysis.time[begun].round(4).tolist())
        for beat in self._analysis.beats:
            self._line(self._x(beat), top, bottom if beat in bars else top + 16, BEAT, 1.6)

    def _ridge(self, values: F64, base: float, height: float, colour: tuple[int, int, int]) -> None:
        heights = self._sheet.columns(values) * height * FINE
        xs = LEFT * FINE + np.arange(len(heights)) * 2
        ys = base * FINE - heights
        points = [
            (int(xs[0]), base * FINE),
            *zip(xs.tolist(), ys.tolist(), strict=True),
            (int(xs[-1]), base * FINE),
        ]
        self._sheet.pygame.draw.polygon(self._surface, colour, points)
        pale = tuple((c + p) // 2 for c, p in zip(colour, PAPER, strict=True))
        self._sheet.pygame.draw.lines(self._surface, pale, False, points[1:-1], FINE)
        self._sheet.line_across(base, colour)
