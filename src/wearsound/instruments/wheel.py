"""How bright a lamp may be so that its hue can go round the wheel without a change of brightness.

Divided each by its own brightest channel, yellow would shine twice as bright as blue: a melody that plays the
hue would flicker with its notes. Divided all by the brightest channel of any hue at that lightness and chroma,
they keep OKLCH's steady lightness, and none needs more than a lamp can give.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from wearsound.core import F64
from wearsound.garment.colour import oklch_to_linear

CHROMA_STEP = 0.4 / 64
"""Chroma between two entries of the table; its last is 0.4, as strong as a garment file may say."""

_HUES = np.arange(0.0, 360.0, 5.0)


@lru_cache(maxsize=256)
def brightest(lightness: float) -> F64:
    """The largest linear channel of any hue at this OKLCH lightness: (65,), by chroma. [any thread]

    Kept for the lightnesses of a few garments; read it, do not write into it.
    """
    strengths = np.arange(65) * CHROMA_STEP
    lch = np.empty((len(strengths), len(_HUES), 3))
    lch[..., 0] = lightness
    lch[..., 1] = strengths[:, None]
    lch[..., 2] = _HUES
    # Rounded, so that no last bit of a cosine is seen.
    table: F64 = np.round(oklch_to_linear(lch).max(axis=(1, 2)), 9)
    table.flags.writeable = False
    return table
