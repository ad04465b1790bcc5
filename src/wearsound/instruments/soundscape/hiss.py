"""Tape hiss: there where there is sound, and louder under loud sound, as magnetised tape is."""

from __future__ import annotations

import numpy as np

from wearsound import chance
from wearsound.cascade import Cascade
from wearsound.core import F64, Clock
from wearsound.instruments.filters import high_pass, low_pass
from wearsound.instruments.soundscape.table import decibels

LENGTHS = (131_071, 104_729)
"""Samples of two loops: primes, so that together they begin again after 79 hours at 48 kHz."""
QUIET, LOUD = -66.0, -50.0
"""dBFS rms at age 0 and 1 under sound of about -22 dBFS."""
BASE, MOST, FOLLOWS = 0.45, 2.2, 7.0
"""How much there is in a pause, how much more at the most, and how quickly it grows with the sound's rms."""


class Hiss:
    """Two sides of noise that have nothing in common, a function of the tick. [engine thread]"""

    def __init__(self, seed: int, clock: Clock) -> None:
        self._hop = clock.hop
        self._level = decibels(QUIET, LOUD)
        self._loops = [_loop(seed, f"soundscape.tape.hiss.{n}", n, clock) for n in LENGTHS]
        self._u: F64 = (np.arange(clock.hop) + 1.0) / clock.hop
        self._noise: F64 = np.zeros((2, clock.hop))
        self.reset()

    def reset(self) -> None:
        """No hiss yet."""
        self._gain = 0.0

    def play(self, tick: int, wave: F64, level: float, presence: float, age: float) -> None:
        """Add to `wave` (2, hop); `level` is the rms of what is on the tape, `presence` 0..1, 0 for none at all."""
        before = self._gain
        self._gain = self._level.at(age) * (BASE + min(MOST, FOLLOWS * level)) * presence
        if before == 0.0 and self._gain == 0.0:
            return
        noise, hop = self._noise, self._hop
        (first, second), at = self._loops, tick * hop
        one, two = at % LENGTHS[0], at % LENGTHS[1]
        np.add(first[one : one + hop], second[two : two + hop], out=noise[0])
        # The right side hears the same loops elsewhere: half a loop is far enough.
        one, two = (at + LENGTHS[0] // 2) % LENGTHS[0], (at + LENGTHS[1] // 3) % LENGTHS[1]
        np.subtract(first[one : one + hop], second[two : two + hop], out=noise[1])
        noise *= before + (self._gain - before) * self._u
        wave += noise


def _loop(seed: int, name: str, length: int, clock: Clock) -> F64:
    """Noise as of a cassette: little below 300 Hz, 6 dB more above 4 kHz, an end at 11 kHz; two of them have rms 1."""
    lead = clock.hop * 16
    noise = chance.noises(seed, name, length)
    around = np.concatenate([noise[-lead:], noise])[None]
    bright = around.copy()
    Cascade(high_pass(4000.0, 2, clock)).run(bright)
    around += bright
    Cascade(np.concatenate([high_pass(300.0, 2, clock), low_pass(11_000.0, 2, clock)])).run(around)
    loop = around[0, lead:]
    rms = np.sqrt(np.add.reduce(loop * loop) / length)
    loop = loop * (np.sqrt(0.5) / rms)
    return np.concatenate([loop, loop[: clock.hop]])
