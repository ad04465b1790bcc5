"""All instruments into two channels: ducked, saturated, stopped like a tape, cut to true silence."""

from __future__ import annotations

import numpy as np

from wearsound.core import F64
from wearsound.sources.composer.form import RATE, SAMPLES, SILENCE
from wearsound.sources.composer.grain import centred, soft_clip

PEAK = 0.875
"""-1.16 dBFS: between the samples it may rise by a tenth of a decibel."""

DRIVE = 0.46

STOP = 0.30
"""Seconds in which the tape comes to rest before the silence."""


def mix_down(kick: F64, tuned: F64, drums: F64, surface: F64, duck: F64) -> F64:
    """Stereo (2, SAMPLES), peak below -1 dBFS, exact zeros in the silence. Lows are mono throughout."""
    mixed = tuned + surface
    mixed *= duck
    mixed += drums
    mixed += 0.70 * kick
    _stop_tape(mixed)
    window = _window()
    mixed = soft_clip(DRIVE * mixed * window)
    # After the clip, because a clipped kick is not centred.
    mixed = centred(mixed)
    mixed *= window
    return mixed * (PEAK / round(float(max(mixed.max(), -mixed.min())), 9))


def _stop_tape(mixed: F64) -> None:
    """Replace the last 0.3 s before the silence by the same sound slowing to nothing."""
    count = round(STOP * RATE)
    first = round(SILENCE[0] * RATE) - count
    u = np.arange(count) / count
    table = np.arange(257) / 256
    speed = np.interp(u, table, [(1 - x) ** 0.8 for x in table.tolist()])
    where = first + np.concatenate(([0.0], speed[:-1])).cumsum()
    whole = where.astype(np.int64)
    part = where - whole
    slowed = mixed[:, whole] + part * (mixed[:, whole + 1] - mixed[:, whole])
    mixed[:, first : first + count] = slowed * np.minimum(1.0, 2.5 * (1 - u))


def _window() -> F64:
    """1 while there is sound, soft edges; zero in the silence; a cosine over the last half second."""
    window = np.ones(SAMPLES)
    first, last = (round(s * RATE) for s in SILENCE)
    window[first:last] = 0.0
    soft = round(0.004 * RATE)
    window[first - soft : first] = 0.5 + 0.5 * np.cos(np.pi * np.arange(1, soft + 1) / soft)
    for start in (0, last):
        window[start : start + soft] = 0.5 - 0.5 * np.cos(np.pi * np.arange(soft) / soft)
    end = round(0.5 * RATE)
    window[SAMPLES - end :] = 0.5 + 0.5 * np.cos(np.pi * np.arange(1, end + 1) / end)
    return window


def side_channel(x: F64) -> F64:
    """A body or crowd channel with its last half second faded, centred, kept below -1 dBFS."""
    end = round(0.5 * RATE)
    x = centred(x)
    x[len(x) - end :] *= 0.5 + 0.5 * np.cos(np.pi * np.arange(1, end + 1) / end)
    return np.clip(x, -PEAK, PEAK)
