"""How likely an onset, a drum, a beat or a downbeat is now, as two small networks hear it.

The first looks at log bands, their rises and the power of half hops on every even hop and hears strokes; the
second, which has to remember bars, looks at the same bands and at what the first has heard on every fourth
hop. Both learned from music that `training/` makes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wearsound.analysis.network import Network
from wearsound.analysis.novelty import EVERY, N_BANDS, N_INPUTS, PHASE
from wearsound.core import F64, MAX_HOPS

if TYPE_CHECKING:
    from wearsound.analysis.spectrum import LaneSpectra

STROKES = ("onset", "kick", "snare", "hat")
STROKE_EVERY, STROKE_PHASE = EVERY, PHASE
BEATS = ("beat", "downbeat")
BEAT_EVERY, BEAT_PHASE = 4, 3
RISES_AND_STROKES = N_BANDS + len(STROKES)
"""How many of the last of what was seen and heard."""
BEAT_INPUTS = N_BANDS + RISES_AND_STROKES


class Detector:
    """Both networks of a lane. After `take`, on the decision grid and valid until the next:

    `strokes` (n, len(STROKES)) at the hops of `looks(STROKE_EVERY, STROKE_PHASE)`, and `beats`
    (n, len(BEATS)) at those of `looks(BEAT_EVERY, BEAT_PHASE)`.
    """

    def __init__(self) -> None:
        most = MAX_HOPS // STROKE_EVERY + 1
        self._strokes = Network("strokes", N_INPUTS, len(STROKES), most)
        self._beats = Network("beats", BEAT_INPUTS, len(BEATS), most)
        self._rows: F64 = np.zeros((MAX_HOPS // BEAT_EVERY + 1, BEAT_INPUTS))
        # What was looked at and heard: two looks of the past, then those of the block.
        self._seen: F64 = np.zeros((2 + most, N_INPUTS + len(STROKES)))
        self.reset()

    def reset(self) -> None:
        """State to its start: nothing heard."""
        self._strokes.reset()
        self._beats.reset()
        self._seen[:] = 0.0
        self._serial = 0

    def take(self, spectra: LaneSpectra, serial: int) -> None:
        """Hear the block numbered `serial`, once. [engine thread]"""
        if serial == self._serial:
            return
        self._serial = serial
        inputs, seen = spectra.novelty.rows, self._seen
        if spectra.gap:
            seen[:2] = 0.0
        n = len(inputs)
        self.strokes = self._strokes.run(inputs)
        if n:
            seen[2 : 2 + n, :N_INPUTS] = inputs
            seen[2 : 2 + n, N_INPUTS:] = self.strokes
        looks = spectra.looks(BEAT_EVERY, BEAT_PHASE)
        rows = self._rows[: len(looks)]
        if len(rows):
            # The latest look at the first of these hops, after the one before; `seen` begins with two of the past.
            first = 1 + (looks.start - spectra.looks(STROKE_EVERY, STROKE_PHASE).start) // STROKE_EVERY
            pair(seen[first:-1:2][: len(rows)], seen[first + 1 :: 2][: len(rows)], rows)
        self.beats = self._beats.run(rows)
        if n:
            seen[:2] = seen[n : n + 2]


def pair(earlier: F64, later: F64, out: F64) -> None:
    """What a look for beats sees of two looks for strokes: the later's bands, and the most of both of the rest."""
    out[:, :N_BANDS] = later[:, :N_BANDS]
    np.maximum(earlier[:, -RISES_AND_STROKES:], later[:, -RISES_AND_STROKES:], out=out[:, N_BANDS:])
