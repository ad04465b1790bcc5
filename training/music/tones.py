"""Synthetic tones: wavetables that darken, FM bells, plucks, pads, organs; each piece has its own.

A filter sweep is a fade from a bright wavetable to a dark one: no filter runs per note.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .dice import Dice
from .sines import RATE, Sound, band, decay, sweep

_TABLE = 4096
Voice = Callable[[int, float], Sound]  # (MIDI pitch, seconds) -> sound, peak about 1

ROLES = {
    "bass": ("saw", "sub", "fm", "pluck", "square"),
    "chords": ("saw", "organ", "pluck", "fm", "stab", "square"),
    "pad": ("pad", "organ", "pad"),
    "lead": ("saw", "square", "pluck", "fm", "sine"),
}


def _table(spectrum: np.ndarray) -> Sound:
    full = np.zeros(_TABLE // 2 + 1, np.complex128)
    full[1 : len(spectrum) + 1] = -1j * spectrum
    wave = np.fft.irfft(full)
    return (wave / (np.abs(wave).max() + 1e-12)).astype(np.float32)


def _envelope(count: int, attack: float, half: float, floor: float, release: float) -> Sound:
    """Linear attack, exponential fall to a floor, straight release in the last `release` seconds."""
    t = np.arange(count, dtype=np.float32) / RATE
    out = floor + (1 - floor) * np.exp2(-np.maximum(t - attack, 0) / half)
    out *= np.minimum(1.0, t / max(attack, 1e-3))
    end = min(count, max(64, int(release * RATE)))
    out[-end:] *= np.linspace(1, 0, end, dtype=np.float32)
    return out.astype(np.float32)


def make_voice(seed: int, name: str, role: str) -> tuple[Voice, bool]:
    """A voice with drawn parameters for a role (`ROLES`), and whether its attack is soft (> 80 ms)."""
    dice = Dice(seed, f"voice {name}")
    kind = dice.pick(ROLES[role])
    soft = kind == "pad" and dice.chance(0.6)
    attack = (
        dice.log(0.08, 0.5) if soft else dice.pick((0.001, 0.004, dice.log(0.002, 0.04)), (0.4, 0.4, 0.2))
    )
    held = kind in ("organ", "pad") or (kind in ("saw", "square", "sine") and dice.chance(0.5))
    half = dice.log(0.04, 0.5)
    floor = dice.between(0.5, 1.0) if held else 0.0
    release = dice.log(0.08, 0.6) if kind == "pad" else dice.log(0.01, 0.12)
    bright, dark, half_bright = dice.log(8, 60), dice.log(1.2, 8), dice.log(0.02, 0.5)
    detune = dice.log(0.0008, 0.006) if dice.chance(0.5) or kind == "pad" else 0.0
    copies = 3 if kind == "pad" and detune else (2 if detune else 1)
    vibrato = dice.between(0.001, 0.006) if dice.chance(0.25) else 0.0
    bars = np.array([dice.between(0, 1) for _ in range(8)])
    ratio, index, half_index = dice.pick((1, 2, 3, 3.5, 7, 1.41, 0.5)), dice.log(0.5, 6), dice.log(0.02, 0.4)

    def spectrum(frequency: float, cut: float) -> np.ndarray:
        n = np.arange(1, max(2, min(160, int(16000 / frequency))) + 1)
        if kind == "organ":
            shape = np.where(n <= 8, bars[(n - 1) % 8], 0.0)
            return shape + 0.1 * (n == 1)
        shape = np.where(n % 2 == 1, 1.0 / n, 0.0) if kind == "square" else 1.0 / n
        return shape / (1 + (n / cut) ** 4)

    def play(pitch: int, seconds: float) -> Sound:
        frequency = 440.0 * 2 ** ((pitch - 69) / 12)
        count = int((seconds + release) * RATE)
        if not held:
            count = min(count, int((attack + 7 * half + 0.01) * RATE))
        env = _envelope(count, attack, half, floor, release)
        t = np.arange(count, dtype=np.float64) / RATE
        bend = vibrato * np.sin(2 * np.pi * 5.3 * t) / (2 * np.pi * 5.3) * frequency if vibrato else 0.0
        if kind in ("sub", "sine"):
            return sweep(np.full(count, frequency)) * env
        if kind == "fm":
            depth = index * np.exp2(-t / half_index)
            mod = depth * np.sin(2 * np.pi * ratio * frequency * t)
            return np.sin(2 * np.pi * frequency * t + mod).astype(np.float32) * env
        light, shade = _table(spectrum(frequency, bright)), _table(spectrum(frequency, dark))
        fade = np.exp2(-t / half_bright).astype(np.float32)
        out = np.zeros(count, np.float32)
        for i in range(copies):
            turns = frequency * (1 + detune * (i - (copies - 1) / 2)) * t + bend + i * 0.37
            place = ((turns % 1.0) * _TABLE).astype(np.int32)
            low = shade[place]
            out += low + fade * (light[place] - low)
        return out * env / copies

    return play, soft


def noise_sweep(dice: Dice, seconds: float) -> Sound:
    """A riser or faller: noise whose band moves, swelling or dying."""
    count = int(seconds * RATE)
    low, high = (band(dice.noise(count), 150, 900), band(dice.noise(count), 2500, 12000))
    way = np.linspace(0, 1, count, dtype=np.float32)
    swell = way**2 if dice.chance(0.6) else (1 - way) ** 2
    out = swell * ((1 - way) * low + way * high)
    return out * np.minimum(1.0, decay(seconds, 1e3, 0.05)[:count])
