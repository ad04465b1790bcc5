"""In tune: how much of what sounds as a pitch lies on the notes of the scale."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from wearsound.core import F64

SCALES: dict[str, tuple[float, ...]] = {
    "hirajoshi": (1, 9 / 8, 6 / 5, 3 / 2, 8 / 5),
    "yo": (1, 9 / 8, 4 / 3, 3 / 2, 5 / 3),
    "dorian": (1, 9 / 8, 6 / 5, 4 / 3, 3 / 2, 5 / 3, 16 / 9),
    "aeolian": (1, 9 / 8, 6 / 5, 4 / 3, 3 / 2, 8 / 5, 9 / 5),
    "lydian": (1, 9 / 8, 5 / 4, 45 / 32, 3 / 2, 5 / 3, 15 / 8),
    "fifths": (1, 9 / 8, 3 / 2, 27 / 16),
}
"""Their notes as whole ratios, written anew here: a judge does not ask the player what is right."""

NEAR_CENTS = 35.0
LOW, HIGH = 60.0, 1600.0


def on_scale(sound: F64, rate: int, root: float, ratios: Sequence[float]) -> float:
    """The share, 0..1, of the power of spectral peaks within 35 cents of a note of the scale in any octave.

    Peaks stand 6 dB out of their surroundings (a third of an octave) between 60 and 1600 Hz, in pieces of 0.7 s: a
    note counts while it sounds. Chance is 5.8 % a note of the scale. Overtones that are no octave count as they lie.
    """
    size = 2 ** round(math.log2(0.7 * rate))
    window = np.hanning(size)
    hit = total = 0.0
    for at in range(0, max(1, len(sound) - size + 1), size // 2):
        piece = sound[at : at + size].mean(axis=1)
        power = np.abs(np.fft.rfft(np.pad(piece, (0, size - len(piece))) * window, 2 * size)) ** 2
        hz, strong = _peaks(power, rate / (2 * size))
        cents = 1200.0 * np.log2(hz / root)
        notes = np.array([1200.0 * math.log2(ratio) for ratio in ratios])
        away = np.abs((cents[:, None] - notes + 600.0) % 1200.0 - 600.0).min(axis=1)
        hit += float(strong[away <= NEAR_CENTS].sum())
        total += float(strong.sum())
    return hit / total if total else 0.0


def _peaks(power: F64, each: float) -> tuple[F64, F64]:
    """Pitch and power of the peaks of one spectrum with bins `each` Hz apart."""
    first, last = int(LOW / each), int(HIGH / each)
    inner = power[first:last]
    top = (inner > power[first - 1 : last - 1]) & (inner >= power[first + 1 : last + 1])
    places = np.flatnonzero(top) + first
    total = np.concatenate([[0.0], np.cumsum(power)])
    low = np.maximum(0, (places * 2 ** (-1 / 6)).astype(int))
    high = np.minimum(len(power), (places * 2 ** (1 / 6)).astype(int) + 2)
    around = (total[high] - total[low]) / (high - low)
    places = places[power[places] > 4.0 * around]
    left, mid, right = (np.log(power[places + side] + 1e-30) for side in (-1, 0, 1))
    bend = left - 2.0 * mid + right
    shift = np.where(bend < 0, 0.5 * (left - right) / np.minimum(bend, -1e-12), 0.0)
    return (places + np.clip(shift, -0.5, 0.5)) * each, power[places]
