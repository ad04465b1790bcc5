"""How well skin feels a frequency, gently: a weight 0..1 on how hard it is shaken.

The threshold curve is that of the MPEG haptics model (250 Hz best; it agrees with Verrillo 1963 within 3.5 dB from 40
to 250 Hz), of which a quarter of the decibels is taken: well above the threshold skin levels out (equal-sensation
contours are flatter than the threshold), and nothing on a garment could make up for 25 dB at 60 Hz. The curve is sure
within a few dB and of a hand; that quarter is a choice.
"""

from __future__ import annotations

import numpy as np

from wearsound.core import F64

SHARE = 0.25
"""Of the decibels that the threshold asks."""
_STEP = 5.0
_MOST = 600.0


def threshold(hz: F64) -> F64:
    """The threshold at each frequency in dB re that at 0 Hz: -20.6 at 60 Hz, -45 at 250 Hz. [any thread]"""
    a, c, e = 50.0, 1.0 / 550.0, 45.0
    b = 1.0 - 250.0 * c
    shape: F64 = a / np.log10(b) ** 2 * np.log10(np.maximum(c * hz + b, 1e-9)) ** 2
    return np.minimum(shape - e, 0.0)


def _table() -> F64:
    asked = threshold(np.arange(0.0, _MOST + 2 * _STEP, _STEP))
    weight: F64 = np.round(10.0 ** (-SHARE * (asked + 45.0) / 20.0), 6)
    return weight


_WEIGHTS = _table()


def felt_at(hz: F64) -> F64:
    """The weight at each frequency (any shape), 1 at 250 Hz, 0.5 at 60 Hz; a line between every 5 Hz. [any thread]"""
    place = np.clip(hz, 0.0, _MOST) / _STEP
    below = place.astype(np.intp)
    left = _WEIGHTS[below]
    weight: F64 = left + (_WEIGHTS[below + 1] - left) * (place - below)
    return weight
