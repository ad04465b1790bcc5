"""What a motor with a pitch of its own is told of an envelope: every rise at once, no ripple.

Two voices that beat 50 times a second or faster make an envelope that no LRA or ERM follows: told of it they would be
kicked and braked at every turn, which is heard and not felt. So peaks are held, and what falls a little falls softly;
what falls to a third is an end, and ends soon, a little rounded, so that it is braked and not struck.
"""

from __future__ import annotations

import numpy as np

from wearsound.core import F64, Clock

HOLD, FALL = 0.016, 0.012
"""Seconds that a peak is held, so that 60 beats a second are not told and 50 hardly, and in which it falls then (tried
on the demo track)."""
ENDS, END = 0.3, 0.004
"""An envelope below that share of what is told is ending; seconds in which it does (taste, with braking in mind)."""
EVERY = 8
"""Samples of the envelope between two looks: it is a thousand times slower than they are."""
NOTHING = 1e-6


class Steady:
    """The envelopes of `n` actuators, hop by hop. [engine thread]"""

    def __init__(self, n: int, clock: Clock) -> None:
        self._n, self._held = n, max(1, clock.ticks(HOLD))
        self._fall, self._end = clock.coefficient(FALL), clock.coefficient(END)
        self.reset()

    def reset(self) -> None:
        """Still."""
        self._peaks: F64 = np.zeros((self._held, self._n))
        self._at = 0
        self._told: F64 = np.zeros(self._n)

    def hop(self, env: F64) -> F64:
        """What is told at the end of a hop of `env` (hop, n), 0..1 each: (n,)."""
        before, end = self._told, np.clip(env[-1], 0.0, 1.0)
        self._peaks[self._at] = np.clip(env[EVERY - 1 :: EVERY].max(axis=0), end, 1.0)
        self._at = (self._at + 1) % self._held
        ends = end < ENDS * before
        if ends.any():
            self._peaks[:, ends] = end[ends]
        peak = self._peaks.max(axis=0)
        told: F64 = np.where(
            ends, before + (end - before) * self._end, np.maximum(peak, before + (peak - before) * self._fall)
        )
        told[told < NOTHING] = 0.0
        self._told = told
        return told
