"""Feet whose very shape is drawn: how a force rises, whether it has two humps, toes, soles that slide."""

from __future__ import annotations

import numpy as np

from benchmarks.hearing.dice import Dice
from benchmarks.movement.plate import RATE, one_pole_high, one_pole_low, ring
from training.wide_script import Scene
from training.wide_shapes import drawn_modes, pushed, put, sized, spanned
from wearsound import chance
from wearsound.core import F64

FELT = 0.1
"""A foot has come when it presses with so much of its most; nobody can hear it sooner."""


def tread(dice: Dice) -> tuple[str, float, float]:
    """The shape of a foot's force, how long it lasts, and how long after the foot came it is felt, in seconds."""
    shape = dice.pick(("sine", "bell", "skew", "skew", "humps"))
    contact = spanned(dice, 0.08, 0.3) if shape == "humps" else spanned(dice, 0.004, 0.05)
    first = pushed(dice.cup("felt"), contact, shape)
    return shape, contact, float(np.argmax(first > FELT * first.max())) / RATE


def wide_steps(does: Scene, count: int, dice: Dice) -> tuple[F64, float]:
    """Heels, toes, soles that slide, of one walker; and how long after a foot came its force is felt."""
    force, bright = np.zeros(count), np.zeros(count)
    shape, contact, felt = tread(dice)
    if not does.falls:
        return force, felt
    toes, toe, when = dice.chance(0.65), dice.uniform(0.1, 0.9), dice.uniform(0.1, 0.3)
    slides, uneven = dice.uniform() ** 3, dice.uniform(0.0, 0.5)
    varies = dice.uniform(0.02, 0.3)
    crack, tail = dice.uniform(0.001, 0.03), spanned(dice, 0.004, 0.05)
    for i, (time, period) in enumerate(does.falls):
        size = (1.0 + varies * dice.uniform(-1.0, 1.0)) * (1.0 - uneven * (i % 2))
        put(force, time, size * pushed(dice, contact * dice.uniform(0.85, 1.2), shape))
        n = round(5.0 * tail * RATE)
        hiss = chance.noises(dice.seed, f"{dice.name}/hiss", n, i * RATE)
        at = np.arange(n) / RATE
        put(bright, time, size * hiss * np.minimum(1.0, at / crack) * np.exp(-at / tail))
        if toes and shape != "humps":
            late = time + min(0.25, period * when * dice.uniform(0.85, 1.15))
            put(force, late, size * toe * dice.uniform(0.5, 1.3) * pushed(dice, 1.3 * contact, shape))
        if dice.chance(0.4 * slides):
            n = round(dice.uniform(0.04, 0.2) * RATE)
            arch = np.sin(np.pi * (np.arange(n) + 0.5) / n) ** 1.5
            put(bright, time + dice.uniform(-0.04, 0.12), 0.4 * arch * hiss_at(dice, i, n))
    modes = drawn_modes(dice, dice.whole(1, 4), (15.0, 110.0), (0.04, 0.45), 0.2)
    modes += drawn_modes(dice, dice.whole(0, 4), (80.0, 420.0), (0.015, 0.18), 0.4)
    heavy = ring(force, modes) + dice.uniform(0.0, 0.6) ** 2 * force / max(1e-12, force.max())
    knock = one_pole_low(np.diff(force, prepend=0.0), spanned(dice, 300.0, 4000.0))
    bright = one_pole_high(one_pole_low(bright, spanned(dice, 300.0, 6000.0)), spanned(dice, 40.0, 800.0))
    out = (
        sized(heavy, 0.0)
        + sized(knock, dice.uniform(-36.0, -6.0))
        + sized(bright, dice.uniform(-46.0, -12.0))
    )
    return out, felt


def hiss_at(dice: Dice, number: int, n: int) -> F64:
    """Noise of one event."""
    return np.asarray(chance.noises(dice.seed, f"{dice.name}/slide", n, number * RATE))
