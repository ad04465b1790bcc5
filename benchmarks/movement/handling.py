"""What a contact microphone hears besides: sway, thumps, a cable that moves, breath, and speech through the chest."""

from __future__ import annotations

import math

import numpy as np

from benchmarks.hearing.dice import Dice
from benchmarks.movement.plate import RATE, Mode, one_pole_high, one_pole_low, ring
from wearsound import chance
from wearsound.core import F64


def rest_sound(seconds: float, disturbed: float, loud: float, dice: Dice) -> F64:
    """All of it (n,), against events of the size `loud`; `disturbed` 0..1 says how much goes on."""
    count = round(seconds * RATE)
    out = _breath(count, dice.cup("breath")) * loud * 10.0 ** (dice.uniform(-74.0, -56.0) / 20.0)
    out += _sway(count, dice.cup("sway")) * loud * 10.0 ** (dice.uniform(-30.0, -10.0) / 20.0) * disturbed
    if dice.chance(disturbed):
        out += _speech(count, dice.cup("speech")) * loud * 10.0 ** (dice.uniform(-54.0, -36.0) / 20.0)
    for _ in range(round(disturbed * seconds / 5.0)):
        _thump(out, dice.uniform(2.5, seconds - 1.0), loud, dice)
    if dice.chance(0.5 * disturbed):
        _cable(out, dice.uniform(3.0, seconds - 2.0), loud, dice)
    return out


def _thump(out: F64, time: float, loud: float, dice: Dice) -> None:
    """A push or a sleeve that settles: a slow force, 60 to 160 ms up and down, nearly all below 40 Hz."""
    n = round(dice.uniform(0.06, 0.16) * RATE)
    u = (np.arange(n) + 0.5) / n
    wave = np.sin(np.pi * u) ** 2 * np.sin(2.0 * np.pi * u * dice.uniform(0.5, 1.5))
    _add(out, time, wave * loud * 10.0 ** (dice.uniform(-14.0, -3.0) / 20.0))


def _cable(out: F64, time: float, loud: float, dice: Dice) -> None:
    """A cable that slides and ticks: a little noise about 300 Hz, half a second, with small knocks in it."""
    n = round(dice.uniform(0.3, 0.8) * RATE)
    noise = chance.noises(dice.seed, f"{dice.name}/cable", n)
    slow = np.abs(one_pole_low(chance.noises(dice.seed, f"{dice.name}/slide", n), 9.0)) * 40.0
    wave = ring(noise * np.minimum(1.0, slow), [Mode(dice.uniform(180.0, 420.0), 0.02, 1.0)])
    size = loud * 10.0 ** (dice.uniform(-36.0, -26.0) / 20.0)
    _add(out, time, size * wave / max(1e-12, math.sqrt(float(np.mean(wave * wave)))))


def _sway(count: int, dice: Dice) -> F64:
    """The weight that shifts: noise below 4 Hz, its usual size 1."""
    noise = chance.noises(dice.seed, dice.name, count // 480 + 3)
    slow = np.interp(np.arange(count) / 480.0, np.arange(len(noise)), noise)
    wave = one_pole_low(one_pole_low(slow, 2.0), 4.0)
    return wave / max(1e-12, float(np.std(wave)))


def _breath(count: int, dice: Dice) -> F64:
    """Air in the chest, some 15 times a minute: rms 1."""
    noise = one_pole_high(
        one_pole_low(one_pole_low(chance.noises(dice.seed, dice.name, count), 700.0), 700.0), 120.0
    )
    rate = dice.uniform(0.18, 0.35)
    wave = noise * np.maximum(0.0, np.sin(2.0 * np.pi * rate * np.arange(count) / RATE)) ** 1.5
    return wave / math.sqrt(float(np.mean(wave * wave)))


def _speech(count: int, dice: Dice) -> F64:
    """A voice: pulses at a wandering pitch through two formants, syllables and pauses, rms 1 while it speaks."""
    t = np.arange(count) / RATE
    pitch = dice.uniform(95.0, 210.0)
    bend = np.interp(t, np.arange(0.0, t[-1] + 0.4, 0.2), _knots(t[-1], 0.2, dice.cup("bend")))
    turns = np.cumsum(pitch * (1.0 + 0.15 * bend) / RATE)
    pulses = np.diff(np.floor(turns), prepend=0.0)
    open_mouth = np.interp(t, np.arange(0.0, t[-1] + 0.3, 0.13), _knots(t[-1], 0.13, dice.cup("open"), 0.17))
    pulses = pulses * np.maximum(0.0, open_mouth + 0.15)
    formants = [Mode(dice.uniform(300.0, 750.0), 0.02, 1.0), Mode(dice.uniform(900.0, 2200.0), 0.02, 0.5)]
    # Flesh and cloth pass little above a kilohertz.
    wave = one_pole_low(ring(pulses, formants), 900.0)
    return wave / max(1e-12, math.sqrt(float(np.mean(wave * wave))))


def _knots(seconds: float, every: float, dice: Dice, more: float = 0.0) -> F64:
    n = len(np.arange(0.0, seconds + (0.4 if more == 0.0 else 0.3), every))
    return chance.noises(dice.seed, dice.name, n) + more


def _add(out: F64, time: float, wave: F64) -> None:
    at = round(time * RATE)
    room = min(len(wave), len(out) - at)
    out[at : at + room] += wave[:room]
