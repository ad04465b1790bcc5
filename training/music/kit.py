"""Synthetic drums: each piece builds its own kit from drawn parameters, one sound per MIDI key."""

from __future__ import annotations

import numpy as np

from .dice import Dice
from .note import TOMS
from .sines import RATE, Sound, add, band, decay, hiss, sweep


def kick(dice: Dice) -> Sound:
    """A falling sine with or without click, from tight 909s to long 808 subs."""
    long = dice.chance(0.25)
    half = dice.log(0.12, 0.35) if long else dice.log(0.025, 0.12)
    env = decay(min(1.2, half * 8), half, dice.pick((0.0, 0.001, 0.004)))
    t = np.arange(len(env)) / RATE
    base, height, fall = dice.log(36, 75), dice.log(30, 400), dice.log(0.006, 0.05)
    body = sweep(base + height * np.exp(-t / fall), dice.pick((0.0, 0.25))) * env
    if dice.chance(0.3):
        body = np.tanh(body * dice.log(1.5, 8)).astype(np.float32)
    click = dice.log(0.01, 0.8)
    burst = hiss(dice, 0.012, dice.log(200, 2500), 14000)
    add(body, burst * decay(0.012, dice.log(0.0008, 0.004))[: len(burst)], 0, click)
    if dice.chance(0.3):
        body = band(body, 0, dice.log(120, 4000))
    return body


def snare(dice: Dice) -> Sound:
    """A short tone or two under a burst of noise."""
    half = dice.log(0.02, 0.11)
    noise = hiss(dice, half * 7, dice.log(300, 2500), dice.log(6000, 24000))
    noise *= decay(half * 7, half)[: len(noise)]
    tone_env = decay(half * 7, dice.log(0.01, 0.06))[: len(noise)]
    t = np.arange(len(noise)) / RATE
    base = dice.log(130, 330)
    tone = sweep(base * (1 + dice.between(0, 0.8) * np.exp(-t / 0.012))) * tone_env
    tone += 0.5 * sweep(np.full(len(noise), base * dice.between(1.4, 1.9))) * tone_env
    return noise * dice.between(0.4, 1) + tone * dice.between(0.1, 0.8)


def clap(dice: Dice) -> Sound:
    """Several close bursts and a tail."""
    low, half = dice.log(500, 1200), dice.log(0.03, 0.12)
    tail = hiss(dice, half * 6, low, dice.log(3000, 9000))
    env = decay(half * 6, half)[: len(tail)] * 0.7
    for i in range(dice.whole(1, 3)):
        spot = int(i * dice.between(0.007, 0.013) * RATE)
        add(env, decay(0.02, 0.003), spot, 0.9)
    return tail * env


def rim(dice: Dice) -> Sound:
    """A dry stick: two high tones, very short."""
    env = decay(0.09, dice.log(0.004, 0.015))
    ones = np.ones(len(env))
    tone = sweep(ones * dice.log(380, 900)) + sweep(ones * dice.log(1300, 2600), 0.25)
    return 0.5 * tone * env + 0.3 * hiss(dice, 0.09, 1500, 12000)[: len(env)] * env**2


def metal(dice: Dice, half: float, low: float) -> Sound:
    """Hats and cymbals: six square waves and noise, high-passed."""
    env = decay(min(2.5, half * 8), half, dice.pick((0.0, 0.0015)))
    t = np.arange(len(env), dtype=np.float32) / RATE
    base = dice.log(230, 600)
    ring = np.zeros(len(env), np.float32)
    for ratio in (1.0, 1.47, 1.73, 2.09, 2.55, 2.88):
        ring += np.sign(np.sin(2 * np.pi * base * ratio * dice.between(0.97, 1.03) * t)).astype(np.float32)
    mix = dice.between(0.0, 0.25) * ring + dice.between(0.4, 1) * dice.noise(len(env))
    return band(mix, low, 24000, 4) * env * 0.4


def shaker(dice: Dice) -> Sound:
    """Noise that swells for some hundredths of a second, then falls."""
    rise, half = dice.log(0.004, 0.03), dice.log(0.012, 0.05)
    env = decay(rise + half * 6, half, rise)
    return hiss(dice, rise + half * 6, dice.log(3000, 7000), 16000)[: len(env)] * env * 0.8


def tom(dice: Dice, pitch: float) -> Sound:
    """A falling sine, longer than a kick's."""
    half = dice.log(0.05, 0.2)
    env = decay(half * 7, half)
    t = np.arange(len(env)) / RATE
    return sweep(pitch * (1 + dice.between(0.1, 0.8) * np.exp(-t / 0.03))) * env


def bell(dice: Dice, pitch: float) -> Sound:
    """Cowbells, claves, blocks, agogos: two partials, dry."""
    half = dice.log(0.012, 0.09)
    env = decay(half * 7, half)
    ones = np.ones(len(env))
    square = dice.chance(0.5)
    tone = sweep(ones * pitch) + sweep(ones * pitch * dice.between(1.35, 2.8))
    return (np.tanh(3 * tone).astype(np.float32) if square else tone) * env * 0.45


class Kit:
    """Sounds by General MIDI key, made when first asked for; two or three takes of each."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._takes: dict[int, Sound] = {}
        self._hat_low = Dice(seed, "kit").log(3500, 9000)

    def sound(self, key: int) -> Sound:
        """The sound of one key, peak about 1."""
        if key not in self._takes:
            made = self._make(key)
            self._takes[key] = made / (float(np.abs(made).max()) + 1e-9)
        return self._takes[key]

    def _make(self, key: int) -> Sound:
        dice = Dice(self._seed, f"drum {key}")
        if key in (35, 36):
            return kick(dice)
        if key in (38, 40):
            return snare(dice)
        if key == 39:
            return clap(dice)
        if key == 37:
            return rim(dice)
        if key in (42, 44):
            return metal(dice, dice.log(0.006, 0.04), self._hat_low)
        if key == 46:
            return metal(dice, dice.log(0.06, 0.25), self._hat_low)
        if key in (51, 53, 59):
            return metal(dice, dice.log(0.1, 0.4), dice.log(2500, 6000))
        if key in (49, 55, 57):
            return metal(dice, dice.log(0.25, 0.6), dice.log(1500, 4000))
        if key in (69, 70, 82, 54):
            return shaker(dice)
        if key in TOMS:
            return tom(dice, 60.0 * 2 ** ((key - 41) / 7))
        if key in (60, 61, 62, 63, 64, 65, 66):
            return tom(dice, dice.log(140, 420))
        return bell(dice, dice.log(450, 2600))
