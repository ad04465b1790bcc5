"""The stranger's feet: a ground-reaction force with two humps drives the modes of a body on a floor, and a sole scuffs.

Stance of 0.6 of a stride, humps near 1/4 and 3/4 of it, a heel-strike transient of some 10-30 ms in the first tenth and
the foot flat 50-130 ms after the heel: Whittle, Gait Analysis; Perry and Burnfield, Gait Analysis (1992). Floors and
bodies of 25-350 Hz and the scuff's share are our guess.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.hearing.dice import Dice
from benchmarks.movement.stranger_parts import RATE, Mode, band, hiss, hump, place, rung, unit
from wearsound.core import F64

STANCE = 1.2
"""Of the time from one heel to the other foot's heel."""


@dataclass(frozen=True, slots=True)
class Fall:
    """One foot-fall: its first touch and the time to the next one in seconds, which foot, how hard (1: as usual)."""

    time: float
    period: float
    foot: int
    force: float


@dataclass(frozen=True, slots=True)
class Tread:
    """How somebody treads: a body of modes for each foot, widths in seconds, shares of 1."""

    modes: tuple[tuple[Mode, ...], tuple[Mode, ...]]
    heel: float
    slap: float
    slap_after: float
    slap_share: float
    push_share: float
    scuff: float
    scuff_band: tuple[float, float]
    level: float


def drawn_tread(dice: Dice) -> Tread:
    """Barefoot on carpet to hard heels on boards."""
    low = dice.uniform(25.0, 90.0)
    left: list[Mode] = []
    for number in range(dice.whole(3, 6)):
        hertz = min(350.0, low * 1.55**number * dice.uniform(0.85, 1.2))
        left.append((hertz, dice.uniform(0.04, 0.22), dice.uniform(0.4, 1.0) / (1 + 0.4 * number)))
    tilt = dice.uniform(0.9, 1.1)
    right = tuple((hertz * tilt, damping, weight * dice.uniform(0.7, 1.3)) for hertz, damping, weight in left)
    bottom = 500.0 * 4.0 ** dice.uniform()
    return Tread(
        modes=(tuple(left), right),
        heel=0.005 * 5.0 ** dice.uniform(),
        slap=0.012 * 3.5 ** dice.uniform(),
        slap_after=dice.uniform(0.05, 0.13),
        slap_share=dice.uniform(0.15, 0.8),
        push_share=dice.uniform(0.05, 0.3),
        scuff=10 ** (dice.uniform(-28.0, -10.0) / 20),
        scuff_band=(bottom, bottom * dice.uniform(2.5, 6.0)),
        level=10 ** (dice.uniform(-10.0, 0.0) / 20),
    )


def fall_sound(tread: Tread, fall: Fall, dice: Dice) -> F64:
    """One fall (n,) from its first touch; about 1 at its peak before `level` and force."""
    stance = STANCE * fall.period
    count = round((stance + 0.35) * RATE)
    quick = min(1.0, fall.period / 0.55)
    slap_at = tread.slap_after * quick * dice.uniform(0.85, 1.15)
    width = tread.heel * dice.uniform(0.85, 1.2)
    drive = np.zeros(count)
    place(drive, 0.0, hump(width) / width)
    place(drive, slap_at, tread.slap_share * dice.uniform(0.7, 1.3) * hump(tread.slap) / tread.slap)
    load = np.zeros(count)
    place(load, 0.0, hump(0.55 * stance))
    place(load, 0.45 * stance, 0.95 * hump(0.55 * stance))
    drive += tread.push_share * np.gradient(load, 1.0 / RATE) * 4.0
    body = unit(rung(drive, tread.modes[fall.foot]))
    envelope = np.zeros(count)
    place(envelope, 0.0, hump(dice.uniform(0.015, 0.06)))
    place(envelope, slap_at, dice.uniform(0.3, 0.9) * hump(dice.uniform(0.03, 0.09)))
    place(envelope, 0.8 * stance, dice.uniform(0.1, 0.5) * hump(dice.uniform(0.05, 0.16)))
    rough = band(hiss(dice, "scuff", count), *tread.scuff_band)
    return tread.level * fall.force * (body + 2.0 * tread.scuff * envelope * rough)


def walked(tread: Tread, falls: list[Fall], seconds: float, dice: Dice) -> F64:
    """All falls (n,)."""
    out = np.zeros(round(seconds * RATE))
    for number, fall in enumerate(falls):
        place(out, fall.time, fall_sound(tread, fall, dice.cup(f"fall {number}")))
    return out


def drawn_falls(dice: Dice, start: float, end: float) -> list[Fall]:
    """A way between two moments: 65-155 steps a minute, a limp, turns of short soft steps, stops."""
    period, limp = 60.0 / (65.0 * (155.0 / 65.0) ** dice.uniform()), dice.normal(0.03)
    weak = 10 ** (-dice.uniform(0.0, 4.0) / 20)
    falls: list[Fall] = []
    now, foot, turn, sway = start, dice.whole(0, 1), 0, 0.0
    while now < end:
        sway = 0.8 * sway + dice.normal(0.012)
        turning = turn > 0
        length = period * (1.0 + sway + (limp if foot else -limp))
        length *= dice.uniform(0.85, 1.35) if turning else 1.0
        length = max(0.34, length)
        force = 10 ** (dice.normal(1.5) / 20) * (weak if foot else 1.0)
        force *= dice.uniform(0.4, 0.8) if turning else 1.0
        falls.append(Fall(now, min(length, 0.95), foot, force))
        now, foot, turn = now + length, 1 - foot, turn - 1
        if turn < -3 and dice.chance(0.07):
            turn = dice.whole(2, 4)
        elif turn < -3 and dice.chance(0.05):
            now += dice.uniform(0.7, 2.2)
    return falls
