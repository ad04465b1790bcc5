"""The zone controls as voices of their own: `buzz` is how strong, `buzz_hz` the pitch, `pattern` how it moves."""

from __future__ import annotations

import numpy as np

from wearsound.core import F64, Clock, Index
from wearsound.instruments.vibration.mix import Mix, columns
from wearsound.instruments.vibration.patterns import PATTERNS
from wearsound.instruments.vibration.places import Places
from wearsound.instruments.vibration.tone import Tones


class Buzz:
    """One zone: `where` its actuators, `controls` their columns, `places` of all actuators. [engine thread]

    Zones that play the same pattern play one wave over the whole body.
    """

    def __init__(self, where: Index, controls: tuple[int, int, int], places: Places, clock: Clock) -> None:
        self._where, self._at, self._places = where, columns(where), places
        self._level, self._hz, self._pattern = controls
        self._tone = Tones(1, clock)
        self.reset()

    def reset(self) -> None:
        """Still."""
        self._tone.reset()
        self._gains: F64 = np.zeros(len(self._where))

    def inherit(self, old: Buzz) -> None:
        """Go on from where `old`, of the same zone on the same body, is."""
        self._tone, self._gains = old._tone, old._gains

    @property
    def sounds(self) -> bool:
        """Whether it plays on, or has to begin anew."""
        return bool(self._gains.any()) or self._tone.sounds

    def play(self, controls: F64, turn: F64, mix: Mix) -> None:
        """Lay the zone's voice on its actuators; `turn` (n_hops,) counts bars."""
        ends = controls[:, self._level, None] * np.ones(len(self._where))
        if not (ends.any() or self._gains.any()):
            self._tone.rest()
            return
        numbers = controls[:, self._pattern].astype(int)
        for number in set(numbers.tolist()) - {0}:
            pattern = PATTERNS[min(max(number, 0), len(PATTERNS) - 1)]
            hops = numbers == number
            ends[hops] *= pattern.gains(turn[hops], self._places)[:, self._where]
        starts = np.concatenate([self._gains[None], ends[:-1]])
        self._gains = ends[-1]
        hz = controls[:, self._hz].copy()
        on = np.logical_or.reduce(np.maximum(starts, ends) > 0.0, axis=1)
        wave = self._tone.play(hz[None], on[None])
        mix.add(self._at, np.concatenate([wave, np.ones_like(wave)]), starts, ends, hz)
