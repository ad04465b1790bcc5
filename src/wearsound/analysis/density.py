"""How much happens: sounds that begin, a second."""

from __future__ import annotations

from typing import Any

import numpy as np

from wearsound.analysis.onset import Onset
from wearsound.core import F64, MAX_HOPS, Block, Clock, Spec

MOST = 20.0
SECONDS = 2.0
"""Reached back, by an exponential window."""


class Density:
    """Onsets a second over the last two seconds: an exponential window, so a step shows by 63 % after 2 s.

    The onsets are those of `Onset`. In silence it falls four times as fast, to 0.
    """

    specs = (Spec("density", "1/s", 0.0, MOST, 0.01, "how many sounds begin a second, over the last 2 s"),)
    latency = 0.0

    def prepare(self, clock: Clock) -> None:
        """Find memory and tables. [main thread]"""
        self._onset = Onset()
        self._onset.prepare(clock)
        self._count_at = [spec.name for spec in Onset.specs].index("onset")
        self._scratch: F64 = np.zeros((MAX_HOPS, len(Onset.specs)))
        self._decay = 1.0 - clock.coefficient(SECONDS)
        self._silent_decay = 1.0 - clock.coefficient(SECONDS / 4.0)
        self.reset()

    def reset(self) -> None:
        """State to its start. [engine thread]"""
        self._onset.reset()
        self._count = 0.0
        self._density = 0.0

    def process(self, block: Block, spectra: Any, out: F64) -> None:
        """Write (n_hops, 1) values. [engine thread]"""
        onsets = self._scratch[: block.n_hops]
        self._onset.process(block, spectra, onsets)
        hops = zip(onsets[:, self._count_at].tolist(), spectra.gain.silence.tolist(), strict=True)
        for hop, (count, silence) in enumerate(hops):
            self._density *= self._silent_decay if silence else self._decay
            self._density += (count - self._count) / SECONDS
            self._count = count
            if self._density < 1e-3:
                self._density = 0.0
            out[hop, 0] = min(MOST, self._density)
