"""What a band of a contact microphone reads when nothing moves, and how loud it gets: the piezo in use."""

from __future__ import annotations

from wearsound.analysis.movement.contact import QUIETEST
from wearsound.core import Clock

START_SECONDS = 0.7
"""Of the first sound, in which the floor finds its place: before, nobody knows the microphone."""
START_RISE, STEADY_RISE, RISE = 60.0, 20.0, 0.7
"""dB a second that a floor rises: at first; under what is steady, which no body is; under anything else."""
STEADY, LOW_STEADY = 0.7, 1.3
"""dB by which a level that is taken for steady may wander within a quarter of a second: hum has less, cloth has more.
Noise in a low band, of which a hop holds little, wanders by 0.7 already."""
FALL_SECONDS = 0.1
SMOOTH_SECONDS = 0.05
USUAL_SECONDS = 0.25
ABOVE = 6.0
"""dB over a learned floor beyond which it never rises: long rubbing must not become the room."""
RANGE = 20.0
"""dB that the ceiling is above the floor at the least."""
CEILING_RISE_SECONDS, CEILING_FALL = 0.008, 2.0


class Floor:
    """Floor and ceiling of one band in dB, hop by hop; `learned` is its calibrated floor."""

    def __init__(self, clock: Clock, learned: float | None = None, steady: float = STEADY) -> None:
        hop = clock.hop / clock.sample_rate
        self._start_hops = clock.ticks(START_SECONDS)
        self._rises = START_RISE * hop, STEADY_RISE * hop, RISE * hop
        self._fall = clock.coefficient(FALL_SECONDS)
        self._smooth = clock.coefficient(SMOOTH_SECONDS)
        self._usual = clock.coefficient(USUAL_SECONDS)
        self._ceiling_rise, self._ceiling_fall = clock.coefficient(CEILING_RISE_SECONDS), CEILING_FALL * hop
        self._learned, self._steady = learned, steady
        self.reset()

    def reset(self) -> None:
        """Nothing heard."""
        self._heard = 0
        self._begun = False
        self._level = self._mean = QUIETEST
        self._wander = 3.0
        self.floor = QUIETEST if self._learned is None else self._learned
        self.ceiling = self.floor + RANGE + 5.0

    def hear(self, level: float) -> None:
        """One hop, dB on the decision grid."""
        if not self._begun:
            self._begun = level > QUIETEST
            if not self._begun:
                return
            self._level = self._mean = level
            if self._learned is None:
                self.floor, self.ceiling = level, level + RANGE + 5.0
        self._heard += 1
        self._level += self._smooth * (level - self._level)
        self._mean += self._usual * (level - self._mean)
        away = self._level - self._mean
        self._wander += self._usual * ((away if away > 0.0 else -away) - self._wander)
        if self._level < self.floor:
            self.floor += self._fall * (self._level - self.floor)
        else:
            start, steady, slow = self._rises
            rise = steady if self._wander < self._steady else slow
            if self._learned is None:
                rise = start if self._heard < self._start_hops else rise
                self.floor = min(self._level, self.floor + rise)
            else:
                self.floor = max(self.floor, min(self._level, self.floor + rise, self._learned + ABOVE))
        if level > self.ceiling:
            self.ceiling += self._ceiling_rise * (level - self.ceiling)
        else:
            self.ceiling = max(self.floor + RANGE, self.ceiling - self._ceiling_fall)
