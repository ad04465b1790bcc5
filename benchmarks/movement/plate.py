"""Things that ring: a force in, the sum of its decaying modes out."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from benchmarks.hearing.dice import Dice
from wearsound.core import F64

RATE = 48_000
KEEP_AWAKE = 1e-18
"""Added before every filter: what rings out into exact zeros becomes slow (denormal numbers)."""


class Mode(NamedTuple):
    """One resonance: pitch in Hz, seconds until it is 60 dB down, how loud it answers."""

    hz: float
    t60: float
    gain: float


def drawn(
    dice: Dice, count: int, low: float, high: float, t60: tuple[float, float], tilt: float
) -> list[Mode]:
    """`count` modes somewhere in low..high Hz, shorter and softer with pitch: gain (low / hz) ** tilt."""
    modes = []
    for _ in range(count):
        hz = low * (high / low) ** dice.uniform()
        ring = t60[0] * (t60[1] / t60[0]) ** dice.uniform() * (low / hz) ** 0.25
        modes.append(Mode(hz, ring, dice.uniform(0.3, 1.0) * (low / hz) ** tilt))
    return modes


def ring(force: F64, modes: list[Mode]) -> F64:
    """What a body with these modes makes of a force (n,): each mode answers a pulse with gain * decaying sine."""
    from scipy.signal import lfilter

    out = np.zeros_like(force)
    driven = force + KEEP_AWAKE
    for hz, t60, gain in modes:
        turn = 2.0 * math.pi * hz / RATE
        radius = 10.0 ** (-3.0 / (t60 * RATE))
        # Divided by its ringing time, so that long modes are not simply louder.
        scale = gain * math.sin(turn) * (1.0 - radius) ** 0.5
        out += lfilter([0.0, scale], [1.0, -2.0 * radius * math.cos(turn), radius * radius], driven)
    return out


def one_pole_low(wave: F64, hz: float) -> F64:
    """6 dB an octave above `hz`."""
    from scipy.signal import lfilter

    keep = math.exp(-2.0 * math.pi * hz / RATE)
    return np.asarray(lfilter([1.0 - keep], [1.0, -keep], wave + KEEP_AWAKE))


def one_pole_high(wave: F64, hz: float) -> F64:
    """6 dB an octave below `hz`: a source behind a capacitor."""
    from scipy.signal import lfilter

    keep = math.exp(-2.0 * math.pi * hz / RATE)
    half = (1.0 + keep) / 2.0
    return np.asarray(lfilter([half, -half], [1.0, -keep], wave + KEEP_AWAKE))


def peak(wave: F64, part: float = 99.9) -> float:
    """How high a wave of separate blows typically reaches: a percentile of what is not silence."""
    size = np.abs(wave)
    loud = size[size > 1e-3 * max(1e-12, float(size.max()))]
    return float(np.percentile(loud, part)) if len(loud) else 0.0
