"""Dark or bright, smooth or whistling, thin or booming: the long-term spectrum."""

from __future__ import annotations

import math

import numpy as np

from wearsound.core import F64

THIRDS = 1000.0 * 2.0 ** (np.arange(-10, 10) / 3.0)
"""Middles of the third octaves from 100 Hz to 8 kHz."""


def slope(sound: F64, rate: int) -> float:
    """dB an octave of the line through third octaves of power density, 100 Hz to 8 kHz (pink noise: -3)."""
    return float(_line(sound, rate)[0])


def peaks(sound: F64, rate: int) -> float:
    """Standard deviation in dB of those third octaves about the line: above 8 something whistles."""
    return float(np.std(_line(sound, rate)[1]))


def harshness(sound: F64, rate: int) -> float:
    """dB: the share of 2 to 5 kHz in all power."""
    return _share(sound, rate, 2000.0, 5000.0)


def sub(sound: F64, rate: int) -> float:
    """dB: the share of 20 to 80 Hz in all power."""
    return _share(sound, rate, 20.0, 80.0)


def density(sound: F64, rate: int) -> tuple[F64, F64]:
    """Welch density of both channels: (Hz, power per Hz)."""
    from scipy.signal import welch

    hz, power = welch(sound, rate, nperseg=min(len(sound), 16384), axis=0)
    return hz, np.asarray(power.sum(axis=1))


def _line(sound: F64, rate: int) -> tuple[float, F64]:
    """Slope per octave, and what is left of each third octave, in dB."""
    hz, power = density(sound, rate)
    level = np.array([power[(hz >= mid / 2 ** (1 / 6)) & (hz < mid * 2 ** (1 / 6))].mean() for mid in THIRDS])
    told = 10.0 * np.log10(np.maximum(level, 1e-30))
    octaves = np.log2(THIRDS / 1000.0)
    steep, height = np.polyfit(octaves, told, 1)
    return float(steep), told - (steep * octaves + height)


def _share(sound: F64, rate: int, low: float, high: float) -> float:
    hz, power = density(sound, rate)
    total = float(power.sum())
    part = float(power[(hz >= low) & (hz < high)].sum())
    return 10.0 * math.log10(max(1e-12, part / total)) if total else -120.0
