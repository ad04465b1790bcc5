"""The highest point of the wave, also where it lies between two samples."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from wearsound.analysis.gain import FLOOR
from wearsound.core import F32, F64, Block, Clock, Spec

FACTOR = 4
"""Points looked at for each sample."""
REACH = 8
"""Samples on either side that a point between two samples is made of."""
HIGHEST = 6.0
FALL = 24.0
"""dB a second that the reading falls."""


class TruePeak:
    """True peak after BS.1770-5 annex 2: fourfold oversampling, the largest of any channel, in dBTP.

    Falls 24 dB a second, as `peak` does; 8 samples late. A windowed sinc of 16 taps makes the points
    between samples (at most 0.45 dB too low, up to 20 kHz of 48). Where even the filter's largest possible answer
    could not reach the reading, it is not computed.
    """

    specs = (
        Spec("true_peak", "dBTP", FLOOR, HIGHEST, 0.01, "highest point of the wave between samples too"),
    )
    latency = 0.0

    def prepare(self, clock: Clock) -> None:
        """Find memory and tables. [main thread]"""
        self._hop = clock.hop
        self._fall = FALL * clock.hop / clock.sample_rate
        at = np.arange(1 - REACH, REACH + 1)[:, np.newaxis] - np.arange(1, FACTOR) / FACTOR
        taps = np.sinc(at) * np.cos(at * (np.pi / (2 * REACH + 1))) ** 2
        taps /= np.add.reduce(taps, axis=0)
        self._taps: F32 = np.ascontiguousarray(taps.T, np.float32)
        self._most = float(np.abs(taps).sum(axis=0).max())
        self._bind(1)
        self.reset()

    def reset(self) -> None:
        """State to its start. [engine thread]"""
        self._samples[:] = 0.0
        self._before = 0.0
        self._held = FLOOR

    def process(self, block: Block, spectra: Any, out: F64) -> None:
        """Write (n_hops, 1) values. [engine thread]"""
        channels = spectra.channels
        if channels.shape[1] != len(self._samples):
            self._bind(channels.shape[1])
        samples, past, hop = self._samples, 2 * REACH - 1, self._hop
        if block.gap:
            samples[:, hop:] = 0.0
            self._before = 0.0
        for i, peak in enumerate(spectra.peaks):
            samples[:, :past] = samples[:, hop:]
            samples[:, past:] = channels[i * hop : (i + 1) * hop].T
            held = max(self._held - self._fall, FLOOR, _decibels(peak))
            if _decibels(self._most * max(peak, self._before)) > held:
                np.einsum("cjs,kj->kcs", self._views, self._taps, out=self._between)
                highest = max(float(self._between.max()), -float(self._between.min()))
                held = max(held, _decibels(highest))
            self._held, self._before = held, peak
            out[i, 0] = min(HIGHEST, held)

    def _bind(self, n_channels: int) -> None:
        """Memory for a lane of so many channels: the end of the last hop, then this one."""
        past, hop = 2 * REACH - 1, self._hop
        self._samples: F32 = np.zeros((n_channels, past + hop), np.float32)
        row, step = self._samples.strides
        self._views: F32 = np.ndarray(
            (n_channels, 2 * REACH, hop), np.float32, self._samples, 0, (row, step, step)
        )
        self._between: F32 = np.zeros((FACTOR - 1, n_channels, hop), np.float32)


def _decibels(peak: float) -> float:
    return 20.0 * math.log10(peak) if peak > 1e-5 else FLOOR
