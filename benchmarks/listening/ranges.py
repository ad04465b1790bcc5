"""What is good. The limits were found by looking at one soundscape: they describe it, and are no outside standard."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from benchmarks.listening import form, level, modulation, stereo, tone
from wearsound.core import F64


class Measure(NamedTuple):
    """`of` a stereo sound (n, 2) at a rate; good from `low` to `high`."""

    name: str
    unit: str
    low: float
    high: float
    of: Callable[[F64, int], float]


MEASURES = (
    Measure("loudness", "LUFS", -26.0, -13.5, level.loudness),
    Measure("range", "LU", 2.4, 16.0, level.loudness_range),
    Measure("crest", "dB", 10.0, 22.0, level.crest),
    Measure("true peak", "dBTP", -math.inf, -1.0, level.true_peak),
    Measure("offset", "dBFS", -math.inf, -75.0, level.offset),
    Measure("slope", "dB/oct", -7.1, -4.0, tone.slope),
    Measure("peaks", "dB", 0.0, 8.0, tone.peaks),
    Measure("harshness", "dB", -math.inf, -11.0, tone.harshness),
    Measure("sub", "dB", -28.0, -4.0, tone.sub),
    Measure("low correlation", "", 0.6, 1.0, stereo.low_correlation),
    Measure("high correlation", "", -0.1, 0.75, stereo.high_correlation),
    Measure("breathing", "", 0.25, 1.2, modulation.breathing),
    Measure("roughness", "", 0.0, 0.5, modulation.roughness),
    Measure("repetition", "", 0.0, 0.45, form.repetition),
    Measure("variety", "dB", 1.2, 8.0, form.variety),
)
LIMITER = (0.7, 1.0)
"""The least gain of the limiter in normal use."""
SHORTEST = {"range": 15.0, "variety": 15.0, "repetition": 10.0}
"""Seconds that a measure wants to say anything."""
TAIL = (2.0, 66.0)
"""Seconds of stillness after which nothing sounds: it does not stop short, and ends with the longest memory too."""
