"""How much of its strength a waveform gets at a pitch, so that no pitch jumps out: gently, by far not the threshold."""

from __future__ import annotations

import numpy as np

from wearsound.core import F64

MIDDLE, TOP = 0.316, 0.53
"""Of the strength below 110 Hz: from 110 to 450 Hz, and above (Google's audio-to-tactile, tactor equaliser)."""

PER_HZ = 8
_PITCHES = np.arange(1000 * PER_HZ + 1) / PER_HZ


def _smooth(low: float, high: float) -> F64:
    at = np.clip((_PITCHES - low) / (high - low), 0.0, 1.0)
    return at * at * (3.0 - 2.0 * at)


_GAINS = (1.0 + (MIDDLE - 1.0) * _smooth(75.0, 155.0)) * (1.0 + (TOP / MIDDLE - 1.0) * _smooth(390.0, 520.0))
"""The three as one smooth line, in steps of 1/8 Hz (0.02 dB)."""


def equal(hz: F64) -> F64:
    """Gain 0..1 at each of these pitches in Hz (0: none, 1)."""
    gains: F64 = _GAINS.take((hz * PER_HZ).astype(np.intp), mode="clip")
    return gains
