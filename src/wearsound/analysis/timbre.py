"""What colour the sound has: how bright, how noisy."""

from __future__ import annotations

from typing import Any

import numpy as np

from wearsound.analysis.turns import EVERY, TIMBRE, glide, hold
from wearsound.core import F64, Block, Clock, Spec

SIZE = 1024
SMOOTH_SECONDS = 0.05
REST_SECONDS = 0.5
FAINT = 1e-12
"""Power added to every bin before its logarithm."""


class Timbre:
    """Spectral centroid by magnitude, and flatness (geometric over arithmetic mean of power).

    Window 1024 samples, smoothed over 50 ms while the gate is open, held while it is shut, gliding
    to 0 in silence.
    """

    specs = (
        Spec("centroid", "Hz", 0.0, 20_000.0, 1.0, "brightness: mean frequency by magnitude"),
        Spec("flatness", "", 0.0, 1.0, 0.001, "0 for a tone, towards 1 for noise"),
    )
    latency = 0.0

    def prepare(self, clock: Clock) -> None:
        """Find memory and tables. [main thread]"""
        self._hertz: F64 = np.arange(SIZE // 2, dtype=np.float64)
        self._hertz *= clock.sample_rate / SIZE
        self._smooth = clock.coefficient(SMOOTH_SECONDS / EVERY)
        self._rest = clock.coefficient(REST_SECONDS / EVERY)
        self.reset()

    def reset(self) -> None:
        """State to its start. [engine thread]"""
        self._said: tuple[float, float] = (0.0, 0.0)
        self._heard = False

    def process(self, block: Block, spectra: Any, out: F64) -> None:
        """Write (n_hops, 2) values. [engine thread]"""
        looks = spectra.looks(EVERY, TIMBRE)
        before, rows = self._said, []
        if looks:
            power = spectra.power(SIZE)[looks.start :: EVERY, : SIZE // 2]
            now = zip(_centroid(power, self._hertz), _flatness(power), strict=True)
            for hop, heard in zip(looks, now, strict=True):
                self._follow(heard, spectra.gain.gate[hop] > 0.0, spectra.gain.silence[hop] > 0.0)
                rows.append(self._said)
        hold(out, looks, rows, before)

    def _follow(self, heard: tuple[float, float], gate: bool, silence: bool) -> None:
        if silence:
            centroid, flatness = self._said
            self._said = glide(centroid, 0.0, self._rest), glide(flatness, 0.0, self._rest)
        elif gate:
            weight = self._smooth if self._heard else 1.0
            (centroid, flatness), self._heard = self._said, True
            self._said = glide(centroid, heard[0], weight), glide(flatness, heard[1], weight)


def _centroid(power: F64, hertz: F64) -> list[float]:
    magnitude = np.sqrt(power)
    total = np.add.reduce(magnitude, axis=1)
    np.maximum(total, FAINT, out=total)
    magnitude *= hertz
    centroid = np.add.reduce(magnitude, axis=1)
    centroid /= total
    hertz_each: list[float] = centroid.tolist()
    return hertz_each


def _flatness(power: F64) -> list[float]:
    """Geometric over arithmetic mean, with an eighth of the logarithms: of products of eight bins."""
    products = power + FAINT
    mean = np.add.reduce(products, axis=1)
    mean /= products.shape[1]
    for _ in range(3):
        half = products.shape[1] // 2
        products = products[:, :half] * products[:, half:]
    logs = np.log(products)
    geometric = np.exp(np.add.reduce(logs, axis=1) / power.shape[1])
    geometric /= mean
    flat: list[float] = np.minimum(geometric, 1.0, out=geometric).tolist()
    return flat
