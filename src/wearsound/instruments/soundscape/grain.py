"""One grain: some milliseconds of a sound, at a speed, from nothing to nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wearsound.core import F64
from wearsound.instruments.soundscape.ring import Ring


@dataclass(slots=True)
class Grain:
    """`start`: where in its sound (samples); `speed`: samples a sample; `at`: how many samples of `length` have gone,
    negative where it begins later in this hop; `left`, `right`: gains; `apart`: samples by which the right ear hears
    what the left hears later; `live`: whether of the ring or the field.
    """

    live: bool
    start: float
    speed: float
    at: int
    length: int
    left: float
    right: float
    apart: int

    def play(self, ring: Ring, loop: F64, i: F64, out: F64) -> bool:
        """Add the next hop to `out` (2, hop); `i` is 0..hop-1 as floats. False when it has ended."""
        n = i + float(self.at)
        u = n * (2.0 / self.length)
        u -= 1.0
        u *= u
        np.subtract(1.0, u, out=u)
        np.maximum(u, 0.0, out=u)
        u *= u
        n *= self.speed
        n += self.start
        whole = np.floor(n)
        n -= whole
        place = whole.astype(np.intp)
        for side, gain in enumerate((self.left, self.right)):
            sound = self._read(ring, loop, place, n)
            sound *= u
            sound *= gain
            out[side] += sound
            place += self.apart
        self.at += len(i)
        return self.at < self.length

    def _read(self, ring: Ring, loop: F64, place: NDArray[np.intp], part: F64) -> F64:
        """A straight line between the samples at `place` and after."""
        if self.live:
            sound, after = ring.take(place), ring.take(place + 1)
        else:
            # The window is shut outside the grain; what lies there need not be the right sound, only be there.
            sound, after = loop.take(place, mode="clip"), loop.take(place + 1, mode="clip")
        after -= sound
        after *= part
        sound += after
        return sound
