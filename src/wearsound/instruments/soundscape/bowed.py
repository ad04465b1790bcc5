"""Bowed: strings on which cloth rubs. Soft rubbing is nearly as loud as hard, as with a bow."""

from __future__ import annotations

import numpy as np

from wearsound import chance
from wearsound.core import F64, Clock
from wearsound.instruments.soundscape.dials import Dials
from wearsound.instruments.soundscape.listening import Listening
from wearsound.instruments.soundscape.modes import Bank, Raise
from wearsound.instruments.soundscape.noise import Noise
from wearsound.instruments.soundscape.plain import power, sides
from wearsound.instruments.soundscape.tuning import Tuning
from wearsound.sound import Voice

EVERY = 4
HARMONICS = 11
LEVEL = 0.34
"""As loud as it was made: -30 dBFS rms under a steady rub."""
HOLDS = 8.0
"""Seconds that one string is bowed."""
CROSSES = 0.35
"""Seconds from one string to the next."""


class Bowed:
    """Implements a voice of the soundscape. [engine thread]"""

    def __init__(self, seed: int, voice: Voice, tuning: Tuning, clock: Clock) -> None:
        self._seed, self._name, self._tuning = seed, voice.name, tuning
        ratios = [3.0, 4.0, 4.0 * tuning.step(2)]
        self._n = len(ratios)
        octave = 2.0**voice.octave
        n_modes = self._n * HARMONICS
        dice = chance.uniforms(seed, f"{voice.name} strings", 2 * n_modes).reshape(n_modes, 2).tolist()
        hz: list[list[float]] = []
        t60: list[list[float]] = []
        for root in tuning.roots:
            own = [
                root * octave * ratio * _stretched(h, dice[i * HARMONICS + h - 1][0])
                for i, ratio in enumerate(ratios)
                for h in range(1, HARMONICS + 1)
            ]
            hz.append(own)
            t60.append([0.9 * power(220.0 / f, 0.35) + 0.1 for f in own])
        gains = [power(h, -0.55) for _ in ratios for h in range(1, HARMONICS + 1)]
        pans = [0.7 * (2.0 * place - 1.0) for _, place in dice]
        left, right = ([sides(pan)[side] for pan in pans] for side in (0, 1))
        self._bank = Bank(hz, t60, left, right, EVERY, clock)
        self._raise = Raise(EVERY, clock)
        self._noise = Noise(seed, f"{voice.name} hair", self._bank.per)
        self._note = np.repeat(np.arange(self._n), HARMONICS)
        self._gains: F64 = np.array(gains)
        self._squares = [np.array([f * f for f in row]) for row in hz]
        self._holds, self._crosses = clock.ticks(HOLDS), clock.coefficient(CROSSES)
        self._ramp: F64 = np.arange(1, self._bank.per + 1) / self._bank.per
        self.reset()

    def reset(self) -> None:
        """Still."""
        self._bank.reset()
        self._raise.reset()
        self._open = [0.0] * self._n
        self._turn = self._string = -1

    def play(self, tick: int, heard: Listening, dials: Dials, out: F64) -> None:
        """Add a hop to `out` (2, hop)."""
        turn, weight = tick // self._holds, self._crosses
        if turn != self._turn:
            self._turn = turn
            self._string = int(chance.uniform(self._seed, f"{self._name} string", turn) * self._n)
        self._open = [at + weight * ((i == self._string) - at) for i, at in enumerate(self._open)]
        before, bow = heard.bow_before, heard.bow
        bank = self._bank
        if before == bow == 0.0:
            bank.rest()
            if not bank.sounds:
                self._raise.add(None, out)
                return
        pressure = before + (bow - before) * self._ramp
        pressure *= pressure
        hair = self._noise.at(tick) * 0.7
        hair += 0.6 * heard.rub[::EVERY]
        hair *= pressure
        corner = 900.0 + 2400.0 * dials.bright * (0.3 + 0.7 * bow)
        squares = self._squares[self._tuning.number]
        weights = np.array(self._open).take(self._note) * self._gains
        weights *= (LEVEL * corner * corner) / (squares + corner * corner)
        self._raise.add(bank.play(self._tuning.number, hair, weights), out)


def _stretched(h: int, q: float) -> float:
    """Where the h-th harmonic really lies: a little sharp, as a stiff string's, and a cent to either side."""
    return h * (1.0 + 0.00012 * h * h) * (1.0 + 0.0012 * (q - 0.5))
