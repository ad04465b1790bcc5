"""The stranger's hands: raised-cosine taps on cloth and disc, and strokes over threads.

A stroke has the speed of a minimum-jerk reach (Flash and Hogan 1985), 30 u^2 (1-u)^2 of its mean; loudness and
brightness follow speed and pressure, threads pass at speed x threads per cm (silk 40-100, denim 18-28, corduroy's wales
3-8: handbooks of fabrics, rounded). Levels and shares are our guess.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.hearing.dice import Dice
from benchmarks.movement.stranger_parts import RATE, Mode, band, hiss, hump, place, rung, unit
from benchmarks.movement.truth import Span
from wearsound.core import F64

CLOTHS = {"silk": (40.0, 100.0), "cotton": (24.0, 45.0), "denim": (18.0, 28.0), "corduroy": (3.0, 8.0)}
"""Threads (or wales) per cm."""
EDGE = 0.07
"""Part of a stroke at each end that is slower than 13 % of its fastest: not called rubbing."""


@dataclass(frozen=True, slots=True)
class Touch:
    """How somebody's hand sounds on a cloth: `depth` of the threads 0..1, `catches` a cm, levels of 1."""

    cloth: str
    threads: float
    depth: float
    catches: float
    low: tuple[float, float]
    high: tuple[float, float]
    power: float
    rub: float
    tap_modes: tuple[Mode, ...]
    tap_width: float
    tap: float


@dataclass(frozen=True, slots=True)
class Stroke:
    """From when for how many seconds, how fast on the mean (cm/s), and pressure (1: as usual)."""

    time: float
    seconds: float
    speed: float
    pressure: float

    @property
    def span(self) -> Span:
        """Where it is fast enough to rub, in seconds."""
        return self.time + EDGE * self.seconds, self.time + (1.0 - EDGE) * self.seconds


def drawn_touch(cloth: str, dice: Dice) -> Touch:
    """A cloth of CLOTHS under anything from finger pads to nails."""
    coarse = {"silk": 0.1, "cotton": 0.25, "denim": 0.5, "corduroy": 0.85}[cloth]
    low, high = 350.0 * 3.0 ** dice.uniform(), 1400.0 * 2.2 ** dice.uniform()
    modes: list[Mode] = []
    for _ in range(dice.whole(2, 5)):
        hertz = 300.0 * 10.0 ** dice.uniform()
        modes.append((hertz, 1.0 / (2 * np.pi * hertz * dice.uniform(0.002, 0.018)), dice.uniform(0.4, 1.0)))
    if dice.chance(0.6):
        modes.append((dice.uniform(70.0, 220.0), dice.uniform(0.1, 0.35), dice.uniform(0.1, 0.6)))
    return Touch(
        cloth=cloth,
        threads=dice.uniform(*CLOTHS[cloth]),
        depth=min(1.0, coarse * dice.uniform(0.6, 1.4)),
        catches=dice.uniform(0.0, 6.0) * coarse,
        low=(low, low * dice.uniform(2.0, 4.0)),
        high=(high, high * dice.uniform(2.0, 5.0)),
        power=dice.uniform(0.5, 1.0),
        rub=10 ** (dice.uniform(-24.0, -10.0) / 20),
        tap_modes=tuple(modes),
        tap_width=0.001 * 8.0 ** dice.uniform(),
        tap=10 ** (dice.uniform(-10.0, 0.0) / 20),
    )


