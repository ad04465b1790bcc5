"""The texture of the sound: how rough it is, and how much happens in it."""

from __future__ import annotations

from typing import Any

import numpy as np

from wearsound.analysis.gain import GRID
from wearsound.analysis.partials import Partials
from wearsound.analysis.spectrum import THINNED
from wearsound.analysis.turns import EVERY, ROUGHNESS, glide, hold
from wearsound.core import F64, Block, Clock, Spec

SIZE = 2048
"""Low-lane samples, 341 ms: partials 12 Hz apart are told from one another."""
LOWEST, HIGHEST = 60.0, 2000.0
MOST = 24
"""Partials that are compared with each other, the strongest."""
SMOOTH_SECONDS = 0.12
REST_SECONDS = 0.4


class Roughness:
    """Sensory dissonance of the partials, by Plomp and Levelt's curve in Sethares' figures.

    Of every two partials the product of amplitudes times how rough their distance is (greatest at a
    quarter of a critical band), over the sum of squares: 1 for two equal tones as rough as can be, whatever the
    level. (Sethares, "Local consonance and the relationship between timbre and scale", 1993.) Partials
    from 60 Hz to 2 kHz; closer than 12 Hz they beat and count as one. Window 341 ms, every fourth hop,
    smoothed 0.12 s: latency 0.2 s. Held while the gate is shut, gliding to 0 in silence.
    """

    specs = (
        Spec(
            "roughness", "", 0.0, 1.0, 0.001, "how rough it sounds: 0 a tone or an octave, 1 clashing notes"
        ),
    )
    latency = 0.0

    def prepare(self, clock: Clock) -> None:
        """Find memory and tables. [main thread]"""
        self._partials = Partials(SIZE, clock.sample_rate / THINNED / SIZE, LOWEST, HIGHEST)
        self._smooth = clock.coefficient(SMOOTH_SECONDS / EVERY)
        self._rest = clock.coefficient(REST_SECONDS / EVERY)
        self.reset()

    def reset(self) -> None:
        """State to its start. [engine thread]"""
        self._rough = 0.0

    def process(self, block: Block, spectra: Any, out: F64) -> None:
        """Write (n_hops, 1) values. [engine thread]"""
        looks = spectra.looks(EVERY, ROUGHNESS)
        before, rows = (self._rough,), []
        power = spectra.low_power(SIZE, EVERY, ROUGHNESS) if looks else ()
        for hop, spectrum in zip(looks, power, strict=True):
            if spectra.gain.silence[hop]:
                self._rough = glide(self._rough, 0.0, self._rest, 1e-4)
            elif spectra.gain.gate[hop]:
                self._rough = glide(self._rough, roughness(*self._partials.find(spectrum)), self._smooth)
            rows.append((self._rough,))
        hold(out, looks, rows, before)


def roughness(hertz: F64, amplitude: F64) -> float:
    """0..1 of partials from low to high: 0 for one alone."""
    if len(hertz) > MOST:
        strongest = np.sort(np.argsort(np.rint(amplitude * -GRID), kind="stable")[:MOST])
        hertz, amplitude = hertz[strongest], amplitude[strongest]
    total = float(np.add.reduce(amplitude * amplitude))
    if total <= 0.0:
        return 0.0
    apart = np.abs(hertz[:, np.newaxis] - hertz)
    apart *= 0.24 / (0.0207 * np.minimum(hertz[:, np.newaxis], hertz) + 18.96)
    rough = np.exp(-3.5 * apart)
    rough -= np.exp(-5.75 * apart)
    rough *= amplitude[:, np.newaxis] * amplitude
    return min(1.0, float(np.add.reduce(rough, axis=None)) / total / ROUGHEST)


ROUGHEST = (3.5 / 5.75) ** (3.5 / 2.25) - (3.5 / 5.75) ** (5.75 / 2.25)
"""The largest value of the curve; both halves of the table count, so two equal tones there read 1."""
