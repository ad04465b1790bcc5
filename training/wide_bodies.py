"""Feet, hands and microphones drawn from families of shapes: the widest of the makers, and the least like anybody.

`rough_bodies` has one shape of each with drawn numbers; here the shapes are drawn too: how a force rises, whether there
are two humps to it, how a hand's speed goes through a stroke, whether the cloth hisses, catches, has threads or
squeaks, how loud each is beside the others, and what is left of it behind the input's corner. Ranges are guesses.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from scipy.signal import butter, lfilter, sosfilt

from benchmarks.hearing.dice import Dice
from benchmarks.movement.plate import RATE, Mode, one_pole_high, one_pole_low, peak, ring
from benchmarks.movement.truth import Truth
from training.nuisances import nuisances
from training.wide_script import Scene, scene
from wearsound import chance
from wearsound.core import F64

HEARD = 0.12
"""A stroke is rubbing from where the hand goes at so much of its most."""
FELT = 0.1
"""A foot has come when it presses with so much of its most; nobody can hear it sooner."""
LEAST_RUB, LEAST_TAP, LEAST_STEP = 6.0, 16.0, 16.0
"""dB over all noise that a rub's rms and a tap's or step's peak have: what nobody could hear is not taught."""


def wide(seed: int) -> tuple[F64, Truth]:
    """Sound (n,) at RATE, +-1, and truth."""
    dice = Dice(seed, "wide")
    does = scene(dice.cup("script"))
    count = round(does.seconds * RATE)
    (steps, late), taps = _steps(does, count, dice.cup("steps")), _taps(does, count, dice.cup("taps"))
    rub, spans = _rubs(does, count, dice.cup("rubs"))
    rustle = _rustle(does, count, dice.cup("rustle"))
    pickup = _pickup(dice.cup("pickup"))
    after = dice.chance(0.5)
    if after:
        steps, taps, rub, rustle = (pickup(part) for part in (steps, taps, rub, rustle))
    wave = _sized(steps, dice.uniform(-20.0, 0.0)) + _sized(taps, dice.uniform(-22.0, 0.0))
    stroke = dice.uniform(-38.0, -8.0)
    wave += _loud(rub, stroke) + _loud(rustle, stroke - dice.uniform(5.0, 32.0))
    if not after:
        wave = pickup(wave)
    top = peak(wave, 99.8) if (does.falls or does.taps or does.strokes) else 1.0
    wave = wave / max(top, 1e-9)
    bother = nuisances(does, dice.cup("bother"))
    for name, part in bother.items():
        wave += pickup(part) if name in ("talk", "thump") and dice.chance(0.7) else part
    wave = _recorded(wave, does, spans, dice.cup("recorded"))
    return wave, Truth(does.seconds, sorted(t + late for t, _ in does.falls), sorted(does.taps), spans)


def _span(dice: Dice, low: float, high: float) -> float:
    return float(low * (high / low) ** dice.uniform())


def _noise(dice: Dice, name: str, count: int) -> F64:
    return np.asarray(chance.noises(dice.seed, f"{dice.name}/{name}", count))


def _put(out: F64, time: float, wave: F64) -> None:
    at = round(time * RATE)
    room = min(len(wave), len(out) - at)
    if at >= 0 and room > 0:
        out[at : at + room] += wave[:room]


def _sized(wave: F64, decibels: float) -> F64:
    """With its usual peaks there."""
    return wave * 10.0 ** (decibels / 20.0) / max(1e-12, peak(wave, 99.5)) if wave.any() else wave


def _loud(wave: F64, decibels: float) -> F64:
    """With the rms there that it has while it sounds."""
    power = one_pole_high(wave, 300.0) ** 2
    busy = power > 1e-3 * power.max() if power.any() else power > 1.0
    return (
        wave * 10.0 ** (decibels / 20.0) / max(1e-12, math.sqrt(float(power[busy].mean())))
        if busy.any()
        else wave
    )


