"""What is new in the spectrum, hop by hop: the observation that onsets and beats share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wearsound.analysis.gain import GRID
from wearsound.analysis.spectrum import THINNED, edges_in_bins
from wearsound.core import F32, F64, MAX_HOPS, Clock

if TYPE_CHECKING:
    from wearsound.analysis.spectrum import LaneSpectra

SHORT, LOW = 1024, 256
LOW_EDGES = (35.0, 58.0, 82.0, 105.0, 129.0, 160.0)
"""Below 2 bins of the short window a tone beats with its own mirror image: the low lane reads there."""
LOWEST, HIGHEST, PER_OCTAVE = 160.0, 16_000.0, 4
N_BANDS = 31
KEPT = 3
"""So many hops before the block are kept for who does not look at every hop."""
REGIONS = (0.0, 200.0, 2000.0)
"""Where low, mid and high begin, in Hz."""

COMPRESSION = 1000.0
"""How far below the reference the logarithm still tells sounds apart (30 dB)."""
SLOPE = 3.0
"""dB an octave that high bands are raised, for hats weigh little in power."""
STEP_LIFT = 10.0
"""How much the power of the differences between samples is raised."""
FARTHEST = 5
"""A hop is compared with the largest of the hops 2 to FARTHEST before it."""


class Novelty:
    """Half-wave rectified flux of log bands, maximum-filtered in frequency and time, in three regions.

    After `take`: `logs` float64 (n_hops, N_BANDS), log10 of a band's power over the reference, 0 where
    it is 30 dB less; `rises` (n_hops, N_BANDS), how far each is above its neighbourhood some hops ago;
    `regions` (n_hops, 3), low, mid, high, the mean rise of a band, on the decision grid; `halves`
    (n_hops, 4), log10 like the bands' of the power of each half of the hop, as it is and differenced: no
    window hides what has just begun; `late_rises` and `late_halves` begin KEPT hops earlier. Rises and
    regions are 0 after a gap until the windows are whole again. The maximum filter keeps vibrato and
    beating tones from counting (Boeck & Widmer, "Maximum filter vibrato suppression for onset
    detection", 2013).
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
        n_bands = len(starts)
        lift = COMPRESSION * 10.0 ** (SLOPE / 10.0 * np.log2(starts / 1000.0))
        self._regions = np.searchsorted(starts, REGIONS)
        self._grid_over_widths = GRID / np.diff(np.append(self._regions, n_bands))
        # A band of nothing on either side, so that every band has neighbours; then the half hops' powers. Twice
        # the mean square is 1 for a full-scale sine, as in the bands; steps are small but for high bands.
        half = clock.hop // 2
        lift_halves = COMPRESSION * np.array([2.0, 2.0 * STEP_LIFT] * 2) / half
        self._lift = np.concatenate([lift, [0.0], lift_halves])
        self._logs: F64 = np.zeros((1 + MAX_HOPS, 1 + len(self._lift)))
        self._wide: F64 = np.zeros((FARTHEST + MAX_HOPS, n_bands))
        self._scratch: F64 = np.zeros((MAX_HOPS + 2, n_bands))
        self._rises: F64 = np.zeros((KEPT + MAX_HOPS, n_bands))
        self._all_regions: F64 = np.zeros((MAX_HOPS, len(REGIONS)))
        self._power: F32 = np.zeros((2 * MAX_HOPS, 2), np.float32)
        self._steps: F32 = np.zeros((2 * MAX_HOPS, half - 1), np.float32)
        self._blind_after_gap = LOW * THINNED // clock.hop + FARTHEST
        self._bind(0)
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        self._wide[:] = 0.0
        self._rises[:] = 0.0
        self._logs[:] = 0.0
        self._blind = 0
        self._bind(0)
        self._serial = 0

    def _bind(self, n: int) -> None:
        """Views of the memory for blocks of `n` hops, kept while blocks stay that long."""
        self._n_hops = n
        rows, history, pairs = self._logs[: 1 + n], self._wide, self._scratch[: n + 2]
        padded = rows[1:, : N_BANDS + 2]
        self._log, self.logs = rows[1:, 1:], padded[:, 1:-1]
        self.late_halves, self._powers = rows[:, -4:], rows[1:, -4:]
        self.late_rises = self._rises[: KEPT + n]
        self.rises = self.late_rises[KEPT:]
        self._half_power, self._half_steps = self._power[: 2 * n], self._steps[: 2 * n]
        self._low, self._high = self.logs[:, : self._n_low], self.logs[:, self._n_low :]
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
            before = self._n_hops
            self._wide[:FARTHEST] = self._past
            self._rises[:KEPT] = self._rises[before : before + KEPT]
            self._logs[0] = self._logs[before]
        if n != self._n_hops:
            self._bind(n)
        logs, wide, rise = self.logs, self._now, self.rises
        low, high = spectra.low_power(LOW)[:, : self._low_end], spectra.power(SHORT)[:, : self._short_end]
        np.add.reduceat(low, self._low_edges, axis=1, out=self._low)
        np.add.reduceat(high, self._short, axis=1, out=self._high)
        self._measure_halves(spectra.mono.reshape(2 * n, -1))
        log = self._log
        log *= self._lift
        log *= spectra.gain.sensitivity[:, np.newaxis]
        log += 1.0
        np.log10(log, out=log)
        np.maximum(self._below, self._above, out=wide)
        np.maximum(wide, logs, out=wide)
        np.maximum(self._farther, self._nearer, out=self._pairs)
        np.maximum(self._first, self._second, out=rise)
        np.subtract(logs, rise, out=rise)
        np.maximum(rise, 0.0, out=rise)
        regions = self.regions
        np.add.reduceat(rise, self._regions, axis=1, out=regions)
        regions *= self._grid_over_widths
        np.rint(regions, out=regions)
        regions /= GRID
        self._blank(spectra.gap, n)

    def _measure_halves(self, samples: F32) -> None:
        """Power of the samples (2 * n_hops, half a hop) and of their differences."""
        power, steps = self._half_power, self._half_steps
        np.einsum("ij,ij->i", samples, samples, out=power[:, 0])
        np.subtract(samples[:, 1:], samples[:, :-1], out=steps)
        np.einsum("ij,ij->i", steps, steps, out=power[:, 1])
        self._powers[:] = power.reshape(self._powers.shape)

    def _blank(self, gap: int, n: int) -> None:
        if gap:
            self._blind = self._blind_after_gap
        if self._blind:
            self.rises[: self._blind] = 0.0
            self.regions[: self._blind] = 0.0
            self._blind = max(0, self._blind - n)
