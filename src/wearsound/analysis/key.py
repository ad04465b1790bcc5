"""The key: which scale the notes of the last seconds belong to."""

from __future__ import annotations

import numpy as np

from wearsound.analysis.gain import GRID
from wearsound.core import F64

MAJOR = (0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081)
MINOR = (0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052)
"""How often each degree sounds (Albrecht & Shanahan, "The use of large corpora to train a new type of
key-finding algorithm", 2013)."""
MEMORY_SECONDS = 12.0
MOVES_AT = 0.03
"""A key must fit so much better than the one that stands before it takes its place."""
FITS = 0.35
"""A correlation below this is no key."""
PLAIN, FAINT = 0.25, 0.08
"""Length of the mean over notes, without what all share: that of music, and that of what has no notes."""
CLEAR = 0.12
"""So far ahead of the next best, a key is sure."""
KNOWN_SECONDS = 3.0


class Key:
    """Which of 24 keys fits best: correlation of the notes' mean strength with each key's profile.

    The mean reaches back some twelve seconds. `tonic` 0 (C) .. 11 (B), -1 for none; `minor` 0 or 1;
    `sure` 0..1 grows with the lead over the next best key and with how long was listened (3 s).
    """

    def __init__(self, looks_per_second: float) -> None:
        self._per_second = looks_per_second
        self._weight = 1.0 / (MEMORY_SECONDS * looks_per_second)
        self._profiles: F64 = np.zeros((24, 12))
        for k in range(24):
            profile = np.roll(MAJOR if k < 12 else MINOR, k % 12)
            profile = profile - profile.mean()
            self._profiles[k] = profile / np.sqrt(np.add.reduce(profile * profile))
        self.reset()

    def reset(self) -> None:
        """Forget everything: the next piece has a key of its own."""
        self._mean: F64 = np.zeros(12)
        self._looks = 0
        self._best = -1
        self.sure = 0.0

    @property
    def tonic(self) -> int:
        """Pitch class of the key's first note, -1 for none."""
        return self._best % 12 if self._best >= 0 else -1

    @property
    def minor(self) -> int:
        """1 for a minor key, else 0."""
        return 1 if self._best >= 12 else 0

    def hear(self, classes: F64) -> None:
        """Take the strength of the twelve notes at one look."""
        self._looks += 1
        self._mean += max(self._weight, 1.0 / self._looks) * (classes - self._mean)
        away = self._mean - np.add.reduce(self._mean) / 12.0
        norm = float(np.sqrt(np.add.reduce(away * away)))
        norm = float(np.rint(norm * GRID)) / GRID
        if norm < FAINT:
            self._best, self.sure = -1, 0.0
            return
        fits = np.add.reduce(self._profiles * away, axis=1) / norm
        np.rint(fits * GRID, out=fits)
        fits /= GRID
        best = int(fits.argmax())
        if fits[best] < FITS:
            self._best, self.sure = -1, 0.0
            return
        if self._best < 0 or fits[best] >= fits[self._best] + MOVES_AT:
            self._best = best
        stands = float(fits[self._best])
        fits[self._best] = -1.0
        lead = max(0.0, stands - float(fits.max()))
        known = min(1.0, self._looks / (KNOWN_SECONDS * self._per_second))
        self.sure = min(1.0, lead / CLEAR) * min(1.0, (norm - FAINT) / (PLAIN - FAINT)) * known
