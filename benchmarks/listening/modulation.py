"""Does it breathe, and does it rattle: how the envelope of each band of the ear moves."""

from __future__ import annotations

import math

import numpy as np

from benchmarks.listening.bands import envelopes, middles
from wearsound.core import F64


def breathing(sound: F64, rate: int) -> float:
    """Rms of the envelope between 0.1 and 4 Hz over its mean, bands weighted by their level."""
    return _modulation(sound, rate, 0.1, 4.0)


def roughness(sound: F64, rate: int) -> float:
    """The same between 25 and 150 Hz."""
    return _modulation(sound, rate, 25.0, 150.0)


def _modulation(sound: F64, rate: int, low: float, high: float) -> float:
    mono = sound.mean(axis=1)
    if not mono.any():
        return 0.0
    out_rate = 500.0 * math.ceil(high / 200.0)
    heard = envelopes(mono, rate, middles(60.0, 10_000.0, 1.0), out_rate)
    mean = heard.mean(axis=1)
    hz = np.fft.rfftfreq(heard.shape[1], 1.0 / out_rate)
    power = 2.0 * np.abs(np.fft.rfft(heard, axis=1) / heard.shape[1]) ** 2
    moved = np.sqrt(power[:, (hz >= low) & (hz <= high)].sum(axis=1)) / np.maximum(mean, 1e-12)
    weight = np.sqrt((heard * heard).mean(axis=1))
    return float((moved * weight).sum() / weight.sum())
