"""Small sound blocks shared by the drum and tone synthesis (48 kHz, float32)."""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from .dice import Dice

RATE = 48_000
Sound = NDArray[np.float32]


def decay(seconds: float, half: float, attack: float = 0.0) -> Sound:
    """An exponential decay that halves every `half` seconds, after a linear attack."""
    t = np.arange(max(8, int(seconds * RATE)), dtype=np.float32) / RATE
    out = np.exp2(-t / max(half, 1e-4))
    if attack > 0:
        out *= np.minimum(1.0, t / attack)
    fade = min(len(out), 96)
    out[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
    return out.astype(np.float32)


def sweep(frequency: NDArray[np.floating], phase: float = 0.0) -> Sound:
    """A sine that follows a frequency in Hz, one value a frame."""
    return np.sin(2 * np.pi * (np.cumsum(frequency) / RATE + phase)).astype(np.float32)


@functools.lru_cache(maxsize=512)
def _sections(low: float, high: float, order: int) -> NDArray[np.float64]:
    top = 0.49 * RATE
    if low <= 0:
        return signal.butter(order, min(high, top), "low", fs=RATE, output="sos")
    if high >= top:
        return signal.butter(order, low, "high", fs=RATE, output="sos")
    return signal.butter(order, [low, high], "band", fs=RATE, output="sos")


def band(sound: NDArray[np.floating], low: float, high: float, order: int = 2) -> Sound:
    """Keep low..high Hz (0: no lower edge; from 23.5 kHz: no upper edge), causal."""
    return signal.sosfilt(_sections(float(low), float(high), order), sound).astype(np.float32)


def hiss(dice: Dice, seconds: float, low: float, high: float) -> Sound:
    """A burst of filtered noise with a peak near 1."""
    noise = band(dice.noise(max(64, int(seconds * RATE)) + 400), low, high)[400:]
    return noise / (float(np.abs(noise).max()) + 1e-9)


def add(out: Sound, sound: Sound, start: int, gain: float = 1.0) -> None:
    """Add a sound into a longer one from a frame on; what lies outside is lost."""
    first, last = max(start, 0), min(start + len(sound), len(out))
    if first < last:
        out[first:last] += gain * sound[first - start : last - start]
