"""How much sounds in each region of pitch: six bands for everybody, and a patch's own."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from wearsound.analysis.gain import RANGE
from wearsound.analysis.lows import FADE_FROM, LONG_SIZES, NARROWEST, Lows, handover, long_window, shares
from wearsound.core import BANDS, F64, MAX_HOPS, Block, Clock, Spec

SIZES = (1024, 2048, 4096)
"""Windows of the lane for what is above the handover: the shortest with NARROWEST bins to a band."""


class Bands:
    """Power in bands of frequency as 0..1: the lane's gain plus a fixed tilt.

    The tilt is that of recorded music on the whole (4.5 dB an octave), so that balanced music fills
    all bands alike and a bassless song still has no bass. A steady sine reads within 0.2 dB in its band and
    below -40 dB in the others of the six. Window 1024 samples (half of a change shows after 11 ms), longer
    for narrow bands above 240 Hz; low bands are `lows.Lows`. With `long`, each band is also
    read against the last minutes, as quickly: `bass_long`, where a crescendo of minutes still reads as one.
    """

    latency = 0.0

    def __init__(self, bands: Mapping[str, tuple[float, float]] = BANDS, long: bool = False) -> None:
        self.bands = dict(bands)
        self._horizons = 2 if long else 1
        specs = [
            Spec(name, "", 0.0, 1.0, 0.001, f"how loud it is from {low:g} to {high:g} Hz")
            for name, (low, high) in self.bands.items()
        ]
        if long:
            specs += [
                Spec(
                    f"{name}_long", "", 0.0, 1.0, 0.001, f"{name} against the last minutes: a crescendo reads"
                )
                for name in self.bands
            ]
        self.specs = tuple(specs)

    def prepare(self, clock: Clock) -> None:
        """Find memory and tables. [main thread]"""
        rate, edges = clock.sample_rate, list(self.bands.values())
        self._lows: list[Lows] = []
        for size in LONG_SIZES:
            columns = [i for i, e in enumerate(edges) if long_window(*e, clock) == size]
            if columns:
                self._lows.append(Lows([edges[i] for i in columns], columns, size, clock))
        # One window is read in one go: the bands above the handover, and behind them the low ones.
        first = _above(edges, SIZES[0], rate)
        weights = np.concatenate([first, *(lows.quick_weights for lows in self._lows)])
        self._n_bins = int(np.flatnonzero(weights.any(axis=0))[-1]) + 1 if weights.any() else 0
        self._weights = np.ascontiguousarray(weights[:, : self._n_bins])
        longer = [(size, _above(edges, size, rate)) for size in SIZES[1:]]
        self._longer = [(size, weights) for size, weights in longer if weights.any()]
        self._tilt = np.array([tilt(low, high) for low, high in edges]) / RANGE
        self._all: F64 = np.zeros((MAX_HOPS, len(self._weights)))
        self._levels_all: F64 = np.zeros((MAX_HOPS, self._horizons, len(edges)))
        self._bind(0)

    def _bind(self, n_hops: int) -> None:
        """Views of the memory for blocks of so many hops, kept while blocks stay that long."""
        n = len(self.bands)
        self._read, self._levels = self._all[:n_hops], self._levels_all[:n_hops]
        self._power = self._read[:, :n]
        self._level = self._power[:, np.newaxis]
        self._quick = []
        for lows in self._lows:
            self._quick.append((lows, self._read[:, n : n + len(lows.quick_weights)]))
            n += len(lows.quick_weights)

    def reset(self) -> None:
        """State to its start. [engine thread]"""
        for lows in self._lows:
            lows.reset()

    def process(self, block: Block, spectra: Any, out: F64) -> None:
        """Write (n_hops, n_bands), then as many against the long horizon. [engine thread]"""
        if not self.bands:
            return
        gain, level = spectra.gain, self.powers(spectra)
        levels = self._levels
        np.maximum(level, 1e-12, out=level)
        np.log10(level, out=level)
        level *= 10.0 / RANGE
        level += self._tilt
        np.add(self._level, gain.offsets[:, : self._horizons], out=levels)
        np.maximum(levels, 0.0, out=levels)
        np.minimum(levels, 1.0, out=levels)
        np.multiply(levels, gain.fades[:, : self._horizons], out=out.reshape(levels.shape))

    def powers(self, spectra: Any) -> F64:
        """Power (n_hops, n_bands), a full-scale sine being 1; valid until the next call. [engine thread]"""
        if spectra.n_hops != len(self._read):
            self._bind(spectra.n_hops)
        np.einsum("hk,bk->hb", spectra.power(SIZES[0])[:, : self._n_bins], self._weights, out=self._read)
        power = self._power
        for size, weights in self._longer:
            power += np.einsum("hk,bk->hb", spectra.power(size), weights)
        for lows, quick in self._quick:
            lows.add(spectra, quick, power)
        return power


def _above(edges: Sequence[tuple[float, float]], size: int, rate: int) -> F64:
    """What of each bin of a window is whose, above the handover: (n_bands, size // 2 + 1).

    0 for bands that other windows read.
    """
    weights = [shares(*e, size, rate) * (_window(*e, rate) == size) for e in edges]
    above: F64 = np.array(weights).reshape(len(edges), size // 2 + 1) * handover(size, rate)
    return above


def _window(low: float, high: float, rate: int) -> int:
    """Which of SIZES reads a band above the handover, 0 for none."""
    if high <= FADE_FROM:
        return 0
    for size in SIZES:
        if high - low >= NARROWEST * rate / size:
            return size
    return SIZES[-1]


def tilt(low: float, high: float) -> float:
    """dB that make a band of music with a slope of -4.5 dB an octave as loud as its bass band."""
    low = max(low, 1.0)
    bass_low, bass_high = BANDS["bass"]
    bass = bass_low**-0.5 - bass_high**-0.5
    return 10.0 * math.log10(bass / (low**-0.5 - high**-0.5))
