"""Drop-outs: where a worn tape lost its coat, sound sinks away and is dull for a moment."""

from __future__ import annotations

import numpy as np

from wearsound.core import F64, Clock
from wearsound.instruments.soundscape.dice import Dice
from wearsound.instruments.soundscape.table import decibels

A_SECOND = 0.10
"""At age 1; it grows with age."""
SHORTEST, LONGEST = 0.020, 0.200
"""Seconds."""
SHALLOW, DEEP = -6.0, -20.0
"""dB at the deepest."""
BOX = 8
"""Samples over which it is averaged at the deepest: -3 dB at about 2.7 kHz."""


class Dropouts:
    """One at a time, looked up by the tick; the second side sinks less. [engine thread]"""

    def __init__(self, seed: int, clock: Clock) -> None:
        self._hop, self._rate = clock.hop, clock.sample_rate
        self._chance = A_SECOND * clock.hop / clock.sample_rate
        name = "soundscape.tape.dropout"
        self._due, self._long, self._deep, self._side = (
            Dice(seed, f"{name}.{what}") for what in ("due", "long", "deep", "side")
        )
        self._gain = decibels(SHALLOW, DEEP)
        self._i: F64 = np.arange(clock.hop, dtype=np.float64)
        self._past: F64 = np.zeros((2, BOX - 1 + clock.hop))
        self.reset()

    def reset(self) -> None:
        """None."""
        self._past[:] = 0.0
        self._at = self._length = 0
        self._depth: F64 = np.zeros((2, 1))

    def play(self, tick: int, wave: F64, age: float) -> None:
        """Let `wave` (2, hop) sink, in place."""
        past, hop = self._past, self._hop
        past[:, : BOX - 1] = past[:, hop:]
        past[:, BOX - 1 :] = wave
        if self._at >= self._length:
            if self._due.at(tick) >= self._chance * age:
                return
            self._begin(tick)
        v = (self._at + self._i) * (2.0 / self._length) - 1.0
        self._at += hop
        sunk = self._depth * np.maximum(0.0, 1.0 - v * v)
        # Eight samples' mean by doubling: pairs, pairs of pairs, and theirs.
        box = past[:, 1:] + past[:, :-1]
        box = box[:, 2:] + box[:, :-2]
        box = box[:, 4:] + box[:, :-4]
        box *= 1.0 / BOX
        box -= wave
        box *= np.minimum(1.0, 1.5 * sunk)
        wave += box
        wave *= 1.0 - sunk

    def _begin(self, tick: int) -> None:
        seconds = SHORTEST + (LONGEST - SHORTEST) * self._long.at(tick)
        self._at, self._length = 0, round(seconds * self._rate)
        deep, less = 1.0 - self._gain.at(self._deep.at(tick)), 0.4 + 0.5 * self._side.at(tick)
        left = self._side.at(tick) * 2.0 % 1.0 < 0.5
        self._depth[:, 0] = (deep, less * deep) if left else (less * deep, deep)
