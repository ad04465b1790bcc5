"""Does it come again, and does it ever change."""

from __future__ import annotations

import numpy as np

from benchmarks.listening.bands import envelopes, middles
from wearsound.core import F64

FRAMES = 20.0
"""Short-time frames a second."""


def repetition(sound: F64, rate: int) -> float:
    """99th percentile of the likeness (cosine) of 2 s patterns of band change more than 3 s apart: a loop has 1."""
    level = _levels(sound, rate)
    change = np.diff(level, axis=1)
    change -= change.mean(axis=1, keepdims=True)
    long = round(2.0 * FRAMES)
    starts = np.arange(0, change.shape[1] - long, 2)
    if len(starts) < 2:
        return 0.0
    patterns = np.array([change[:, at : at + long].ravel() for at in starts])
    patterns /= np.maximum(np.sqrt((patterns * patterns).sum(axis=1, keepdims=True)), 1e-12)
    like = patterns @ patterns.T
    first, second = np.triu_indices(len(starts), round(3.0 * FRAMES / 2) + 1)
    return float(np.percentile(like[first, second], 99)) if len(first) else 0.0


def variety(sound: F64, rate: int) -> float:
    """Standard deviation over time of 4 s averages of bands in dB, their common level removed."""
    level = _levels(sound, rate)
    long = round(4.0 * FRAMES)
    count = level.shape[1] // long
    if count < 2:
        return 0.0
    slow = level[:, : count * long].reshape(len(level), count, long).mean(axis=2)
    slow = slow - slow.mean(axis=0)
    return float(slow.std(axis=1).mean())


def _levels(sound: F64, rate: int) -> F64:
    """dB (bands, frames) of 20 bands from 60 Hz to 8 kHz, no further down than 60 dB below the loudest."""

    heard = envelopes(sound.mean(axis=1), rate, middles(60.0, 8000.0, 1.5), 400.0)
    power = heard * heard
    count = int(power.shape[1] / 400.0 * FRAMES)
    each = round(400.0 / FRAMES)
    power = power[:, : count * each].reshape(len(power), count, each).mean(axis=2)
    return np.asarray(10.0 * np.log10(np.maximum(power, 1e-6 * max(1e-20, float(power.max())))))
