"""Sines that never break: from one table, their phases carried from hop to hop."""

from __future__ import annotations

import math

import numpy as np

from wearsound.core import F64, Clock, Mask

SIZE = 4096
"""Steps of the table; read between two, it is a sine within -120 dB."""

_SINE = np.round(np.sin(np.arange(SIZE + 2) * (2.0 * math.pi / SIZE)) * 2.0**40) / 2.0**40
_STEP = np.diff(_SINE)


class Tones:
    """So many voices. Within a hop each glides from its pitch to the next; where it is not `on` it waits.

    [engine thread]
    """

    def __init__(self, n: int, clock: Clock) -> None:
        self._n, self._rate, self._hop = n, clock.sample_rate, clock.hop
        self._at = np.arange(1, clock.hop + 1, dtype=float)
        self._bent = self._at * self._at / (2.0 * clock.hop)
        self.reset()

    def reset(self) -> None:
        """At the start of their rounds."""
        self._phase = [0.0] * self._n
        self._hz = [0.0] * self._n

    @property
    def sounds(self) -> bool:
        """Whether any played at the end of the last block."""
        return any(hz > 0.0 for hz in self._hz)

    def rest(self) -> None:
        """Nothing sounds: each begins anew at its pitch."""
        self._hz = [0.0] * self._n

    def play(self, hz: F64, on: Mask) -> F64:
        """Samples (n, n_hops * hop) +-1 of pitches `hz` (n, n_hops) at the hops' ends; 0 in hops that are not `on`."""
        hop, starts = self._hop, np.zeros((3, *hz.shape, 1))
        for voice, (goals, sounding) in enumerate(zip(hz.tolist(), on.tolist(), strict=True)):
            phase, before = self._phase[voice], self._hz[voice]
            for i, (goal, sounds) in enumerate(zip(goals, sounding, strict=True)):
                if not sounds:
                    before = 0.0
                    continue
                step = (before or goal) / self._rate
                grows = goal / self._rate - step
                starts[0, voice, i, 0], starts[1, voice, i, 0], starts[2, voice, i, 0] = phase, step, grows
                phase += step * hop + grows * (hop / 2.0)
                phase -= math.floor(phase)
                before = goal
            self._phase[voice], self._hz[voice] = phase, before
        if not on.any():
            return np.zeros((self._n, hz.shape[1] * hop))
        place = starts[2] * self._bent
        place += starts[1] * self._at
        place += starts[0]
        wave = _sine(place)
        if not on.all():
            wave[~on] = 0.0
        return wave.reshape(self._n, -1)


def _sine(turns: F64) -> F64:
    """Of turns >= 0, by the table."""
    turns *= SIZE
    whole = turns.astype(np.intp)
    turns -= whole
    whole &= SIZE - 1
    turns *= _STEP.take(whole)
    turns += _SINE.take(whole)
    return turns
