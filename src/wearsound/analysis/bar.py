"""Which beat of the bar it is: a belief over (beats a bar, place in it) that moves at every beat."""

from __future__ import annotations

import numpy as np

from wearsound.analysis.gain import GRID
from wearsound.core import F64

METRES = (2, 3, 4, 5, 6, 7)
USUAL = (0.05, 0.2, 0.6, 0.03, 0.09, 0.03)
"""How likely a metre is before anything was heard."""
STAY = 0.97
"""How likely a bar goes on as it is at a beat; else any metre and place."""
LEAVE = 1.5
"""Another place in another bar must be so much likelier than the one that goes on: a tie moves nothing."""
USUAL_BEATS = 16
"""A beat is held against so many before it: where all are alike, none is the one."""
FAINTEST, CLEAREST = 0.03, 0.9
"""A downbeat is never believed impossible, nor certain."""


class Bar:
    """A hidden Markov model over (metre, place); its observation is a beat's likelihood of being a downbeat, against
    that of the beats before it.

    `place` of the latest beat in its bar, 0 the downbeat; `metre` beats a bar; `sureness` 0..1 how
    much of the belief agrees.
    """

    def __init__(self) -> None:
        self._metre = np.repeat(METRES, METRES)
        self._place = np.concatenate([np.arange(metre) for metre in METRES])
        self._starts = starts = np.concatenate(([0], np.cumsum(METRES)[:-1]))
        self._next = np.arange(len(self._place)) - 1
        self._next[starts] = starts + np.array(METRES) - 1
        self._after = np.argsort(self._next).tolist()
        prior = np.repeat(np.array(USUAL) / METRES, METRES)
        self._prior: F64 = prior / prior.sum()
        self._first = self._place == 0
        self.reset()

    def reset(self) -> None:
        """Believe the prior: any place."""
        self._usual, self._heard = 0.0, 0
        self._told = 0
        self._belief: F64 = self._prior.copy()
        self._at = int(np.rint(self._belief * GRID).argmax())
        self._read()

    def beat(self) -> None:
        """A beat has come: one place on."""
        self._belief = STAY * self._belief[self._next] + (1.0 - STAY) * self._prior
        self._at = self._after[self._at]
        self._read()

    def hear(self, likely: float) -> None:
        """How likely the latest beat was a downbeat, now that it has been heard."""
        likely = min(CLEAREST, max(FAINTEST, likely))
        self._heard = min(self._heard + 1, USUAL_BEATS)
        self._usual += (likely - self._usual) / self._heard
        self._belief *= np.where(self._first, likely * (1.0 - self._usual), (1.0 - likely) * self._usual)
        self._belief /= np.add.reduce(self._belief)
        self._read()

    def say(self, place: int) -> None:
        """The latest beat has this place (-1: the last of its bar), whatever was heard.

        A bar is long enough for the place, and ended where the one comes after it.
        """
        if place >= METRES[-1]:
            return
        ended, self._told = self._told + 1, place
        if place in (self.place, self.place - self.metre):
            return
        believed: F64 = np.add.reduceat(self._belief, self._starts)
        self._belief = np.zeros_like(self._belief)
        for start, metre, share in zip(self._starts.tolist(), METRES, believed.tolist(), strict=True):
            if place < metre and (place != 0 or ended not in METRES or metre == ended):
                self._belief[start + place % metre] = share
        self._belief /= np.add.reduce(self._belief)
        self._at = int(np.rint(self._belief * GRID).argmax())
        self._read()

    def _read(self) -> None:
        believed = np.rint(self._belief * GRID)
        best = int(believed.argmax())
        if believed[best] > LEAVE * believed[self._at]:
            self._at = best
        self.metre, self.place = int(self._metre[self._at]), int(self._place[self._at])
        self.sureness = float(believed[self._at]) / GRID
