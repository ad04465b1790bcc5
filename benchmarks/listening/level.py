"""How loud, how even, how high."""

from __future__ import annotations

import math

import numpy as np

from wearsound.core import F64


def loudness(sound: F64, rate: int) -> float:
    """LUFS after ITU-R BS.1770-4, gated; -inf for silence."""
    power = _weighted(sound, rate, 0.4, 0.1)
    power = power[power > _power(-70.0)]
    if not len(power):
        return -math.inf
    power = power[power > 0.1 * power.mean()]
    return _lufs(float(power.mean()))


def loudness_range(sound: F64, rate: int) -> float:
    """LU from the 10th to the 95th percentile of 3 s, after EBU Tech 3342's gates (-70 LUFS, 20 LU below the mean)."""
    power = _weighted(sound, rate, 3.0, 0.1)
    power = power[power > _power(-70.0)]
    if not len(power):
        return 0.0
    power = power[power > 0.01 * power.mean()]
    low, high = np.percentile(power, [10, 95])
    return 10.0 * math.log10(high / low)


def crest(sound: F64, rate: int) -> float:
    """dB from rms to the highest sample, over both channels."""
    rms = math.sqrt(float(np.mean(sound * sound)))
    return 20.0 * math.log10(float(np.abs(sound).max()) / rms) if rms else 0.0


def true_peak(sound: F64, rate: int) -> float:
    """dBTP: the highest point of the wave, by 4 x oversampling; -inf for silence."""
    from scipy.signal import resample_poly

    size = max(float(np.abs(resample_poly(sound, 4, 1, axis=0)).max()), float(np.abs(sound).max()))
    return 20.0 * math.log10(size) if size else -math.inf


def offset(sound: F64, rate: int) -> float:
    """dBFS of what does not move (DC), of the worse channel; -200 for none."""
    return 20.0 * math.log10(max(1e-10, float(np.abs(sound.mean(axis=0)).max())))


def _weighted(sound: F64, rate: int, seconds: float, step: float) -> F64:
    """K-weighted power of pieces, channels added (m,)."""
    from scipy.signal import lfilter

    heard = sound
    for b, a in (_shelf(rate), _high_pass(rate)):
        heard = lfilter(b, a, heard, axis=0)
    total = np.concatenate([[0.0], np.cumsum((heard * heard).sum(axis=1))])
    length = min(len(sound), round(seconds * rate))
    starts = np.arange(0, len(sound) - length + 1, round(step * rate))
    return np.asarray((total[starts + length] - total[starts]) / max(1, length))


def _power(lufs: float) -> float:
    return 10.0 ** ((lufs + 0.691) / 10.0)


def _lufs(power: float) -> float:
    return -0.691 + 10.0 * math.log10(power)


def _shelf(rate: int) -> tuple[list[float], list[float]]:
    """The head: +4 dB above 1.7 kHz. Analogue values recovered from the standard's 48 kHz coefficients."""
    k = math.tan(math.pi * 1681.974450955533 / rate)
    q, high = 0.7071752369554196, 10.0 ** (3.999843853973347 / 20.0)
    mid = high**0.4996667741545416
    norm = 1.0 + k / q + k * k
    b = [(high + mid * k / q + k * k) / norm, 2 * (k * k - high) / norm, (high - mid * k / q + k * k) / norm]
    return b, [1.0, 2.0 * (k * k - 1.0) / norm, (1.0 - k / q + k * k) / norm]


def _high_pass(rate: int) -> tuple[list[float], list[float]]:
    """The RLB weighting: a high-pass at 38 Hz."""
    k = math.tan(math.pi * 38.13547087602444 / rate)
    q = 0.5003270373238773
    norm = 1.0 + k / q + k * k
    return [1.0, -2.0, 1.0], [1.0, 2.0 * (k * k - 1.0) / norm, (1.0 - k / q + k * k) / norm]
