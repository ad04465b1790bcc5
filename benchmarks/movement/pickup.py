"""The microphone: a piezo disc, the corner its input makes, mains hum, a preamplifier's noise, gain, clipping."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from benchmarks.hearing.dice import Dice
from benchmarks.movement.plate import KEEP_AWAKE, RATE, one_pole_high
from wearsound import chance
from wearsound.core import F64

CORNERS = {"1 Mohm": (3.0, 30.0), "line 50 kohm": (100.0, 300.0), "plug-in power": (700.0, 1500.0)}
"""What a disc of some 15 nF makes with an input, Hz: 1 / (2 pi R C), parts and cables allowed for."""


@dataclass(frozen=True, slots=True)
class Pickup:
    """`disc` Hz its resonance; `gain` dB about a good level, `hum` and `noise` dBFS rms at the output."""

    input: str
    corner: float
    disc: float
    q: float
    lift: float
    gain: float
    mains: float
    drift: float
    hum: float
    noise: float


def drawn_pickup(dice: Dice) -> Pickup:
    """Somebody's disc on some input. Two of four are built as they should be, with 1 Mohm."""
    name = dice.pick(("1 Mohm", "1 Mohm", "line 50 kohm", "plug-in power"))
    low, high = CORNERS[name]
    return Pickup(
        name,
        low * (high / low) ** dice.uniform(),
        dice.uniform(2000.0, 4000.0),
        dice.uniform(2.0, 8.0),
        10.0 ** (dice.uniform(2.0, 16.0) / 20.0),
        dice.uniform(-12.0, 12.0),
        dice.pick((50.0, 60.0)),
        dice.uniform(-0.15, 0.15),
        dice.uniform(-78.0, -50.0),
        dice.uniform(-84.0, -60.0),
    )


def through_disc(pickup: Pickup, wave: F64) -> F64:
    """What the disc makes of movement (n,), before any gain: flat, and `lift` times as much at its resonance."""
    from scipy.signal import lfilter

    turn = 2.0 * math.pi * pickup.disc / RATE
    wide = math.sin(turn) / (2.0 * pickup.q)
    band = lfilter([wide, 0.0, -wide], [1.0 + wide, -2.0 * math.cos(turn), 1.0 - wide], wave + KEEP_AWAKE)
    return one_pole_high(wave + (pickup.lift - 1.0) * np.asarray(band), pickup.corner)


def recorded(pickup: Pickup, wave: F64, good: float, dice: Dice) -> F64:
    """The take (n,): amplified so that events of size `good` reach -12 dBFS, or not quite; hum, noise, clipping."""
    count = len(wave)
    out = wave * (0.25 / good) * 10.0 ** (pickup.gain / 20.0)
    # Mains wander slowly; the harmonics lie on the same phase.
    wander = pickup.drift * np.sin(2.0 * np.pi * 0.05 * np.arange(count) / RATE)
    turns = np.cumsum((pickup.mains + wander) / RATE)
    hum = np.zeros(count)
    for harmonic, level in ((1, 1.0), (2, 0.25), (3, 0.5), (5, 0.3), (7, 0.15)):
        hum += level * dice.uniform(0.4, 1.0) * np.sin(2.0 * np.pi * (harmonic * turns + dice.uniform()))
    out += hum * 10.0 ** (pickup.hum / 20.0) / math.sqrt(float(np.mean(hum * hum)))
    noise = chance.noises(dice.seed, f"{dice.name}/noise", count) * math.sqrt(3.0)
    out += noise * 10.0 ** (pickup.noise / 20.0)
    return np.rint(np.clip(out, -1.0, 1.0) * 32767.0) / 32768.0