def _push(dice: Dice, seconds: float, shape: str) -> F64:
    """A force of one area: a half-sine to some power, a bell, a fast rise and a slow fall, or two humps."""
    n = max(4, round(seconds * RATE))
    u = (np.arange(n) + 0.5) / n
    if shape == "sine":
        push = np.sin(np.pi * u) ** dice.uniform(0.8, 3.0)
    elif shape == "bell":
        push = 0.5 - 0.5 * np.cos(2.0 * np.pi * u)
    elif shape == "skew":
        early = dice.uniform(0.08, 0.4)
        push = np.where(u < early, u / early, (1.0 - u) / (1.0 - early)) ** dice.uniform(1.0, 2.0)
    else:
        first, second = dice.uniform(0.1, 0.25), dice.uniform(0.5, 0.8)
        push = np.exp(-(((u - first) / 0.07) ** 2)) + dice.uniform(0.3, 1.2) * np.exp(
            -(((u - second) / 0.16) ** 2)
        )
    force: F64 = push / push.sum()
    return force


def _modes(
    dice: Dice, count: int, hertz: tuple[float, float], t60: tuple[float, float], tilt: float
) -> list[Mode]:
    modes = []
    for _ in range(count):
        pitch = _span(dice, *hertz)
        modes.append(Mode(pitch, _span(dice, *t60), dice.uniform(0.2, 1.0) * (hertz[0] / pitch) ** tilt))
    return modes


def _tread(dice: Dice) -> tuple[str, float, float]:
    """The shape of a foot's force, how long it lasts, and how long after the foot came it is felt, in seconds."""
    shape = dice.pick(("sine", "bell", "skew", "skew", "humps"))
    contact = _span(dice, 0.08, 0.3) if shape == "humps" else _span(dice, 0.004, 0.05)
    first = _push(dice.cup("felt"), contact, shape)
    return shape, contact, float(np.argmax(first > FELT * first.max())) / RATE


def _steps(does: Scene, count: int, dice: Dice) -> tuple[F64, float]:
    """Heels, toes, soles that slide, of one walker; and how long after a foot came its force is felt."""
    force, bright = np.zeros(count), np.zeros(count)
    shape, contact, felt = _tread(dice)
    if not does.falls:
        return force, felt
    toes, toe, when = dice.chance(0.65), dice.uniform(0.1, 0.9), dice.uniform(0.1, 0.3)
    slides, uneven = dice.uniform() ** 3, dice.uniform(0.0, 0.5)
    varies = dice.uniform(0.02, 0.3)
    crack, tail = dice.uniform(0.001, 0.03), _span(dice, 0.004, 0.05)
    for i, (time, period) in enumerate(does.falls):
        size = (1.0 + varies * dice.uniform(-1.0, 1.0)) * (1.0 - uneven * (i % 2))
        _put(force, time, size * _push(dice, contact * dice.uniform(0.85, 1.2), shape))
        n = round(5.0 * tail * RATE)
        hiss = chance.noises(dice.seed, f"{dice.name}/hiss", n, i * RATE)
        at = np.arange(n) / RATE
        _put(bright, time, size * hiss * np.minimum(1.0, at / crack) * np.exp(-at / tail))
        if toes and shape != "humps":
            late = time + min(0.25, period * when * dice.uniform(0.85, 1.15))
            _put(force, late, size * toe * dice.uniform(0.5, 1.3) * _push(dice, 1.3 * contact, shape))
        if dice.chance(0.4 * slides):
            n = round(dice.uniform(0.04, 0.2) * RATE)
            arch = np.sin(np.pi * (np.arange(n) + 0.5) / n) ** 1.5
            _put(bright, time + dice.uniform(-0.04, 0.12), 0.4 * arch * hiss_at(dice, i, n))
    modes = _modes(dice, dice.whole(1, 4), (15.0, 110.0), (0.04, 0.45), 0.2)
    modes += _modes(dice, dice.whole(0, 4), (80.0, 420.0), (0.015, 0.18), 0.4)
    heavy = ring(force, modes) + dice.uniform(0.0, 0.6) ** 2 * force / max(1e-12, force.max())
    knock = one_pole_low(np.diff(force, prepend=0.0), _span(dice, 300.0, 4000.0))
    bright = one_pole_high(one_pole_low(bright, _span(dice, 300.0, 6000.0)), _span(dice, 40.0, 800.0))
    out = (
        _sized(heavy, 0.0)
        + _sized(knock, dice.uniform(-36.0, -6.0))
        + _sized(bright, dice.uniform(-46.0, -12.0))
    )
    return out, felt


