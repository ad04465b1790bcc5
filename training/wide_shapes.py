"""What the widest bodies are drawn from: spans, forces, modes of ringing, levels. Lengths in seconds, levels in dB."""

from __future__ import annotations

import math

import numpy as np
from scipy.signal import butter, sosfilt

from benchmarks.hearing.dice import Dice
from benchmarks.movement.plate import RATE, Mode, one_pole_high, peak
from wearsound import chance
from wearsound.core import F64


def spanned(dice: Dice, low: float, high: float) -> float:
    """Anything between, each octave as likely."""
    return float(low * (high / low) ** dice.uniform())


def noise_of(dice: Dice, name: str, count: int, at: int = 0) -> F64:
    """White noise (count,), +-1, from its sample `at` on."""
    return np.asarray(chance.noises(dice.seed, f"{dice.name}/{name}", count, at))


def put(out: F64, time: float, wave: F64) -> None:
    """Add it there, as far as there is room."""
    at = round(time * RATE)
    room = min(len(wave), len(out) - at)
    if at >= 0 and room > 0:
        out[at : at + room] += wave[:room]


def sized(wave: F64, decibels: float) -> F64:
    """With its usual peaks there."""
    return wave * 10.0 ** (decibels / 20.0) / max(1e-12, peak(wave, 99.5)) if wave.any() else wave


def as_loud(wave: F64, decibels: float) -> F64:
    """With the rms there that it has while it sounds."""
    power = one_pole_high(wave, 300.0) ** 2
    busy = power > 1e-3 * power.max() if power.any() else power > 1.0
    return (
        wave * 10.0 ** (decibels / 20.0) / max(1e-12, math.sqrt(float(power[busy].mean())))
        if busy.any()
        else wave
    )


def pushed(dice: Dice, seconds: float, shape: str) -> F64:
    """A force of one area: a half-sine to some power, a bell, a fast rise and a slow fall, or two humps."""
    n = max(4, round(seconds * RATE))
    u = (np.arange(n) + 0.5) / n
    if shape == "sine":
        push = np.sin(np.pi * u) ** dice.uniform(0.8, 3.0)
    elif shape == "bell":
        push = 0.5 - 0.5 * np.cos(2.0 * np.pi * u)
    elif shape == "skew":
        early = dice.uniform(0.08, 0.4)
        push = np.where(u < early, u / early, (1.0 - u) / (1.0 - early)) ** dice.uniform(1.0, 2.0)
    else:
        first, second = dice.uniform(0.1, 0.25), dice.uniform(0.5, 0.8)
        push = np.exp(-(((u - first) / 0.07) ** 2)) + dice.uniform(0.3, 1.2) * np.exp(
            -(((u - second) / 0.16) ** 2)
        )
    force: F64 = push / push.sum()
    return force


def drawn_modes(
    dice: Dice, count: int, hertz: tuple[float, float], t60: tuple[float, float], tilt: float
) -> list[Mode]:
    """Ringing: `count` of them, within a span of `hertz` and `t60`; `tilt` says how fast they weaken upwards."""
    modes = []
    for _ in range(count):
        pitch = spanned(dice, *hertz)
        modes.append(Mode(pitch, spanned(dice, *t60), dice.uniform(0.2, 1.0) * (hertz[0] / pitch) ** tilt))
    return modes


def band(wave: F64, low: float, high: float) -> F64:
    """Between two pitches, 12 dB an octave."""
    low, high = max(60.0, low), min(20_000.0, high)
    return np.asarray(sosfilt(butter(1, (low, high), "bandpass", fs=RATE, output="sos"), wave + 1e-18))
