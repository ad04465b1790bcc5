"""A field recording that nobody made: eleven seconds of wind, gravel underfoot and dripping water, out of the seed.

Grains are taken from it where the performer's own sound is not there yet. It goes round without a seam.
"""

from __future__ import annotations

from functools import lru_cache
from math import sqrt

import numpy as np

from wearsound import chance
from wearsound.cascade import Cascade
from wearsound.core import F64, Clock
from wearsound.instruments.filters import band_pass, low_pass
from wearsound.instruments.soundscape.plain import PI, exponential

SECONDS = 11.0
SEAM = 0.25
"""Seconds in which the end fades into the beginning."""
REACH = 1.8
"""Seconds of the beginning that are kept again behind the end, so that no grain goes round."""
RMS = 0.1
GUSTS = 0.62
"""Seconds from knot to knot of the wind."""
BURSTS_A_SECOND = 34
DRIPS = 9


@lru_cache(maxsize=4)
def field(seed: int, clock: Clock) -> F64:
    """The loop of a seed, mono, rms 0.1: SECONDS and then REACH of its beginning again. Not to be written to."""
    rate = clock.sample_rate
    n, seam = round(SECONDS * rate), round(SEAM * rate)
    sound = _wind(seed, n + seam, clock) + _gravel(seed, n + seam, clock)
    Cascade(low_pass(7500.0, 2, clock)).run(sound[None])
    sound += _drips(seed, n + seam, rate)
    t = np.arange(seam) / seam
    sound[:seam] = np.sqrt(t) * sound[:seam] + np.sqrt(1.0 - t) * sound[n:]
    loop = sound[:n]
    loop = loop * (RMS / sqrt(float(np.add.reduce(loop * loop)) / n))
    whole = np.concatenate([loop, loop[: round(REACH * rate)]])
    whole.flags.writeable = False
    return whole


def _wind(seed: int, n: int, clock: Clock) -> F64:
    """A low body and a whistle round a corner, each in gusts of its own."""
    wind = np.zeros(n)
    for name, filters, level in (
        ("body", low_pass(420.0, 2, clock), 0.5),
        ("whistle", band_pass(640.0, 1050.0, 1, clock), 0.16),
    ):
        noise = chance.noises(seed, f"soundscape.field.wind.{name}", n)[None]
        Cascade(filters).run(noise)
        noise = noise[0] / sqrt(float(np.add.reduce(noise[0] * noise[0])) / n)
        gust = 0.5 + 0.5 * _slow(seed, f"soundscape.field.gust.{name}", n, clock.sample_rate)
        wind += level * gust * gust * gust * noise
    return wind


def _gravel(seed: int, n: int, clock: Clock) -> F64:
    """Stones: bursts of 2 to 8 ms, most of them faint."""
    rate, name = clock.sample_rate, "soundscape.field.gravel"
    gravel = np.zeros(n)
    count = round(n / rate * BURSTS_A_SECOND)
    where, loud, long = (
        chance.uniforms(seed, f"{name}.{what}", count).tolist() for what in ("where", "loud", "long")
    )
    noise = chance.noises(seed, name, 1 << 16)
    for i in range(count):
        length = round((0.002 + 0.006 * long[i]) * rate)
        start, at = int(where[i] * (n - length)), i * 149 % ((1 << 16) - length)
        fall = 1.0 - np.arange(length) / length
        gravel[start : start + length] += 2.6 * loud[i] * loud[i] * fall * fall * noise[at : at + length]
    Cascade(band_pass(700.0, 9000.0, 1, clock)).run(gravel[None])
    return gravel


def _drips(seed: int, n: int, rate: int) -> F64:
    """Water into a pool: each a tone that rises a little as its bubble closes, and the pool's answer a fifth below."""
    drips = np.zeros(n)
    length = round(0.9 * rate)
    i = np.arange(length, dtype=np.float64)
    attack = np.minimum(1.0, i / (0.002 * rate))
    for number in range(DRIPS):
        where, hz, loud, decay = chance.uniforms(seed, "soundscape.field.drip", 4, 4 * number).tolist()
        start = int((number + 0.15 + 0.7 * where) / DRIPS * (n - length))
        hz = 520.0 + 1500.0 * hz
        rising = 1.0 + 0.22 * (1.0 - _fall(length, 0.03 * rate))
        phase = np.add.accumulate(rising) * (2.0 * PI * hz / rate)
        tone = _sine(phase) * _fall(length, (0.05 + 0.10 * decay) * rate)
        tone += 0.35 * _sine(phase * (2.0 / 3.0)) * _fall(length, 0.22 * rate)
        drips[start : start + length] += (0.5 + 0.9 * loud) * attack * tone
    return drips


def _sine(phase: F64) -> F64:
    """On a grid of 20 bits: libraries differ in the last bit of a sine."""
    rounded: F64 = np.rint(np.sin(phase) * (1 << 20)) / (1 << 20)
    return rounded


def _fall(length: int, decay: float) -> F64:
    """Exponential, `decay` samples to 37 %, by products alone."""
    ratios = np.full(length, exponential(-1.0 / decay))
    ratios[0] = 1.0
    return np.multiply.accumulate(ratios)


def _slow(seed: int, name: str, n: int, rate: int) -> F64:
    """A B-spline through looked-up knots, about -1..1, (n,)."""
    step = GUSTS * rate
    knots = chance.noises(seed, name, int(n / step) + 5)
    t = np.arange(0, n + 64, 64) / step
    at = t.astype(np.intp)
    s = t - at
    p0, p1, p2, p3 = (knots.take(at + k) for k in range(4))
    line = (p0 + 4.0 * p1 + p2) + s * (
        3.0 * (p2 - p0) + s * (3.0 * (p0 - 2.0 * p1 + p2) + s * (p3 - 3.0 * (p2 - p1) - p0))
    )
    return np.interp(np.arange(n), np.arange(len(t)) * 64.0, 1.5 * line / 6.0)
