"""Hands whose very shape is drawn: pads, nails, knuckles; strokes, and cloth that hisses, catches or squeaks."""

from __future__ import annotations

import numpy as np

from benchmarks.hearing.dice import Dice
from benchmarks.movement.plate import RATE, Mode, one_pole_low, peak, ring
from training.wide_script import Scene
from training.wide_shapes import band, drawn_modes, noise_of, pushed, put, spanned
from wearsound import chance
from wearsound.core import F64

HEARD = 0.12
"""A stroke is rubbing from where the hand goes at so much of its most."""


def wide_taps(does: Scene, count: int, dice: Dice) -> F64:
    """A finger's pad, a nail, a knuckle: a short force on drawn modes, perhaps with most of it in the body."""
    force = np.zeros(count)
    if not does.taps:
        return force
    contact, shape = spanned(dice, 0.0003, 0.007), dice.pick(("sine", "bell", "skew"))
    bounce, varies = dice.chance(0.2), dice.uniform(0.5, 6.0)
    for time in does.taps:
        size = 10.0 ** (dice.uniform(-varies, varies) / 20.0)
        push = size * pushed(dice, contact * dice.uniform(0.8, 1.25), shape)
        put(force, time, push)
        if bounce and dice.chance(0.5):
            put(force, time + dice.uniform(0.008, 0.03), 0.4 * push)
    low, high = spanned(dice, 60.0, 900.0), spanned(dice, 900.0, 8000.0)
    modes = drawn_modes(dice, dice.whole(2, 9), (low, high), (0.006, 0.11), dice.uniform(0.0, 1.0))
    if dice.chance(0.6):
        body = drawn_modes(dice, dice.whole(1, 2), (50.0, 450.0), (0.03, 0.15), 0.0)
        modes += [Mode(one.hz, one.t60, one.gain * dice.uniform(0.2, 1.5)) for one in body]
    wave = ring(force, modes)
    return wave / max(1e-12, peak(wave, 99.5)) + dice.uniform(0.0, 0.8) * force / force.max()


def _speeds(dice: Dice, n: int, turns: int, shape: str, power: float) -> F64:
    """How fast the hand goes, most 1: an arch, minimum jerk, a plateau, a lean; or round and round."""
    u = (np.arange(n) + 0.5) / n
    if turns:
        least = dice.uniform(0.15, 0.8)
        edge = np.minimum(1.0, np.minimum(u, 1.0 - u) * n / (0.06 * RATE))
        phase = dice.uniform()
        return np.asarray(
            edge * (least + (1.0 - least) * (0.5 - 0.5 * np.cos(2.0 * np.pi * (turns * u + phase))))
        )
    if shape == "sine":
        arch = np.sin(np.pi * u) ** power
    elif shape == "jerk":
        arch = 16.0 * (u * (1.0 - u)) ** 2
    elif shape == "plateau":
        arch = np.minimum(1.0, np.minimum(u, 1.0 - u) / dice.uniform(0.08, 0.3))
    else:
        arch = (2.0 * u) ** (1.0 + power) * (2.0 * (1.0 - u)) ** (0.5 + 0.5 * power)
    return np.asarray(arch / arch.max())


def wide_rubs(does: Scene, count: int, dice: Dice) -> tuple[F64, list[tuple[float, float]]]:
    """Strokes (count,), and where they are to be heard."""
    speed, spans = np.zeros(count), []
    shape, power = dice.pick(("sine", "jerk", "plateau", "lean")), dice.uniform(0.5, 1.5)
    varies, press, rise = dice.uniform(0.0, 0.4), np.zeros(count), dice.uniform(0.01, 0.08)
    for start, end, turns in does.strokes:
        n = round((end - start) * RATE)
        arch = _speeds(dice, n, turns, shape, power)
        fast = np.flatnonzero(arch >= HEARD)
        spans.append((start + fast[0] / RATE, start + (fast[-1] + 1) / RATE))
        put(speed, start, arch * dice.uniform(1.0 - varies, 1.0 + varies))
        put(
            press,
            start,
            dice.uniform(0.3, 1.0)
            * np.minimum(1.0, np.minimum(np.arange(n), np.arange(n)[::-1]) / (rise * RATE)),
        )
    if not spans:
        return speed, spans
    wave, soft = _cloth(speed, count, dice), spanned(dice, 15.0, 150.0)
    if dice.chance(0.6):
        pushed = one_pole_low(one_pole_low(press, soft), soft)
        level = 10.0 ** (dice.uniform(-20.0, 12.0) / 20.0)
        wave = wave / max(1e-12, float(np.std(wave))) + level * pushed / max(1e-12, float(np.std(pushed)))
    return wave, spans


