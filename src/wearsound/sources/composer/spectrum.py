"""Filters for sound that is known as a whole: shaped in one transform, no filter state.

Products are written out in real arithmetic: NumPy's complex multiplication differs in its last bit
between processors.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from wearsound import chance
from wearsound.core import F64
from wearsound.sources.composer.form import RATE

Spectrum = NDArray[np.complex128]


def frequencies(count: int, rate: int = RATE) -> F64:
    """Hz of each bin of a transform of `count` samples."""
    bins: F64 = np.arange(count // 2 + 1, dtype=np.float64) * (rate / count)
    return bins


def low_pass(f: F64, corner: float, order: int = 2) -> F64:
    """Gain of a Butterworth low-pass, 6 dB an octave for each `order`."""
    square = np.square(f / corner)
    power = square.copy()
    for _ in range(order - 1):
        power *= square
    gain: F64 = 1.0 / np.sqrt(1.0 + power)
    return gain


def high_pass(f: F64, corner: float, order: int = 2) -> F64:
    """Gain of a Butterworth high-pass, 6 dB an octave for each `order`."""
    return low_pass(corner / np.maximum(f, 1e-9), 1.0, order)


def band(f: F64, low: float, high: float, order: int = 2) -> F64:
    """Gain between two corners."""
    return high_pass(f, low, order) * low_pass(f, high, order)


def resonance(f: F64, centre: float, q: float) -> F64:
    """Gain of one resonator, 1 at its centre."""
    detuning = q * (f / centre - centre / np.maximum(f, 1e-9))
    return 1.0 / np.sqrt(1.0 + detuning * detuning)


def scale(spectrum: Spectrum, gain: F64 | float) -> Spectrum:
    """A spectrum times a real gain."""
    out = np.empty_like(spectrum)
    out.real = spectrum.real * gain
    out.imag = spectrum.imag * gain
    return out


def multiply(a: Spectrum, b: Spectrum) -> Spectrum:
    """The product of two spectra: their sounds convolved."""
    out = np.empty_like(a)
    out.real = a.real * b.real - a.imag * b.imag
    out.imag = a.real * b.imag + a.imag * b.real
    return out


def forward(x: F64, count: int | None = None) -> Spectrum:
    """The spectrum of real sound, padded with zeros to `count` samples; last axis."""
    out: Spectrum = fft.rfft(x, count, axis=-1)
    return out


def back(spectrum: Spectrum, count: int) -> F64:
    """Real sound of `count` samples from its spectrum; last axis."""
    out: F64 = fft.irfft(spectrum, count, axis=-1, overwrite_x=True)
    return out


def noise_loop(seed: int, name: str, count: int, gain: Callable[[F64], F64], rate: int = RATE) -> F64:
    """Hashed noise of `count` samples with the spectrum `gain(f)`, seamless, rms 1."""
    white = forward(chance.noises(seed, name, count))
    white[0] = 0.0
    return unit(back(scale(white, gain(frequencies(count, rate))), count))


def rms(x: F64) -> float:
    """Root of the mean square, rounded so that the order of summing cannot show."""
    return round(math.sqrt(float(np.mean(x * x))), 9)


def unit(x: F64) -> F64:
    """The sound at rms 1."""
    return x / rms(x)
