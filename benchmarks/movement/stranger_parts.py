"""What the stranger's sounds are made of: raised cosines, looked-up noise, bands and ringing modes."""

from __future__ import annotations

import numpy as np
from scipy import signal

from benchmarks.hearing.dice import Dice
from wearsound import chance
from wearsound.core import F64

RATE = 48_000
Mode = tuple[float, float, float]
"""Hertz, damping ratio, weight."""


def hiss(dice: Dice, name: str, count: int) -> F64:
    """White noise (count,) of rms 1, the same for ever."""
    return chance.noises(dice.seed, f"{dice.name}/{name}", count) * 3.0**0.5


def hump(seconds: float) -> F64:
    """A raised cosine (n,) from 0 over 1 to 0."""
    count = max(3, round(seconds * RATE))
    return 0.5 - 0.5 * np.cos(2.0 * np.pi * (np.arange(count) + 0.5) / count)


def place(out: F64, time: float, piece: F64) -> None:
    """Add a piece into `out` from `time` in seconds; what lies outside is lost."""
    start = round(time * RATE)
    first = max(0, -start)
    many = min(len(piece), len(out) - start) - first
    if many > 0:
        out[start + first : start + first + many] += piece[first : first + many]


def rung(drive: F64, modes: tuple[Mode, ...]) -> F64:
    """A force (n,) through damped modes side by side, each of gain `weight` at its peak."""
    out = np.zeros(len(drive))
    for hertz, damping, weight in modes:
        radius = float(np.exp(-2.0 * np.pi * hertz * damping / RATE))
        angle = 2.0 * np.pi * hertz / RATE
        out += weight * signal.lfilter(
            [1.0 - radius, 0.0, radius - 1.0], [1.0, -2.0 * radius * np.cos(angle), radius**2], drive
        )
    return out


def band(wave: F64, low: float, high: float) -> F64:
    """A wave (n,) between two corners in Hz, 12 dB per octave at each, rms 1 where it is not still."""
    high = min(high, 0.45 * RATE)
    out = signal.sosfilt(signal.butter(2, (low, high), "bandpass", fs=RATE, output="sos"), wave)
    return np.asarray(out / max(1e-9, float(np.sqrt(np.mean(out**2)))))


def unit(wave: F64) -> F64:
    """Peak 1."""
    return wave / max(1e-9, float(np.abs(wave).max()))
