"""Foot-falls: a mass falls on a sole on a floor; what reaches the coat goes through floor, leg and cloth.

Contact after Hunt & Crossley, "Coefficient of restitution interpreted as damping in vibroimpact" (1975): force =
stiffness * x ** 1.5 * (1 + loss * speed). Sole and floor are springs in series. How long contacts last (5 to 40 ms) and
how fast a heel comes down (0.15 to 0.9 m/s) are figures of gait laboratories, rounded outwards.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from benchmarks.hearing.dice import Dice
from benchmarks.movement.plate import RATE, Mode, drawn, one_pole_low, peak, ring
from benchmarks.movement.script import Fall
from wearsound import chance
from wearsound.core import F64

FLOORS = ("concrete", "boards", "carpet", "gravel")
SOLES = ("hard", "rubber", "trainer", "sock")
_SOLE_MS = {"hard": (4.0, 8.0), "rubber": (8.0, 14.0), "trainer": (13.0, 24.0), "sock": (10.0, 20.0)}
_FLOOR_MS = {"concrete": (1.0, 2.5), "boards": (5.0, 11.0), "carpet": (10.0, 22.0), "gravel": (6.0, 14.0)}
CONTACT_SECONDS = 0.075


@dataclass(frozen=True, slots=True)
class Feet:
    """One walker on one floor. `level` is the peak of a usual step, full scale 1 before the microphone's gain."""

    floor: str
    sole: str
    contact: float
    modes: tuple[Mode, ...]
    click: float
    uneven: float
    level: float


def drawn_feet(dice: Dice) -> Feet:
    """Somebody's shoes on some floor."""
    floor, sole = dice.pick(FLOORS), dice.pick(SOLES)
    shoe, ground = dice.uniform(*_SOLE_MS[sole]), dice.uniform(*_FLOOR_MS[floor])
    contact = math.hypot(shoe, ground) / 1000.0
    leg = drawn(dice, 3, 22.0, 75.0, (0.05, 0.20), 0.2) + drawn(dice, 3, 75.0, 260.0, (0.02, 0.10), 0.5)
    if floor == "boards":
        leg += drawn(dice, 2, 28.0, 140.0, (0.12, 0.40), 0.4)
    # The hard part of the blow that cloth and buckles pass on: little, but it is all that a small piezo hears.
    click = 10.0 ** (dice.uniform(-26.0, -8.0) / 20.0)
    level = 10.0 ** (dice.uniform(-16.0, -3.0) / 20.0)
    return Feet(floor, sole, contact, tuple(leg), click, dice.uniform(0.0, 0.35), level)


def blows(contact: F64, speed: F64, loss: float = 0.25) -> F64:
    """Force over mass (m/s^2) of contacts that would last `contact` seconds each, (n, samples): solved together."""
    stiffness = (math.pi / contact) ** 2 / np.sqrt(speed * contact / math.pi)
    count = round(CONTACT_SECONDS * RATE)
    out = np.zeros((len(contact), count))
    deep, fast = np.zeros_like(speed), speed.copy()
    for at in range(count):
        inside = np.maximum(deep, 0.0)
        force = np.maximum(0.0, stiffness * inside * np.sqrt(inside) * (1.0 + loss * fast / speed))
        out[:, at] = force
        fast = fast - force / RATE
        deep = deep + fast / RATE
    return out


def walk_sound(feet: Feet, falls: list[Fall], seconds: float, dice: Dice) -> F64:
    """The foot-falls as the coat moves with them (n,), before the microphone."""
    count = round(seconds * RATE)
    force, scuffs = np.zeros(count), np.zeros(count)
    if not falls:
        return force
    moments, contacts, speeds = _touches(feet, falls, dice)
    for time, blow in zip(moments, blows(np.array(contacts), np.array(speeds)), strict=True):
        _add(force, time, blow)
    for number, fall in enumerate(falls):
        _scuff(scuffs, fall, dice, number)
    heavy = ring(force, list(feet.modes))
    bright = one_pole_low(np.diff(force, prepend=0.0), 2500.0)
    usual = peak(heavy, 99.5)
    out = heavy / usual + feet.click * bright / max(1e-9, peak(bright, 99.5))
    return feet.level * (out + scuffs)


def _touches(feet: Feet, falls: list[Fall], dice: Dice) -> tuple[list[float], list[float], list[float]]:
    """Every blow of heel and toe: when, how soft, how fast."""
    moments, contacts, speeds = [], [], []
    for fall in falls:
        fast = dice.uniform(0.42, 0.60) * (1.0 - feet.uneven * (fall.foot - 0.5))
        soft = feet.contact * dice.uniform(0.9, 1.12)
        toe = fall.time + fall.period * dice.uniform(0.13, 0.24)
        if fall.gait == "up":
            touch = [(fall.time, 1.25 * soft, 0.75 * fast)]
        elif fall.gait == "down":
            touch = [(fall.time, 1.1 * soft, 1.3 * fast), (toe, 0.8 * soft, 0.35 * fast)]
        elif fall.gait == "shuffle":
            touch = [(fall.time, 1.3 * soft, 0.5 * fast), (toe, 1.4 * soft, 0.25 * fast)]
        else:
            touch = [(fall.time, soft, fast), (toe, 1.3 * soft, fast * dice.uniform(0.2, 0.6))]
        for time, length, speed in touch:
            moments.append(time)
            contacts.append(min(0.04, length))
            speeds.append(max(0.1, speed))
    return moments, contacts, speeds


def _scuff(out: F64, fall: Fall, dice: Dice, number: int) -> None:
    """The sole slides: noise that catches, before a shuffling step, after some others."""
    shuffling = fall.gait == "shuffle"
    if not shuffling and not dice.chance(0.15):
        return
    length = dice.uniform(0.10, 0.24) if shuffling else dice.uniform(0.03, 0.08)
    time = fall.time - 0.6 * length if shuffling else fall.time + dice.uniform(0.02, 0.1)
    n = round(length * RATE)
    noise = chance.noises(dice.seed, f"{dice.name}/scuff", n, number * RATE)
    arch = np.sin(np.pi * (np.arange(n) + 0.5) / n) ** 1.5
    level = 10.0 ** (dice.uniform(-26.0, -14.0) / 20.0)
    _add(out, time, level * one_pole_low(noise * arch, dice.uniform(500.0, 2000.0)))


def _add(out: F64, time: float, wave: F64) -> None:
    start = round(time * RATE)
    stop = min(len(out), start + len(wave))
    if 0 <= start < stop:
        out[start:stop] += wave[: stop - start]
