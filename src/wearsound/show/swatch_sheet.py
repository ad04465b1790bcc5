"""A palette as a sheet: pinked swatches of cloth on paper, and below them the colours at work together.

The ground is woven and takes the slow dye from one side; the lights lie on it as filaments and light the weave
beside them, so that one sees at once whether they would live in one room. The same palette, the same sheet.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import numpy as np

from wearsound.chance import uniforms
from wearsound.core import F64, U8
from wearsound.garment.colour import linear_to_oklab, linear_to_srgb, oklab_to_linear, srgb_to_linear
from wearsound.instruments.picture.type import font
from wearsound.outputs.record.png import png

if TYPE_CHECKING:
    from wearsound.show.palette import Colour, Heard

WIDTH, HEIGHT = 1600, 1040
MARGIN, GAP = 90, 26
SWATCHES, CLOTH = (172, 500), (690, 950)
"""Where the swatches and the cloth below them begin and end, in pixels from the top."""

PAPER, INK, SOFT = (244, 240, 230), (34, 40, 56), (128, 126, 120)
THREAD = 4
"""Pixels from one thread to the next."""

TOOTH = 9.0
"""Pixels of one tooth of the pinking shears."""


def sheet(heard: Heard) -> bytes:
    """The bytes of the PNG. [main thread]"""
    page = np.ones((HEIGHT, WIDTH, 3)) * srgb_to_linear(np.array(PAPER) / 255)
    colours = heard.colours
    boxes = _boxes(len(colours))
    for left, right in boxes:
        _shadow(page, left, right, *SWATCHES)
    _shadow(page, MARGIN, WIDTH - MARGIN, *CLOTH)
    for colour, (left, right) in zip(colours, boxes, strict=True):
        area = _lay(page, left, right, *SWATCHES)
        _mix(area, _woven(area.shape, _linear(colour), colour.swatch.name), _pinked(area.shape))
    area = _lay(page, MARGIN, WIDTH - MARGIN, *CLOTH)
    _mix(area, _at_work(area.shape, {colour.role: colour for colour in colours}), _pinked(area.shape))
    return png(_written(page, heard, boxes))


def _boxes(count: int) -> list[tuple[int, int]]:
    width = (WIDTH - 2 * MARGIN - GAP * (count - 1)) / count
    return [
        (round(MARGIN + i * (width + GAP)), round(MARGIN + i * (width + GAP) + width)) for i in range(count)
    ]


def _lay(page: F64, left: int, right: int, top: int, bottom: int) -> F64:
    return page[top:bottom, left:right]


def _linear(colour: Colour) -> F64:
    return srgb_to_linear(np.array(colour.swatch.rgb) / 255)


def _mix(area: F64, over: F64, cover: F64) -> None:
    area += (over - area) * cover[..., None]


def _pinked(shape: tuple[int, ...]) -> F64:
    """How much of each pixel lies inside a piece cut with pinking shears, 0..1."""
    height, width = shape[:2]
    y: F64 = np.arange(height, dtype=np.float64) + 0.5
    x: F64 = np.arange(width, dtype=np.float64) + 0.5

    def tooth(along: F64) -> F64:
        depth: F64 = 0.6 * np.abs((along / TOOTH) % 1.0 * 2.0 - 1.0) * TOOTH
        return depth

    sides = np.minimum(np.minimum(x[None, :], width - x[None, :]) - tooth(y)[:, None], height)
    ends = np.minimum(y[:, None], height - y[:, None]) - tooth(x)[None, :]
    inside: F64 = np.clip(np.minimum(sides, ends) * 0.8 + 0.5, 0.0, 1.0)
    return inside


def _shadow(page: F64, left: int, right: int, top: int, bottom: int) -> None:
    """What a piece of cloth takes from the paper: a soft shadow to the right and below."""
    reach = 16
    y0, y1, x0, x1 = top - reach, bottom + 2 * reach, left - reach, right + 2 * reach
    mask = np.zeros((y1 - y0, x1 - x0))
    mask[reach + 7 : -2 * reach + 7, reach + 5 : -2 * reach + 5] = 1.0
    for _ in range(3):
        for axis in (0, 1):
            mask = (np.roll(mask, -4, axis) + np.roll(mask, 4, axis) + np.roll(mask, 8, axis) + mask) / 4
            mask = (mask + np.roll(mask, -2, axis) + np.roll(mask, -4, axis)) / 3
    page[y0:y1, x0:x1] *= 1.0 - 0.34 * mask[..., None]


def _weave(shape: tuple[int, ...], name: str) -> F64:
    """Twill as a factor about 1: threads over two and under two, each a little thicker or thinner than the last."""
    height, width = shape[:2]
    x, y = np.arange(width), np.arange(height)
    warp, weft = x // THREAD, y // THREAD
    round_x = 1.0 - ((x % THREAD + 0.5) / THREAD * 2.0 - 1.0) ** 2
    round_y = 1.0 - ((y % THREAD + 0.5) / THREAD * 2.0 - 1.0) ** 2
    slub_x = uniforms(1, f"warp {name}", width // THREAD + 1)[warp] - 0.5
    slub_y = uniforms(1, f"weft {name}", height // THREAD + 1)[weft] - 0.5
    over = (warp[None, :] + weft[:, None]) % 4 < 2
    height_of = np.where(over, round_x[None, :] * 1.1 + slub_x[None, :] * 0.5, round_y[:, None] * 0.8)
    height_of += np.where(over, 0.12, slub_y[:, None] * 0.6)
    factor: F64 = 1.0 + 0.22 * (height_of - height_of.mean())
    return factor


def _woven(shape: tuple[int, ...], colour: F64, name: str) -> F64:
    """One colour as cloth under a soft light from the upper left; its middle is the colour itself."""
    height, width = shape[:2]
    fall = 0.5 - 0.5 * (np.arange(width)[None, :] / width + np.arange(height)[:, None] / height)
    cloth: F64 = colour * (_weave(shape, name) * (1.0 + 0.10 * fall))[..., None]
    return cloth


def _at_work(shape: tuple[int, ...], by_role: dict[str, Colour]) -> F64:
    """Ground, dye and lights on one piece of cloth."""
    height, width = shape[:2]
    x, y = np.arange(width)[None, :] / width, np.arange(height)[:, None] / height
    weave = _weave(shape, "at work")
    ground = linear_to_oklab(_linear(by_role["ground"]))
    dye = linear_to_oklab(_linear(by_role["slow dye"]))
    # Dye creeps along threads: each takes it a little sooner or later than its neighbour.
    threads = uniforms(2, "warp", width // THREAD + 1)[np.arange(width) // THREAD][None, :] - 0.5
    picks = uniforms(2, "weft", height // THREAD + 1)[np.arange(height) // THREAD][:, None] - 0.5
    edge = 0.36 + 0.05 * np.sin(7.0 * y + 0.6) + 0.03 * np.sin(19.0 * y) + 0.05 * picks + 0.02 * threads
    taken = _smooth((edge - x) / 0.10 + 0.5)
    lab = ground + (dye - ground) * taken[..., None]
    for role, at in (("second dye", 0.86), ("lining", 0.95)):
        if role in by_role:
            more = _smooth((x - at + 0.04 * np.sin(9.0 * y + 2.0) + 0.05 * picks) / 0.05 + 0.5)
            lab = lab + (linear_to_oklab(_linear(by_role[role])) - lab) * more[..., None]
    cloth = np.maximum(oklab_to_linear(lab), 0.0) * (0.55 * weave)[..., None]
    light = np.zeros_like(cloth)
    core = np.zeros((height, width))
    lines = (
        ("warm light", 0.36 + 0.13 * np.sin(4.4 * x[0] + 0.5), (0.06, 0.97), 1.0),
        ("cool light", 0.66 - 0.10 * np.sin(5.3 * x[0] + 2.2), (0.16, 0.90), 0.8),
        ("thread", 0.16 + 0.05 * np.sin(6.0 * x[0] + 4.0), (0.42, 0.94), 0.45),
    )
    for role, path, (start, end), power in lines:
        if role not in by_role:
            continue
        away = np.abs(y - path[None, :]) * height
        along = np.clip((x - start) / 0.06, 0.0, 1.0) * np.clip((end - x) / 0.06, 0.0, 1.0)
        # It is brightest where a pulse is on its way from one end to the other.
        along = along * (0.45 + 0.55 * np.exp(-(((x - 0.45 * (start + end) - 0.08) / 0.2) ** 2)))
        colour = _linear(by_role[role])
        spill = 0.40 * np.exp(-away / 26.0) + 0.55 * np.exp(-away / 7.0)
        light += colour * (power * along * spill * weave * weave * 0.8)[..., None]
        light += colour * (power * along * 3.2 * np.exp(-((away / 1.7) ** 2)))[..., None]
        core = np.maximum(core, power * along * np.exp(-((away / 1.2) ** 2)))
    pale = _linear(by_role["pale light"])
    step = (np.arange(width) % 34) / 34
    dash = _smooth((0.30 - np.abs(step - 0.5)) / 0.06 + 0.5)[None, :]
    away = np.abs(y - 0.90 + 0.004 * np.sin(60.0 * x)) * height
    light += pale * (dash * 1.1 * np.exp(-((away / 1.6) ** 2)) + 0.04 * np.exp(-away / 9.0))[..., None]
    lit = cloth + light
    lit = 1.0 - np.exp(-1.15 * lit)
    whole: F64 = np.clip(lit + 0.25 * core[..., None] * (1.0 - lit), 0.0, 1.0)
    return whole


def _smooth(t: F64) -> F64:
    t = np.clip(t, 0.0, 1.0)
    eased: F64 = t * t * (3.0 - 2.0 * t)
    return eased


def _written(page: F64, heard: Heard, boxes: list[tuple[int, int]]) -> U8:
    """Bytes (HEIGHT, WIDTH, 3) with the names on it."""
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    import pygame

    pygame.font.init()
    grain = uniforms(3, "paper", page.size // 3).reshape(page.shape[:2])[..., None] - 0.5
    bytes_ = np.clip(np.rint(linear_to_srgb(page) * 255 + 1.6 * grain), 0, 255).astype(np.uint8)
    surface = pygame.image.frombuffer(np.ascontiguousarray(bytes_).tobytes(), (WIDTH, HEIGHT), "RGB")

    def write(
        text: str, x: float, y: float, size: int, ink: tuple[int, int, int], face: str, most: int
    ) -> None:
        letters = font(face, size)
        while letters.size(text)[0] > most and len(text) > 2:
            text = text[:-2].rstrip() + "…"
        surface.blit(letters.render(text, True, ink), (x, y))

    whole = WIDTH - 2 * MARGIN
    write(heard.palette.name, MARGIN, 58, 40, INK, "sans", whole)
    write(heard.palette.about, MARGIN, 114, 17, SOFT, "mono", whole)
    for colour, (left, right) in zip(heard.colours, boxes, strict=True):
        below, room = SWATCHES[1] + 22, right - left + GAP - 6
        write(colour.swatch.name, left, below, 21, INK, "sans", room)
        write(colour.role, left, below + 30, 14, SOFT, "sans", room)
        write(colour.swatch.hex, left, below + 56, 14, INK, "mono", room)
        write("{:.2f} {:.3f} {:.0f}°".format(*colour.oklch), left, below + 78, 13, SOFT, "mono", room)
        write(_source(colour), left, below + 100, 13, SOFT, "mono", room)
    write("at work: ground and dye, the lights on them", MARGIN, CLOTH[1] + 24, 14, SOFT, "sans", whole)
    shown: Any = np.frombuffer(pygame.image.tobytes(surface, "RGB"), np.uint8)
    whole_page: U8 = shown.reshape(HEIGHT, WIDTH, 3)
    return whole_page


def _source(colour: Colour) -> str:
    """Where a colour was heard: its note and share, or its brightness."""
    voice = colour.voice
    if voice.note:
        return f"{voice.note} {voice.share:.0%} {voice.at:.1f}s"
    return f"{voice.centroid:.0f} Hz"
