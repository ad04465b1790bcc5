"""What is new in the spectrum, look by look: the observation that onsets and beats share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wearsound.analysis.gain import GRID
from wearsound.analysis.spectrum import THINNED, edges_in_bins
from wearsound.core import F32, F64, MAX_HOPS, Clock

if TYPE_CHECKING:
    from wearsound.analysis.spectrum import LaneSpectra

EVERY, PHASE = 2, 0
"""It looks at the end of every even hop; the beat works on the odd."""
SHORT, LOW = 1024, 256
LOW_EDGES = (35.0, 58.0, 82.0, 105.0, 129.0, 160.0)
"""Below 2 bins of the short window a tone beats with its own mirror image: the low lane reads there."""
LOWEST, HIGHEST, PER_OCTAVE = 160.0, 16_000.0, 4
N_BANDS = 31
N_HALVES = 4 * EVERY
N_INPUTS = 2 * N_BANDS + 1 + N_HALVES
REGIONS = (0.0, 200.0, 2000.0)
"""Where low, mid and high begin, in Hz."""

COMPRESSION = 1000.0
"""How far below the reference the logarithm still tells sounds apart (30 dB)."""
SLOPE = 3.0
"""dB an octave that high bands are raised, for hats weigh little in power."""
STEP_LIFT = 10.0
"""How much the power of the differences between samples is raised."""
FARTHEST = 2
"""A look is compared with the largest of so many before it: 11 and 21 ms back at 48 kHz."""
LOG_GRID = 2.0**12
"""Logarithms are rounded to 1 / LOG_GRID, so that the last bit of one is never listened to."""


class Novelty:
    """Log bands and what has risen in them: half-wave rectified flux, maximum-filtered in frequency and time.

    After `take`, a row a look, valid until the next: `logs` float64 (n_looks, N_BANDS), log10 of a band's
    power over the reference, 0 where it is 30 dB less; `rises` (n_looks, N_BANDS), how far each is above its
    neighbourhood one and two looks ago; `regions` (n_looks, 3), low, mid, high, the mean rise of a band, on
    the decision grid. `rows` (n_looks, N_INPUTS) is what a network sees: logs, a band of nothing, N_HALVES,
    rises. The halves are log10, like the bands', of the power of each half of the look's hops, as it is and
    differenced: no window hides what has just begun. Rises and regions are 0 after a gap until the windows are
    whole again, logs and halves are not. The maximum filter keeps vibrato and beating tones from counting
    (Boeck & Widmer, "Maximum filter vibrato suppression for onset detection", 2013).
    """

    def __init__(self, clock: Clock) -> None:
        rate = clock.sample_rate
        count = int(PER_OCTAVE * np.log2(HIGHEST / LOWEST)) + 1
        edges = [LOWEST * 2.0 ** (i / PER_OCTAVE) for i in range(count)]
        short = edges_in_bins(edges, SHORT, rate)
        low = edges_in_bins(LOW_EDGES, LOW, rate / THINNED)
        self._short, self._short_end = np.array(short[:-1]), short[-1]
        self._low_edges, self._low_end = np.array(low[:-1]), low[-1]
        starts = np.array(
            [bin * rate / THINNED / LOW for bin in low[:-1]] + [bin * rate / SHORT for bin in short[:-1]]
        )
        self._n_low = len(low) - 1
        lift = COMPRESSION * 10.0 ** (SLOPE / 10.0 * np.log2(starts / 1000.0))
        self._regions = np.searchsorted(starts, REGIONS)
        self._grid_over_widths = GRID / np.diff(np.append(self._regions, N_BANDS))
        # A band of nothing on either side, so that every band has neighbours; then the half hops' powers. Twice
        # the mean square is 1 for a full-scale sine, as in the bands; steps are small but for high bands.
        self._half = clock.hop // 2
        lift_halves = COMPRESSION * np.array([2.0, 2.0 * STEP_LIFT] * (N_HALVES // 2)) / self._half
        self._lift = np.concatenate([lift, [0.0], lift_halves])
        most = MAX_HOPS // EVERY + 1
        self._memory: F64 = np.zeros((most, 1 + N_INPUTS))
        self._wide: F64 = np.zeros((FARTHEST + most, N_BANDS))
        self._all_regions: F64 = np.zeros((most, len(REGIONS)))
        self._power: F32 = np.zeros((most * N_HALVES // 2, 2), np.float32)
        self._steps: F32 = np.zeros((most * N_HALVES // 2, self._half - 1), np.float32)
        self._blind_after_gap = LOW * THINNED // clock.hop // EVERY + 1 + FARTHEST
        self._bind(0)
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        self._wide[:] = 0.0
        self._blind = 0
        self._serial = 0

    def _bind(self, n: int) -> None:
        """Views of the memory for blocks of `n` looks, kept while blocks have as many."""
        memory, wide = self._memory[:n], self._wide
        self.rows, padded = memory[:, 1:], memory[:, : N_BANDS + 2]
        self._log, self.logs = memory[:, 1 : 1 + len(self._lift)], padded[:, 1:-1]
        self._low, self._high = self.logs[:, : self._n_low], self.logs[:, self._n_low :]
        self._below, self._above = padded[:, :-2], padded[:, 2:]
        self._halves = memory[:, N_BANDS + 2 : -N_BANDS]
        self.rises = memory[:, -N_BANDS:]
        self._now, self._before, self._farther = wide[FARTHEST : FARTHEST + n], wide[1 : 1 + n], wide[:n]
        self._latest = wide[n : n + FARTHEST]
        n_halves = n * N_HALVES // 2
        self._half_power, self._half_steps = self._power[:n_halves], self._steps[:n_halves]
        self._each_half = self._half_power.reshape(n, N_HALVES)
        self.regions = self._all_regions[:n]

    def take(self, spectra: LaneSpectra, serial: int) -> None:
        """Compute the block numbered `serial`, once."""
        if serial == self._serial:
            return
        self._serial = serial
        looks = spectra.looks(EVERY, PHASE)
        n = len(looks)
        if spectra.gap:
            self._blind = self._blind_after_gap
        if n != len(self.rows):
            self._bind(n)
        if not n:
            return
        logs, wide, rises, log = self.logs, self._now, self.rises, self._log
        short = spectra.power(SHORT)[looks.start :: EVERY, : self._short_end]
        low = spectra.low_power(LOW, EVERY, PHASE)[:, : self._low_end]
        np.add.reduceat(low, self._low_edges, axis=1, out=self._low)
        np.add.reduceat(short, self._short, axis=1, out=self._high)
        self._measure_halves(spectra.pasts(EVERY * spectra.clock.hop, EVERY, PHASE))
        log *= self._lift
        log *= spectra.gain.sensitivity[looks.start :: EVERY, np.newaxis]
        log += 1.0
        np.log10(log, out=log)
        log *= LOG_GRID
        np.rint(log, out=log)
        log *= 1.0 / LOG_GRID
        np.maximum(self._below, self._above, out=wide)
        np.maximum(wide, logs, out=wide)
        np.maximum(self._farther, self._before, out=rises)
        np.subtract(logs, rises, out=rises)
        np.maximum(rises, 0.0, out=rises)
        if self._blind:
            rises[: self._blind] = 0.0
            self._blind = max(0, self._blind - n)
        regions = self.regions
        np.add.reduceat(rises, self._regions, axis=1, out=regions)
        regions *= self._grid_over_widths
        np.rint(regions, out=regions)
        regions *= 1.0 / GRID
        self._wide[:FARTHEST] = self._latest

    def _measure_halves(self, samples: F32) -> None:
        """Power of each half hop of samples (n_looks, EVERY hops) and of its differences."""
        power, steps = self._half_power, self._half_steps
        halves = samples.reshape(len(power), self._half)
        np.einsum("ij,ij->i", halves, halves, out=power[:, 0])
        np.subtract(halves[:, 1:], halves[:, :-1], out=steps)
        np.einsum("ij,ij->i", steps, steps, out=power[:, 1])
        self._halves[:] = self._each_half
