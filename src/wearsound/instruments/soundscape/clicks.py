"""Crackle: dust in the groove, one speck at a time."""

from __future__ import annotations

import numpy as np

from wearsound import chance
from wearsound.core import F64, Clock
from wearsound.instruments.soundscape.dice import Dice
from wearsound.instruments.soundscape.plain import PI, exponential, sine

A_SECOND = 9.0
"""At age 1; it grows with the square of age."""
SHAPES = 12
SECONDS = 0.0025
"""The longest speck."""
HZ = (900.0, 5200.0)
DECAY = (0.00015, 0.0006)
"""Seconds to 37 %."""
SOFTEST, LOUDEST = 0.006, 0.116
"""Most are soft: what lies between goes with the fourth power of a dice."""


class Clicks:
    """At most one begins in a hop, looked up by the tick. [engine thread]"""

    def __init__(self, seed: int, clock: Clock) -> None:
        self._hop = clock.hop
        self._length = round(SECONDS * clock.sample_rate)
        self._shapes = [_shape(seed, i, self._length, clock.sample_rate) for i in range(SHAPES)]
        self._chance = A_SECOND * clock.hop / clock.sample_rate
        name = "soundscape.tape.click"
        self._due, self._where, self._which, self._loud, self._side = (
            Dice(seed, f"{name}.{what}") for what in ("due", "where", "which", "loud", "side")
        )
        self._ahead: F64 = np.zeros((2, clock.hop + self._length))
        self.reset()

    def reset(self) -> None:
        """Clean."""
        self._ahead[:] = 0.0
        self._rings = 0

    def play(self, tick: int, wave: F64, presence: float, age: float) -> None:
        """Add to `wave` (2, hop); `presence` 0..1, 0 for none at all."""
        if presence > 0.0 and self._due.at(tick) < self._chance * age * age:
            self._begin(tick, presence)
        if not self._rings:
            return
        hop, ahead = self._hop, self._ahead
        wave += ahead[:, :hop]
        ahead[:, : self._length] = ahead[:, hop:]
        ahead[:, self._length :] = 0.0
        self._rings -= 1

    def _begin(self, tick: int, presence: float) -> None:
        q = self._loud.at(tick)
        loud = presence * (SOFTEST + (LOUDEST - SOFTEST) * q * q * q * q)
        shape = self._shapes[int(self._which.at(tick) * SHAPES)]
        start, side = int(self._where.at(tick) * self._hop), 0.7 * (2.0 * self._side.at(tick) - 1.0)
        self._ahead[0, start : start + self._length] += (loud * (1.0 - side)) * shape
        self._ahead[1, start : start + self._length] += (loud * (1.0 + side)) * shape
        self._rings = 2


def _shape(seed: int, number: int, length: int, rate: int) -> F64:
    """A short ring and a shorter breath of noise, from nothing to nothing, at most about 1."""
    name = "soundscape.tape.click.shape"
    hz = HZ[0] + (HZ[1] - HZ[0]) * chance.uniform(seed, f"{name}.hz", number)
    decay = DECAY[0] + (DECAY[1] - DECAY[0]) * chance.uniform(seed, f"{name}.decay", number)
    noise = chance.noises(seed, f"{name}.noise", length, number * length)
    ring = np.array(
        [sine(2.0 * PI * hz * i / rate) * exponential(-i / (decay * rate)) for i in range(length)]
    )
    breath = noise * np.array([exponential(-i / (0.0002 * rate)) for i in range(length)])
    end = 1.0 - np.arange(length) / length
    shape: F64 = (0.8 * ring + 0.3 * breath) * end
    return shape
