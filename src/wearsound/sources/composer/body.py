"""Channel 3, a contact microphone in a coat: footsteps and the rustle between them, rubbing, taps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from wearsound import chance
from wearsound.core import F64
from wearsound.sources.composer.form import RATE, SAMPLES, Form, snap
from wearsound.sources.composer.grain import (
    bell,
    between,
    decay,
    fill,
    place,
    ramp,
    sine,
    slice_of,
    smooth_ends,
)
from wearsound.sources.composer.spectrum import band, low_pass, noise_loop, resonance, unit

WALKS = ((1.6, 10.4), (30.2, 38.5))
RUBS = ((11.2, 14.5), (26.9, 29.8))
TAPS = (15.4, 18.8)


@dataclass(frozen=True, slots=True)
class Stroke:
    """One stroke of a rubbing hand, in seconds."""

    time: float
    duration: float


def write_steps(form: Form) -> tuple[float, ...]:
    """The steps of the demo track, at 106 to 112 a minute."""
    seed = form.seed
    return steps(
        seed,
        [(start, end, between(0.535, 0.565, seed, "demo.gait", i)) for i, (start, end) in enumerate(WALKS)],
    )


def steps(seed: int, walks: Sequence[tuple[float, float, float]]) -> tuple[float, ...]:
    """Heels between start and end, at a period (s) that wanders: it remembers 85 % of itself, and the two feet are
    12 ms apart in habit."""
    times: list[float] = []
    for start, end, period in walks:
        time, drift = start, 0.0
        while time < end:
            foot = len(times)
            drift = 0.85 * drift + 0.008 * bell(seed, "demo.step", foot)
            times.append(snap(time + (0.012 if foot % 2 else 0.0)))
            time += period + drift
    return tuple(times)


def rubs(seed: int, spans: Sequence[tuple[float, float]]) -> tuple[Stroke, ...]:
    """Strokes of 220 to 440 ms with short turning points between them."""
    strokes: list[Stroke] = []
    for start, end in spans:
        time = start
        while time < end - 0.25:
            i = len(strokes)
            duration = between(0.22, 0.44, seed, "demo.rub", i)
            strokes.append(Stroke(snap(time), round(duration, 6)))
            time += duration + between(0.02, 0.07, seed, "demo.rub.gap", i)
    return tuple(strokes)


def write_taps(form: Form) -> tuple[float, ...]:
    """Fingers on the coat, roughly on the eighths of the music, some left out."""
    times = []
    eighth = 2 * form.step
    for i in range(math.ceil(TAPS[0] / eighth), math.floor(TAPS[1] / eighth)):
        if chance.uniform(form.seed, "demo.tap", i) < 0.9:
            times.append(snap(i * eighth + 0.012 * bell(form.seed, "demo.tap.late", i)))
    return tuple(times)


def play_body(
    seed: int,
    steps: tuple[float, ...],
    rubs: tuple[Stroke, ...],
    taps: tuple[float, ...],
    samples: int = SAMPLES,
) -> F64:
    """The whole channel (samples,), full scale +-1."""
    bus = _floor(seed, samples)
    rustle = noise_loop(seed, "demo.rustle", 163_840, _cloth)
    rustle = rustle * (0.3 + 0.7 * _grit(seed, 110, 163_840))
    for i, time in enumerate(steps):
        place(bus, time, _step(seed, i), 0.5 * between(0.85, 1.15, seed, "demo.step.level", i))
        period = steps[i + 1] - time if i + 1 < len(steps) else 0.55
        _place_rustle(bus, rustle, seed, 2 * i, time - 0.035, 0.30, 0.045)
        if period < 1:
            _place_rustle(bus, rustle, seed, 2 * i + 1, time + 0.46 * period, 0.22, 0.034)
    slow, fast = _rub_noises(seed)
    for i, stroke in enumerate(rubs):
        place(bus, stroke.time, _rub(seed, i, stroke, slow, fast), 0.034)
    for i, time in enumerate(taps):
        place(bus, time, _tap(seed, i), 0.30 * between(0.8, 1.2, seed, "demo.tap.level", i))
    return bus


def _floor(seed: int, samples: int) -> F64:
    """The microphone and its cable: noise at -74 dBFS, mains hum at -66 with a third harmonic."""
    noise = noise_loop(seed, "demo.body.floor", 144_000, lambda f: low_pass(f, 9000, 1))
    # 50 Hz and 150 Hz come round every 960 samples.
    hum = sine(50.0, 960) + 0.4 * sine(150.0, 960)
    return fill(0.0002 * noise, samples) + fill(0.00066 * hum, samples)


def _step(seed: int, i: int) -> F64:
    """A heel, then a toe; one foot sounds 6 % higher than the other."""
    tune = (1.0, 1.06)[i % 2] * (1 + 0.01 * bell(seed, "demo.step.pitch", i))
    count = round(0.42 * RATE)
    out = _thud(count, tune, (52, 88, 147), (0.055, 0.038, 0.022))
    late = round(between(0.075, 0.115, seed, "demo.toe", i) * RATE)
    toe = _thud(count - late, tune, (79, 162, 231), (0.030, 0.022, 0.014))
    out[late:] += toe * between(0.55, 0.9, seed, "demo.toe.level", i)
    return smooth_ends(out, 0.08)


def _thud(count: int, tune: float, pitches: tuple[int, ...], decays: tuple[float, ...]) -> F64:
    out = np.zeros(count)
    for hertz, seconds, level in zip(pitches, decays, (1.0, 0.75, 0.5), strict=True):
        out += level * sine(hertz * tune, count) * decay(count, seconds)
    return out * ramp(count, 0.004) * 0.6


def _cloth(f: F64) -> F64:
    return band(f, 1000, 6000, 2) * (1 + 0.6 * resonance(f, 2600, 1.5))


def _grit(seed: int, hertz: float, count: int) -> F64:
    """Fibres catching: slow noise, rectified and squared, rms 1."""
    slow = noise_loop(seed, f"demo.grit.{hertz:g}", count, lambda f: low_pass(f, hertz, 3))
    return unit(slow * slow)


def _place_rustle(
    bus: F64, rustle: F64, seed: int, i: int, time: float, seconds: float, level: float
) -> None:
    seconds *= between(0.85, 1.15, seed, "demo.rustle.length", i)
    count = round(seconds * RATE)
    u = (np.arange(count) + 0.5) / count
    window = np.minimum(1.0, u / 0.2) * (1 - u)
    grain = slice_of(rustle, seed, "demo.rustle.place", i, count) * window
    place(bus, time, grain, level * between(0.8, 1.3, seed, "demo.rustle.level", i))


def _rub_noises(seed: int) -> tuple[F64, F64]:
    """The slow, dark and the fast, bright end of a stroke."""
    grit = _grit(seed, 160, 131_072)
    slow = noise_loop(seed, "demo.rub.slow", 131_072, lambda f: band(f, 700, 2600, 2))
    fast = noise_loop(seed, "demo.rub.fast", 131_072, lambda f: band(f, 1800, 5200, 2))
    return slow * (0.35 + 0.65 * grit), fast * (0.35 + 0.65 * grit)


_ARCH = [math.sin(math.pi * k / 256) ** 0.8 for k in range(256)] + [0.0]


def _rub(seed: int, i: int, stroke: Stroke, slow: F64, fast: F64) -> F64:
    count = round(stroke.duration * RATE)
    speed: F64 = np.interp(np.arange(count) / count, np.arange(257) / 256, _ARCH)
    start = int(chance.uniform(seed, "demo.rub.place", i) * (len(slow) - count))
    part = slice(start, start + count)
    level = between(0.75, 1.2, seed, "demo.rub.level", i)
    return level * speed * ((1 - speed) * slow[part] + speed * fast[part])


def _tap(seed: int, i: int) -> F64:
    count = round(0.16 * RATE)
    tune = between(0.97, 1.03, seed, "demo.tap.pitch", i)
    out = np.zeros(count)
    for hertz, seconds, level in ((610, 0.011, 0.8), (1370, 0.006, 0.5), (112, 0.020, 0.6)):
        out += level * sine(hertz * tune, count) * decay(count, seconds)
    out *= ramp(count, 0.0006)
    click = round(0.0012 * RATE)
    out[:click] += 0.35 * chance.noises(seed, "demo.tap.noise", click, i * click)
    return smooth_ends(out, 0.04)
