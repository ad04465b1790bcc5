"""Stillness ends it."""

from __future__ import annotations

import math

import numpy as np

from wearsound.core import F64


def tail(sound: F64, rate: int, still: float) -> tuple[float, float]:
    """Seconds from `still` until it stays below -80 dBFS (rms of 100 ms), and until exactly zero; inf if never."""
    rest = sound[round(still * rate) :]
    each = round(0.1 * rate)
    pieces = [rest[at : at + each] for at in range(0, len(rest), each)]
    loud = [at for at, piece in enumerate(pieces) if math.sqrt(float(np.mean(piece * piece))) > 1e-4]
    quiet = (loud[-1] + 1) * 0.1 if loud else 0.0
    sounding = np.flatnonzero(rest.any(axis=1))
    zero = (int(sounding[-1]) + 1) / rate if len(sounding) else 0.0
    end = len(rest) / rate
    return (quiet if quiet < end - 1e-9 else math.inf), (zero if zero < end - 1e-9 else math.inf)


def active(sound: F64, rate: int) -> tuple[float, float]:
    """From where to where something is played, in seconds: within 26 dB of its loudest second."""
    each = rate // 2
    count = len(sound) // each
    power = (sound[: count * each].reshape(count, -1) ** 2).mean(axis=1)
    if not power.any():
        return 0.0, 0.0
    busy = np.flatnonzero(power > 10.0**-2.6 * power.max())
    return busy[0] * 0.5, (busy[-1] + 1) * 0.5
