"""The sound of one lane, its recent past and its spectra: what all meters of the lane share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from wearsound.analysis.gain import Gain
from wearsound.analysis.window import Window
from wearsound.core import F32, F64, MAX_HOPS, Block, Clock

if TYPE_CHECKING:
    from wearsound.analysis.detector import Detector
    from wearsound.analysis.novelty import Novelty

LONGEST = 4096
"""The longest window a meter may ask for, in samples."""

THINNED = 8
"""The low lane keeps every so manieth sample: 6 kHz of 48."""
LOW_LONGEST = 2048
"""The longest window of the low lane, in its own samples."""
LOW_TAPS = 128
"""Length of its low-pass in samples: flat to 2.1 kHz, -80 dB where it would fold back below that."""

LOUDEST = 8.0
"""Samples beyond this (18 dB over full scale) are broken, not loud."""

DC_SECONDS = 2.0


class LaneSpectra:
    """What all meters of one lane share.

    `take` a block, then let meters read. `mono` float32 (n_hops * hop,): the mean of the lane's
    channels, finite, without its DC. `channels` float32 (n_hops * hop, n): the lane as it came.
    `peaks`: its largest sample in each hop. `low` float32 (n_hops * low_hop,): `mono` low-passed at
    2.1 kHz, at the `low_rate`. `gain`: level, gate and reference. `novelty`: log bands and their flux;
    `detector`: what the network makes of them; both made when somebody asks. All valid until the
    next `take`.

    A meter that asks with `every` works on every such hop only, those whose number leaves `phase` when
    divided by it: so the work is spread, and no hop carries all.
    """

    def __init__(self, clock: Clock, lane: str) -> None:
        self.clock = clock
        self.lane = lane
        self.gain = Gain(clock)
        if clock.hop % THINNED:
            raise ValueError(f"a hop of {clock.hop} samples; a multiple of {THINNED} is needed")
        self.low_rate = clock.sample_rate / THINNED
        self.low_hop = clock.hop // THINNED
        self._samples: F32 = np.zeros(LONGEST + MAX_HOPS * clock.hop, np.float32)
        self._low: F32 = np.zeros(LOW_LONGEST + MAX_HOPS * self.low_hop, np.float32)
        self._windows: dict[tuple[bool, int, int, int], Window] = {}
        self._taps = _low_pass()
        self._silence: F32 = np.zeros((MAX_HOPS * clock.hop, 1), np.float32)
        self._novelty: Novelty | None = None
        self._detector: Detector | None = None
        self._dc_weight = clock.coefficient(DC_SECONDS)
        self.n_hops = 0
        self.tick = 0
        self.gap = 0
        self.channels: F32 = self._silence[:0]
        self.peaks: list[float] = []
        self._exact_all: F64 = np.zeros((MAX_HOPS, clock.hop))
        self._bind(0)
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        self._samples[:] = 0.0
        self._low[:] = 0.0
        self._dc = 0.0
        self._dc_hops = 0
        self._bind(0)
        self._serial = 0
        for window in self._windows.values():
            window.serial = 0
        self.gain.reset()
        if self._novelty is not None:
            self._novelty.reset()
        if self._detector is not None:
            self._detector.reset()

    def take(self, block: Block) -> None:
        """Append a block to the past. Sound before a gap is forgotten. [engine thread]"""
        hop, n_hops = self.clock.hop, block.n_hops
        size = n_hops * hop
        past = self.n_hops * hop
        if block.gap:
            self._samples[:LONGEST] = 0.0
            self._low[:LOW_LONGEST] = 0.0
        elif past:
            self._samples[:LONGEST] = self._samples[past : past + LONGEST]
            past = self.n_hops * self.low_hop
            self._low[:LOW_LONGEST] = self._low[past : past + LOW_LONGEST]
        if n_hops != self.n_hops:
            self._bind(n_hops)
        self.tick = block.tick
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
        np.einsum("ij,j->i", self._before_thinning, self._taps, out=self.low)
        exact *= exact
        np.add.reduce(exact, axis=1, out=sums)
        self.gain.take([total / hop for total in sums.tolist()], self.peaks)

    def _bind(self, n_hops: int) -> None:
        """Views of the memory for blocks of so many hops, kept while blocks stay that long."""
        self.n_hops = n_hops
        self.mono = self._samples[LONGEST : LONGEST + n_hops * self.clock.hop]
        self._mono = self.mono.reshape(n_hops, self.clock.hop)
        n_low, step = n_hops * self.low_hop, self._samples.itemsize
        self.low = self._low[LOW_LONGEST : LOW_LONGEST + n_low]
        self._before_thinning: F32 = np.ndarray(
            (n_low, LOW_TAPS),
            np.float32,
            self._samples,
            (LONGEST + THINNED - LOW_TAPS) * step,
            (THINNED * step, step),
        )
        self._exact = self._exact_all[:n_hops]
        self._sums: F64 = np.zeros(n_hops)
        self._offsets: F64 = np.zeros((n_hops, 1))

    def looks(self, every: int = 1, phase: int = 0) -> range:
        """Which hops of the block have numbers that leave `phase` when divided by `every`."""
        return range((phase - self.tick) % every, self.n_hops, every)

    def power(self, size: int, every: int = 1, phase: int = 0) -> F64:
        """Power spectra (len(looks), size // 2 + 1) of the last `size` samples at the end of each hop looked at.

        Hann window; scaled so that the bins of a full-scale sine sum to 1 (0 dB).
        """
        return self._power(False, size, every, phase)

    def low_power(self, size: int, every: int = 1, phase: int = 0) -> F64:
        """The same of the last `size` samples of the low lane; good to 2.1 kHz, and 1.3 ms late."""
        return self._power(True, size, every, phase)

    def past(self, size: int, hop: int) -> F32:
        """The last `size` samples (<= LONGEST) of `mono` at the end of one hop of the block."""
        end = LONGEST + (hop + 1) * self.clock.hop
        return self._samples[end - size : end]

    def pasts(self, size: int, every: int, phase: int) -> F32:
        """The last `size` samples (<= LONGEST) of `mono` at the end of each hop looked at: (len(looks), size)."""
        looks, hop, step = self.looks(every, phase), self.clock.hop, self._samples.itemsize
        start = LONGEST + (looks.start + 1) * hop - size
        shape, strides = (len(looks), size), (every * hop * step, step)
        pasts: F32 = np.ndarray(shape, np.float32, self._samples, start * step, strides)
        return pasts

    def low_past(self, size: int, hop: int) -> F32:
        """The last `size` samples (<= LOW_LONGEST) of `low` at the end of one hop of the block."""
        end = LOW_LONGEST + (hop + 1) * self.low_hop
        return self._low[end - size : end]

    def _power(self, low: bool, size: int, every: int, phase: int) -> F64:
        window = self._windows.get((low, size, every, phase))
        if window is None:
            past, hop = (LOW_LONGEST, self.low_hop) if low else (LONGEST, self.clock.hop)
            window = Window(self._low if low else self._samples, past, size, hop, every)
            self._windows[low, size, every, phase] = window
        looks = self.looks(every, phase)
        if window.serial != self._serial:
            window.transform(looks.start, len(looks))
            window.serial = self._serial
        return window.power[: len(looks)]

    @property
    def novelty(self) -> Novelty:
        """What is new in this block's spectra."""
        if self._novelty is None:
            from wearsound.analysis.novelty import Novelty

            self._novelty = Novelty(self.clock)
        self._novelty.take(self, self._serial)
        return self._novelty

    @property
    def detector(self) -> Detector:
        """How likely something began in this block."""
        if self._detector is None:
            from wearsound.analysis.detector import Detector

            self._detector = Detector()
        self._detector.take(self, self._serial)
        return self._detector

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


def _low_pass() -> F32:
    """Taps of the low lane's filter: a Kaiser-windowed sinc (beta 8), gain 1 at 0 Hz."""
    n = np.arange(LOW_TAPS) - (LOW_TAPS - 1) / 2
    taps = np.sinc(n / THINNED) * np.kaiser(LOW_TAPS, 8.0)
    return (taps / np.sum(taps)).astype(np.float32)


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


def edges_in_bins(edges: Sequence[float], size: int, sample_rate: float) -> list[int]:
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
