"""What is no movement at all and yet is loud: talk, breath, thumps, cables, hiss, crackle, snaps, music, telephones.

Everything against events whose peaks are 1. How loud is drawn wide; the truth of all of it is "nothing".
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.signal import butter, sosfilt

from benchmarks.hearing.dice import Dice
from benchmarks.movement.plate import RATE, Mode, one_pole_high, one_pole_low, ring
from training.wide_script import Scene
from training.wide_shapes import noise_of, put, spanned
from wearsound import chance
from wearsound.core import F64


def nuisances(does: Scene, dice: Dice) -> dict[str, F64]:
    """Those of one take by name, each (n,). Where nobody moves there are more of them."""
    count, empty = round(does.seconds * RATE), not (does.falls or does.strokes or does.taps)
    out = {}
    for name, (part, low, high, make) in KINDS.items():
        cup = dice.cup(name)
        if cup.chance(min(0.6, 2.5 * part) if empty else part):
            wave = make(count, cup)
            size = float(np.percentile(np.abs(wave), 99.9))
            out[name] = (
                wave * 10.0 ** ((cup.uniform(low, high) + (6.0 if empty else 0.0)) / 20.0) / max(1e-12, size)
            )
    return out


def _band(wave: F64, low: float, high: float) -> F64:
    return np.asarray(sosfilt(butter(1, (low, high), "bandpass", fs=RATE, output="sos"), wave + 1e-18))


def _talk(count: int, dice: Dice) -> F64:
    """Syllables: pulses at a bending pitch through two formants, plosives, fricatives, pauses between sentences."""
    seconds, pitch, pace = count / RATE, spanned(dice, 75.0, 300.0), dice.uniform(2.0, 6.5)
    times, opened, bend, hissed = [0.0], [0.0], [1.0], [0.0]
    pops, now = np.zeros(count), dice.uniform(0.2, 2.5)
    while now < seconds:
        for _ in range(dice.whole(2, 12)):
            length, loud = dice.uniform(0.5, 1.4) / pace, dice.uniform(0.4, 1.0)
            rise, kind = dice.uniform(0.008, 0.07), dice.pick(("open", "open", "pop", "hiss"))
            start = now + (0.35 * length if kind == "hiss" else 0.0)
            times += [now, now + 0.1 * length, start, start + rise, now + 0.75 * length, now + length]
            hiss = dice.uniform(0.1, 0.6) if kind == "hiss" else 0.0
            hissed += [0.0, hiss, 0.6 * hiss, 0.0, 0.0, 0.0]
            opened += [0.0, 0.0, 0.0, loud, 0.7 * loud, 0.0]
            bend += [dice.uniform(0.8, 1.25)] * 6
            if kind == "pop":
                n = round(0.02 * RATE)
                put(
                    pops,
                    now,
                    loud * noise_of(dice, "pop", n, len(times) * RATE) * np.exp(-np.arange(n) / 240.0),
                )
            now += length
        now += dice.uniform(0.2, 2.0)
    order = np.maximum.accumulate(np.array(times))
    said, hiss, turn = (
        np.interp(np.arange(count) / RATE, order, np.array(v)) for v in (opened, hissed, bend)
    )
    pulses = np.diff(np.floor(np.cumsum(pitch * turn / RATE)), prepend=0.0) * said
    formants = [
        Mode(spanned(dice, 250.0, 900.0), 0.03, 1.0),
        Mode(spanned(dice, 800.0, 2800.0), 0.02, dice.uniform(0.1, 0.7)),
    ]
    voice = ring(pulses, formants) + dice.uniform(0.0, 2.0) * one_pole_low(pulses, 200.0)
    voice = voice / max(1e-12, float(np.abs(voice).max()))
    rest = 0.3 * _band(noise_of(dice, "s", count), 2500.0, 9000.0) * hiss + dice.uniform(0.0, 0.5) * pops
    return one_pole_low(one_pole_high(voice + rest, spanned(dice, 40.0, 150.0)), spanned(dice, 500.0, 9000.0))


def _breath(count: int, dice: Dice) -> F64:
    """In and out, 8 to 35 times a minute; out is darker."""
    turn = dice.uniform(0.14, 0.58) * np.arange(count) / RATE + dice.uniform()
    low = spanned(dice, 60.0, 500.0)
    power = dice.uniform(0.8, 3.0)
    into = _band(noise_of(dice, "in", count), low, spanned(dice, 2.0, 8.0) * low)
    out = _band(noise_of(dice, "out", count), 0.6 * low, spanned(dice, 1.5, 5.0) * low)
    wave = np.sin(2.0 * np.pi * turn)
    return np.asarray(
        into * np.maximum(0.0, wave) ** power + dice.uniform(0.0, 1.0) * out * np.maximum(0.0, -wave) ** power
    )


def _thump(count: int, dice: Dice) -> F64:
    """Pushes that are no steps: a sleeve, a door, a seat; slow, without knock."""
    out, now = np.zeros(count), dice.uniform(0.5, 4.0)
    while now < count / RATE:
        n = round(spanned(dice, 0.03, 0.3) * RATE)
        u = (np.arange(n) + 0.5) / n
        wave = np.sin(np.pi * u) ** 2 * np.sin(
            2.0 * np.pi * (u * dice.uniform(0.3, 2.5) + dice.uniform(0.0, 0.3))
        )
        put(out, now, wave * dice.uniform(0.3, 1.0))
        now += dice.uniform(0.4, 6.0)
    return out


def _cable(count: int, dice: Dice) -> F64:
    """It slides and ticks for a moment: small knocks of random size within coloured noise."""
    out, now = np.zeros(count), dice.uniform(0.5, 6.0)
    modes = [Mode(spanned(dice, 90.0, 900.0), dice.uniform(0.01, 0.05), 1.0)]
    while now < count / RATE:
        n = round(dice.uniform(0.15, 0.9) * RATE)
        at = round(now * RATE)
        noise = noise_of(dice, "slide", n, at)
        ticks = (
            np.where(chance.uniforms(dice.seed, f"{dice.name}/ticks", n, at) < 30.0 / RATE, noise, 0.0) * 30.0
        )
        arch = np.sin(np.pi * (np.arange(n) + 0.5) / n)
        put(out, now, ring((0.3 * noise + ticks) * arch, modes) * dice.uniform(0.3, 1.0))
        now += dice.uniform(1.5, 8.0)
    return out


def _record(count: int, dice: Dice) -> F64:
    """An old record: steady hiss and rumble, crackles of any size, some of them heavy."""
    hiss = one_pole_low(noise_of(dice, "hiss", count), spanned(dice, 1500.0, 15_000.0))
    rumble = 8.0 * one_pole_low(noise_of(dice, "rumble", count), spanned(dice, 20.0, 120.0))
    many = spanned(dice, 2.0, 60.0)
    hits = chance.uniforms(dice.seed, f"{dice.name}/hits", count) < many / RATE
    size = (0.02 + chance.uniforms(dice.seed, f"{dice.name}/size", count)) ** -dice.uniform(0.4, 0.9)
    crackle = np.where(hits, size * np.sign(noise_of(dice, "sign", count)), 0.0)
    crackle = ring(
        crackle,
        [
            Mode(spanned(dice, 400.0, 6000.0), spanned(dice, 0.002, 0.012), 1.0),
            Mode(spanned(dice, 80.0, 900.0), 0.01, 0.5),
        ],
    )
    crackle = crackle / max(1e-12, float(np.percentile(np.abs(crackle), 99.9)))
    out: F64 = hiss / np.std(hiss) * dice.uniform(0.05, 0.6) + rumble * dice.uniform(0.0, 1.0) + crackle
    return out


def _hiss(count: int, dice: Dice) -> F64:
    """Noise that is always there, and breathes a little."""
    wave = _band(noise_of(dice, "hiss", count), spanned(dice, 60.0, 1500.0), spanned(dice, 1800.0, 18_000.0))
    slow = np.cumsum(noise_of(dice, "slow", count // 4800 + 2)) * dice.uniform(0.0, 0.15)
    return np.asarray(
        wave * 10.0 ** (np.interp(np.arange(count) / 4800.0, np.arange(len(slow)), slow - slow.mean()) / 10.0)
    )


def _snap(count: int, dice: Dice) -> F64:
    """Snaps and claps in a room: a burst without anything below 500 Hz, and the room's tail."""
    out, now = np.zeros(count), dice.uniform(0.5, 3.0)
    low, tail, share = spanned(dice, 500.0, 2500.0), spanned(dice, 0.03, 0.25), spanned(dice, 0.03, 0.5)
    while now < count / RATE:
        n = round(4.0 * tail * RATE)
        at = np.arange(n) / RATE
        decay = np.exp(-at / dice.uniform(0.001, 0.006)) + share * np.exp(-at / tail) * (at > 0.003)
        put(out, now, noise_of(dice, "burst", n, round(now * RATE)) * decay * dice.uniform(0.5, 1.0))
        now += dice.pick((dice.uniform(0.3, 1.0), dice.uniform(0.8, 4.0)))
    return _band(out, low, spanned(dice, 2.5, 6.0) * low)


