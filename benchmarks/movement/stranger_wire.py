"""The stranger's microphone, and all that gets into it without anybody walking, rubbing or tapping.

Corners of an unbuffered to a buffered piezo disc and its resonance: README and R. Mudhar's notes. Formants of vowels:
Peterson and Barney 1952, rounded. Levels are our guess, in dB of the wearer's loudest gesture.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import signal

from benchmarks.hearing.dice import Dice
from benchmarks.movement.stranger_parts import RATE, band, hiss, hump, place, rung
from wearsound.core import F64

VOWELS = ((300, 2300, 3000), (530, 1850, 2500), (730, 1100, 2450), (570, 850, 2400), (320, 900, 2250))


@dataclass(frozen=True, slots=True)
class Wire:
    """Disc, cable and preamplifier: Hz, dB; `gain` in dB about -12 dBFS for the loudest gesture."""

    corner: float
    order: int
    resonance: float
    q: float
    peak: float
    top: float
    gain: float
    noise: float
    mains: float
    hum: float
    clip: float


def drawn_wire(dice: Dice) -> Wire:
    """From a disc in a laptop's input to a buffered one."""
    return Wire(
        corner=5.0 * 160.0 ** dice.uniform(),
        order=1 if dice.chance(0.8) else 2,
        resonance=dice.uniform(1500.0, 4500.0),
        q=2.0 * 5.0 ** dice.uniform(),
        peak=dice.uniform(0.0, 15.0),
        top=5000.0 * 3.5 ** dice.uniform(),
        gain=dice.uniform(-10.0, 10.0),
        noise=dice.uniform(-82.0, -58.0),
        mains=dice.pick((50.0, 60.0)),
        hum=dice.uniform(-80.0, -44.0),
        clip=dice.uniform(0.5, 1.0),
    )


def coloured(wire: Wire, wave: F64) -> F64:
    """A movement (n,) as the disc into its input has it: high-pass, resonance, top."""
    corner = signal.butter(wire.order, wire.corner, "highpass", fs=RATE, output="sos")
    top = signal.butter(1, min(wire.top, 0.45 * RATE), "lowpass", fs=RATE, output="sos")
    wave = signal.sosfilt(np.concatenate([corner, top]), wave)
    b, a = signal.iirpeak(wire.resonance, wire.q, fs=RATE)
    return np.asarray(wave + (10 ** (wire.peak / 20) - 1.0) * signal.lfilter(b, a, wave))


def taken(wire: Wire, wave: F64, loudest: float, dice: Dice) -> F64:
    """A coloured movement (n,) at the wearer's gain, with hum, noise and drift, softly clipped, as of 16 bits."""
    count = len(wave)
    time = np.arange(count) / RATE
    level = 10 ** ((wire.gain - 12.0) / 20)
    out = wave * (level / loudest)
    drift = wire.mains * (1.0 + dice.uniform(-0.002, 0.002))
    for number in range(1, 12):
        share = dice.uniform(0.2, 1.0) / number ** dice.uniform(0.6, 1.6) * (1.0 if number % 2 else 0.4)
        phase = dice.uniform(0.0, 2.0 * np.pi)
        out += 10 ** (wire.hum / 20) * share * np.sin(2.0 * np.pi * number * drift * time + phase)
    pink = signal.lfilter([0.05], [1.0, -0.995], hiss(dice, "pink", count))
    out += 10 ** (wire.noise / 20) * (hiss(dice, "white", count) + dice.uniform(0.0, 2.0) * pink)
    slow = dice.uniform(0.05, 0.4)
    out += 10 ** (dice.uniform(-70.0, -40.0) / 20) * np.sin(
        2.0 * np.pi * slow * time + dice.uniform(0.0, 6.0)
    )
    out = wire.clip * np.tanh(out / wire.clip)
    return np.asarray(np.rint(np.clip(out, -1.0, 1.0) * 32767.0) / 32768.0)


