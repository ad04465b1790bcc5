"""Musical time to seconds: tempo that stands, drifts, ramps, jumps or breathes, and swing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .dice import Dice


@dataclass
class Clock:
    """`beats[k]` is the second at which beat k falls; positions between are linear."""

    beats: NDArray[np.float64]
    kind: str
    swing: float = 0.5  # where the second of a pair falls, 0.5 straight .. 0.7
    pair: float = 1.0  # length of the pair in beats: 1 swings eighths, 0.5 sixteenths

    def swung(self, at: float) -> float:
        """The position after swing; the beat itself (and the start of a pair) stays."""
        start = np.floor(at / self.pair + 1e-9) * self.pair
        part = (at - start) / self.pair
        bent = part * 2 * self.swing if part < 0.5 else self.swing + (part - 0.5) * 2 * (1 - self.swing)
        return float(start + bent * self.pair)

    def seconds(self, at: float, straight: bool = False) -> float:
        """The second of a position in beats (clamped to the clock's range)."""
        place = at if straight else self.swung(at)
        return float(np.interp(place, np.arange(len(self.beats)), self.beats))

    def tempo(self, k: int) -> float:
        """Beats a minute between beat k and the next."""
        return float(60.0 / (self.beats[k + 1] - self.beats[k]))


def choose_tempo(dice: Dice, compound: bool) -> float:
    """Beats a minute: mostly 80..160, all of 55..200; dotted beats are slower."""
    if compound:
        return dice.log(50, 130)
    return dice.log(80, 160) if dice.chance(0.72) else dice.log(55, 200)


def make_clock(dice: Dice, bpm: float, seconds: float, bar: int, human: bool) -> Clock:
    """A clock long enough for `seconds` (with some beats to spare).

    Kinds: steady; drift (slow random walk); breathing (phrases slow down and speed up); ramp; step
    (one or two jumps at a bar line, at times after a gap or in the middle of a bar).
    """
    if human:
        kinds = {"steady": 0.25, "drift": 0.37, "breathing": 0.15, "ramp": 0.1, "step": 0.13}
    else:
        kinds = {"steady": 0.68, "drift": 0.04, "ramp": 0.12, "step": 0.16}
    kind = dice.weighted(kinds)
    count = int(seconds / 60 * 260) + 40
    lengths = np.full(count, 60.0 / bpm)
    gaps = np.zeros(count)
    if kind == "drift":
        walk = np.cumsum(dice.rng.normal(0.0, dice.log(0.002, 0.012), count))
        walk -= np.linspace(0, walk[-1], count) * 0.7
        lengths *= np.exp(np.clip(walk, -0.2, 0.2))
        lengths *= 1.0 + dice.rng.normal(0.0, dice.log(0.002, 0.012), count)
    elif kind == "breathing":
        phrase = bar * dice.pick((2, 4, 8))
        wave = np.arange(count) % phrase / phrase
        lengths *= 1.0 + dice.log(0.02, 0.12) * (2 * wave - 0.7) ** 2
        lengths *= 1.0 + dice.rng.normal(0.0, 0.012, count)
    elif kind == "ramp":
        total = seconds * bpm / 60
        first = dice.between(0.0, 0.5) * total
        last = first + dice.between(0.2, 0.8) * total
        way = np.clip((np.arange(count) - first) / (last - first), 0, 1)
        lengths *= np.exp(np.log(dice.log(0.65, 1.5)) * way)
    elif kind == "step":
        for _ in range(dice.pick((1, 2), (0.7, 0.3))):
            there = int(dice.between(0.15, 0.85) * seconds * bpm / 60)
            if dice.chance(0.85):
                there -= there % bar
            lengths[there:] *= dice.log(0.6, 1.65)
            if dice.chance(0.25):
                gaps[max(there - 1, 0)] += dice.between(0.1, 1.5)
    lengths = np.clip(lengths, 0.29, 1.25)
    beats = np.concatenate(([0.0], np.cumsum(lengths + gaps)))
    return Clock(beats, kind)
