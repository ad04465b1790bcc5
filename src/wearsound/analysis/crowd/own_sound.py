"""How much of what a microphone hears is our own loudspeakers, told by what was played: band by band."""

from __future__ import annotations

import math

import numpy as np

from wearsound.analysis.gain import GRID
from wearsound.core import F64

LATEST_SECONDS = 0.2
"""How much later than the reference it may be heard: 70 m, or a slow desk and 20 m."""
SMEAR_SECONDS = 0.5
"""A room holds on to what was played: it falls by 60 dB in so long, or what it hums on would count as people."""
LEARN_SECONDS = 5.0
OVER = 2.0
"""Times as much is taken away as is expected: rather too little audience than applause for oneself. A guess."""
STEADY = 0.02
"""Relative variance of a band of the reference, below which it says nothing about how loud it arrives."""
NEW_DELAY = 1.15
"""So much likelier another delay must be, or the old one is kept."""


class OwnSound:
    """What of each band's power is own playback, by a delay and a transfer that it learns. One step a look.

    The delay is where rises of the reference's level and of the microphone's fall together (leaky cross-correlation,
    0 to LATEST_SECONDS). The transfer of a band is the slope of its power against the reference's: covariance over
    variance, which people do not disturb, for they do not follow the music; what is played steadily keeps its old one.
    """

    def __init__(self, n_bands: int, look_seconds: float) -> None:
        self._lags = 1 + math.ceil(LATEST_SECONDS / look_seconds)
        self._fall = round(10.0 ** (-6.0 * look_seconds / SMEAR_SECONDS), 9)
        self._slowest = round(look_seconds / LEARN_SECONDS, 9)
        self._n = n_bands
        self.reset()

    def reset(self) -> None:
        """Nothing known."""
        self._past: F64 = np.zeros((self._lags + 2, self._n))
        self._rises: F64 = np.zeros(self._lags)
        self._match: F64 = np.zeros(self._lags)
        self._before = (-90.0, -90.0)
        self._lag = 0
        self._smeared: F64 = np.zeros(self._n)
        self._means: F64 = np.zeros((4, self._n))
        self._now: F64 = np.zeros((4, self._n))
        self._transfer: F64 = np.zeros(self._n)
        self._looks = 0

    def look(self, heard: F64, played: F64) -> F64:
        """Own power (n_bands,) in what is `heard` (n_bands,), given what is `played` just now (n_bands,)."""
        self._past[1:] = self._past[:-1]
        self._past[0] = played
        self._find_delay(heard, played)
        start = max(0, self._lag - 1)
        np.maximum(
            self._smeared * self._fall, self._past[start : self._lag + 2].max(axis=0), out=self._smeared
        )
        smeared, means = self._smeared, self._means
        if float(np.add.reduce(smeared)) > 1e-10:
            self._looks += 1
            weight = max(self._slowest, 1.0 / self._looks)
            now = self._now
            now[0], now[1] = heard, smeared
            np.multiply(heard, smeared, out=now[2])
            np.multiply(smeared, smeared, out=now[3])
            now -= means
            now *= weight
            means += now
            variance = means[3] - means[1] * means[1]
            covariance = means[2] - means[0] * means[1]
            telling = variance > STEADY * means[1] * means[1] + 1e-24
            np.maximum(covariance, 0.0, out=covariance)
            # The mean level is an upper bound: no more can have arrived than was heard.
            slope = np.minimum(
                covariance / np.maximum(variance, 1e-24), means[0] / np.maximum(means[1], 1e-20)
            )
            slope *= GRID
            np.rint(slope, out=slope)
            slope /= GRID
            np.copyto(self._transfer, slope, where=telling)
        own: F64 = np.minimum(OVER * self._transfer * smeared, heard)
        return own

    def _find_delay(self, heard: F64, played: F64) -> None:
        ours, theirs = _level(heard), _level(played)
        before, before_theirs = self._before
        self._before = ours, theirs
        rise = min(12.0, max(0.0, ours - before))
        theirs = min(12.0, max(0.0, theirs - before_theirs))
        self._rises[1:] = self._rises[:-1]
        self._rises[0] = theirs
        self._match *= 1.0 - self._slowest
        if rise > 0.0:
            self._match += rise * self._rises
        best = int(self._match.argmax())
        if self._match[best] > NEW_DELAY * self._match[self._lag]:
            self._lag = best


def _level(power: F64) -> float:
    total = float(np.add.reduce(power))
    return math.floor(10.0 * math.log10(total + 1e-9) * GRID + 0.5) / GRID
