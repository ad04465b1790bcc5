"""The sound of one lane, its recent past and its spectra: what all meters of the lane share."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from wearsound.analysis.gain import Gain
from wearsound.core import F32, F64, MAX_HOPS, Block, Clock

if TYPE_CHECKING:
    from wearsound.analysis.novelty import Novelty

LONGEST = 4096
"""The longest window a meter may ask for, in samples."""

LOUDEST = 8.0
"""Samples beyond this (18 dB over full scale) are broken, not loud."""

DC_SECONDS = 2.0
BATCH = 16
"""Windows transformed at once: few enough to stay in the cache."""


class LaneSpectra:
    """What all meters of one lane share.

    `take` a block, then let meters read. `mono` float32 (n_hops * hop,): the mean of the lane's
    channels, finite, without its DC. `channels` float32 (n_hops * hop, n): the lane as it came.
    `peaks`: its largest sample in each hop. `gain`: level, gate and reference, made for every
    block. `novelty`: log-band flux, made on first use. All valid until the next `take`.
    """

    def __init__(self, clock: Clock, lane: str) -> None:
        self.clock = clock
        self.lane = lane
        self.gain = Gain(clock)
        self._samples: F32 = np.zeros(LONGEST + MAX_HOPS * clock.hop, np.float32)
        self._windows: dict[int, _Window] = {}
        self._silence: F32 = np.zeros((MAX_HOPS * clock.hop, 1), np.float32)
        self._novelty: Novelty | None = None
        self._dc_weight = clock.coefficient(DC_SECONDS)
        self.n_hops = 0
        self.gap = 0
        self.channels: F32 = self._silence[:0]
        self.peaks: list[float] = []
        self._exact_all: F64 = np.zeros((MAX_HOPS, clock.hop))
        self._bind(0)
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        self._samples[:] = 0.0
        self._dc = 0.0
        self._dc_hops = 0
        self._bind(0)
        self._serial = 0
        for window in self._windows.values():
            window.serial = 0
        self.gain.reset()
        if self._novelty is not None:
            self._novelty.reset()

    def take(self, block: Block) -> None:
        """Append a block to the past. Sound before a gap is forgotten. [engine thread]"""
        hop, n_hops = self.clock.hop, block.n_hops
        size = n_hops * hop
        past = self.n_hops * hop
        if block.gap:
            self._samples[:LONGEST] = 0.0
        elif past:
            self._samples[:LONGEST] = self._samples[past : past + LONGEST]
        if n_hops != self.n_hops:
            self._bind(n_hops)
        self.gap = block.gap
        self._serial += 1
        self.channels = self._read(block, size)
        _mix(self.channels, self.mono)
        exact, sums = self._exact, self._sums
        exact[:] = self._mono
        np.add.reduce(exact, axis=1, out=sums)
        self._track(sums)
        exact -= self._offsets
        self._mono[:] = exact
        exact *= exact
        np.add.reduce(exact, axis=1, out=sums)
        self.gain.take([total / hop for total in sums.tolist()], self.peaks)

    def _bind(self, n_hops: int) -> None:
        """Views of the memory for blocks of so many hops, kept while blocks stay that long."""
        self.n_hops = n_hops
        self.mono = self._samples[LONGEST : LONGEST + n_hops * self.clock.hop]
        self._mono = self.mono.reshape(n_hops, self.clock.hop)
        self._exact = self._exact_all[:n_hops]
        self._sums: F64 = np.zeros(n_hops)
        self._offsets: F64 = np.zeros((n_hops, 1))

    def power(self, size: int) -> F64:
        """Power spectra (n_hops, size // 2 + 1) of the last `size` samples at each hop's end.

        Hann window; scaled so that the bins of a full-scale sine sum to 1 (0 dB).
        """
        window = self._windows.get(size)
        if window is None:
            window = self._windows[size] = _Window(size, self.clock.hop)
        if window.serial != self._serial:
            window.transform(self._samples, self.n_hops)
            window.serial = self._serial
        return window.power[: self.n_hops]

    @property
    def novelty(self) -> Novelty:
        """What is new in this block's spectra."""
        if self._novelty is None:
            from wearsound.analysis.novelty import Novelty

            self._novelty = Novelty(self.clock)
        self._novelty.take(self, self._serial)
        return self._novelty

    def _read(self, block: Block, size: int) -> F32:
        """The lane's columns, a lane that the input does not have being silent; scrubbed."""
        columns = block.lanes.get(self.lane, ())
        if not columns:
            self.peaks = [0.0] * block.n_hops
            return self._silence[:size]
        first, last = columns[0], columns[-1] + 1
        adjacent = last - first == len(columns)
        samples: F32 = block.samples[:, first:last] if adjacent else block.samples[:, list(columns)]
        self.peaks = _peaks(samples, block.n_hops)
        # Not <=, so that NaN is caught too: it is neither.
        if not all(peak <= LOUDEST for peak in self.peaks):
            samples = np.where(np.abs(samples) <= LOUDEST, samples, np.float32(0.0))
            self.peaks = _peaks(samples, block.n_hops)
        return samples

    def _track(self, totals: F64) -> None:
        """Fill the DC of each hop from the hops' sums: a running mean that becomes a slow one-pole."""
        dc, hops, slowest = self._dc, self._dc_hops, self._dc_weight
        for hop, total in enumerate(totals.tolist()):
            hops += 1
            dc += max(slowest, 1.0 / hops) * (total / self.clock.hop - dc)
            if -1e-15 < dc < 1e-15:
                dc = 0.0
            self._offsets[hop, 0] = dc
        self._dc, self._dc_hops = dc, hops


class _Window:
    """One window length: its weights, scratch and latest power spectra."""

    def __init__(self, size: int, hop: int) -> None:
        # The older of SciPy's two interfaces to one FFT, the same bits: the newer one asks at every
        # call which library should answer, which costs a quarter of the transform for one hop.
        from scipy.fftpack import rfft

        if not 2 <= size <= LONGEST or size % 2:
            raise ValueError(f"a window of {size} samples; an even number from 2 to {LONGEST} is kept")
        weights = np.sin(np.arange(size) * (np.pi / size)) ** 2
        self._rfft = rfft
        self.size = size
        self.hop = hop
        self.weights = (weights * math.sqrt(4.0 / (size * float(np.sum(weights**2))))).astype(np.float32)
        self.frames: F32 = np.zeros((BATCH, size), np.float32)
        # Real and imaginary parts in turn; the first and last bin have none, and keep their 0.
        self.squares: F64 = np.zeros((BATCH, size + 2))
        self.power: F64 = np.zeros((MAX_HOPS, size // 2 + 1))
        self.serial = 0
        self._views: list[tuple[F32, F32, F64, F64, F64, F64]] = []
        self._n_hops = 0

    def transform(self, samples: F32, n_hops: int) -> None:
        """Fill `power`; the frame of hop i ends where the hop ends. Always the same `samples`."""
        if n_hops != self._n_hops:
            self._bind(samples, n_hops)
        for views, frames, parts, real, imaginary, power in self._views:
            np.multiply(views, self.weights, out=frames)
            parts[:] = self._rfft(frames, axis=1, overwrite_x=True)
            parts *= parts
            np.add(real, imaginary, out=power)

    def _bind(self, samples: F32, n_hops: int) -> None:
        """Views of the memory for blocks of so many hops, kept while blocks stay that long."""
        self._views, self._n_hops = [], n_hops
        step = samples.itemsize
        for start in range(0, n_hops, BATCH):
            n = min(BATCH, n_hops - start)
            offset = (LONGEST + (start + 1) * self.hop - self.size) * step
            views: F32 = np.ndarray((n, self.size), np.float32, samples, offset, (self.hop * step, step))
            squares = self.squares[:n]
            real, imaginary = squares[:, 0::2], squares[:, 1::2]
            power = self.power[start : start + n]
            self._views.append((views, self.frames[:n], squares[:, 1:-1], real, imaginary, power))


def _peaks(samples: F32, n_hops: int) -> list[float]:
    hops = samples.reshape(n_hops, -1)
    highest: list[float] = np.maximum.reduce(hops, axis=1).tolist()
    lowest: list[float] = np.minimum.reduce(hops, axis=1).tolist()
    return [max(high, -low) for high, low in zip(highest, lowest, strict=True)]


def _mix(channels: F32, out: F32) -> None:
    """The mean of the columns, in a fixed order of additions."""
    if channels.shape[1] == 1:
        out[:] = channels[:, 0]
        return
    np.add(channels[:, 0], channels[:, 1], out=out)
    for column in range(2, channels.shape[1]):
        out += channels[:, column]
    out *= np.float32(1.0 / channels.shape[1])


def edges_in_bins(edges: Sequence[float], size: int, sample_rate: int) -> list[int]:
    """Bins nearest to rising frequencies in Hz, made strictly rising for `np.add.reduceat`.

    The last edge stays inside the spectrum, so that its tail can be dropped.
    """
    bins: list[int] = []
    for edge in edges:
        nearest = round(edge * size / sample_rate)
        bins.append(max(nearest, bins[-1] + 1) if bins else max(nearest, 0))
    top = size // 2
    for i in range(len(bins) - 1, -1, -1):
        bins[i] = min(bins[i], top - (len(bins) - 1 - i))
    return bins
