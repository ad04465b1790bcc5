"""What a touch screen is made of: pages, faders, buttons, labels, and the palette they share.

One plan for every program: layout_pages makes it, `touchosc` and `open_stage_control` only write it down. A
page is WIDTH by HEIGHT points; the tabs that lead to it lie above.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from wearsound.core import Parameter
from wearsound.osc.value import value

WIDTH, HEIGHT, TABS = 1024, 724, 44
"""A page, and the tabs above it, in points: together the smallest usual tablet, 1024 by 768."""

Rgb = tuple[float, float, float]


def rgb(text: str) -> Rgb:
    """`#f88a3d` as three numbers 0..1."""
    red, green, blue = (int(text[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


GROUND = rgb("#111317")
PANEL = rgb("#1c1f25")
TEXT = rgb("#dfe3ea")
QUIET = rgb("#98a1ae")
EMBER = rgb("#f88a3d")
ICE = rgb("#6fb4dc")
RED = rgb("#d8433b")
GREEN = rgb("#3f9f6b")
SLATE = rgb("#4a5261")
HUES = (EMBER, rgb("#b07fd8"), rgb("#d873a4"), rgb("#5b7fd0"), rgb("#5fae7b"), rgb("#3fa7a0"), rgb("#b59b54"))
"""Colours of the columns of zones, in the order of the media."""

CellKind = Literal["fader", "button", "toggle", "label", "value", "panel"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One thing on a page, `x`, `y`, `w`, `h` in points from its top left.

    A fader, button or toggle plays `parameter`; a `value` shows it; a fader is upright where it is taller than
    wide. `text` is the label of all but faders, `size` in points. A button sends `sends`, then 0 unless it
    speaks `once`.
    """

    kind: CellKind
    x: int
    y: int
    w: int
    h: int
    text: str = ""
    parameter: Parameter | None = None
    colour: Rgb = SLATE
    size: int = 14
    left: bool = False
    sends: int = 1

    @property
    def once(self) -> bool:
        """Whether a button speaks only when it is pressed: its 0 would be one more number, not a release."""
        return self.parameter is not None and self.parameter.kind == "trigger" and self.parameter.low < 0

    @property
    def upright(self) -> bool:
        """Whether a fader goes up rather than to the right."""
        return self.h > self.w


@dataclass(frozen=True, slots=True)
class Page:
    """A tab and what lies under it."""

    title: str
    colour: Rgb
    cells: tuple[Cell, ...]


def place(parameter: Parameter) -> float:
    """Where in its range a parameter is now, 0..1: where its fader begins."""
    now = value(parameter) or (parameter.default,)
    if isinstance(now[0], str) or parameter.high <= parameter.low:
        return 0.0
    return min(1.0, max(0.0, (now[0] - parameter.low) / (parameter.high - parameter.low)))


def plain(name: str) -> str:
    """A part of an address as a person says it: `buzz_hz` is "buzz Hz", `bass-chest-glow` "bass chest glow"."""
    words = name.replace("_", " ").replace("-", " ").split()
    return " ".join("Hz" if word == "hz" else word for word in words)


def fitted(text: str, width: float, size: int, least: int = 9) -> tuple[str, int]:
    """(text, its size): smaller, then shorter, until it fits into `width` points."""
    while size > least and _wide(text, size) > width:
        size -= 1
    while _wide(text, size) > width and len(text) > 2:
        text = text[:-2].rstrip() + "…"
    return text, size


def label(
    x: int, y: int, w: int, h: int, text: str, size: int = 13, colour: Rgb = QUIET, left: bool = False
) -> Cell:
    """Words that fit into their place."""
    shown, fits = fitted(text, w - 4, size)
    return Cell("label", x, y, w, h, shown, None, colour, fits, left)


def button(
    x: int,
    y: int,
    w: int,
    h: int,
    text: str,
    parameter: Parameter,
    colour: Rgb,
    size: int = 16,
    sends: int = 1,
) -> Cell:
    """A trigger, or a switch that stays."""
    shown, fits = fitted(text, w - 10, size)
    kind: CellKind = "toggle" if parameter.kind == "switch" else "button"
    return Cell(kind, x, y, w, h, shown, parameter, colour, fits, sends=sends)


def in_grid(
    count: int, columns: int, x: int, y: int, w: int, h: int, gap: int
) -> Iterator[tuple[int, int, int, int]]:
    """Frames of `count` equal cells in rows of `columns`, filling a place."""
    rows = max(1, -(-count // columns))
    wide, high = (w - gap * (columns - 1)) // columns, (h - gap * (rows - 1)) // rows
    for i in range(count):
        yield x + i % columns * (wide + gap), y + i // columns * (high + gap), wide, high


def _wide(text: str, size: int) -> float:
    return len(text) * size * 0.56
