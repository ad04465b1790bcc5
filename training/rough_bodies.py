"""Steps, taps and rubs drawn from wide ranges, with no body behind them: so that nobody's habits are learned.

Nothing is solved here: a step is some low modes that a soft push starts and a little noise, a tap a short push on
higher modes, a stroke coloured noise with grain or a tone that sticks and slips. Ranges are guesses, rounded outwards.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.signal import lfilter

from benchmarks.hearing.dice import Dice
from benchmarks.movement.handling import rest_sound
from benchmarks.movement.pickup import drawn_pickup, recorded, through_disc
from benchmarks.movement.plate import RATE, Mode, one_pole_high, one_pole_low, peak, ring
from benchmarks.movement.script import Script, written
from benchmarks.movement.truth import Truth
from training.wide_shapes import noise_of, put, spanned
from wearsound import chance
from wearsound.core import F64


def rough(kind: str, seed: int) -> tuple[F64, Truth]:
    """Sound (n,) at RATE and truth of a script of `benchmarks.movement`, by somebody drawn from a seed."""
    dice = Dice(seed, f"rough {kind}")
    script = written(kind, dice.cup("script"))
    count = round(script.seconds * RATE)
    out = _steps(script, count, dice.cup("steps"))
    out += _taps(script, count, dice.cup("taps"))
    rub = _level(dice, -36, -14)
    out += _strokes(script.strokes, count, dice.cup("rubs"), rub)
    swings = [
        (fall.time + at * fall.period, fall.time + (at + dice.uniform(0.2, 0.45)) * fall.period)
        for fall in script.falls
        for at in ((0.5,) if dice.chance(0.6) else (-0.05, 0.5))
    ]
    out += _strokes(swings, count, dice.cup("rustle"), rub * _level(dice, -28, -9))
    out += rest_sound(script.seconds, script.disturbed, 1.0, dice.cup("rest"))
    pickup = drawn_pickup(dice.cup("pickup"))
    wave = through_disc(pickup, out)
    good = max(1e-9, peak(wave, 99.8))
    wave = recorded(pickup, wave, good, dice.cup("recorded"))
    return wave, Truth(
        script.seconds, sorted(f.time for f in script.falls), sorted(script.taps), sorted(script.strokes)
    )


def _level(dice: Dice, low: float, high: float) -> float:
    return float(10.0 ** (dice.uniform(low, high) / 20.0))


def _modes(dice: Dice, count: int, hertz: tuple[float, float], t60: tuple[float, float]) -> list[Mode]:
    return [Mode(spanned(dice, *hertz), spanned(dice, *t60), dice.uniform(0.2, 1.0)) for _ in range(count)]


def _push(seconds: float, power: float) -> F64:
    n = max(4, round(seconds * RATE))
    push: F64 = np.sin(np.pi * (np.arange(n) + 0.5) / n) ** power
    return push / push.sum()


def _steps(script: Script, count: int, dice: Dice) -> F64:
    """Heel, perhaps a toe, perhaps a slide of the sole; the second foot a little otherwise."""
    force, noise = np.zeros(count), np.zeros(count)
    if not script.falls:
        return force
    contact, power = spanned(dice, 0.005, 0.035), dice.uniform(1.0, 2.5)
    toes, toe = dice.chance(0.7), dice.uniform(0.1, 0.6)
    slides, uneven = dice.uniform(0.0, 0.5) ** 2, dice.uniform(0.0, 0.35)
    hiss = spanned(dice, 0.004, 0.04)
    for i, fall in enumerate(script.falls):
        size = dice.uniform(0.7, 1.2) * (1.0 - uneven * fall.foot) * (0.6 if fall.gait == "shuffle" else 1.0)
        put(force, fall.time, size * _push(contact * dice.uniform(0.85, 1.2), power))
        n = round(5 * hiss * RATE)
        crackle = chance.noises(dice.seed, f"{dice.name}/hiss", n, i * RATE)
        rises = np.minimum(1.0, np.arange(n) / (0.5 * contact * RATE))
        put(noise, fall.time, size * crackle * rises * np.exp(-np.arange(n) / (hiss * RATE)))
        if fall.gait != "up" and toes:
            late = fall.time + fall.period * dice.uniform(0.12, 0.26)
            put(force, late, size * toe * dice.uniform(0.6, 1.3) * _push(1.3 * contact, power))
        if fall.gait == "shuffle" or dice.chance(slides):
            n = round(dice.uniform(0.05, 0.22) * RATE)
            arch = np.sin(np.pi * (np.arange(n) + 0.5) / n) ** 1.5
            early = fall.time - (0.6 * n / RATE if fall.gait == "shuffle" else -0.03)
            put(noise, early, 0.4 * arch * chance.noises(dice.seed, f"{dice.name}/slide", n, i * RATE))
    modes = _modes(dice, dice.whole(1, 3), (24.0, 80.0), (0.04, 0.25))
    modes += _modes(dice, dice.whole(1, 4), (70.0, 300.0), (0.02, 0.15))
    heavy = ring(force, modes)
    knock = one_pole_low(np.diff(force, prepend=0.0), dice.uniform(600.0, 4000.0))
    bright = one_pole_high(one_pole_low(noise, spanned(dice, 400, 5000)), spanned(dice, 60, 600))
    out = heavy / max(1e-9, peak(heavy, 99.5))
    out += _level(dice, -30, -8) * knock / max(1e-9, peak(knock, 99.5))
    out += _level(dice, -40, -12) * bright / max(1e-9, peak(bright, 99.5))
    return _level(dice, -12, 0) * out


def _taps(script: Script, count: int, dice: Dice) -> F64:
    """Fingertips, nails, knuckles: a short push, modes from dull cloth to a ringing buckle."""
    force = np.zeros(count)
    if not script.taps:
        return force
    contact, power = spanned(dice, 0.0004, 0.005), dice.uniform(1.0, 2.0)
    spread = dice.uniform(2.0, 6.0)
    for time in script.taps:
        size = 10.0 ** (dice.uniform(-spread, spread) / 20.0)
        put(force, time, size * _push(contact * dice.uniform(0.8, 1.25), power))
        if dice.chance(0.1):
            put(force, time + dice.uniform(0.008, 0.025), 0.5 * size * _push(contact, power))
    modes = _modes(dice, dice.whole(2, 8), (250.0, 5000.0), (0.004, 0.08))
    modes += _modes(dice, dice.whole(0, 2), (60.0, 220.0), (0.02, 0.09))
    wave = ring(force, modes)
    wave = wave / max(1e-12, peak(wave, 99.5)) + dice.uniform(0.0, 0.7) * force / force.max()
    return _level(dice, -16, 0) * wave / max(1e-12, peak(wave, 99.5))


def _strokes(spans: list[tuple[float, float]], count: int, dice: Dice, level: float) -> F64:
    """Strokes: speed and weight arch over each; what sounds is noise with grain, ribs, or a squeak."""
    speed = np.zeros(count)
    if not spans:
        return speed
    for start, end in spans:
        n = round((end - start) * RATE)
        u = (np.arange(n) + 0.5) / n
        arch = (u * 2) ** dice.uniform(0.3, 1.5) * ((1 - u) * 2) ** dice.uniform(0.3, 1.5)
        put(speed, start, dice.uniform(0.6, 1.3) * arch / arch.max())
    low, high = spanned(dice, 120.0, 1500.0), spanned(dice, 900.0, 9000.0)
    noise = noise_of(dice, "cloth", count)
    grain = noise_of(dice, "grain", count)
    coarse = one_pole_low(np.abs(grain) ** dice.whole(1, 6), spanned(dice, 60.0, 3000.0))
    noise = noise * (coarse / coarse.mean()) ** dice.uniform(0.3, 1.0)
    wave = one_pole_high(one_pole_low(noise, high), min(low, 0.8 * high))
    if dice.chance(0.3):
        ribs = np.cumsum(speed) / RATE * spanned(dice, 100.0, 500.0)
        wave *= 1.0 + 0.8 * np.sin(2.0 * np.pi * ribs)
    if dice.chance(0.15):
        hertz = spanned(dice, 350.0, 3000.0) * (1.0 + 0.15 * (speed - 0.5))
        turns = np.cumsum(hertz) / RATE
        squeak = sum(np.sin(2.0 * np.pi * k * turns) / k for k in (1, 2, 3, 5))
        wave = 0.3 * wave / np.std(wave) + squeak * (0.5 + coarse / coarse.mean())
    if dice.chance(0.5):
        hertz, wide = spanned(dice, 500.0, 5000.0), dice.uniform(0.7, 3.0)
        turn = 2.0 * math.pi * hertz / RATE
        a = math.sin(turn) / (2.0 * wide)
        peaked = lfilter([a, 0.0, -a], [1.0 + a, -2.0 * math.cos(turn), 1.0 - a], wave + 1e-18)
        wave = wave + 3.0 * np.asarray(peaked)
    wave = wave * speed ** dice.uniform(0.6, 1.6)
    busy = speed > 0.3
    out: F64 = level * wave / max(1e-12, math.sqrt(float(np.mean(wave[busy] ** 2))))
    return out
