"""The sound in bands as wide as the ear's: ERB after Glasberg & Moore (1990)."""

from __future__ import annotations

import numpy as np

from wearsound.core import F64


def middles(low: float, high: float, step: float) -> F64:
    """Frequencies `step` ERB apart from low to high, Hz."""
    first, last = (21.4 * np.log10(1.0 + 0.00437 * hz) for hz in (low, high))
    return np.asarray((10.0 ** (np.arange(first, last, step) / 21.4) - 1.0) / 0.00437)


def width(hz: float) -> float:
    """One ERB at `hz`, in Hz."""
    return 24.7 * (4.37 * hz / 1000.0 + 1.0)


def envelopes(mono: F64, rate: int, hz: F64, out_rate: float) -> F64:
    """Amplitude (bands, m) of one ERB about each `hz`, at about `out_rate` a second: no shorter than what is asked."""
    spectrum = np.fft.rfft(mono)
    each = rate / len(mono)
    m = max(8, round(len(mono) * out_rate / rate))
    out = np.zeros((len(hz), m))
    for row, mid in enumerate(hz):
        wide = width(mid)
        at = round(mid / each)
        half = min(m // 2 - 1, round(1.5 * wide / each), at - 1, len(spectrum) - at - 2)
        offset = np.arange(-half, half + 1)
        # A bell whose power is that of one ERB.
        bell = np.exp(-0.5 * np.pi * (offset * each / wide) ** 2)
        low = np.zeros(m, complex)
        low[offset % m] = spectrum[at + offset] * bell
        out[row] = np.abs(np.fft.ifft(low)) * 2.0 * m / len(mono)
    return out
