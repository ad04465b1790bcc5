"""What is new in the spectrum, hop by hop: the observation that onsets and beats share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wearsound.analysis.gain import FLOOR, on_grid
from wearsound.analysis.spectrum import edges_in_bins
from wearsound.core import F64, MAX_HOPS, Clock

if TYPE_CHECKING:
    from wearsound.analysis.spectrum import LaneSpectra

SHORT, LONG = 1024, 2048
LOW_EDGES = (45.0, 90.0, 160.0)
"""Below 2 bins of the short window a tone beats with its own mirror image: the long one reads there."""
LOWEST, HIGHEST, PER_OCTAVE = 160.0, 16_000.0, 4
REGIONS = (0.0, 200.0, 2000.0)
"""Where low, mid and high begin, in Hz."""

COMPRESSION = 1000.0
"""How far below the reference the logarithm still tells sounds apart (30 dB)."""
SLOPE = 3.0
"""dB an octave that high bands are raised, for hats weigh little in power."""
NEAREST, FARTHEST = 2, 5
"""A hop is compared with the largest of the hops from FARTHEST to NEAREST before it."""
LATE_REFERENCE = 6
"""The reference is read this many hops late, so that a sudden sound is not hidden by its own gain."""
UNHEARD_REFERENCE = -30.0
"""dB of the reference until the gate has opened once."""


class Novelty:
    """Half-wave rectified flux of log bands, maximum-filtered in frequency and time, in three regions.

    After `take`: `regions` float64 (n_hops, 3), low, mid, high, mean rise of log10 power in a band;
    on the decision grid, 0 after a gap until the window is whole again. The maximum filter
    keeps vibrato and beating tones from counting (Boeck & Widmer, "Maximum filter vibrato suppression
    for onset detection", 2013).
    """

    def __init__(self, clock: Clock) -> None:
        rate = clock.sample_rate
        count = int(PER_OCTAVE * np.log2(HIGHEST / LOWEST)) + 1
        edges = [LOWEST * 2.0 ** (i / PER_OCTAVE) for i in range(count)]
        short = edges_in_bins(edges, SHORT, rate)
        long = edges_in_bins(LOW_EDGES, LONG, rate)
        self._short, self._long = np.array(short), np.array(long)
        starts = np.array(
            [bin * rate / LONG for bin in long[:-1]] + [bin * rate / SHORT for bin in short[:-1]]
        )
        self._n_low = len(long) - 1
        n_bands = len(starts)
        self._lift = COMPRESSION * 10.0 ** (SLOPE / 10.0 * np.log2(starts / 1000.0))
        self._regions = np.searchsorted(starts, REGIONS)
        self._widths = np.diff(np.append(self._regions, n_bands)).astype(np.float64)
        self._logs: F64 = np.zeros((MAX_HOPS, n_bands))
        self._wide: F64 = np.zeros((FARTHEST + MAX_HOPS, n_bands))
        self._references: F64 = np.zeros(LATE_REFERENCE + MAX_HOPS)
        self._blind_after_gap = LONG // clock.hop + FARTHEST
        self.regions: F64 = np.zeros((0, 3))
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        self._wide[:] = 0.0
        self._references[:] = FLOOR
        self._primed = False
        self._blind = 0
        self._n_hops = 0
        self._serial = 0

    def take(self, spectra: LaneSpectra, serial: int) -> None:
        """Compute the block numbered `serial`, once."""
        if serial == self._serial:
            return
        self._serial = serial
        n, past = spectra.n_hops, self._n_hops
        self._n_hops = n
        for history, kept in ((self._wide, FARTHEST), (self._references, LATE_REFERENCE)):
            history[:kept] = history[past : past + kept]
        scale = self._scale(spectra, n)
        logs = self._logs[:n]
        low = np.add.reduceat(spectra.power(LONG)[:, : self._long[-1]], self._long[:-1], axis=1)
        high = np.add.reduceat(spectra.power(SHORT)[:, : self._short[-1]], self._short[:-1], axis=1)
        np.multiply(low, scale, out=logs[:, : self._n_low])
        np.multiply(high, scale, out=logs[:, self._n_low :])
        logs *= self._lift
        logs += 1.0
        np.log10(logs, out=logs)
        on_grid(logs)
        wide = self._wide[FARTHEST : FARTHEST + n]
        np.maximum(logs[:, 1:], logs[:, :-1], out=wide[:, 1:])
        wide[:, 0] = wide[:, 1]
        np.maximum(wide[:, 1:-1], logs[:, 2:], out=wide[:, 1:-1])
        before = self._wide[0:n].copy()
        for lag in range(NEAREST, FARTHEST):
            np.maximum(before, self._wide[FARTHEST - lag : FARTHEST - lag + n], out=before)
        rise = np.subtract(logs, before, out=before)
        np.maximum(rise, 0.0, out=rise)
        self.regions = np.add.reduceat(rise, self._regions, axis=1)
        self.regions /= self._widths
        on_grid(self.regions)
        self._blank(spectra.gap, n)

    def _scale(self, spectra: LaneSpectra, n: int) -> F64:
        """1 / reference power (n, 1), read late; before anything was heard it is the first reading."""
        gain = spectra.gain
        self._references[LATE_REFERENCE : LATE_REFERENCE + n] = gain.reference
        if not self._primed:
            opened = np.flatnonzero(gain.gate)
            upto = n if opened.size == 0 else int(opened[0])
            self._references[: LATE_REFERENCE + upto] = UNHEARD_REFERENCE
            if opened.size:
                self._primed = True
                self._references[upto : LATE_REFERENCE + upto] = gain.reference[upto]
        late = self._references[:n]
        return np.power(10.0, late * -0.1)[:, np.newaxis]

    def _blank(self, gap: int, n: int) -> None:
        if gap:
            self._blind = self._blind_after_gap
        if self._blind:
            self.regions[: self._blind] = 0.0
            self._blind = max(0, self._blind - n)