def cable(seconds: float, dice: Dice) -> F64:
    """The cable swings against something, 1-4 times (n,): a low thump and crackle."""
    out = np.zeros(round(seconds * RATE))
    for number in range(dice.whole(1, 4)):
        knock = dice.cup(f"knock {number}")
        drive = np.zeros(round(0.5 * RATE))
        place(drive, 0.0, hump(knock.uniform(0.01, 0.06)))
        thump = rung(drive, ((knock.uniform(10.0, 60.0), knock.uniform(0.1, 0.5), 1.0),))
        thump /= np.abs(thump).max()
        crackle = band(hiss(knock, "crackle", len(drive)), 400.0, 4000.0)
        envelope = np.zeros(len(drive))
        place(envelope, 0.0, hump(knock.uniform(0.02, 0.12)))
        level = 10 ** (knock.uniform(-26.0, -8.0) / 20)
        place(out, knock.uniform(0.5, seconds - 0.6), level * (thump + 0.1 * envelope * crackle))
    return out


def breath(seconds: float, dice: Dice) -> F64:
    """In and out 12-24 times a minute (n,), -50 to -34 dB."""
    count = round(seconds * RATE)
    pace = 2.0 * np.pi * dice.uniform(0.2, 0.4)
    swell = np.sin(pace * np.arange(count) / RATE + dice.uniform(0.0, 6.0)) ** 2
    low = dice.uniform(120.0, 400.0)
    air = band(hiss(dice, "air", count), low, low * dice.uniform(2.5, 6.0))
    return 10 ** (dice.uniform(-50.0, -34.0) / 20) * swell**1.5 * air


def talk(seconds: float, dice: Dice) -> F64:
    """The wearer says something now and then (n,), rms -44 to -24 dB: syllables of voice and hiss."""
    out = np.zeros(round(seconds * RATE))
    pitch, level = dice.uniform(85.0, 230.0), 10 ** (dice.uniform(-44.0, -24.0) / 20)
    now = dice.uniform(0.5, 5.0)
    while now < seconds - 0.5:
        for number in range(dice.whole(3, 12)):
            word = dice.cup(f"{now:.3f} {number}")
            length = word.uniform(0.08, 0.28)
            place(out, now, level * word.uniform(0.4, 1.2) * _syllable(pitch, length, word))
            now += length + word.uniform(0.0, 0.08)
        now += dice.uniform(0.8, 5.0)
    return out


def _syllable(pitch: float, length: float, dice: Dice) -> F64:
    count = round(length * RATE)
    glide = pitch * dice.uniform(0.85, 1.25) * np.linspace(1.0, dice.uniform(0.8, 1.15), count)
    phase = np.cumsum(glide) / RATE
    glottis = np.diff(np.floor(phase), prepend=0.0) + 0.02 * hiss(dice, "breath", count)
    size = dice.uniform(0.92, 1.12)
    formants = tuple((hertz * size, 0.05, 1.0 / (1 + 1.2 * at)) for at, hertz in enumerate(dice.pick(VOWELS)))
    voice = rung(glottis, formants)
    voice /= np.sqrt(np.mean(voice**2))
    out = hump(length)[:count] ** 0.5 * voice
    if dice.chance(0.35):
        start = hump(dice.uniform(0.04, 0.1))[:count]
        consonant = np.zeros(count)
        place(consonant, 0.0, start * band(hiss(dice, "consonant", len(start)), 2500.0, 7000.0))
        out += 0.4 * consonant
    return out


def swish(falls: list[tuple[float, float]], low: float, seconds: float, dice: Dice) -> F64:
    """Arms and legs brush the coat (n,): once in each step (time, period), centred anywhere in it; rms 1 at most."""
    out = np.zeros(round(seconds * RATE))
    place_in = dice.uniform(0.2, 0.7)
    for number, (time, period) in enumerate(falls):
        one = dice.cup(f"swish {number}")
        swell = hump(one.uniform(0.3, 0.6) * period)
        cloth = band(hiss(one, "cloth", len(swell)), low, 3.5 * low)
        place(out, time + place_in * period, one.uniform(0.4, 1.0) * swell * cloth)
    return out
