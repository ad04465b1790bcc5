"""What colour the sound has: how bright, how noisy."""

from __future__ import annotations

from typing import Any

import numpy as np

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
        Spec("flatness", "0..1", 0.0, 1.0, 0.001, "0 for a tone, towards 1 for noise"),
    )
    latency = 0.0

    def prepare(self, clock: Clock) -> None:
        """Find memory and tables. [main thread]"""
        self._hertz = np.arange(SIZE // 2) * (clock.sample_rate / SIZE)
        self._smooth = clock.coefficient(SMOOTH_SECONDS)
        self._rest = clock.coefficient(REST_SECONDS)
        self.reset()

    def reset(self) -> None:
        """State to its start. [engine thread]"""
        self._centroid = 0.0
        self._flatness = 0.0
        self._heard = False

    def process(self, block: Block, spectra: Any, out: F64) -> None:
        """Write (n_hops, 2) values. [engine thread]"""
        gain = spectra.gain
        if not self._heard and not gain.gate.any():
            out[:] = 0.0
            return
        power = spectra.power(SIZE)[:, : SIZE // 2]
        magnitude = np.sqrt(power)
        total = np.maximum(np.add.reduce(magnitude, axis=1), FAINT)
        magnitude *= self._hertz
        centroid = np.add.reduce(magnitude, axis=1) / total
        flatness = _flatness(power)
        now = zip(
            centroid.tolist(), flatness.tolist(), gain.gate.tolist(), gain.silence.tolist(), strict=True
        )
        for hop, (hertz, flat, gate, silence) in enumerate(now):
            if silence:
                self._centroid = _glide(self._centroid, self._rest)
                self._flatness = _glide(self._flatness, self._rest)
            elif gate:
                weight = self._smooth if self._heard else 1.0
                self._heard = True
                self._centroid += weight * (hertz - self._centroid)
                self._flatness += weight * (flat - self._flatness)
            out[hop, 0] = self._centroid
            out[hop, 1] = self._flatness


def _glide(value: float, weight: float) -> float:
    value -= weight * value
    return value if value > 1e-9 else 0.0


def _flatness(power: F64) -> F64:
    """Geometric over arithmetic mean, with an eighth of the logarithms: of products of eight bins."""
    products = power + FAINT
    mean = np.add.reduce(products, axis=1)
    mean /= products.shape[1]
    for _ in range(3):
        half = products.shape[1] // 2
        products = products[:, :half] * products[:, half:]
    logs = np.log(products)
    geometric: F64 = np.exp(np.add.reduce(logs, axis=1) / power.shape[1])
    geometric /= mean
    return np.minimum(geometric, 1.0, out=geometric)
