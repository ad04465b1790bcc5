"""A fader: a level 0..1 as a factor, gliding hop by hop."""

from __future__ import annotations

import numpy as np

from wearsound.core import F64, Clock
from wearsound.instruments.soundscape.dials import GLIDE, gain, glide, unit


class Fader:
    """0 is silence, 0.5 as it was made, 1 twice that. [engine thread]"""

    def __init__(self, clock: Clock) -> None:
        self._weight = clock.coefficient(GLIDE)
        self._ramp: F64 = np.arange(1, clock.hop + 1) / clock.hop
        self.reset()

    def reset(self) -> None:
        """The next level is there at once."""
        self._at = -1.0
        self.before = self.now = 0.0

    def turn(self, level: float) -> None:
        """A hop begins at whose end the fader is nearer to `level`."""
        level = unit(level)
        first, self.before = self._at < 0.0, self.now
        if level != self._at:
            self._at = level if first else glide(self._at, level, self._weight)
            self.now = gain(self._at)
        if first:
            self.before = self.now

    def fade(self, wave: F64) -> None:
        """Make one hop (2, hop) so loud, in place."""
        if self.before != self.now:
            wave *= self.before + (self.now - self.before) * self._ramp
        elif self.now != 1.0:
            wave *= self.now
