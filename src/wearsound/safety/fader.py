"""The performer's hand on sound, and the slow rise: nobody is startled when sound begins, or begins again."""

from __future__ import annotations

import numpy as np

from wearsound.core import F64, Clock

RISE = 3.0
"""Seconds from the first sound to all of it (a start at -20 dB and 3 s are what listening guides ask)."""
STILL = 0.004
"""Seconds that a panic takes: silent within 5 ms, and no click."""
_JUMP = 0.05
"""A hand that falls to nothing by more within a hop is a panic; a blackout at 0.3 s moves a third of that."""


class Fader:
    """Fades two channels hop by hop. [engine thread]

    The rise begins with the first sound, counted in ticks, and again after a panic. A blackout or a fader at 0 comes
    back as the hand does.
    """

    def __init__(self, clock: Clock) -> None:
        hop = clock.hop
        self._ticks = clock.ticks(RISE)
        self._ramp: F64 = np.arange(1, hop + 1) / hop
        still = np.minimum(1.0, np.arange(1, hop + 1) / min(hop, int(STILL * clock.sample_rate)))
        self._fall: F64 = np.square(1.0 - np.square(still))
        self.reset()

    def reset(self) -> None:
        """Silent, and nothing has sounded."""
        self._risen = 0
        self._hand = 0.0
        self._level = 0.0

    def fade(self, wave: F64, hand: float) -> None:
        """Fade one hop of `wave` (2, hop) in place; `hand` 0..1 is the performer's at its end."""
        hand = min(1.0, hand) if hand > 0 else 0.0  # NaN is not
        before = self._level
        if hand == 0.0 and self._hand > _JUMP:
            self._risen, self._hand, self._level = 0, 0.0, 0.0
            wave *= before * self._fall
            return
        self._hand = hand
        if self._risen < self._ticks and hand > 0.0 and (self._risen or bool(wave.any())):
            self._risen += 1
        risen = self._risen / self._ticks
        self._level = level = hand * risen * risen
        if before != level:
            wave *= before + (level - before) * self._ramp
        elif level != 1.0:
            wave *= level
