"""Colours as a sketch writes them: a name, "#rrggbb", (L, C, h) in OKLCH, whole-number RGB, or a grey."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from wearsound.core import F64, U8
from wearsound.gallery import suggest
from wearsound.garment.colour import (
    linear_to_oklab,
    linear_to_srgb,
    oklab_to_linear,
    oklch_to_linear,
    srgb_to_linear,
)


class Ink(NamedTuple):
    """A colour ready to draw with: sRGB, whole numbers 0..255."""

    red: int
    green: int
    blue: int


Colour = str | int | Ink | Sequence[float]

# OKLCH by the art direction: dyes of cloth are dark and quiet, light is paler than any cloth.
NAMES: dict[str, tuple[float, float, float]] = {
    "stage": (0.150, 0.012, 262),
    "pool": (0.33, 0.022, 250),
    "floor": (0.36, 0.018, 65),
    "linen": (0.40, 0.020, 70),
    "indigo": (0.40, 0.062, 262),
    "deep": (0.24, 0.05, 266),
    "ecru": (0.70, 0.022, 82),
    "undyed": (0.90, 0.03, 95),
    "madder": (0.46, 0.12, 26),
    "persimmon": (0.56, 0.13, 42),
    "weld": (0.80, 0.11, 82),
    "ember": (0.74, 0.16, 52),
    "coral": (0.70, 0.15, 35),
    "ice": (0.80, 0.075, 235),
    "lamp": (0.86, 0.06, 85),
    "celadon": (0.78, 0.10, 172),
}


def ink(colour: Colour) -> Ink:
    """The colour as `Ink`.

    A tuple of whole numbers is RGB 0..255, any other tuple is OKLCH (lightness 0..1, chroma, hue in
    degrees), one number is a grey 0..255. Raises ValueError with the nearest name.
    """
    if isinstance(colour, Ink):
        return colour
    if isinstance(colour, str):
        if colour.startswith("#"):
            digits = colour[1:]
            if len(digits) == 3:
                digits = "".join(d + d for d in digits)
            try:
                if len(digits) != 6:
                    raise ValueError
                return Ink(int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16))
            except ValueError:
                raise ValueError(f"no colour {colour!r}; write it as '#rrggbb'") from None
        if colour not in NAMES:
            raise ValueError(f"no colour {colour!r}{suggest(colour, NAMES)}")
        colour = NAMES[colour]
    if isinstance(colour, int | float):
        grey = max(0, min(255, round(colour)))
        return Ink(grey, grey, grey)
    first, second, third = colour
    if all(isinstance(part, int | np.integer) for part in colour):
        return Ink(*(max(0, min(255, int(part))) for part in colour))
    red, green, blue = _srgb(oklch_to_linear((first, second, third)))
    return Ink(int(red), int(green), int(blue))


def _lab(colours: Sequence[Colour]) -> F64:
    return linear_to_oklab(srgb_to_linear(np.array([ink(colour) for colour in colours]) / 255))


def _srgb(linear: F64) -> U8:
    return (linear_to_srgb(linear) * 255 + 0.5).astype(np.uint8)


def ramp(stops: Sequence[Colour], steps: int = 256) -> U8:
    """`steps` colours uint8 (steps, 3) through the stops, mixed in OKLab: by hue, blue to red turns green."""
    lab = _lab(stops)
    at = np.linspace(0, len(stops) - 1, steps)
    where = np.arange(len(stops))
    return _srgb(oklab_to_linear(np.stack([np.interp(at, where, part) for part in lab.T], axis=-1)))


def mix(a: Colour, b: Colour, amount: float) -> Ink:
    """The colour `amount` (0..1) of the way from `a` to `b`, mixed in OKLab."""
    one, other = _lab([a, b])
    red, green, blue = _srgb(oklab_to_linear(one + (other - one) * min(1.0, max(0.0, amount))))
    return Ink(int(red), int(green), int(blue))


def at_night(colour: Colour, lightness: float = 0.27) -> Ink:
    """The colour no lighter than that (OKLab, 0..1): a pale ground too is dark enough to be lit."""
    lab = _lab([colour])[0]
    dark = lab * [min(1.0, lightness / max(1e-6, float(lab[0]))), 1, 1]
    red, green, blue = _srgb(oklab_to_linear(dark))
    return Ink(int(red), int(green), int(blue))
