"""Colours as a sketch writes them: a name, "#rrggbb", (L, C, h) in OKLCH, whole-number RGB, or a grey."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from wearsound.core import F64, U8
from wearsound.gallery import suggest


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
    angle = math.radians(third)
    lab = np.array([[first, second * math.cos(angle), second * math.sin(angle)]])
    return Ink(*(int(part) for part in lab_to_rgb(lab)[0]))


def rgb_to_lab(rgb: Sequence[Sequence[int]]) -> F64:
    """OKLab (n, 3) of sRGB 0..255 (n, 3). Ottosson, "A perceptual color space", 2020."""
    s = np.asarray(rgb, np.float64) / 255
    r, g, b = np.where(s <= 0.04045, s / 12.92, ((s + 0.055) / 1.055) ** 2.4).T
    long = np.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    medium = np.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    short = np.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    return np.stack(
        (
            0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
            1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
            0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
        ),
        axis=-1,
    )


def lab_to_rgb(lab: F64) -> U8:
    """sRGB 0..255 uint8 (n, 3) of OKLab (n, 3), each channel clipped."""
    lightness, a, b = lab.T
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = np.stack(
        (
            4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
            -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
            -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
        ),
        axis=-1,
    ).clip(0, 1)
    s = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return (s * 255 + 0.5).astype(np.uint8)


def ramp(stops: Sequence[Colour], steps: int = 256) -> U8:
    """`steps` colours uint8 (steps, 3) through the stops, mixed in OKLab (by hue, blue to red turns green)."""
    lab = rgb_to_lab([ink(stop) for stop in stops])
    at = np.linspace(0, len(stops) - 1, steps)
    where = np.arange(len(stops))
    return lab_to_rgb(np.stack([np.interp(at, where, part) for part in lab.T], axis=-1))


def mix(a: Colour, b: Colour, amount: float) -> Ink:
    """The colour `amount` (0..1) of the way from `a` to `b`, mixed in OKLab."""
    one, other = rgb_to_lab([ink(a), ink(b)])
    red, green, blue = lab_to_rgb((one + (other - one) * min(1.0, max(0.0, amount)))[None])[0]
    return Ink(int(red), int(green), int(blue))