def _music(count: int, dice: Dice) -> F64:
    """Plucked and held notes on a grid, a bass, perhaps cymbals: what a hall sends through a coat."""
    out, beat, now, number = np.zeros(count), dice.uniform(0.12, 0.45), 0.0, 0
    low, drums = spanned(dice, 40.0, 110.0), dice.chance(0.5)
    while now < count / RATE:
        for octave in (1.0, dice.pick((2.0, 4.0, 8.0))):
            if dice.chance(0.6):
                hertz = low * octave * 2.0 ** (dice.pick((0, 2, 3, 5, 7, 10)) / 12.0)
                n, falls = round(dice.uniform(1.0, 5.0) * beat * RATE), spanned(dice, 0.1, 3.0)
                at = np.arange(n) / RATE
                note = sum(np.sin(2.0 * np.pi * k * hertz * at) / k**1.3 for k in range(1, 7))
                rise = np.minimum(1.0, at / dice.uniform(0.004, 0.06)) * np.minimum(1.0, at[::-1] / 0.02)
                put(out, now, note * rise * np.exp(-at / falls) * dice.uniform(0.3, 1.0) / octave**0.5)
        if drums and dice.chance(0.6):
            n = round(0.1 * RATE)
            hat = one_pole_high(noise_of(dice, "hat", n, number * RATE), 4000.0) * np.exp(
                -np.arange(n) / RATE / dice.uniform(0.01, 0.05)
            )
            put(out, now, dice.uniform(0.1, 0.6) * hat)
        now, number = now + beat, number + 1
    return out


