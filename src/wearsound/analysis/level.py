"""How loud: in dB, against the last seconds, against the last minutes; and whether anybody plays."""

from __future__ import annotations

from typing import Any

import numpy as np

from wearsound.analysis.gain import FLOOR, RANGE, STEADY
from wearsound.core import F64, Block, Clock, Spec

PEAK_FALL = 24.0
"""dB a second that the peak reading falls."""


class Level:
    """Level, peak, loudness, presence, silence and gate of a lane."""

    specs = (
        Spec("level", "dB", FLOOR, 0.0, 0.01, "mean power of the last 25 ms; a full-scale sine reads 0"),
        Spec("peak", "dB", FLOOR, 0.0, 0.01, "largest sample of any channel, falling 24 dB a second"),
        Spec(
            "loudness", "0..1", 0.0, 1.0, 0.001, "how loud against the last seconds; 0.7 is as loud as usual"
        ),
        Spec(
            "presence", "0..1", 0.0, 1.0, 0.001, "how loud against the last minutes: a crescendo still reads"
        ),
        Spec("silence", "0 or 1", 0.0, 1.0, 1.0, "1 once the gate was shut for 2 s, or after 0.5 s of zeros"),
        Spec("gate", "0 or 1", 0.0, 1.0, 1.0, "1 while something plays that is louder than the room's noise"),
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
        """Write (n_hops, 6) values. [engine thread]"""
        gain = spectra.gain
        out[:, 0] = np.minimum(gain.level, 0.0)
        peaks = 20.0 * np.log10(np.maximum(spectra.peak, 1e-9))
        held = self._peak
        for hop, peak in enumerate(peaks.tolist()):
            held = max(peak, held - self._fall, FLOOR)
            out[hop, 1] = held if held < 0.0 else 0.0
        self._peak = held
        out[:, 2] = normal(gain.level - gain.reference) * gain.fade
        out[:, 3] = normal(gain.slow_level - gain.long_reference) * gain.long_fade
        out[:, 4] = gain.silence
        out[:, 5] = gain.gate


def normal(over: F64) -> F64:
    """dB over the reference as 0..1, in place."""
    over /= RANGE
    over += STEADY
    np.maximum(over, 0.0, out=over)
    return np.minimum(over, 1.0, out=over)
