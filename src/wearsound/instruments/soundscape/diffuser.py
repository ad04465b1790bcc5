"""The way into the room: no lows, a moment before anything answers, and all-passes that make many echoes of one."""

from __future__ import annotations

import numpy as np

from wearsound.cascade import Cascade
from wearsound.core import F64, Clock
from wearsound.instruments.filters import high_pass
from wearsound.instruments.soundscape.delay_lines import DelayLines
from wearsound.instruments.soundscape.primes import nearest_prime

LOWEST = 190.0
"""Hz: a room full of lows is mud."""
PRE_DELAY = 0.031
ALL_PASSES = ((293, 0.6), (389, 0.62), (577, 0.55), (797, 0.5))
"""Samples at 48 kHz, and gain (M. R. Schroeder, "Natural sounding artificial reverberation", 1962)."""
SETTLED = 1.5
"""Seconds of silence after which nothing is left in it but what is too small to be told: 0.62 to the 185th."""


class Diffuser:
    """Stereo, hop by hop. `empty`: nothing is in it. [engine thread]"""

    def __init__(self, clock: Clock) -> None:
        self._hop = clock.hop
        self._high_pass = Cascade(high_pass(LOWEST, 2, clock), rows=2)
        self._pre = round(PRE_DELAY * clock.sample_rate)
        self._before = DelayLines(2, self._pre + clock.hop, clock.hop)
        lengths = [(nearest_prime(n * clock.sample_rate / 48_000), gain) for n, gain in ALL_PASSES]
        self._all_passes = [(n, gain, DelayLines(2, n, clock.hop)) for n, gain in lengths]
        self._settled = clock.ticks(SETTLED)
        self._into: F64 = np.zeros((2, clock.hop))
        self.reset()

    def reset(self) -> None:
        """Nothing was heard."""
        self._high_pass.reset()
        self._before.reset()
        for _, _, line in self._all_passes:
            line.reset()
        self._unheard = 0
        self.empty = True

    def play(self, sound: F64, sounding: bool) -> None:
        """Turn `sound` (2, hop) in place into what enters the room; `sounding`: it is not all zeros."""
        if sounding:
            self._unheard, self.empty = 0, False
        elif self.empty:
            return
        else:
            self._unheard += 1
            if self._unheard > self._settled:
                self.reset()
                return
        self._high_pass.run(sound)
        self._before.write(sound)
        np.copyto(sound, self._before.past(self._pre + self._hop, self._hop))
        into = self._into
        for length, gain, line in self._all_passes:
            delayed = line.past(length, self._hop)
            np.multiply(delayed, gain, out=into)
            into += sound
            np.multiply(into, -gain, out=sound)
            sound += delayed
            line.write(into)
