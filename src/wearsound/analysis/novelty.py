"""What is new in the spectrum, hop by hop: the observation that onsets and beats share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wearsound.analysis.gain import GRID
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
FARTHEST = 5
"""A hop is compared with the largest of the hops 2 to FARTHEST before it."""


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
        self._short, self._short_end = np.array(short[:-1]), short[-1]
        self._long, self._long_end = np.array(long[:-1]), long[-1]
        starts = np.array(
            [bin * rate / LONG for bin in long[:-1]] + [bin * rate / SHORT for bin in short[:-1]]
        )
        self._n_low = len(long) - 1
        n_bands = len(starts)
        self._lift = COMPRESSION * 10.0 ** (SLOPE / 10.0 * np.log2(starts / 1000.0))
        self._regions = np.searchsorted(starts, REGIONS)
        self._grid_over_widths = GRID / np.diff(np.append(self._regions, n_bands))
        # A band of nothing on either side, so that every band has neighbours.
        self._logs: F64 = np.zeros((MAX_HOPS, n_bands + 2))
        self._wide: F64 = np.zeros((FARTHEST + MAX_HOPS, n_bands))
        self._scratch: F64 = np.zeros((MAX_HOPS + 2, n_bands))
        self._all_regions: F64 = np.zeros((MAX_HOPS, len(REGIONS)))
        self._blind_after_gap = LONG // clock.hop + FARTHEST
        self._bind(0)
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        self._wide[:] = 0.0
        self._blind = 0
        self._bind(0)
        self._serial = 0

    def _bind(self, n: int) -> None:
        """Views of the memory for blocks of `n` hops, kept while blocks stay that long."""
        self._n_hops = n
        padded, history, pairs = self._logs[:n], self._wide, self._scratch[: n + 2]
        self._log = padded[:, 1:-1]
        self._low, self._high = self._log[:, : self._n_low], self._log[:, self._n_low :]
        self._below, self._above = padded[:, :-2], padded[:, 2:]
        self._now, self._past = history[FARTHEST : FARTHEST + n], history[n : n + FARTHEST]
        self._farther, self._nearer = history[: n + 2], history[1 : n + 3]
        self._pairs, self._first, self._second = pairs, pairs[:n], pairs[2:]
        self.regions = self._all_regions[:n]

    def take(self, spectra: LaneSpectra, serial: int) -> None:
        """Compute the block numbered `serial`, once."""
        if serial == self._serial:
            return
        self._serial = serial
        n = spectra.n_hops
        if self._n_hops:
            self._wide[:FARTHEST] = self._past
        if n != self._n_hops:
            self._bind(n)
        logs, wide = self._log, self._now
        low, high = spectra.power(LONG)[:, : self._long_end], spectra.power(SHORT)[:, : self._short_end]
        np.add.reduceat(low, self._long, axis=1, out=self._low)
        np.add.reduceat(high, self._short, axis=1, out=self._high)
        logs *= self._lift
        logs *= spectra.gain.sensitivity[:, np.newaxis]
        logs += 1.0
        np.log10(logs, out=logs)
        np.maximum(self._below, self._above, out=wide)
        np.maximum(wide, logs, out=wide)
        np.maximum(self._farther, self._nearer, out=self._pairs)
        rise = np.maximum(self._first, self._second)
        np.subtract(logs, rise, out=rise)
        np.maximum(rise, 0.0, out=rise)
        regions = self.regions
        np.add.reduceat(rise, self._regions, axis=1, out=regions)
        regions *= self._grid_over_widths
        np.rint(regions, out=regions)
        regions /= GRID
        self._blank(spectra.gap, n)

    def _blank(self, gap: int, n: int) -> None:
        if gap:
            self._blind = self._blind_after_gap
        if self._blind:
            self.regions[: self._blind] = 0.0
            self._blind = max(0, self._blind - n)
