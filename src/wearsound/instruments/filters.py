"""Coefficients of the filters that sound and vibration are made with, as second-order sections for a `Cascade`."""

from __future__ import annotations

import math

import numpy as np

from wearsound.cascade import steady
from wearsound.core import F64, Clock

HIGHEST = 0.45
"""Of the sample rate: no edge lies above."""


def band_pass(low: float, high: float, order: int, clock: Clock) -> F64:
    """Butterworth, -3 dB at both edges in Hz, 6 dB an octave and side for each `order`."""
    from scipy.signal import butter  # costs most of a second: only where something is felt

    top = min(high, HIGHEST * clock.sample_rate)
    edges = [min(low, 0.9 * top), top]
    return steady(butter(order, edges, "bandpass", fs=clock.sample_rate, output="sos"))


def low_pass(edge: float, order: int, clock: Clock) -> F64:
    """Butterworth, -3 dB at `edge` Hz, 6 dB an octave for each `order`."""
    from scipy.signal import butter

    return steady(butter(order, edge, "lowpass", fs=clock.sample_rate, output="sos"))


def high_pass(edge: float, order: int, clock: Clock) -> F64:
    """The same the other way up."""
    from scipy.signal import butter

    return steady(butter(order, edge, "highpass", fs=clock.sample_rate, output="sos"))


def ends_at(edge: float, down: float, order: int, clock: Clock) -> F64:
    """Chebyshev II: flat, and from `edge` Hz on at least `down` dB down."""
    from scipy.signal import cheby2

    return steady(cheby2(order, down, edge, "lowpass", fs=clock.sample_rate, output="sos"))


def steep_low_pass(edge: float, clock: Clock) -> F64:
    """Elliptic of order 5: 0.5 dB of ripple to `edge` Hz, 60 dB down from twice that."""
    from scipy.signal import ellip

    return steady(ellip(5, 0.5, 60.0, edge, "lowpass", fs=clock.sample_rate, output="sos"))


def smoothing(hz: float, clock: Clock) -> F64:
    """Two one-poles in a row: critically damped, so that what rises never swings over; -6 dB at `hz`."""
    pole = math.exp(-2.0 * math.pi * hz / clock.sample_rate)
    weight = 1.0 - pole
    return steady(np.array([[weight * weight, 0.0, 0.0, 1.0, -2.0 * pole, pole * pole]]))


def all_pass(poles: tuple[float, float], clock: Clock) -> F64:
    """Two first-order all-passes that turn the phase by 90 degrees at these frequencies in Hz, as one section."""
    first, second = (_all_pass(hz, clock) for hz in poles)
    total, product = first + second, first * second
    return steady(np.array([[product, total, 1.0, 1.0, total, product]]))


def _all_pass(hz: float, clock: Clock) -> float:
    bent = math.tan(math.pi * hz / clock.sample_rate)
    return (bent - 1.0) / (bent + 1.0)
