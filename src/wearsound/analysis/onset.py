"""When something begins: a count that grows, how strong the latest beginning was, and what is new now."""

from __future__ import annotations

from typing import Any

from wearsound.analysis.detector import STROKE_EVERY, STROKE_PHASE, STROKES
from wearsound.analysis.stroke import Stroke
from wearsound.core import F64, Block, Clock, Spec

COLUMN = STROKES.index("onset")
THRESHOLD = 0.5
EVIDENT = 1.25
"""News of 0.4, every band 4 dB up on the mean, is an onset whatever the detector says: a click in silence has
so much; in music it added nothing (measured on the tuning half of the test set)."""
WEIGHTS = (0.3, 0.35, 0.35)
"""Of low, mid and high novelty."""
FLUX_RELEASE_SECONDS = 0.06


class Onset:
    """Onsets as the detector hears them; decided at the end of an even hop.

    It has looked at the last 21 ms (43 ms below 160 Hz); `latency` is typical for a sound's start to
    the end of the hop that tells.
    """

    specs = (
        Spec(
            "onset", "count", 0.0, 1e9, 1.0, "how many sounds have begun; grows by one at each", growing=True
        ),
        Spec("strength", "", 0.0, 1.0, 0.001, "how strong the latest onset was; 0 in silence"),
        Spec("flux", "", 0.0, 1.0, 0.001, "how much is new in the spectrum right now"),
    )
    latency = 0.009

    def prepare(self, clock: Clock) -> None:
        """Find memory and tables. [main thread]"""
        self._stroke = Stroke(clock, THRESHOLD)
        self._release = 1.0 - clock.coefficient(FLUX_RELEASE_SECONDS)
        self.reset()

    def reset(self) -> None:
        """State to its start. [engine thread]"""
        self._stroke.reset()
        self._news = 0.0
        self._flux = 0.0

    def process(self, block: Block, spectra: Any, out: F64) -> None:
        """Write (n_hops, 3) values. [engine thread]"""
        gain, stroke = spectra.gain, self._stroke
        low, mid, high = WEIGHTS
        looked = iter(spectra.detector.strokes[:, COLUMN].tolist())
        hops = zip(spectra.novelty.regions.tolist(), gain.gate.tolist(), gain.silence.tolist(), strict=True)
        for hop, ((lows, mids, highs), gate, silence) in enumerate(hops):
            news = low * lows + mid * mids + high * highs
            likely = None
            self._news = max(self._news, news)
            if (block.tick + hop) % STROKE_EVERY == STROKE_PHASE:
                likely = max(next(looked), min(1.0, EVIDENT * self._news))
                self._news = 0.0
            stroke.hop(likely, news, gate, silence)
            self._flux = max(gate * min(1.0, news), self._flux * self._release)
            if self._flux < 1e-6:
                self._flux = 0.0
            row = out[hop]
            row[0] = stroke.count
            row[1] = stroke.strength
            row[2] = self._flux
