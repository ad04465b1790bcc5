"""One window length over one memory of samples, and its power spectra."""

from __future__ import annotations

import math

import numpy as np

from wearsound.core import F32, F64, MAX_HOPS

BATCH = 16
"""Windows transformed at once: few enough to stay in the cache."""


class Window:
    """Its weights, scratch and latest power spectra. [one thread]"""

    def __init__(self, samples: F32, past: int, size: int, hop: int, every: int) -> None:
        # The older of SciPy's two interfaces to one FFT, the same bits: the newer one asks at every
        # call which library should answer, which costs a quarter of the transform for one hop.
        from scipy.fftpack import rfft

        if not 2 <= size <= past or size % 2:
            raise ValueError(f"a window of {size} samples; an even number from 2 to {past} is kept")
        weights = np.sin(np.arange(size) * (np.pi / size)) ** 2
        self._rfft = rfft
        self._samples, self._past = samples, past
        self.size = size
        self._hop, self._every = hop, every
        self.weights = (weights * math.sqrt(4.0 / (size * float(np.sum(weights**2))))).astype(np.float32)
        self.frames: F32 = np.zeros((BATCH, size), np.float32)
        # Real and imaginary parts in turn; the first and last bin have none, and keep their 0.
        self.squares: F64 = np.zeros((BATCH, size + 2))
        self.power: F64 = np.zeros((-(-MAX_HOPS // every), size // 2 + 1))
        self.serial = 0
        self._views: dict[tuple[int, int], list[tuple[F32, F32, F64, F64, F64, F64]]] = {}

    def transform(self, first: int, n: int) -> None:
        """Fill `power` from `n` hops of the block, the first being `first`; a frame ends where its hop ends."""
        views = self._views.get((first, n))
        if views is None:
            views = self._views[first, n] = self._bind(first, n)
        for samples, frames, parts, real, imaginary, power in views:
            np.multiply(samples, self.weights, out=frames)
            parts[:] = self._rfft(frames, axis=1, overwrite_x=True)
            parts *= parts
            np.add(real, imaginary, out=power)

    def _bind(self, first: int, n: int) -> list[tuple[F32, F32, F64, F64, F64, F64]]:
        """Views of the memory for such a block, kept: there are few kinds of blocks."""
        bound = []
        step = self._samples.itemsize
        stride = self._hop * self._every * step
        for start in range(0, n, BATCH):
            many = min(BATCH, n - start)
            end = self._past + (first + start * self._every + 1) * self._hop
            views: F32 = np.ndarray(
                (many, self.size), np.float32, self._samples, (end - self.size) * step, (stride, step)
            )
            squares = self.squares[:many]
            real, imaginary = squares[:, 0::2], squares[:, 1::2]
            power = self.power[start : start + many]
            bound.append((views, self.frames[:many], squares[:, 1:-1], real, imaginary, power))
        return bound
