"""The single tones in a spectrum: where they are and how strong, finer than the bins."""

from __future__ import annotations

import numpy as np

from wearsound.analysis.gain import GRID
from wearsound.core import F64

OVER_NEIGHBOURHOOD = 5.0
"""A peak stands so far (as power) over the mean of its neighbourhood, which noise seldom does."""
NEIGHBOURHOOD = 16
"""Bins on either side."""
FAINTEST = 1e-5
"""Peaks this far below the strongest (-50 dB) are not looked at."""
PEAK_PART = 2.0 / 3.0
"""Of a tone's power lies in its middle bin, with a Hann window."""


class Partials:
    """Finds the peaks of power spectra of one kind: Hann-windowed, `hertz` from bin to bin."""

    def __init__(self, size: int, hertz: float, lowest: float, highest: float) -> None:
        self._hertz = hertz
        self._first = max(3, round(lowest / hertz))
        self._last = min(size // 2 - 2, round(highest / hertz))
        bins = np.arange(self._first, self._last)
        self._right = np.minimum(bins + NEIGHBOURHOOD, size // 2)
        self._left = np.maximum(bins - NEIGHBOURHOOD - 1, 0)
        self._mean_of = (self._right - self._left) / OVER_NEIGHBOURHOOD

    def find(self, power: F64) -> tuple[F64, F64]:
        """(Hz, amplitude) of each partial of one spectrum (size // 2 + 1,), from low to high.

        Between bins by a parabola through logarithms: within 0.06 bins. The amplitude of a full-scale
        sine is 1.
        """
        first, last = self._first, self._last
        here = power[first:last]
        strongest = float(here.max())
        if strongest <= 1e-10:
            return _NONE, _NONE
        # On the grid, so that what is a peak is decided alike everywhere.
        level = np.rint(power[first - 1 : last + 1] * (GRID / strongest))
        middle = level[1:-1]
        tall = middle > level[:-2]
        tall &= middle >= level[2:]
        tall &= middle > FAINTEST * GRID
        bins = np.flatnonzero(tall)
        # How tall they stand is only asked of the few that are peaks at all.
        summed = np.add.accumulate(power)
        around = (summed[self._right[bins]] - summed[self._left[bins]]) / self._mean_of[bins]
        bins = bins[middle[bins] > np.rint(around * (GRID / strongest))] + first
        logs = np.log(np.maximum(power[bins + _AROUND], 1e-30))
        rise = 0.5 * (logs[2] - logs[0])
        bend = np.maximum(2.0 * logs[1] - logs[0] - logs[2], 1e-9)
        aside = np.maximum(np.minimum(rise / bend, 0.5), -0.5)
        amplitude = np.sqrt(np.exp(logs[1] + 0.5 * rise * aside) / PEAK_PART)
        return (bins + aside) * self._hertz, amplitude


_NONE: F64 = np.zeros(0)
_AROUND = np.array([[-1], [0], [1]])
