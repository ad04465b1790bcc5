"""Struck: five bars of the scale, beaten by what stands out: a tap is the beater, with its own sound."""

from __future__ import annotations

import numpy as np

from wearsound import chance
from wearsound.core import F64, Clock
from wearsound.instruments.soundscape.dials import Dials
from wearsound.instruments.soundscape.listening import Listening
from wearsound.instruments.soundscape.modes import Bank, Raise
from wearsound.instruments.soundscape.plain import sides
from wearsound.instruments.soundscape.tuning import Tuning
from wearsound.sound import Voice

EVERY = 4
BARS = 5
PARTIALS, GAINS, T60 = (1.0, 1.0016, 2.756, 5.404), (1.0, 0.8, 0.32, 0.08), (3.2, 3.0, 1.5, 0.7)
"""Of a bar free at both ends (Fletcher & Rossing, The Physics of Musical Instruments: 1, 2.756, 5.404), the first twice
so that it beats slowly."""
LEVEL = 10.0
"""As loud as it was made: -31 dBFS rms under a tap or two a second."""
REACH = 0.25
"""Seconds that a bar stays under the beater."""


class Struck:
    """Implements a voice of the soundscape. [engine thread]"""

    def __init__(self, seed: int, voice: Voice, tuning: Tuning, clock: Clock) -> None:
        self._seed, self._name, self._tuning = seed, voice.name, tuning
        octave = 2.0**voice.octave
        notes = [4.0 * tuning.step(i) for i in range(BARS)]
        hz = [[root * octave * note * p for note in notes for p in PARTIALS] for root in tuning.roots]
        t60 = [[*T60] * BARS for _ in tuning.roots]
        pans = [0.75 * (2.0 * chance.uniform(seed, f"{voice.name} bar", i) - 1.0) for i in range(BARS)]
        left, right = ([sides(pan)[side] for pan in pans for _ in PARTIALS] for side in (0, 1))
        self._bank = Bank(hz, t60, left, right, EVERY, clock)
        self._raise = Raise(EVERY, clock)
        self._bar = np.repeat(np.arange(BARS), len(PARTIALS))
        self._gains: F64 = np.array([*GAINS] * BARS)
        self._high: F64 = np.array([0.0, 0.0, 1.0, 1.0] * BARS)
        self._leaves = 1.0 - clock.coefficient(REACH)
        self.reset()

    def reset(self) -> None:
        """Still."""
        self._bank.reset()
        self._raise.reset()
        self._under = [0.0] * BARS

    def play(self, tick: int, heard: Listening, dials: Dials, out: F64) -> None:
        """Add a hop to `out` (2, hop)."""
        self._under = [under * self._leaves if under > 1e-6 else 0.0 for under in self._under]
        if heard.tapped:
            first = int(chance.uniform(self._seed, f"{self._name} tap", heard.taps) * BARS)
            second = (
                first + 1 + int(chance.uniform(self._seed, f"{self._name} with", heard.taps) * (BARS - 1))
            )
            self._under[first] = 1.0
            self._under[second % BARS] = 0.55
        bank = self._bank
        beaten = heard.beaten and max(self._under) > 0.0
        if not beaten:
            bank.rest()
            if not bank.sounds:
                self._raise.add(None, out)
                return
        weights = np.array(self._under).take(self._bar) * self._gains
        weights *= LEVEL * (1.0 - (0.75 - 0.75 * dials.bright) * self._high)
        self._raise.add(bank.play(self._tuning.number, heard.tap[::EVERY], weights), out)
