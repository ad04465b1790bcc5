"""A running mean over a musical phrase: what slow fabric is fed, so that it never follows a beat.

The phrase is eight bars of four beats at the tempo that is heard, halved while it is longer than LONGEST: a mean over
whole beats has nothing of the beat left in it. Values are whole numbers while they are summed, so nothing drifts.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wearsound.core import F64, LIGHT_RATE

BEATS = 32
SHORTEST, LONGEST = 4.0, 16.0
"""Seconds."""
UNHEARD = 8.0
"""Seconds of a phrase without a tempo."""

_GRAIN = 1000
_MOST = round(LONGEST * LIGHT_RATE)


def phrase(tempo: float) -> int:
    """Light frames of a phrase at `tempo` beats a minute; 0 for no tempo."""
    if tempo <= 0:
        return round(UNHEARD * LIGHT_RATE)
    seconds = BEATS * 60 / tempo
    while seconds > LONGEST:
        seconds /= 2
    return round(max(SHORTEST, seconds) * LIGHT_RATE)


class PhraseMean:
    """The mean of `n` numbers 0..1 over the last phrase; before the beginning they were 0. [engine thread]"""

    def __init__(self, n: int) -> None:
        # Sums from the beginning on, a row a frame: the mean of any length is a difference of two.
        self._sums = np.zeros((_MOST + 1, n), np.int64)
        self.reset()

    def reset(self) -> None:
        """Nothing was asked yet."""
        self._sums.fill(0)
        self._row = 0
        self._length = phrase(0.0)

    def inherit(self, old: PhraseMean, here: Sequence[int], there: Sequence[int]) -> None:
        """Go on from where `old` is; our numbers `here` are its numbers `there`, the others were 0."""
        if (
            list(here) == list(there) == list(range(self._sums.shape[1]))
            and self._sums.shape == old._sums.shape
        ):
            self._sums = old._sums
        else:
            self._sums[:, here] = old._sums[:, there]
        self._row, self._length = old._row, old._length

    def step(self, asked: F64, tempo: float) -> F64:
        """The mean (n,) once this light frame asks for `asked` (n,); a new tempo lengthens it frame by frame."""
        self._length += min(1, max(-1, phrase(tempo) - self._length))
        before = self._sums[self._row]
        self._row = (self._row + 1) % len(self._sums)
        now = self._sums[self._row]
        np.add(before, np.rint(np.clip(asked, 0.0, 1.0) * _GRAIN).astype(np.int64), out=now)
        then = self._sums[self._row - self._length]
        mean: F64 = (now - then) / (self._length * _GRAIN)
        return mean
