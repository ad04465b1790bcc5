"""How loud: in dB, against the last seconds, against the last minutes; and whether anybody plays."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from wearsound.analysis.gain import FLOOR
from wearsound.core import F64, Block, Clock, Spec

PEAK_FALL = 24.0
"""dB a second that the peak reading falls."""


class Level:
    """Level, peak, loudness, presence, silence and gate of a lane, and how often it fell silent.

    A `silence` of one hop can be missed by a slower reader; `silences` has grown by then.
    """

    specs = (
        Spec("level", "dB", FLOOR, 0.0, 0.01, "mean power of the last 25 ms; a full-scale sine reads 0"),
        Spec("peak", "dB", FLOOR, 0.0, 0.01, "largest sample of any channel, falling 24 dB a second"),
        Spec("loudness", "", 0.0, 1.0, 0.001, "how loud against the last seconds; 0.7 is as loud as usual"),
        Spec("presence", "", 0.0, 1.0, 0.001, "how loud against the last minutes: a crescendo still reads"),
        Spec("silence", "", 0.0, 1.0, 1.0, "1 once the gate was shut for 2 s, or after 0.5 s of zeros"),
        Spec("gate", "", 0.0, 1.0, 1.0, "1 while something plays that is louder than the room's noise"),
        Spec(
            "silences",
            "count",
            0.0,
            1e9,
            1.0,
            "how often it fell silent after something played",
            growing=True,
        ),
    )
    latency = 0.0

    def prepare(self, clock: Clock) -> None:
        """Find memory and tables. [main thread]"""
        self._fall = PEAK_FALL * clock.hop / clock.sample_rate
        self.reset()

    def reset(self) -> None:
        """State to its start. [engine thread]"""
        self._peak = FLOOR

    def process(self, block: Block, spectra: Any, out: F64) -> None:
        """Write (n_hops, 7) values. [engine thread]"""
        gain = spectra.gain
        held, fall = self._peak, self._fall
        for hop, peak in enumerate(spectra.peaks):
            held = max(20.0 * math.log10(peak) if peak > 1e-5 else FLOOR, held - fall, FLOOR)
            out[hop, 1] = held if held < 0.0 else 0.0
        self._peak = held
        np.minimum(gain.level, 0.0, out=out[:, 0])
        out[:, 2:] = gain.readings
