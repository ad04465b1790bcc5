"""A band of a sound: Butterworth's second order on either side, as one filter of order four with carried state."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wearsound.core import F64, Clock
from wearsound.instruments.soundscape.plain import PI, cosine, sine

SQRT2 = 1.4142135623730951


class Band:
    """Of `rows` sounds at once, low..high Hz, 12 dB an octave outside. [engine thread]

    Its coefficients are made of plain products: the same bits on every machine. Call `reset` before the first sound.
    """

    def __init__(self, low: float, high: float, clock: Clock, rows: int = 1) -> None:
        from scipy.signal import lfilter

        self._lfilter = lfilter
        rate = clock.sample_rate
        first, second = high_pass(warped(low, rate)), low_pass(warped(high, rate))
        self._b, self._a = product(first[0], second[0]), product(first[1], second[1])
        self._rows = rows

    def reset(self) -> None:
        """Nothing was heard."""
        self._state: F64 = np.zeros((self._rows, 4))

    def run(self, sound: F64) -> F64:
        """The band of `sound` (rows, n)."""
        band: F64
        band, self._state = self._lfilter(self._b, self._a, sound, -1, self._state)
        return band


def warped(hz: float, rate: float) -> float:
    """A corner as the bilinear transform takes it: tan(pi hz / rate), at most at 0.45 of the rate."""
    angle = PI * min(hz, 0.45 * rate) / rate
    return sine(angle) / cosine(angle)


def high_pass(k: float) -> tuple[list[float], list[float]]:
    """b and a of a Butterworth high-pass of the second order (bilinear transform), `k` its `warped` corner."""
    norm = _norm(k)
    return [norm, -2.0 * norm, norm], _poles(k, norm)


def low_pass(k: float) -> tuple[list[float], list[float]]:
    """b and a of a Butterworth low-pass of the second order (bilinear transform), `k` its `warped` corner."""
    norm = _norm(k)
    b = k * k * norm
    return [b, 2.0 * b, b], _poles(k, norm)


def product(p: Sequence[float], q: Sequence[float]) -> F64:
    """Of two polynomials."""
    whole: F64 = np.zeros(len(p) + len(q) - 1)
    for i, a in enumerate(p):
        for j, b in enumerate(q):
            whole[i + j] += a * b
    return whole


def _norm(k: float) -> float:
    return 1.0 / (1.0 + SQRT2 * k + k * k)


def _poles(k: float, norm: float) -> list[float]:
    return [1.0, 2.0 * (k * k - 1.0) * norm, (1.0 - SQRT2 * k + k * k) * norm]