def hiss_at(dice: Dice, number: int, n: int) -> F64:
    """Noise of one event."""
    return np.asarray(chance.noises(dice.seed, f"{dice.name}/slide", n, number * RATE))


def _taps(does: Scene, count: int, dice: Dice) -> F64:
    """A finger's pad, a nail, a knuckle: a short force on drawn modes, perhaps with most of it in the body."""
    force = np.zeros(count)
    if not does.taps:
        return force
    contact, shape = _span(dice, 0.0003, 0.007), dice.pick(("sine", "bell", "skew"))
    bounce, varies = dice.chance(0.2), dice.uniform(0.5, 6.0)
    for time in does.taps:
        size = 10.0 ** (dice.uniform(-varies, varies) / 20.0)
        push = size * _push(dice, contact * dice.uniform(0.8, 1.25), shape)
        _put(force, time, push)
        if bounce and dice.chance(0.5):
            _put(force, time + dice.uniform(0.008, 0.03), 0.4 * push)
    low, high = _span(dice, 60.0, 900.0), _span(dice, 900.0, 8000.0)
    modes = _modes(dice, dice.whole(2, 9), (low, high), (0.006, 0.11), dice.uniform(0.0, 1.0))
    if dice.chance(0.6):
        body = _modes(dice, dice.whole(1, 2), (50.0, 450.0), (0.03, 0.15), 0.0)
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


def _rubs(does: Scene, count: int, dice: Dice) -> tuple[F64, list[tuple[float, float]]]:
    """Strokes (count,), and where they are to be heard."""
    speed, spans = np.zeros(count), []
    shape, power = dice.pick(("sine", "jerk", "plateau", "lean")), dice.uniform(0.5, 1.5)
    varies, press, rise = dice.uniform(0.0, 0.4), np.zeros(count), dice.uniform(0.01, 0.08)
    for start, end, turns in does.strokes:
        n = round((end - start) * RATE)
        arch = _speeds(dice, n, turns, shape, power)
        fast = np.flatnonzero(arch >= HEARD)
        spans.append((start + fast[0] / RATE, start + (fast[-1] + 1) / RATE))
        _put(speed, start, arch * dice.uniform(1.0 - varies, 1.0 + varies))
        _put(
            press,
            start,
            dice.uniform(0.3, 1.0)
            * np.minimum(1.0, np.minimum(np.arange(n), np.arange(n)[::-1]) / (rise * RATE)),
        )
    if not spans:
        return speed, spans
    wave, soft = _cloth(speed, count, dice), _span(dice, 15.0, 150.0)
    if dice.chance(0.6):
        pushed = one_pole_low(one_pole_low(press, soft), soft)
        level = 10.0 ** (dice.uniform(-20.0, 12.0) / 20.0)
        wave = wave / max(1e-12, float(np.std(wave))) + level * pushed / max(1e-12, float(np.std(pushed)))
    return wave, spans


def _rustle(does: Scene, count: int, dice: Dice) -> F64:
    """The coat that swings with each leg, by itself: one or two swings a step, some of them nearly always there."""
    speed = np.zeros(count)
    if not does.legs or dice.chance(0.15):
        return speed
    double, share, first = dice.chance(0.4), dice.uniform(0.2, 0.9), dice.uniform(-0.1, 0.6)
    for time, period in does.legs:
        for at in (first, first + 0.5) if double else (first,):
            n = round(period * share * (0.6 if double else 1.0) * dice.uniform(0.8, 1.2) * RATE)
            arch = np.sin(np.pi * (np.arange(n) + 0.5) / n) ** dice.uniform(0.6, 2.0)
            _put(speed, max(0.0, time + at * period), arch * dice.uniform(0.5, 1.0))
    return _cloth(speed, count, dice)


