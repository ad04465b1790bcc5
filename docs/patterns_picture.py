"""Every vibration pattern over two bars of four, on the jacket: a thread for each actuator, from hem to collar."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pygame

from wearsound import folders, load
from wearsound.core import F64, U8
from wearsound.felt import Over
from wearsound.garment.sites import sites
from wearsound.instruments.picture.type import font
from wearsound.instruments.vibration.patterns import PATTERNS
from wearsound.instruments.vibration.places import Places
from wearsound.outputs.record.png import png
from wearsound.show.sheet import BEAT, INK, PAPER, SOFT

Ink = tuple[int, int, int]

WIDTH, FINE = 1800, 2
LEFT, TOP, ACROSS, DOWN = 186, 176, 690, 196
THREAD, BETWEEN = 10, 2
"""How high an actuator's line is, and the cloth to the next."""
COLUMNS, BARS, BEATS = 2, 2, 8
SHADES: tuple[Ink, ...] = (
    (236, 230, 217),
    (228, 204, 160),
    (212, 154, 90),
    (186, 92, 54),
    (135, 45, 47),
    (58, 32, 48),
)
"""From still to full."""
OVER_A_BEAT = ("pulse", "heartbeat")
"""Drawn once round a beat; the others once round a bar."""


def patterns(path: Path, show: str = "bass-denim") -> None:
    """Write the sheet."""
    pygame.font.init()
    garment = load(show).garment
    where = sites(garment)
    downwards = np.lexsort((where.across, -where.up))
    rows = -(-len(PATTERNS) // COLUMNS)
    height = TOP + rows * DOWN + 22
    surface = pygame.Surface((WIDTH * FINE, height * FINE))
    surface.fill(PAPER)
    _write(surface, "How it moves", LEFT, 46, 34, INK)
    said = (
        f"{len(PATTERNS)} patterns for two bars of four on {len(downwards)} actuators of the {garment.title.lower()}: "
        "a line each, the highest on top. The deeper its colour, the more it lets through"
    )
    _write(surface, said, LEFT, 100, 17, SOFT)
    for number, pattern in enumerate(PATTERNS):
        column, row = divmod(number, rows)
        x, y = LEFT + column * (WIDTH - 60 - LEFT - ACROSS), TOP + row * DOWN
        over: Over = "beat" if pattern.name in OVER_A_BEAT else "bar"
        turn = np.arange(ACROSS * FINE) / (ACROSS * FINE) * (BEATS if over == "beat" else BARS)
        gains = pattern.gains(turn, Places(where, over, seed=7))[:, downwards]
        bottom = _panel(surface, gains, x, y)
        _write(surface, pattern.name, x - 22, y + 38, 21, INK, right=True)
        _write(surface, f"once a {over}", x - 22, y + 68, 12, SOFT, right=True, face="mono")
        _write(surface, pattern.about, x, bottom + 8, 15, SOFT)
        if row == 0:
            for word, at in (("collar", y - 3), ("hem", bottom - 13)):
                _write(surface, word, x - 22, at, 12, SOFT, right=True, face="mono")
    small = pygame.transform.smoothscale(surface, (WIDTH, height))
    rgb = np.frombuffer(pygame.image.tobytes(small, "RGB"), np.uint8).reshape(height, WIDTH, 3)
    folders.write_whole(path, png(rgb))


def _panel(surface: pygame.Surface, gains: F64, x: int, y: int) -> int:
    """The threads, with the beats over them; where they end, downwards."""
    bottom = y + gains.shape[1] * (THREAD + BETWEEN) - BETWEEN
    for beat in range(BEATS + 1):
        bar = beat % (BEATS // BARS) == 0
        at = round((x + ACROSS * beat / BEATS) * FINE)
        ink, over = (BEAT, 10) if bar else (SOFT, 6)
        surface.fill(ink, (at - 1, (y - over) * FINE, 2, (bottom - y + over) * FINE))
    for row, gain in enumerate(gains.T):
        line = pygame.surfarray.make_surface(np.repeat(_shades(gain)[:, None], THREAD * FINE, axis=1))
        surface.blit(line, (x * FINE, (y + row * (THREAD + BETWEEN)) * FINE))
    return bottom


def _shades(gain: F64) -> U8:
    """Colours (n, 3) of gains (n,) 0..1."""
    stops = np.linspace(0, 1, len(SHADES))
    return np.stack(
        [np.interp(gain, stops, [shade[i] for shade in SHADES]) for i in range(3)], axis=-1
    ).astype(np.uint8)


def _write(
    surface: pygame.Surface,
    text: str,
    x: float,
    y: float,
    size: int,
    ink: Ink,
    right: bool = False,
    face: str = "sans",
) -> None:
    drawn = font(face, size * FINE).render(text, True, ink)
    surface.blit(drawn, (round(x * FINE) - (drawn.get_width() if right else 0), round(y * FINE)))
