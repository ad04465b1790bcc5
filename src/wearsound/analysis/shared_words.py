"""The words that music and movement share: rhythm, pace, texture, silhouette, on one scale for every lane."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from wearsound.analysis.gain import GRID
from wearsound.analysis.novelty import EVERY as NOVELTY_EVERY
from wearsound.analysis.novelty import PHASE as NOVELTY_PHASE
from wearsound.analysis.outline import Outline
from wearsound.analysis.regularity import Regularity
from wearsound.analysis.spectrum import THINNED, edges_in_bins
from wearsound.analysis.turns import EVERY, WORDS, glide
from wearsound.core import F64, Block, Clock, Spec

SIZE = 1024
LOW_EDGES = (45.0, 90.0, 180.0, 360.0, 720.0, 1440.0)
"""Hz: bands of the low lane, 171 ms: partials 12 Hz apart are partials there, not noise."""
EDGES = (1440.0, 2880.0, 5760.0, 11_520.0)
SMOOTH, NOISY = 0.08, 0.5
"""Flatness within a band: of tones at most, and of noise. Noise reads 0.56 in a window's own bins (exp of minus
Euler's constant)."""
TILT = 2.0
"""A band's weight in power rises so many times an octave: about as music falls, so that lows do not decide alone."""
NOTHING = 1e-10
"""Power of a bin, -100 dB, that is no sound."""
SMOOTH_SECONDS = 0.25
REST_SECONDS = 0.5
RISES = (1.0, 1.0, 0.5)
"""Weights of what is new in the lows, the middle and the highs: a hat is less of a step than a kick."""
FAINT = 0.03
"""Rise, as novelty counts it (log10 of power), whose deviation stands out by half: noise reaches 0.01."""


class Words:
    """Rhythm and pace (`Regularity`) of what is new in the spectrum, texture, and the outline of loudness (`Outline`).

    `texture` is flatness (geometric over arithmetic mean of power) within eight bands of an octave, so that colour does
    not count; bands weigh as the root of their tilted power. Held while the gate is shut, gliding to 0 in silence.
    """

    specs = (
        Spec("rhythm", "", 0.0, 1.0, 0.001, "shared word: how regular and distinct its pulse is; 0 none"),
        Spec(
            "pace",
            "",
            0.0,
            1.0,
            0.001,
            "shared word: how fast things happen, 30 to 240 a minute, logarithmic",
        ),
        Spec("texture", "", 0.0, 1.0, 0.001, "shared word: 0 smooth as a tone, 1 rough as noise"),
        Spec(
            "silhouette",
            "",
            0.0,
            1.0,
            0.001,
            "shared word: outline of the last 4 s, 0 flat, 1 tall and pointed",
        ),
        Spec("rising", "", -1.0, 1.0, 0.001, "whether that outline rises (above 0) or sinks"),
    )
    latency = 0.0

    def prepare(self, clock: Clock) -> None:
        """Find memory and tables. [main thread]"""
        look = EVERY * clock.hop / clock.sample_rate
        self._regularity, self._outline = Regularity(look, FAINT), Outline(look)
        low = edges_in_bins(LOW_EDGES, SIZE, clock.sample_rate / THINNED)
        high = edges_in_bins(EDGES, SIZE, clock.sample_rate)
        self._low, self._high = (low[0], low[-1]), (high[0], high[-1])
        n_low = low[-1] - low[0]
        self._starts = np.array(
            [*(bin - low[0] for bin in low[:-1]), *(bin - high[0] + n_low for bin in high[:-1])]
        )
        self._widths = np.diff(np.append(self._starts, n_low + high[-1] - high[0])).astype(np.float64)
        self._bins: F64 = np.zeros(round(float(self._widths.sum())))
        self._tilt: F64 = TILT ** np.arange(len(self._widths), dtype=np.float64)
        self._smooth = clock.coefficient(SMOOTH_SECONDS / EVERY)
        self._rest = clock.coefficient(REST_SECONDS / EVERY)
        self.reset()

    def reset(self) -> None:
        """State to its start. [engine thread]"""
        self._regularity.reset()
        self._outline.reset()
        self._texture = 0.0
        self._rise = 0.0
        self._said = (0.0,) * len(self.specs)

    def process(self, block: Block, spectra: Any, out: F64) -> None:
        """Write (n_hops, 5) values. [engine thread]"""
        gain = spectra.gain
        new = spectra.looks(NOVELTY_EVERY, NOVELTY_PHASE)
        regions = spectra.novelty.regions.tolist() if new else []
        looks = spectra.looks(EVERY, WORDS)
        low = spectra.low_power(SIZE, EVERY, WORDS) if looks else ()
        high = spectra.power(SIZE)[looks.start :: EVERY] if looks else ()
        for hop in range(block.n_hops):
            if hop in new:
                risen = regions[(hop - new.start) // NOVELTY_EVERY]
                self._rise += sum(weight * rise for weight, rise in zip(RISES, risen, strict=True))
            if hop in looks:
                at = (hop - looks.start) // EVERY
                gate, silent = gain.gate[hop] > 0.0, gain.silence[hop] > 0.0
                self._regularity.look(self._rise if gate else 0.0, silent)
                self._rise = 0.0
                self._outline.look(float(gain.loudness[hop]))
                if silent:
                    self._texture = glide(self._texture, 0.0, self._rest, 1e-4)
                elif gate:
                    self._texture = glide(self._texture, self._rough(low[at], high[at]), self._smooth, 1e-4)
                regularity, outline = self._regularity, self._outline
                self._said = (
                    regularity.rhythm,
                    regularity.pace,
                    self._texture,
                    outline.silhouette,
                    outline.rising,
                )
            out[hop] = self._said

    def _rough(self, low: F64, high: F64) -> float:
        """Texture of two spectra, 0..1."""
        bins, n_low = self._bins, self._low[1] - self._low[0]
        bins[:n_low] = low[self._low[0] : self._low[1]]
        bins[n_low:] = high[self._high[0] : self._high[1]]
        bins += 1e-13
        means = np.add.reduceat(bins, self._starts) / self._widths
        logs = np.add.reduceat(np.log(bins), self._starts) / self._widths
        flat = np.exp(logs) / means
        weights = np.sqrt(means * self._widths * self._tilt)
        if float(means.max()) < NOTHING:
            return self._texture
        whole = float(np.add.reduce(flat * weights)) / float(np.add.reduce(weights))
        return min(1.0, max(0.0, math.floor((whole - SMOOTH) / (NOISY - SMOOTH) * GRID + 0.5) / GRID))