def _cloth(speed: F64, count: int, dice: Dice) -> F64:
    """What a surface sounds like under a hand that goes so fast: two colours of noise, grain, threads, a squeak."""
    middle = _span(dice, 350.0, 9000.0)
    wide = _span(dice, 1.6, 6.0)
    slow = _band(_noise(dice, "slow", count), 0.6 * middle / wide, 0.6 * middle * wide)
    fast = _band(_noise(dice, "fast", count), middle / wide, middle * wide)
    follows = dice.uniform() * np.minimum(1.0, speed)
    kind = dice.pick(("noise", "noise", "catches", "threads"))
    if kind == "noise":
        wave = slow * (1.0 - follows) + fast * follows
    else:
        hits = _catches(speed, count, kind == "threads", dice)
        q = _span(dice, 0.7, 3.5)
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
            np.abs(_noise(dice, "grain", count)) ** dice.whole(1, 8), _span(dice, 40.0, 3000.0)
        )
        wave = wave * (coarse / coarse.mean()) ** dice.uniform(0.2, 1.0)
    if dice.chance(0.35):
        threads = np.cumsum(speed) / RATE * _span(dice, 40.0, 900.0)
        wave = wave * (1.0 + dice.uniform(0.2, 1.0) * np.sin(2.0 * np.pi * threads))
    if dice.chance(0.12):
        turns = np.cumsum(_span(dice, 300.0, 3500.0) * (1.0 + 0.2 * (speed - 0.5))) / RATE
        squeak = sum(np.sin(2.0 * np.pi * k * turns) / k for k in (1, 2, 3, 4))
        wave = 0.4 * wave / max(1e-12, float(np.std(wave))) + squeak
    return np.asarray(wave * np.maximum(0.0, speed) ** dice.uniform(0.5, 1.6))


def _catches(speed: F64, count: int, even: bool, dice: Dice) -> F64:
    """Fibres that catch and let go, 60 to 9000 a second at full speed: one by chance, or thread after thread."""
    many = _span(dice, 60.0, 9000.0)
    if even:
        passed = np.floor(np.cumsum(np.maximum(0.0, speed)) / RATE * min(many, 1500.0))
        hits = np.diff(passed, prepend=0.0) * (1.0 + 0.5 * _noise(dice, "uneven", count))
    else:
        size = (0.02 + chance.uniforms(dice.seed, f"{dice.name}/size", count)) ** -dice.uniform(0.1, 0.6)
        sign = np.sign(_noise(dice, "sign", count))
        hits = np.where(
            chance.uniforms(dice.seed, f"{dice.name}/hit", count) < many * speed / RATE, size * sign, 0.0
        )
    return np.asarray(hits)


def _band(wave: F64, low: float, high: float) -> F64:
    """Between two pitches, 12 dB an octave."""
    low, high = max(60.0, low), min(20_000.0, high)
    return np.asarray(sosfilt(butter(1, (low, high), "bandpass", fs=RATE, output="sos"), wave + 1e-18))


def _pickup(dice: Dice) -> Callable[[F64], F64]:
    """A disc, its input and its preamplifier: corner 4 to 800 Hz, one or two resonances, a top, an eigen-colour."""
    corner = _span(dice, 4.0, 60.0) if dice.chance(0.4) else _span(dice, 20.0, 900.0)
    resonances = [
        (_span(dice, 250.0, 9000.0), _span(dice, 0.8, 9.0), 10.0 ** (dice.uniform(-3.0, 18.0) / 20.0) - 1.0)
        for _ in range(dice.whole(0, 2))
    ]
    top = _span(dice, 1800.0, 16_000.0) if dice.chance(0.5) else 0.0
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
        hiss = 2.0 * one_pole_low(hiss, _span(dice, 300.0, 3000.0))
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
