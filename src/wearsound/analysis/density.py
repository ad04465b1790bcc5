"""How much happens: sounds that begin, a second."""

from __future__ import annotations

from typing import Any

from wearsound.analysis.detector import STROKE_EVERY, STROKE_PHASE
from wearsound.analysis.strokes import Onsets
from wearsound.core import F64, Block, Clock, Spec

MOST = 20.0
SECONDS = 2.0
"""Reached back, by an exponential window."""


class Density:
    """Onsets a second over the last two seconds: an exponential window, so a step shows by 63 % after 2 s.

    The onsets are those of `Strokes`. In silence it falls four times as fast, to 0.
    """

    specs = (Spec("density", "1/s", 0.0, MOST, 0.01, "how many sounds begin a second, over the last 2 s"),)
    latency = 0.0

    def prepare(self, clock: Clock) -> None:
        """Find memory and tables. [main thread]"""
        self._onsets = Onsets(clock)
        self._decay = 1.0 - clock.coefficient(SECONDS)
        self._silent_decay = 1.0 - clock.coefficient(SECONDS / 4.0)
        self.reset()

    def reset(self) -> None:
        """State to its start. [engine thread]"""
        self._onsets.reset()
        self._density = 0.0

    def process(self, block: Block, spectra: Any, out: F64) -> None:
        """Write (n_hops, 1) values. [engine thread]"""
        gain, onsets = spectra.gain, self._onsets
        looks = spectra.looks(STROKE_EVERY, STROKE_PHASE)
        looked = zip(spectra.detector.strokes.tolist(), spectra.novelty.regions.tolist(), strict=True)
        for hop, (gate, silence) in enumerate(zip(gain.gate.tolist(), gain.silence.tolist(), strict=True)):
            self._density *= self._silent_decay if silence else self._decay
            if hop in looks:
                count = onsets.count
                onsets.look(*next(looked), gate, silence)
                self._density += (onsets.count - count) / SECONDS
            if self._density < 1e-3:
                self._density = 0.0
            out[hop, 0] = min(MOST, self._density)