def wide_rustle(does: Scene, count: int, dice: Dice) -> F64:
    """The coat that swings with each leg, by itself: one or two swings a step, some of them nearly always there."""
    speed = np.zeros(count)
    if not does.legs or dice.chance(0.15):
        return speed
    double, share, first = dice.chance(0.4), dice.uniform(0.2, 0.9), dice.uniform(-0.1, 0.6)
    for time, period in does.legs:
        for at in (first, first + 0.5) if double else (first,):
            n = round(period * share * (0.6 if double else 1.0) * dice.uniform(0.8, 1.2) * RATE)
            arch = np.sin(np.pi * (np.arange(n) + 0.5) / n) ** dice.uniform(0.6, 2.0)
            put(speed, max(0.0, time + at * period), arch * dice.uniform(0.5, 1.0))
    return _cloth(speed, count, dice)


def _cloth(speed: F64, count: int, dice: Dice) -> F64:
    """What a surface sounds like under a hand that goes so fast: two colours of noise, grain, threads, a squeak."""
    middle = spanned(dice, 350.0, 9000.0)
    wide = spanned(dice, 1.6, 6.0)
    slow = band(noise_of(dice, "slow", count), 0.6 * middle / wide, 0.6 * middle * wide)
    fast = band(noise_of(dice, "fast", count), middle / wide, middle * wide)
    follows = dice.uniform() * np.minimum(1.0, speed)
    kind = dice.pick(("noise", "noise", "catches", "threads"))
    if kind == "noise":
        wave = slow * (1.0 - follows) + fast * follows
    else:
        hits = _catches(speed, count, kind == "threads", dice)
        q = spanned(dice, 0.7, 3.5)
        slowly, quickly = (
            [Mode(min(9000.0, k * hz), 2.2 * q / (k * hz), 1.0 / k) for k in (1.0, 1.7)]
            for hz in (0.6 * middle, middle)
        )
        wave = ring(hits * (1.0 - follows), slowly) + ring(hits * follows, quickly)
        wave = wave / max(1e-12, float(np.std(wave))) + dice.uniform(0.0, 0.5) ** 2 * fast / max(
            1e-12, float(np.std(fast))
        )
    if kind == "noise" and dice.chance(0.6):
        coarse = one_pole_low(
            np.abs(noise_of(dice, "grain", count)) ** dice.whole(1, 8), spanned(dice, 40.0, 3000.0)
        )
        wave = wave * (coarse / coarse.mean()) ** dice.uniform(0.2, 1.0)
    if dice.chance(0.35):
        threads = np.cumsum(speed) / RATE * spanned(dice, 40.0, 900.0)
        wave = wave * (1.0 + dice.uniform(0.2, 1.0) * np.sin(2.0 * np.pi * threads))
    if dice.chance(0.12):
        turns = np.cumsum(spanned(dice, 300.0, 3500.0) * (1.0 + 0.2 * (speed - 0.5))) / RATE
        squeak = sum(np.sin(2.0 * np.pi * k * turns) / k for k in (1, 2, 3, 4))
        wave = 0.4 * wave / max(1e-12, float(np.std(wave))) + squeak
    return np.asarray(wave * np.maximum(0.0, speed) ** dice.uniform(0.5, 1.6))


def _catches(speed: F64, count: int, even: bool, dice: Dice) -> F64:
    """Fibres that catch and let go, 60 to 9000 a second at full speed: one by chance, or thread after thread."""
    many = spanned(dice, 60.0, 9000.0)
    if even:
        passed = np.floor(np.cumsum(np.maximum(0.0, speed)) / RATE * min(many, 1500.0))
        hits = np.diff(passed, prepend=0.0) * (1.0 + 0.5 * noise_of(dice, "uneven", count))
    else:
        size = (0.02 + chance.uniforms(dice.seed, f"{dice.name}/size", count)) ** -dice.uniform(0.1, 0.6)
        sign = np.sign(noise_of(dice, "sign", count))
        hits = np.where(
            chance.uniforms(dice.seed, f"{dice.name}/hit", count) < many * speed / RATE, size * sign, 0.0
        )
    return np.asarray(hits)
