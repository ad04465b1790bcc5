"""What our own loudspeakers play, looped back into an input: its power spectra and nothing else."""

from __future__ import annotations

import math

import numpy as np

from wearsound.analysis.spectrum import LOUDEST
from wearsound.core import F32, F64, MAX_HOPS, Block, Clock

LANE = "reference"
"""The lane of what the own loudspeakers play; where an input has it, it is taken out of what a crowd is heard of."""


class Looped:
    """The lane `reference` of a block: `take` it, then ask for the `power` at the end of a hop.

    A fifth of what a whole `LaneSpectra` costs: nobody asks for level, lows, novelty or DC of it.
    """

    def __init__(self, clock: Clock, size: int) -> None:
        # As in `LaneSpectra`: the older interface, the same bits, a quarter less of a single transform.
        from scipy.fftpack import rfft

        self._rfft = rfft
        self._hop, self._size = clock.hop, size
        weights = np.sin(np.arange(size) * (np.pi / size)) ** 2
        self._weights: F32 = (weights * math.sqrt(4.0 / (size * float(np.sum(weights**2))))).astype(
            np.float32
        )
        self._samples: F32 = np.zeros(size + MAX_HOPS * clock.hop, np.float32)
        self._frame: F32 = np.zeros(size, np.float32)
        self._squares: F64 = np.zeros(size + 2)
        self._power: F64 = np.zeros(size // 2 + 1)
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        self._samples[:] = 0.0
        self._new = 0

    def take(self, block: Block) -> bool:
        """Append a block to the past, what was before a gap forgotten; whether it has the lane. [engine thread]"""
        columns = block.lanes.get(LANE, ())
        if not columns:
            return False
        samples, size, new = self._samples, self._size, block.n_hops * self._hop
        if block.gap:
            samples[:size] = 0.0
        elif self._new:
            samples[:size] = samples[self._new : self._new + size]
        mono = samples[size : size + new]
        mono[:] = block.samples[:, columns[0]]
        for column in columns[1:]:
            mono += block.samples[:, column]
        if len(columns) > 1:
            mono *= np.float32(1.0 / len(columns))
        # Not <=, so that NaN is caught too: it is neither.
        if not (float(mono.max()) <= LOUDEST and float(mono.min()) >= -LOUDEST):
            mono[~(np.abs(mono) <= LOUDEST)] = 0.0
        self._new = new
        return True

    def power(self, hop: int) -> F64:
        """Power (size // 2 + 1,) of the last `size` samples at the end of a hop of the block, valid until the next."""
        end = self._size + (hop + 1) * self._hop
        np.multiply(self._samples[end - self._size : end], self._weights, out=self._frame)
        parts = self._squares[1:-1]
        parts[:] = self._rfft(self._frame, overwrite_x=True)
        parts *= parts
        return np.add(self._squares[0::2], self._squares[1::2], out=self._power)
