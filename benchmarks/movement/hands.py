"""Hands on cloth: strokes as fibres that catch and let go, taps as short contacts on a plate of random modes.

Friction after the picture of Akay, "Acoustics of friction" (2002): a rough surface sounds as a shower of small impacts,
denser and brighter the faster the hand. A tap is a Hertzian contact: a half-sine to the power 1.5, 0.5 ms for a nail,
4 ms for a finger's pad through thick cloth.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from benchmarks.hearing.dice import Dice
from benchmarks.movement.plate import RATE, Mode, drawn, one_pole_low, peak, ring
from benchmarks.movement.truth import Span
from wearsound import chance
from wearsound.core import F64

FABRICS = {
    "wool": (350.0, 900.0, 2200.0),
    "denim": (600.0, 1700.0, 3800.0),
    "corduroy": (500.0, 1300.0, 3200.0),
    "nylon": (1500.0, 3500.0, 7000.0),
}
"""Where a slow, a usual and a fast hand sounds on it, Hz; each wearer's lies up to a third off. Guesses."""


@dataclass(frozen=True, slots=True)
class Hands:
    """Cloth and fingers. `rub`: rms of a usual stroke, `tap`: peak of a usual tap, `rustle`: rms while walking."""

    fabric: str
    tones: tuple[float, float, float]
    catches: float
    rib: float
    rub: float
    press: float
    rustle: float
    pulse: float
    plate: tuple[Mode, ...]
    tap: float


def drawn_hands(dice: Dice) -> Hands:
    """Somebody's hands on some cloth."""
    fabric = dice.pick(tuple(FABRICS))
    shift = 1.33 ** dice.uniform(-1.0, 1.0)
    low, mid, high = (hz * shift for hz in FABRICS[fabric])
    rub = 10.0 ** (dice.uniform(-37.0, -21.0) / 20.0)
    plate = drawn(dice, dice.whole(5, 10), 260.0, 4200.0, (0.015, 0.07), 0.5)
    plate += drawn(dice, 2, 75.0, 200.0, (0.03, 0.09), 0.2)
    return Hands(
        fabric,
        (low, mid, high),
        700.0 * 8.0 ** dice.uniform(),
        dice.uniform(0.0012, 0.003) if fabric == "corduroy" else 0.0,
        rub,
        10.0 ** (dice.uniform(-24.0, -6.0) / 20.0),
        rub * 10.0 ** (dice.uniform(-24.0, -9.0) / 20.0),
        0.0005 * 9.0 ** dice.uniform(),
        tuple(plate),
        10.0 ** (dice.uniform(-18.0, -2.0) / 20.0),
    )


def rub_sound(hands: Hands, strokes: list[Span], seconds: float, dice: Dice) -> F64:
    """Strokes (n,): between no two of them are speed, weight and colour the same."""
    count = round(seconds * RATE)
    speed, press = np.zeros(count), np.zeros(count)
    for start, end in strokes:
        at, n = round(start * RATE), round((end - start) * RATE)
        u = (np.arange(n) + 0.5) / n
        arch = u ** dice.uniform(0.5, 1.6) * (1.0 - u) ** dice.uniform(0.5, 1.6)
        reach = dice.uniform(0.7, 1.3)
        room = min(n, count - at)
        speed[at : at + room] += (arch * reach / arch.max())[:room]
        weight = np.sin(np.pi * np.minimum(1.0, u * n / (0.05 * RATE)))
        press[at : at + room] += (dice.uniform(0.3, 1.0) * weight)[:room]
    wave = _friction(hands, speed, dice)
    busy = speed > 0.15
    rms = math.sqrt(float(np.mean(wave[busy] ** 2))) if busy.any() else 1.0
    pressed = one_pole_low(one_pole_low(press, 60.0), 60.0)
    return hands.rub * (wave / max(rms, 1e-12) + 3.0 * hands.press * pressed)


def rustle_sound(hands: Hands, swings: list[Span], seconds: float, dice: Dice) -> F64:
    """The same cloth moving by itself at each swing of a leg: softer, and part of walking, not a rub."""
    if not swings:
        return np.zeros(round(seconds * RATE))
    soft = rub_sound(hands, swings, seconds, dice)
    return soft * (hands.rustle / hands.rub)


def _friction(hands: Hands, speed: F64, dice: Dice) -> F64:
    """Impacts whose number and size follow the speed, through the colour that goes with it."""
    count = len(speed)
    when = chance.uniforms(dice.seed, f"{dice.name}/catch", count)
    size = (0.02 + chance.uniforms(dice.seed, f"{dice.name}/size", count)) ** -0.45
    sign = np.sign(chance.noises(dice.seed, f"{dice.name}/sign", count))
    hits = np.where(when < hands.catches * speed / RATE, size * sign, 0.0) * np.sqrt(speed)
    if hands.rib:
        # A hand at full speed goes 0.45 m in a second over ribs that are `rib` apart.
        passed = np.floor(np.cumsum(0.45 * speed / RATE) / hands.rib)
        hits += np.diff(passed, prepend=0.0) * 1.6 * np.sqrt(speed)
    slow = np.maximum(0.0, 1.0 - 1.6 * speed)
    fast = np.maximum(0.0, 1.6 * speed - 0.6)
    out = np.zeros(count)
    for weight, hz in zip((slow, 1.0 - 0.5 * fast, fast), hands.tones, strict=True):
        out += ring(hits * weight, [Mode(hz, 2.2 / hz, 1.0), Mode(1.7 * hz, 2.2 / hz, 0.7)])
    return out


def tap_sound(hands: Hands, taps: list[float], seconds: float, dice: Dice) -> F64:
    """Fingertips on the coat (n,)."""
    force = np.zeros(round(seconds * RATE))
    if not taps:
        return force
    for time in taps:
        n = max(8, round(hands.pulse * dice.uniform(0.8, 1.25) * RATE))
        pulse = np.sin(np.pi * (np.arange(n) + 0.5) / n) ** 1.5
        at = round(time * RATE)
        room = min(n, len(force) - at)
        force[at : at + room] += (10.0 ** (dice.uniform(-5.0, 4.0) / 20.0) * pulse / n)[:room]
    wave = ring(force, list(hands.plate)) + 0.4 * force
    return hands.tap * wave / max(1e-12, peak(wave, 99.5))
