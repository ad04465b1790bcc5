"""Feet, hands and microphones drawn from families of shapes: the widest of the makers, and the least like anybody.

`rough_bodies` has one shape of each with drawn numbers; here the shapes are drawn too: how a force rises, whether there
are two humps to it, how a hand's speed goes through a stroke, whether the cloth hisses, catches, has threads or
squeaks, how loud each is beside the others, and what is left of it behind the input's corner. Ranges are guesses.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from scipy.signal import lfilter

from benchmarks.hearing.dice import Dice
from benchmarks.movement.plate import RATE, one_pole_high, one_pole_low, peak
from benchmarks.movement.truth import Truth
from training.nuisances import nuisances
from training.wide_feet import wide_steps
from training.wide_hands import wide_rubs, wide_rustle, wide_taps
from training.wide_script import Scene, scene
from training.wide_shapes import as_loud, sized, spanned
from wearsound import chance
from wearsound.core import F64

LEAST_RUB, LEAST_TAP, LEAST_STEP = 6.0, 16.0, 16.0
"""dB over all noise that a rub's rms and a tap's or step's peak have: what nobody could hear is not taught."""


def wide(seed: int) -> tuple[F64, Truth]:
    """Sound (n,) at RATE, +-1, and truth."""
    dice = Dice(seed, "wide")
    does = scene(dice.cup("script"))
    count = round(does.seconds * RATE)
    (steps, late), taps = wide_steps(does, count, dice.cup("steps")), wide_taps(does, count, dice.cup("taps"))
    rub, spans = wide_rubs(does, count, dice.cup("rubs"))
    rustle = wide_rustle(does, count, dice.cup("rustle"))
    pickup = _pickup(dice.cup("pickup"))
    after = dice.chance(0.5)
    if after:
        steps, taps, rub, rustle = (pickup(part) for part in (steps, taps, rub, rustle))
    wave = sized(steps, dice.uniform(-20.0, 0.0)) + sized(taps, dice.uniform(-22.0, 0.0))
    stroke = dice.uniform(-38.0, -8.0)
    wave += as_loud(rub, stroke) + as_loud(rustle, stroke - dice.uniform(5.0, 32.0))
    if not after:
        wave = pickup(wave)
    top = peak(wave, 99.8) if (does.falls or does.taps or does.strokes) else 1.0
    wave = wave / max(top, 1e-9)
    bother = nuisances(does, dice.cup("bother"))
    for name, part in bother.items():
        wave += pickup(part) if name in ("talk", "thump") and dice.chance(0.7) else part
    wave = _recorded(wave, does, spans, dice.cup("recorded"))
    return wave, Truth(does.seconds, sorted(t + late for t, _ in does.falls), sorted(does.taps), spans)


def _pickup(dice: Dice) -> Callable[[F64], F64]:
    """A disc, its input and its preamplifier: corner 4 to 800 Hz, one or two resonances, a top, an eigen-colour."""
    corner = spanned(dice, 4.0, 60.0) if dice.chance(0.4) else spanned(dice, 20.0, 900.0)
    resonances = [
        (
            spanned(dice, 250.0, 9000.0),
            spanned(dice, 0.8, 9.0),
            10.0 ** (dice.uniform(-3.0, 18.0) / 20.0) - 1.0,
        )
        for _ in range(dice.whole(0, 2))
    ]
    top = spanned(dice, 1800.0, 16_000.0) if dice.chance(0.5) else 0.0
    steep = dice.chance(0.25)

    def through(wave: F64) -> F64:
        if not wave.any():
            return wave
        out = wave.copy()
        for hertz, q, lift in resonances:
            turn = 2.0 * math.pi * hertz / RATE
            a = math.sin(turn) / (2.0 * q)
            out += lift * np.asarray(
                lfilter([a, 0.0, -a], [1.0 + a, -2.0 * math.cos(turn), 1.0 - a], wave + 1e-18)
            )
        out = one_pole_high(out, corner)
        if steep:
            out = one_pole_high(out, 0.5 * corner)
        return one_pole_low(out, top) if top else out

    return through


def _recorded(wave: F64, does: Scene, spans: list[tuple[float, float]], dice: Dice) -> F64:
    """Gain, hum, noise, clipping; what is rubbed, tapped or stepped stays above the noise."""
    count = len(wave)
    least = 0.0
    if spans:
        busy = np.zeros(count, bool)
        for start, end in spans:
            busy[round(start * RATE) : round(end * RATE)] = True
        bright = one_pole_high(wave, 400.0)[busy]
        least = 20.0 * math.log10(max(1e-9, float(np.percentile(np.abs(bright), 50)))) - LEAST_RUB
    for times, over in ((does.taps, LEAST_TAP), ([t for t, _ in does.falls], LEAST_STEP)):
        if times:
            tops = [np.abs(wave[round(t * RATE) : round((t + 0.06) * RATE)]).max(initial=0.0) for t in times]
            least = min(least, 20.0 * math.log10(max(1e-9, float(np.percentile(tops, 20)))) - over)
    noise = min(dice.uniform(-80.0, -40.0), least)
    colour = dice.pick(("white", "white", "dark"))
    hiss = chance.noises(dice.seed, f"{dice.name}/noise", count) * math.sqrt(3.0)
    if colour == "dark":
        hiss = 2.0 * one_pole_low(hiss, spanned(dice, 300.0, 3000.0))
    wave = wave + hiss * 10.0 ** (noise / 20.0)
    mains, drift = dice.pick((50.0, 60.0)), dice.uniform(-0.15, 0.15)
    turns = np.cumsum((mains + drift * np.sin(0.3 * np.arange(count) / RATE)) / RATE)
    hum = sum(
        level * dice.uniform(0.2, 1.0) * np.sin(2.0 * np.pi * (n * turns + dice.uniform()))
        for n, level in ((1, 1.0), (2, 0.3), (3, 0.6), (5, 0.4), (7, 0.2), (9, 0.1))
    )
    wave = wave + hum * 10.0 ** (min(dice.uniform(-85.0, -32.0), least + 20.0) / 20.0)
    wave = wave * 10.0 ** (dice.uniform(-32.0, 5.0) / 20.0)
    out: F64 = np.rint(np.clip(wave, -1.0, 1.0) * 32767.0) / 32768.0
    return out
