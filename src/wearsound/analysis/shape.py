"""The shape of the spectrum beyond its centre: how wide, how high it reaches, how deep its valleys are."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np

from wearsound.analysis.gain import GRID
from wearsound.analysis.spectrum import edges_in_bins
from wearsound.analysis.turns import EVERY, SHAPE, glide, hold
from wearsound.core import F64, Block, Clock, Spec

SIZE = 1024
SMOOTH_SECONDS = 0.05
REST_SECONDS = 0.5
PART = 0.85
"""Of the magnitude lies below the roll-off."""
OCTAVES = (200.0, 400.0, 800.0, 1600.0, 3200.0, 6400.0, 12_800.0)
SHARE = 0.2
"""Of an octave's bins, the strongest and the weakest, are its peaks and valleys."""
FAINT = 1e-12
DEEPEST = 60.0


class Shape:
    """Spectral spread, roll-off and contrast, beside the centroid and flatness of `Timbre`.

    Spread: square root of the second moment of magnitude about the centroid. Roll-off: 85 % of the
    magnitude lies below (both after Peeters, "A large set of audio features", 2004). Contrast: level of
    the strongest over the weakest fifth of bins in each octave from 200 Hz to 12.8 kHz in dB (Jiang et
    al., "Music type classification by spectral contrast feature", 2002), the mean of six octaves,
    weighted by the fourth root of their power, so that an octave of nothing does not count. Window 1024
    samples (half of it, 11 ms, is the latency), every fourth hop, smoothed over 50 ms; held while the
    gate is shut, gliding to 0 in silence.
    """

    specs = (
        Spec("spread", "Hz", 0.0, 12_000.0, 1.0, "how far frequencies lie from the centroid: 0 for a tone"),
        Spec("rolloff", "Hz", 0.0, 24_000.0, 1.0, "the frequency below which nearly all of it lies"),
        Spec("contrast", "dB", 0.0, DEEPEST, 0.1, "peaks over valleys: high for clear tones, low for noise"),
    )
    latency = 0.0

    def prepare(self, clock: Clock) -> None:
        """Find memory and tables. [main thread]"""
        self._hertz: F64 = np.arange(SIZE // 2 + 1, dtype=np.float64)
        self._hertz *= clock.sample_rate / SIZE
        edges = edges_in_bins(OCTAVES, SIZE, clock.sample_rate)
        self._octaves = [
            (slice(low, high), max(1, round(SHARE * (high - low)))) for low, high in pairwise(edges)
        ]
        self._smooth = clock.coefficient(SMOOTH_SECONDS / EVERY)
        self._rest = clock.coefficient(REST_SECONDS / EVERY)
        self.reset()

    def reset(self) -> None:
        """State to its start. [engine thread]"""
        self._said = [0.0, 0.0, 0.0]
        self._heard = False

    def process(self, block: Block, spectra: Any, out: F64) -> None:
        """Write (n_hops, 3) values. [engine thread]"""
        looks = spectra.looks(EVERY, SHAPE)
        before, rows = self._said, []
        power = spectra.power(SIZE) if looks else ()
        for hop in looks:
            silence, gate = spectra.gain.silence[hop], spectra.gain.gate[hop]
            if silence:
                self._said = [glide(value, 0.0, self._rest, 1e-3) for value in self._said]
                self._heard = any(self._said)
            elif gate:
                weight = self._smooth if self._heard else 1.0
                now = self._look(power[hop])
                self._said = [glide(old, new, weight) for old, new in zip(self._said, now, strict=True)]
                self._heard = True
            rows.append(self._said)
        hold(out, looks, rows, before)

    def _look(self, power: F64) -> tuple[float, float, float]:
        magnitude = np.sqrt(power)
        summed = np.add.accumulate(magnitude)
        total = max(float(summed[-1]), FAINT)
        centroid = float(np.add.reduce(magnitude * self._hertz)) / total
        away = self._hertz - centroid
        away *= away
        away *= magnitude
        spread = (float(np.add.reduce(away)) / total) ** 0.5
        summed *= GRID / total
        np.rint(summed, out=summed)
        above = min(int(np.searchsorted(summed, PART * GRID)), len(summed) - 1)
        return min(spread, 12_000.0), float(self._hertz[above]), self._contrast(power)

    def _contrast(self, power: F64) -> float:
        """How far peaks stand over valleys in dB, in the octaves that sound."""
        faint = FAINT + 1e-8 * float(np.add.reduce(power))
        depths = weights = 0.0
        for octave, n in self._octaves:
            ranked = np.sort(power[octave])
            peak, valley = float(np.add.reduce(ranked[-n:])), float(np.add.reduce(ranked[:n]))
            weight = float(np.add.reduce(ranked)) ** 0.25
            depths += weight * math.log10((peak + n * faint) / (valley + n * faint))
            weights += weight
        return min(DEEPEST, 10.0 * depths / max(weights, FAINT))