def _buzz(count: int, dice: Dice) -> F64:
    """A telephone in the pocket: a motor at 130 to 250 Hz, on and off."""
    t = np.arange(count) / RATE
    turn = spanned(dice, 130.0, 250.0) * t
    on, period = dice.uniform(0.2, 0.8), dice.uniform(0.5, 2.5)
    gate = one_pole_low(one_pole_low(((t / period) % 1.0 < on).astype(float), 15.0), 15.0)
    return np.asarray(gate * sum(np.sin(2.0 * np.pi * k * turn) / k for k in (1, 2, 3, 4, 6)))


KINDS: dict[str, tuple[float, float, float, Callable[[int, Dice], F64]]] = {
    "talk": (0.22, -44.0, -8.0, _talk),
    "breath": (0.3, -54.0, -20.0, _breath),
    "thump": (0.22, -26.0, 0.0, _thump),
    "cable": (0.16, -38.0, -14.0, _cable),
    "record": (0.07, -44.0, -12.0, _record),
    "hiss": (0.12, -60.0, -26.0, _hiss),
    "snap": (0.06, -24.0, 0.0, _snap),
    "music": (0.07, -44.0, -12.0, _music),
    "buzz": (0.06, -40.0, -8.0, _buzz),
}
"""Part of all takes, the least and most dB of its loudest against what is done, and who makes it."""
