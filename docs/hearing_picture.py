"""Ten seconds of the built-in track as the ear hears them, beside what was really played, as one sheet."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pygame

from wearsound import analyze, folders
from wearsound.analysis.analysis import Analysis
from wearsound.analysis.novelty import EVERY, N_BANDS
from wearsound.analysis.spectrum import LaneSpectra
from wearsound.core import F64, MAX_HOPS, Block, Clock
from wearsound.instruments.picture.type import font
from wearsound.outputs.record.png import png
from wearsound.show.sheet import BEAT, INK, PAPER, RULE, SOFT
from wearsound.sources.composer import Track, compose

Ink = tuple[int, int, int]

FIRST, LAST = 13.0, 23.0
"""Seconds: the end of a groove, and the break after it, where no drum says where the beat is."""
WIDTH, HEIGHT, FINE = 1800, 1410, 2
LEFT, RIGHT = 190, 70
BLUE, GREEN, OCHRE, RUST = (53, 72, 105), (96, 146, 138), (196, 152, 70), (196, 108, 58)
STROKES: tuple[tuple[str, Ink], ...] = (("onset", INK), ("hat", GREEN), ("snare", OCHRE), ("kick", BEAT))
TOGETHER_SECONDS = 0.03
SHADES = (PAPER, (226, 205, 168), RUST, BEAT, INK)
"""Of the spectrum, from nothing to most."""


def hearing(path: Path) -> None:
    """Write the sheet."""
    pygame.font.init()
    surface = pygame.Surface((WIDTH * FINE, HEIGHT * FINE))
    surface.fill(PAPER)
    _Sheet(surface, compose(7), analyze("demo", hears=())).draw()
    small = pygame.transform.smoothscale(surface, (WIDTH, HEIGHT))
    rgb = np.frombuffer(pygame.image.tobytes(small, "RGB"), np.uint8).reshape(HEIGHT, WIDTH, 3)
    folders.write_whole(path, png(rgb))


class _Sheet:
    def __init__(self, surface: pygame.Surface, track: Track, heard: Analysis) -> None:
        self._surface, self._track, self._heard = surface, track, heard
        self._shown = (heard.time > FIRST) & (heard.time <= LAST)

    def draw(self) -> None:
        """From what comes in to what is made of it."""
        self._write("Ten seconds, heard", LEFT, 46, 34, INK)
        self._write(
            f"the built-in track from {FIRST:g} to {LAST:g} s: a groove, and at {self._rest():g} s a break. "
            "Lines are what the ear counted, when it did; dots are what was played",
            LEFT, 100, 17, SOFT,
        )  # fmt: skip
        self._axis(146, HEIGHT - 76)
        self._spectrum(150, 470)
        for i, (name, ink) in enumerate(STROKES):
            self._strokes(name, 494 + 66 * i, ink)
        self._beats(776, 830)
        self._curve("confidence", "confidence", 918, 64, OCHRE)
        self._curve("bass", "bass", 1040, 96, BEAT)
        self._line_of("bass_long", 1040, 96, INK, "bass_long: the same against minutes")
        self._curve("loudness", "loudness", 1166, 96, BLUE)
        self._line_of("presence", 1166, 96, INK, "presence: the same against minutes")
        self._curve("flux", "flux", 1286, 90, RUST)

    def _rest(self) -> float:
        return next(span.start for span in self._track.truth.sections if span.name == "rest")

    def _x(self, seconds: float) -> float:
        return (LEFT + (seconds - FIRST) / (LAST - FIRST) * (WIDTH - LEFT - RIGHT)) * FINE

    def _series(self, name: str) -> F64:
        return np.asarray(self._heard.series(name), np.float64)[self._shown]

    def _grown(self, name: str) -> list[float]:
        count = self._heard.series(name)
        grown = np.diff(count, prepend=np.float32(0.0)) > 0
        return [float(t) for t in self._heard.time[grown] if FIRST < t <= LAST]

    def _write(
        self, text: str, x: float, y: float, size: int, ink: Ink, face: str = "sans", right: bool = False
    ) -> None:
        drawn = font(face, size * FINE).render(text, True, ink)
        self._surface.blit(drawn, (x * FINE - (drawn.get_width() if right else 0), y * FINE))

    def _name(self, name: str, middle: float, more: str = "") -> None:
        self._write(name, LEFT - 24, middle - (18 if more else 12), 18, INK, right=True)
        if more:
            self._write(more, LEFT - 24, middle + 7, 12, SOFT, "mono", right=True)

    def _stroke(self, x: float, top: float, bottom: float, ink: Ink, width: float) -> None:
        half = max(1, round(width * FINE / 2))
        area = (round(x) - half, round(top * FINE), 2 * half, max(1, round((bottom - top) * FINE)))
        self._surface.fill(ink, area)

    def _axis(self, top: float, bottom: float) -> None:
        for second in range(round(FIRST), round(LAST) + 1):
            self._stroke(self._x(second), top, bottom, RULE, 0.5)
            self._write(f"{second} s", self._x(second) / FINE - 12, bottom + 12, 13, SOFT, "mono")

    def _spectrum(self, top: int, bottom: int) -> None:
        """What both networks are shown: log bands, low ones below."""
        logs = _logs(self._track, self._heard)[self._shown]
        shades = np.array(SHADES, np.float64)
        level = np.clip(logs / np.percentile(logs, 99.5), 0.0, 1.0) ** 1.2 * (len(shades) - 1)
        below = np.minimum(level.astype(int), len(shades) - 2)
        part = (level - below)[..., np.newaxis]
        rgb = (shades[below] * (1.0 - part) + shades[below + 1] * part).astype(np.uint8)
        picture = pygame.surfarray.make_surface(rgb[:, ::-1])
        size = (round(self._x(LAST) - self._x(FIRST)), (bottom - top) * FINE)
        wide = pygame.transform.smoothscale(picture, (size[0], N_BANDS))
        self._surface.blit(pygame.transform.scale(wide, size), (round(self._x(FIRST)), top * FINE))
        self._name(f"{N_BANDS} bands", (top + bottom) / 2 - 10, "what the")
        self._write("networks see", LEFT - 24, (top + bottom) / 2 + 15, 12, SOFT, "mono", right=True)
        self._write("16 kHz", LEFT - 24, top, 12, SOFT, "mono", right=True)
        self._write("35 Hz", LEFT - 24, bottom - 16, 12, SOFT, "mono", right=True)

    def _strokes(self, name: str, top: float, ink: Ink) -> None:
        """A line as tall as the stroke was strong; a dot below where one was played."""
        base, most = top + 46, 44.0
        self._name(name, base - 16)
        strong = self._heard.series("strength" if name == "onset" else f"{name}_strength")
        for when in self._grown(name):
            # A strength may grow for 20 ms after its count.
            at = int(np.searchsorted(self._heard.time, when))
            height = most * (0.2 + 0.8 * float(strong[at : at + 5].max()))
            self._stroke(self._x(when), base - height, base, ink, 2.4)
        self._stroke((LEFT + WIDTH - RIGHT) * FINE / 2, base, base + 0.5, RULE, WIDTH - LEFT - RIGHT)
        for when in _played(self._track, name):
            if FIRST < when <= LAST:
                pygame.draw.circle(
                    self._surface, ink, (round(self._x(when)), round((base + 8) * FINE)), 2.6 * FINE
                )

    def _beats(self, top: float, bottom: float) -> None:
        """The phase as a ramp from beat to beat, and beats as lines, downbeats thick and tall."""
        self._name("beat", (top + bottom) / 2, "phase, bars")
        times, phase = self._heard.time[self._shown], self._series("phase")
        height = bottom - top
        for begun, run in _runs(times, phase):
            xs = [self._x(t) for t in begun]
            ys = [(bottom - p * height) * FINE for p in run]
            corners = [(xs[0], bottom * FINE), *zip(xs, ys, strict=True), (xs[-1], bottom * FINE)]
            pygame.draw.polygon(self._surface, (232, 214, 202), corners)
        downs = self._grown("downbeat")
        for when in self._grown("beat"):
            down = any(abs(when - other) < 0.01 for other in downs)
            self._stroke(self._x(when), top - (14 if down else 0), bottom, BEAT, 4.0 if down else 1.8)
        for number, when in enumerate(self._track.truth.beats):
            if FIRST < when <= LAST:
                radius = 4.6 if number % 4 == 0 else 2.6
                place = (round(self._x(when)), round((bottom + 10) * FINE))
                pygame.draw.circle(self._surface, BEAT, place, radius * FINE)

    def _curve(self, feature: str, name: str, base: float, height: float, ink: Ink) -> None:
        """An area under a feature of 0..1, and what 1 is."""
        self._name(name, base - height / 2, "0..1")
        xs = [self._x(t) for t in self._heard.time[self._shown]]
        ys = (base - self._series(feature) * height) * FINE
        corners = [(xs[0], base * FINE), *zip(xs, ys.tolist(), strict=True), (xs[-1], base * FINE)]
        pygame.draw.polygon(self._surface, tuple((2 * i + 3 * p) // 5 for i, p in zip(ink, PAPER)), corners)  # noqa: B905
        pygame.draw.lines(self._surface, ink, False, corners[1:-1], round(1.4 * FINE))
        self._stroke((LEFT + WIDTH - RIGHT) * FINE / 2, base, base + 0.5, ink, WIDTH - LEFT - RIGHT)

    def _line_of(self, feature: str, base: float, height: float, ink: Ink, what: str) -> None:
        xs = [self._x(t) for t in self._heard.time[self._shown]]
        ys = (base - self._series(feature) * height) * FINE
        pygame.draw.lines(
            self._surface, ink, False, list(zip(xs, ys.tolist(), strict=True)), round(1.1 * FINE)
        )
        self._write(what, WIDTH - RIGHT, base + 4, 12, SOFT, "mono", right=True)


def _logs(track: Track, heard: Analysis) -> F64:
    """Log bands (n_hops, N_BANDS) of the room, as the ear's own code makes them."""
    clock = Clock(heard.sample_rate)
    spectra = LaneSpectra(clock, "room")
    samples = np.ascontiguousarray(track.samples[:, :2], np.float32)
    rows = []
    n_hops = len(heard.time)
    for tick in range(0, n_hops, MAX_HOPS):
        n = min(MAX_HOPS, n_hops - tick)
        part = samples[tick * clock.hop : (tick + n) * clock.hop]
        spectra.take(Block(tick, part, {"room": (0, 1)}, n))
        rows.append(spectra.novelty.logs.copy())
    each_hop: F64 = np.repeat(np.concatenate(rows), EVERY, axis=0)[:n_hops]
    return each_hop


def _played(track: Track, name: str) -> list[float]:
    """When it was played, in the room; sounds that begin together are one onset."""
    truth = track.truth
    drums = {"kick": truth.kicks, "snare": truth.snares + truth.claps, "hat": truth.hats}
    if name in drums:
        return sorted(drums[name])
    every = (*truth.kicks, *truth.snares, *truth.hats, *truth.stabs, *(note.time for note in truth.bass))
    kept: list[float] = []
    for when in sorted(every):
        if not kept or when - kept[-1] > TOGETHER_SECONDS:
            kept.append(when)
    return kept


def _runs(times: F64, phase: F64) -> list[tuple[list[float], list[float]]]:
    """Stretches in which the phase grows."""
    cuts = np.flatnonzero(np.diff(phase) < -0.3) + 1
    return [
        (part.tolist(), run.tolist())
        for part, run in zip(np.split(times, cuts), np.split(phase, cuts), strict=True)
        if len(run) > 1 and run.max() > 0.0
    ]
