"""Ramps: nothing that is felt comes on faster than in RAMP seconds, whatever is asked for.

A wave's own swings are no ramp: 200 Hz goes from 0 to full in a millisecond and may. What is held back is its *reach*:
the largest magnitude of the last HOLD seconds, and of this hop so far. What leaves is the wave times (allowed reach /
reach), where the allowed one grows by 1 / RAMP a second at the most. So a tone that stands, and one that grows slowly
or by little (SMALL), pass bit for bit; a switch becomes a ramp from wherever it was, and a faint tone kept on
beforehand opens nothing. Falls pass: stillness is never delayed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from wearsound.core import F32, F64, Clock, Index
from wearsound.felt import RAMP

HOLD = 0.0125
"""Seconds that a reach counts at least: half a period of 40 Hz, so that slow waves are not ramped at every swing."""
SMALL = 1 / 16
"""How much more than before may come on within a hop without being looked at sample by sample."""


class Rise:
    """Holds back the rises of `n` actuators, hop by hop. [engine thread]"""

    def __init__(self, n: int, clock: Clock) -> None:
        self._n = n
        self._step = 1.0 / (RAMP * clock.sample_rate)
        self._line = (np.arange(1, clock.hop + 1) * self._step)[:, None]
        self._hold = math.ceil(HOLD * clock.sample_rate / clock.hop)
        self.whole = clock.hop * self._step
        """How much may come on within one hop."""
        self.reset()

    def reset(self) -> None:
        """Still."""
        self._reached: F64 = np.zeros((self._hold, self._n))
        self._at = 0
        self._open: F64 = np.zeros(self._n)

    def inherit(self, old: Rise, here: Sequence[int], there: Sequence[int]) -> None:
        """Our actuators `here` are its `there`; the others are still."""
        if self._hold == old._hold:
            self._reached[:, here] = np.roll(old._reached[:, there], -old._at, axis=0)
            self._open[here] = old._open[there]

    def limit(self, wave: F32, peak: F64) -> F64 | None:
        """Hold back one hop of `wave` (hop, n) in place; `peak` (n,) is its largest magnitude.

        Returns what share of each was let through at the end of the hop, (n,), None where all of all was.
        """
        held = self._reached.max(axis=0)
        late = (peak > held + SMALL) | (self._open < held)
        through: F64 | None = None
        if not late.any():
            self._open = np.maximum(peak, held)
        else:
            np.minimum(self._open, held, out=self._open)
            through = np.ones(self._n)
            which = np.flatnonzero(late)
            through[which] = self._ramp(wave, which, held[which])
            self._open[~late] = np.maximum(peak, held)[~late]
        self._reached[self._at] = peak
        self._at = (self._at + 1) % self._hold
        return through

    def _ramp(self, wave: F32, which: Index, held: F64) -> F64:
        mine = wave[:, which]
        reach = np.maximum(np.maximum.accumulate(np.abs(mine).astype(float), axis=0), held)
        allowed = np.minimum.accumulate(reach - self._line, axis=0)
        np.minimum(allowed, self._open[which], out=allowed)
        allowed += self._line
        share = np.divide(allowed, reach, out=np.ones_like(reach), where=reach > 0)
        wave[:, which] = mine * share.astype(np.float32)
        self._open[which] = allowed[-1]
        end: F64 = share[-1]
        return end
