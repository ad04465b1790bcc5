"""Mono at the bottom, wide above."""

from __future__ import annotations

import numpy as np

from wearsound.core import F64


def low_correlation(sound: F64, rate: int) -> float:
    """Of left and right below 120 Hz: 1 the same, 0 unrelated, -1 opposite."""
    return _correlation(sound, rate, 120.0, "low")


def high_correlation(sound: F64, rate: int) -> float:
    """Of left and right above 300 Hz."""
    return _correlation(sound, rate, 300.0, "high")


def _correlation(sound: F64, rate: int, hz: float, side: str) -> float:
    from scipy.signal import butter, sosfilt

    heard = sosfilt(butter(4, hz, side, fs=rate, output="sos"), sound, axis=0)
    left, right = heard[:, 0], heard[:, 1]
    size = float(np.sqrt(np.mean(left * left) * np.mean(right * right)))
    return float(np.mean(left * right)) / size if size else 1.0
