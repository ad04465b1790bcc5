"""Colour as the eye counts it: OKLCH and OKLab to linear light and sRGB, and back; and light as bytes.

Björn Ottosson, "A perceptual color space for image processing", 2020. Every function but `encode` takes and
gives float64 arrays whose last axis is the colour; hue is in degrees. The 3 by 3 steps are written
out as sums, so that no bit depends on a matrix library.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from wearsound.core import F64, U8, Mask

Coefficients = tuple[tuple[float, float, float], ...]

_TO_LMS: Coefficients = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
_TO_LAB: Coefficients = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)
_FROM_LAB: Coefficients = (
    (1.0, 0.3963377774, 0.2158037573),
    (1.0, -0.1055613458, -0.0638541728),
    (1.0, -0.0894841775, -1.2914855480),
)
_FROM_LMS: Coefficients = (
    (4.0767416621, -3.3077115913, 0.2309699292),
    (-1.2684380046, 2.6097574011, -0.3413193965),
    (-0.0041960863, -0.7034186147, 1.7076147010),
)

_EDGE = 1e-6
_HALVINGS = 24

GAMMA = 2.2
"""Of the bytes that a frame carries; no screen's curve, a bare power, as receivers of light expect it."""

LINEAR: F64 = np.round((np.arange(256) / 255) ** GAMMA, 12)
"""Linear light 0..1 of each byte; powers differ in their last bit between machines, these do not."""

# Linear light from which each byte is chosen: the border between i-1 and i.
_BORDERS = np.round(((np.arange(1, 256) - 0.5) / 255) ** GAMMA, 12)
_CODES = 1 << 15
_BYTES = np.searchsorted(_BORDERS, (np.arange(_CODES + 1) / _CODES) ** 2, side="right").astype(np.uint8)

LEAST = float(_BORDERS[0])
"""Linear light from which a byte is not 0."""


def _sums(coefficients: Coefficients, colour: F64) -> F64:
    a, b, c = colour[..., 0], colour[..., 1], colour[..., 2]
    return np.stack([x * a + y * b + z * c for x, y, z in coefficients], axis=-1)


def linear_to_oklab(linear: ArrayLike) -> F64:
    """Linear sRGB, 0..1, to OKLab (L 0..1, a, b)."""
    lms = _sums(_TO_LMS, np.asarray(linear, np.float64))
    return _sums(_TO_LAB, np.cbrt(lms))


def oklab_to_linear(lab: ArrayLike) -> F64:
    """OKLab to linear sRGB; outside 0..1 where the colour is out of gamut."""
    roots = _sums(_FROM_LAB, np.asarray(lab, np.float64))
    return _sums(_FROM_LMS, roots * roots * roots)


def oklch_to_oklab(lch: ArrayLike) -> F64:
    """OKLCH (hue in degrees) to OKLab."""
    lch = np.asarray(lch, np.float64)
    angle = np.radians(lch[..., 2])
    return np.stack([lch[..., 0], lch[..., 1] * np.cos(angle), lch[..., 1] * np.sin(angle)], axis=-1)


def oklab_to_oklch(lab: ArrayLike) -> F64:
    """OKLab to OKLCH; the hue, 0..360 degrees, means nothing where the chroma is near 0."""
    lab = np.asarray(lab, np.float64)
    chroma = np.sqrt(lab[..., 1] ** 2 + lab[..., 2] ** 2)
    hue = np.degrees(np.arctan2(lab[..., 2], lab[..., 1])) % 360.0
    return np.stack([lab[..., 0], chroma, hue], axis=-1)


def oklch_to_linear(lch: ArrayLike) -> F64:
    """OKLCH to linear sRGB inside 0..1: where it does not fit, chroma gives way, never L or hue."""
    lab = oklch_to_oklab(lch)
    lab[..., 0] = np.clip(lab[..., 0], 0.0, 1.0)
    linear = oklab_to_linear(lab)
    if _fits(linear).all():
        return np.clip(linear, 0.0, 1.0)
    low = np.zeros(lab.shape[:-1])
    high = np.ones(lab.shape[:-1])
    trial = lab.copy()
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        trial[..., 1:] = lab[..., 1:] * middle[..., None]
        fits = _fits(oklab_to_linear(trial))
        low = np.where(fits, middle, low)
        high = np.where(fits, high, middle)
    kept = np.where(_fits(linear), 1.0, low)
    trial[..., 1:] = lab[..., 1:] * kept[..., None]
    return np.clip(oklab_to_linear(trial), 0.0, 1.0)


def _fits(linear: F64) -> Mask:
    inside: Mask = np.all((linear >= -_EDGE) & (linear <= 1 + _EDGE), axis=-1)
    return inside


def linear_to_oklch(linear: ArrayLike) -> F64:
    """Linear sRGB to OKLCH (hue in degrees)."""
    return oklab_to_oklch(linear_to_oklab(linear))


def linear_to_srgb(linear: ArrayLike) -> F64:
    """Linear light 0..1 to the sRGB transfer curve 0..1."""
    linear = np.clip(np.asarray(linear, np.float64), 0.0, 1.0)
    return np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)


def srgb_to_linear(srgb: ArrayLike) -> F64:
    """The sRGB transfer curve 0..1 to linear light 0..1."""
    srgb = np.clip(np.asarray(srgb, np.float64), 0.0, 1.0)
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def encode(linear: F64) -> U8:
    """Linear light 0..1 to bytes with gamma 2.2; looked up, so that every machine gives the same byte."""
    codes: U8 = np.take(_BYTES, np.rint(np.sqrt(linear) * _CODES).astype(np.intp), mode="clip")
    return codes
