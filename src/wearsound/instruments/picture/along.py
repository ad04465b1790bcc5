"""From the pixels of a filament, as they left, to the light along the strand that is drawn.

Between two pixels light runs evenly from the one to the other, as it does in a diffusing tube; beyond the
first and the last it holds. So a count of eight is a line, not eight beads.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wearsound.core import F32, F64, Index
from wearsound.garment.sewn import Sewn
from wearsound.instruments.picture.filament import STEPS

EXPOSURE = {"low": 1.875, "mid": 0.85, "high": 0.46}
"""How strongly the picture is exposed to each band: the brightest pixel of full glow, linear, before the curve."""


class Along:
    """Samples the pixels of drawn strands into STEPS steps each. `strands` say which SewnFilament each is."""

    def __init__(self, garment: Sewn, strands: NDArray[np.int32]) -> None:
        pixel: list[Index] = []
        weight: list[F64] = []
        counts: list[Index] = []
        for number in strands:
            one = garment.filaments[number]
            table = shares(one.pixels)
            step, mine = np.nonzero(table)
            pixel.append(one.first + mine)
            weight.append(table[step, mine] * EXPOSURE[one.band])
            counts.append(np.bincount(step, minlength=STEPS))
        self._n = len(strands) * STEPS
        if not self._n:
            return
        count = np.concatenate(counts)
        self._pixel = np.concatenate(pixel)
        self._weight = np.concatenate(weight).astype(np.float32)[:, None]
        self._starts = np.cumsum(count) - count

    def steps(self, pixels: F32) -> F32:
        """Linear RGB (n_strands * STEPS, 3) as exposed, of linear RGB (n_pixels, 3)."""
        if not self._n:
            return np.zeros((0, 3), np.float32)
        light: F32 = np.add.reduceat(pixels[self._pixel] * self._weight, self._starts, axis=0)
        return light


def shares(pixels: int) -> F64:
    """How much each of `pixels` pixels gives to each step, (STEPS, pixels); every row's sum is 1.

    A step takes the mean over its own length, so that no pixel of many falls between two steps.
    """
    fine = max(1, -(-4 * pixels // STEPS))
    at = (np.arange(STEPS * fine) + 0.5) / (STEPS * fine) * pixels - 0.5
    at = np.clip(at, 0, pixels - 1)
    before = np.minimum(at.astype(np.intp), max(pixels - 2, 0))
    part = at - before
    step = np.arange(STEPS * fine) // fine
    table = np.zeros((STEPS, pixels))
    np.add.at(table, (step, before), (1 - part) / fine)
    np.add.at(table, (step, np.minimum(before + 1, pixels - 1)), part / fine)
    return table
