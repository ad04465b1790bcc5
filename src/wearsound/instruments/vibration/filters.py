"""Recursive filters that go on from block to block: one cascade of second-order sections over some rows of samples."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from wearsound.core import F64, Clock

Run = Callable[[F64, F64, F64], None]

HIGHEST = 0.45
"""Of the sample rate: no edge lies above."""


class Cascade:
    """Second-order sections `sos` (n, 6) over `rows` rows. A sample depends on those before it alone: any grouping
    of samples gives the same bits. `memory` (rows, n, 2) is carried.
    """

    def __init__(self, sos: F64, rows: int = 1) -> None:
        self._sos = np.ascontiguousarray(sos)
        self.memory: F64 = np.zeros((rows, len(sos), 2))
        self._run = _loop()

    def reset(self) -> None:
        """Nothing was heard."""
        self.memory[:] = 0.0

    def run(self, samples: F64) -> None:
        """Filter `samples` (rows, n), C-contiguous, in place. [engine thread]"""
        self._run(self._sos, samples, self.memory)


def band_pass(low: float, high: float, order: int, clock: Clock) -> F64:
    """Butterworth, -3 dB at both edges in Hz, 6 dB an octave and side for each `order`."""
    from scipy.signal import butter  # costs most of a second: only where something is felt

    top = min(high, HIGHEST * clock.sample_rate)
    edges = [min(low, 0.9 * top), top]
    return _steady(butter(order, edges, "bandpass", fs=clock.sample_rate, output="sos"))


def low_pass(edge: float, order: int, clock: Clock) -> F64:
    """Butterworth, -3 dB at `edge` Hz, 6 dB an octave for each `order`."""
    from scipy.signal import butter

    return _steady(butter(order, edge, "lowpass", fs=clock.sample_rate, output="sos"))


def high_pass(edge: float, order: int, clock: Clock) -> F64:
    """The same the other way up."""
    from scipy.signal import butter

    return _steady(butter(order, edge, "highpass", fs=clock.sample_rate, output="sos"))


def ends_at(edge: float, down: float, order: int, clock: Clock) -> F64:
    """Chebyshev II: flat, and from `edge` Hz on at least `down` dB down."""
    from scipy.signal import cheby2

    return _steady(cheby2(order, down, edge, "lowpass", fs=clock.sample_rate, output="sos"))


def steep_low_pass(edge: float, clock: Clock) -> F64:
    """Elliptic of order 5: 0.5 dB of ripple to `edge` Hz, 60 dB down from twice that."""
    from scipy.signal import ellip

    return _steady(ellip(5, 0.5, 60.0, edge, "lowpass", fs=clock.sample_rate, output="sos"))


def smoothing(hz: float, clock: Clock) -> F64:
    """Two one-poles in a row: critically damped, so that what rises never swings over; -6 dB at `hz`."""
    pole = math.exp(-2.0 * math.pi * hz / clock.sample_rate)
    weight = 1.0 - pole
    return _steady(np.array([[weight * weight, 0.0, 0.0, 1.0, -2.0 * pole, pole * pole]]))


def all_pass(poles: tuple[float, float], clock: Clock) -> F64:
    """Two first-order all-passes that turn the phase by 90 degrees at these frequencies in Hz, as one section."""
    first, second = (_all_pass(hz, clock) for hz in poles)
    total, product = first + second, first * second
    return _steady(np.array([[product, total, 1.0, 1.0, total, product]]))


def _all_pass(hz: float, clock: Clock) -> float:
    bent = math.tan(math.pi * hz / clock.sample_rate)
    return (bent - 1.0) / (bent + 1.0)


def _steady(sos: Any) -> F64:
    """Coefficients to 13 digits, so that every machine's mathematics gives the same filter."""
    rounded = [float(f"{value:.12e}") for value in np.asarray(sos, np.float64).ravel()]
    return np.array(rounded).reshape(-1, 6)


def _loop() -> Run:
    """SciPy's own loop; its public door costs ten times as much as the work on one hop (measured: 25 us for 3)."""
    try:
        from scipy.signal._sosfilt import _sosfilt  # type: ignore[import-untyped, unused-ignore]
    except ImportError:
        from scipy.signal import sosfilt

        def door(sos: F64, samples: F64, memory: F64) -> None:
            samples[:], after = sosfilt(sos, samples, axis=1, zi=memory.transpose(1, 0, 2))
            memory[:] = after.transpose(1, 0, 2)

        return door
    run: Run = _sosfilt
    return run
