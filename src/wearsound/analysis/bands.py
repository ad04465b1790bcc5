"""How much sounds in each region of pitch: six bands for everybody, and a patch's own."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from wearsound.analysis.gain import RANGE, STEADY
from wearsound.analysis.spectrum import edges_in_bins
from wearsound.core import F64, Block, Clock, Spec

SIZE = 2048

BANDS: dict[str, tuple[float, float]] = {
    "sub": (20.0, 45.0),
    "bass": (45.0, 160.0),
    "lowmid": (160.0, 500.0),
    "mid": (500.0, 2000.0),
    "high": (2000.0, 6000.0),
    "air": (6000.0, 16000.0),
}


class Bands:
    """Power in bands of frequency as 0..1: the lane's one gain plus a fixed tilt.

    The tilt is that of recorded music on the whole (4.5 dB an octave), so that balanced music fills
    all bands alike and a bassless song still has no bass. Window 2048 samples: half of a change
    shows after 21 ms.
    """

    latency = 0.0

    def __init__(self, bands: Mapping[str, tuple[float, float]] = BANDS) -> None:
        self.bands = dict(bands)
        self.specs = tuple(
            Spec(name, "", 0.0, 1.0, 0.001, f"how loud it is from {low:g} to {high:g} Hz")
            for name, (low, high) in self.bands.items()
        )

    def prepare(self, clock: Clock) -> None:
        """Find memory and tables. [main thread]"""
        edges: list[int] = []
        for low, high in self.bands.values():
            edges.extend(edges_in_bins((low, high), SIZE, clock.sample_rate))
        self._edges = np.array(edges)
        tilts = [tilt(low, high) for low, high in self.bands.values()]
        self._tilt = np.array(tilts) / RANGE + STEADY

    def reset(self) -> None:
        """Bands carry no state of their own. [engine thread]"""

    def process(self, block: Block, spectra: Any, out: F64) -> None:
        """Write (n_hops, n_bands) values. [engine thread]"""
        if not self.bands:
            return
        # Every band is a pair of edges; what lies between two pairs is summed too, and dropped.
        power = np.add.reduceat(spectra.power(SIZE), self._edges, axis=1)[:, ::2]
        level = np.maximum(power, 1e-12)
        np.log10(level, out=level)
        level *= 10.0 / RANGE
        level += self._tilt
        level -= spectra.gain.reference[:, np.newaxis] / RANGE
        np.maximum(level, 0.0, out=level)
        np.minimum(level, 1.0, out=level)
        np.multiply(level, spectra.gain.fade[:, np.newaxis], out=out)


def tilt(low: float, high: float) -> float:
    """dB that make a band of music with a slope of -4.5 dB an octave as loud as its bass band."""
    low = max(low, 1.0)
    bass_low, bass_high = BANDS["bass"]
    bass = bass_low**-0.5 - bass_high**-0.5
    return 10.0 * math.log10(bass / (low**-0.5 - high**-0.5))
