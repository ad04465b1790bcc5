"""What of light counts as flashing: relative luminance, red and saturated red (WCAG 2.3.1), and blue; of linear RGB.

*Luminance*: a swing is a change by a tenth of the maximum. *Red*, the older wording: a change of (R-G-B) x 320 by
20; scaled by 1.6 it weighs as much as a tenth. *Saturated red*, the newer wording: a state with R/(R+G+B) of .8 or
more against one at least .2 away in CIE 1976 u'v'. Two saturated reds are never that far apart (.14 at most), so
every such pair crosses the border; here .75 counts already, at any brightness that a byte can show. It jumps from
0 to 1, because there it is the hue that counts and not how much of it. *Blue*: ours. To the standard full blue is
dark (.07), but a bare blue lamp is not, so a change of blue by three tenths weighs as much as a tenth.
"""

from __future__ import annotations

import numpy as np

from wearsound.core import F32, F64

RED = 1.6
BLUE = 1 / 3
_FAINT = 4e-6
"""Linear light: a saturated red as bright as the second byte of 255 counts in full; what is held of it is dark."""


def swing(light: F64) -> F64:
    """Luminance, red and blue of linear RGB (..., 3): (3, ...)."""
    red, green, blue = light[..., 0], light[..., 1], light[..., 2]
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return np.stack([luminance, np.maximum(RED * (red - green - blue), 0.0), BLUE * blue])


def measure(light: F64, out: F32, saturated: F32, work: F32) -> None:
    """Fill `out` (5, n) with saturated red 0..1, luminance, red, blue and RED x (R-G-B); light is (n, 3).

    `saturated` (n,) gets the first unclipped: proportional to light, as the other rows are. `work`
    (4, n) is overwritten.
    """
    red, green, blue, other = work
    np.copyto(work[:3], light.T)
    np.multiply(blue, np.float32(BLUE), out=out[3])
    np.multiply(red, np.float32(0.2126), out=out[1])
    np.add(green, blue, out=other)
    green *= np.float32(0.7152)
    out[1] += green
    blue *= np.float32(0.0722)
    out[1] += blue
    np.subtract(red, other, out=out[4])
    out[4] *= np.float32(RED)
    np.maximum(out[4], np.float32(0), out=out[2])
    other *= np.float32(3)
    np.subtract(red, other, out=saturated)
    saturated *= np.float32(1 / _FAINT)
    np.maximum(saturated, np.float32(0), out=saturated)
    np.minimum(saturated, np.float32(1), out=out[0])


def energy(luminance: float, blue: float, mixed: float) -> float:
    """R+G+B of the second, fourth and fifth measures of a light, or of their means: what they were made of."""
    blue /= BLUE
    rest = mixed / RED  # R-G-B
    green = (luminance - 0.2126 * rest - 0.2848 * blue) / 0.9278
    return 2.0 * (green + blue) + rest
