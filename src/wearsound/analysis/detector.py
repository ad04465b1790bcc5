"""How likely an onset, a drum, a beat or a downbeat is now, as two small networks hear it.

The first looks at log bands and their rises on every even hop and hears strokes; the second, which has to
remember bars, looks at the same bands and at what the first has heard on every fourth hop. Both learned
from music that `training/` makes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wearsound.analysis.network import Network
from wearsound.analysis.novelty import KEPT, N_BANDS
from wearsound.core import F64, MAX_HOPS

if TYPE_CHECKING:
    from wearsound.analysis.spectrum import LaneSpectra

STROKES = ("onset", "kick", "snare", "hat")
STROKE_EVERY, STROKE_PHASE = 2, 0
STROKE_INPUTS = 2 * N_BANDS + 8
BEATS = ("beat", "downbeat")
BEAT_EVERY, BEAT_PHASE = 4, 3
BEAT_INPUTS = 2 * N_BANDS + len(STROKES)
GRID = 2.0**12
"""Bands are rounded to 1 / GRID, so that the last bit of a logarithm is never listened to."""


class Inputs:
    """What a network sees of a lane: log bands at the hop, and the largest rises since it last looked.

    `halves` also shows the powers of the half hops of this hop and the one before.
    """

    def __init__(self, every: int, phase: int, halves: bool) -> None:
        self._every, self._phase, self._halves = every, phase, halves
        width = 2 * N_BANDS + (8 if halves else 0)
        self._rows: F64 = np.zeros((MAX_HOPS // every + 1, width))

    def take(self, spectra: LaneSpectra) -> F64:
        """Rows (n_looks, n_inputs) of this block, valid until the next."""
        every, novelty = self._every, spectra.novelty
        looks = spectra.looks(every, self._phase)
        rows = self._rows[: len(looks)]
        if not looks:
            return rows
        first, end = looks.start + KEPT, looks.stop + KEPT
        rows[:, :N_BANDS] = novelty.logs[looks.start :: every]
        rises, late = rows[:, N_BANDS : 2 * N_BANDS], novelty.late_rises
        np.maximum(late[first:end:every], late[first - 1 : end - 1 : every], out=rises)
        for back in range(2, every):
            np.maximum(rises, late[first - back : end - back : every], out=rises)
        if self._halves:
            rows[:, 2 * N_BANDS : -4] = novelty.late_halves[looks.start : looks.stop : every]
            rows[:, -4:] = novelty.late_halves[looks.start + 1 : looks.stop + 1 : every]
        rows *= GRID
        np.rint(rows, out=rows)
        rows /= GRID
        return rows


class Detector:
    """Both networks of a lane. After `take`, on the decision grid and valid until the next:

    `strokes` (n, len(STROKES)) at the hops of `looks(STROKE_EVERY, STROKE_PHASE)`, and `beats`
    (n, len(BEATS)) at those of `looks(BEAT_EVERY, BEAT_PHASE)`.
    """

    def __init__(self) -> None:
        most = MAX_HOPS // STROKE_EVERY + 1
        self._stroke_inputs = Inputs(STROKE_EVERY, STROKE_PHASE, halves=True)
        self._beat_inputs = Inputs(BEAT_EVERY, BEAT_PHASE, halves=False)
        self._strokes = Network("strokes", STROKE_INPUTS, len(STROKES), most)
        self._beats = Network("beats", BEAT_INPUTS, len(BEATS), most)
        self._beat_rows: F64 = np.zeros((most, BEAT_INPUTS))
        self._heard: F64 = np.zeros((2 + most, len(STROKES)))
        self.reset()

    def reset(self) -> None:
        """State to its start: nothing heard."""
        self._strokes.reset()
        self._beats.reset()
        self._heard[:] = 0.0
        self._n_heard = 0
        self._serial = 0

    def take(self, spectra: LaneSpectra, serial: int) -> None:
        """Hear the block numbered `serial`, once. [engine thread]"""
        if serial == self._serial:
            return
        self._serial = serial
        self.strokes = self._strokes.run(self._stroke_inputs.take(spectra))
        heard, n = self._heard, len(self.strokes)
        if n:
            heard[:2] = heard[self._n_heard : self._n_heard + 2]
            heard[2 : 2 + n] = self.strokes
            self._n_heard = n
        bands = self._beat_inputs.take(spectra)
        rows = self._beat_rows[: len(bands)]
        if len(rows):
            rows[:, : 2 * N_BANDS] = bands
            # The two looks for strokes up to each look for beats; `heard` begins with two of the past.
            beat, stroke = spectra.looks(BEAT_EVERY, BEAT_PHASE), spectra.looks(STROKE_EVERY, STROKE_PHASE)
            first = (beat.start - stroke.start) // STROKE_EVERY + 1
            first += 0 if n else self._n_heard
            last = first + 2 * (len(rows) - 1) + 1
            np.maximum(heard[first:last:2], heard[first + 1 : last + 1 : 2], out=rows[:, 2 * N_BANDS :])
        self.beats = self._beats.run(rows)