def stroke_sound(touch: Touch, stroke: Stroke, dice: Dice) -> F64:
    """One stroke (n,); rms `touch.rub` at 40 cm/s and pressure 1."""
    count = max(8, round(stroke.seconds * RATE))
    at = (np.arange(count) + 0.5) / count
    speed = stroke.speed * 30.0 * at**2 * (1.0 - at) ** 2
    wander = np.cumsum(hiss(dice, "wander", count)) * 0.02 / touch.threads / np.sqrt(RATE / 100.0)
    phase = 2.0 * np.pi * touch.threads * (np.cumsum(speed) / RATE + wander)
    passing = (1.0 - touch.depth) + touch.depth * 1.6 * (0.5 + 0.5 * np.sin(phase)) ** 2
    noise = hiss(dice, "fibres", count)
    if touch.catches:
        caught = hiss(dice, "caught", count)
        due = (caught + 3.0**0.5) / (2 * 3.0**0.5) < touch.catches * speed / RATE
        noise = noise + 25.0 * due * hiss(dice, "catch", count)
    brightness = speed / (speed + 45.0)
    tone = band(noise, *touch.low) * (1.0 - brightness) + band(noise, *touch.high) * brightness
    tone = 1.3 * tone * passing + 0.3 * touch.depth * np.sin(phase)
    return touch.rub * stroke.pressure * (speed / 40.0) ** touch.power * tone


def tap_sound(touch: Touch, force: float, dice: Dice) -> F64:
    """One tap (n,) from its first touch: harder ones are shorter (Hertz)."""
    width = min(0.008, max(0.001, touch.tap_width * force**-0.2 * dice.uniform(0.85, 1.2)))
    drive = np.zeros(round(0.22 * RATE))
    place(drive, 0.0, hump(width))
    ring = unit(rung(drive, touch.tap_modes))
    slide = dice.uniform(0.006, 0.025)
    skin = np.zeros(len(drive))
    count = round(slide * RATE)
    place(skin, 0.0, hump(slide) * band(hiss(dice, "skin", count), *touch.high)[: len(hump(slide))])
    return touch.tap * force * (ring + dice.uniform(0.02, 0.15) * skin)


def rubbed(touch: Touch, strokes: list[Stroke], seconds: float, dice: Dice) -> F64:
    """All strokes (n,)."""
    out = np.zeros(round(seconds * RATE))
    for number, stroke in enumerate(strokes):
        place(out, stroke.time, stroke_sound(touch, stroke, dice.cup(f"stroke {number}")))
    return out


def tapped(touch: Touch, taps: list[float], seconds: float, dice: Dice) -> F64:
    """All taps (n,), +-4 dB."""
    out = np.zeros(round(seconds * RATE))
    for number, time in enumerate(taps):
        force = 10 ** (dice.normal(2.0, 2.0) / 20)
        place(out, time, tap_sound(touch, force, dice.cup(f"tap {number}")))
    return out


def drawn_strokes(dice: Dice, start: float, end: float) -> list[Stroke]:
    """To and fro in series of 2-9 strokes of 150-1000 ms, 0-200 ms between, then a rest."""
    strokes: list[Stroke] = []
    now = start
    while now < end - 0.5:
        usual, speed = 0.15 * 6.67 ** dice.uniform(), 12.0 * 6.0 ** dice.uniform()
        pressure, rest = 10 ** (dice.normal(3.0) / 20), dice.uniform(0.0, 0.2)
        for _ in range(dice.whole(2, 9)):
            length = min(1.0, max(0.15, usual * dice.uniform(0.8, 1.25)))
            if now + length > end:
                break
            strokes.append(Stroke(now, length, speed * dice.uniform(0.8, 1.2), pressure))
            now += length + rest * dice.uniform(0.5, 1.5)
        now += dice.uniform(0.4, 1.8)
    return strokes


def drawn_taps(dice: Dice, start: float, end: float) -> list[float]:
    """Single ones, doubles 90-220 ms apart and rolls of 3-8, seconds."""
    taps: list[float] = []
    now = start
    while now < end:
        many = dice.pick((1, 1, 1, 2, 2, dice.whole(3, 8)))
        pace = dice.uniform(0.09, 0.22)
        for _ in range(many):
            if now < end:
                taps.append(now)
            now += pace * dice.uniform(0.95, 1.1)
        now += dice.uniform(0.25, 1.4)
    return taps
