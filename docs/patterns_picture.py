"""Every vibration pattern over two bars of four, on the jacket: each actuator a thread, in the pattern's own order."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pygame

from wearsound import folders, load
from wearsound.core import F64, U8, Index, Mask
from wearsound.felt import Over
from wearsound.garment.sites import sites
from wearsound.instruments.picture.type import font
from wearsound.instruments.vibration.patterns import PATTERNS
from wearsound.instruments.vibration.places import Places
from wearsound.outputs.record.png import png
from wearsound.show.sheet import BEAT, INK, PAPER, SOFT

Ink = tuple[int, int, int]

WIDTH, FINE = 1800, 2
LEFT, TOP, ACROSS, DOWN = 246, 196, 634, 250
THREAD, BETWEEN, APART = 13, 1, 5
"""How high an actuator's line is, the cloth to the next of the same step, and to the next step."""
COLUMNS, BARS, BEATS = 2, 2, 8
NAMES_AT = 8
"""From a row's name to its thread."""
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
    names = [actuator.name.replace("_", " ") for actuator in garment.actuators]
    rows = -(-len(PATTERNS) // COLUMNS)
    height = TOP + rows * DOWN + 6
    surface = pygame.Surface((WIDTH * FINE, height * FINE))
    surface.fill(PAPER)
    _write(surface, "How it moves", 60, 40, 34, INK)
    said = (
        f"{len(PATTERNS)} patterns over two bars of four, on the {len(names)} actuators of the "
        f"{garment.title.lower()}. The deeper the colour, the more is let through."
    )
    _write(surface, said, 60, 94, 17, SOFT)
    said = (
        "Rows stand in the order in which a pattern visits them. Rows that touch are at one height, or in one step, "
        "and go together."
    )
    _write(surface, said, 60, 120, 17, SOFT)
    for number, pattern in enumerate(PATTERNS):
        column, row = divmod(number, rows)
        x, y = LEFT + column * (WIDTH - 60 - LEFT - ACROSS), TOP + row * DOWN
        over: Over = "beat" if pattern.name in OVER_A_BEAT else "bar"
        turn = np.arange(ACROSS * FINE) / (ACROSS * FINE) * (BEATS if over == "beat" else BARS)
        places = Places(where, over, seed=7)
        order, tops = _order(pattern.name, places)
        bottom = _panel(surface, pattern.gains(turn, places)[:, order], tops, x, y)
        for i, top in zip(order, tops, strict=True):
            _write(surface, names[i], x - NAMES_AT, y + top - 2, 12, SOFT, right=True, face="mono")
        _write(surface, pattern.name, x - 104, y - 4, 21, INK, right=True)
        _write(surface, f"over one {over}", x - 104, y + 24, 12, SOFT, right=True, face="mono")
        _write(surface, pattern.about, x, bottom + 8, 15, SOFT)
        if row == 0:
            for beat in range(BEATS):
                at, said = x + ACROSS * beat / BEATS, str(beat % (BEATS // BARS) + 1)
                _write(surface, said, at + 4, y - 20, 12, BEAT if said == "1" else SOFT, face="mono")
    small = pygame.transform.smoothscale(surface, (WIDTH, height))
    rgb = np.frombuffer(pygame.image.tobytes(small, "RGB"), np.uint8).reshape(height, WIDTH, 3)
    folders.write_whole(path, png(rgb))


def _order(pattern: str, places: Places) -> tuple[Index, list[int]]:
    """The actuators from the top row to the last, and where each row begins: those of one step are close together."""
    steps: dict[str, F64] = {
        "roll": places.walk,
        "chase": places.walk,
        "round": places.around,
        "sway": np.round(places.side, 1),
        # The middle in the middle, the wearer's left and what is high above it.
        "bloom": np.where(_above_the_middle(places), -places.ring, places.ring),
    }
    step = steps.get(pattern, -places.level)
    if pattern in ("roll", "chase", "round"):
        step = -step  # like the wave, upwards on the page
    order = np.lexsort((places.side, step))
    tops, y = [], 0
    for n, i in enumerate(order):
        if n:
            y += THREAD + (BETWEEN if step[i] == step[order[n - 1]] else APART)
        tops.append(y)
    return order, tops


def _above_the_middle(places: Places) -> Mask:
    left, right = places.side < 0.45, places.side > 0.55
    return left | (~right & (2 * places.level >= places.levels))


def _panel(surface: pygame.Surface, gains: F64, tops: list[int], x: int, y: int) -> int:
    """The threads, with the beats over them; where they end, downwards."""
    bottom = y + tops[-1] + THREAD
    for beat in range(BEATS + 1):
        bar = beat % (BEATS // BARS) == 0
        at = round((x + ACROSS * beat / BEATS) * FINE)
        ink, over = (BEAT, 10) if bar else (SOFT, 6)
        surface.fill(ink, (at - 1, (y - over) * FINE, 2, (bottom - y + over) * FINE))
    for top, gain in zip(tops, gains.T, strict=True):
        line = pygame.surfarray.make_surface(np.repeat(_shades(gain)[:, None], THREAD * FINE, axis=1))
        surface.blit(line, (x * FINE, (y + top) * FINE))
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
