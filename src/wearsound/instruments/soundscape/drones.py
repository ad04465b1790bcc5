"""Drones: long resonators on the chord, breathing with what is put in. A step makes one note of it bloom."""

from __future__ import annotations

from math import sqrt

import numpy as np

from wearsound import chance
from wearsound.core import F64, Clock
from wearsound.instruments.soundscape.dials import Dials
from wearsound.instruments.soundscape.listening import Listening
from wearsound.instruments.soundscape.modes import Bank, Raise
from wearsound.instruments.soundscape.noise import Noise
from wearsound.instruments.soundscape.plain import power, sides
from wearsound.instruments.soundscape.spline import Spline
from wearsound.instruments.soundscape.tuning import Tuning
from wearsound.sound import Voice

EVERY = 8
HARMONICS = 6
HIGHEST = 2250.0
"""Hz: no mode above."""
LEVEL = 0.066
"""As loud as it was made: -22 dBFS rms when somebody walks."""
BREATH, HEELS, THUDS, CLOTH = 0.18, 8.0, 2.0, 2.0
"""What sets them in motion: noise by the energy that is left and by how hard heels come down, the thuds themselves for
the low modes, and the sound of cloth for the high ones."""
DEEPER = 1.7
"""How much more it breathes where a microphone does not hear heels."""
BLOOM = 0.47
"""Seconds in which a note that a step made bloom goes back to 37 %."""
PLUCKED, PLUCK, UNDER = (1, 2, 3, 4, 6), 6.0, 0.16
"""What is heard at once of a step: the same note an octave up on short strings, these harmonics of it, so loud beside
the long ones, and for so many seconds under the foot (heel and toe)."""
RUBBED = 0.6
"""How much of the breath a rub takes away, so that strings that are bowed stand alone."""
ASTRAY = 0.5
"""How loud a harmonic is that is no note of the scale."""
SHORTEST, LONGEST = 1311, 2237
"""Hops between the knots of a note's own slow line: 7 to 12 s, all different."""
LOWEST = 0.6
"""How much of the root itself is let through: small speakers lose it, and large ones have enough."""
DARK, GLASS = 500.0, 3800.0
"""Hz: where the harmonics begin to fall when nothing moves in dark wool, and what full movement and glass add."""


class Drones:
    """Implements a voice of the soundscape. [engine thread]"""

    def __init__(self, seed: int, voice: Voice, tuning: Tuning, clock: Clock) -> None:
        self._seed, self._name, self._tuning = seed, voice.name, tuning
        ratios = [1.0, 1.5, 2.0, 2.0 * tuning.step(1), 2.0 * tuning.step(2), 3.0, 4.0, 4.0 * tuning.step(2)]
        self._n = len(ratios)
        octave = 2.0**voice.octave
        n_modes = self._n * (HARMONICS * 2 + len(PLUCKED))
        dice = chance.uniforms(seed, f"{voice.name} modes", 4 * n_modes).reshape(n_modes, 4).tolist()
        hz: list[list[float]] = []
        t60: list[list[float]] = []
        for root in tuning.roots:
            modes = list(_modes(root * octave, ratios, dice))
            hz.append([f for f, _ in modes])
            t60.append([t for _, t in modes])
        left, right, fixed = [], [], []
        stray = [1.0 if tuning.holds(ratio * h) else ASTRAY for ratio in ratios for h in _harmonics()]
        for k, f in enumerate(hz[0]):
            pan = 0.0 if f < 110.0 else (1.0 if k % 2 else -1.0) * (0.25 + 0.7 * dice[k][2])
            on_left, on_right = sides(pan)
            left.append(on_left)
            right.append(on_right)
            root = tuning.roots[0] * octave
            low = LOWEST if f < 1.3 * root else 1.0
            loud = stray[k] * low * power(2.0 * root / f, 0.13)
            fixed.append(loud if f < HIGHEST * octave else 0.0)
        self._bank = Bank(hz, t60, left, right, EVERY, clock)
        self._raise = Raise(EVERY, clock)
        self._noise = Noise(seed, f"{voice.name} breath", self._bank.per)
        # Of each note first the long modes, then the short ones: their weights lie in this order, too.
        place = np.arange(self._n)[:, None]
        kinds = [0] * (HARMONICS * 2) + [self._n * (1 + (h > 2)) for h in PLUCKED]
        self._note = (place + np.array(kinds)).reshape(-1)
        self._fixed: F64 = np.array(fixed)
        self._squares = [np.array([f * f for f in row]) for row in hz]
        spread = (LONGEST - SHORTEST) / (self._n - 1)
        self._lines = [
            Spline(seed, f"{voice.name} note {i}", SHORTEST + round(i * spread) // 2 * 2 + i % 2)
            for i in range(self._n)
        ]
        self._fades, self._leaves = 1.0 - clock.coefficient(BLOOM), 1.0 - clock.coefficient(UNDER)
        self._ramp: F64 = np.arange(1, self._bank.per + 1) / self._bank.per
        self.reset()

    def reset(self) -> None:
        """Still."""
        self._bank.reset()
        self._raise.reset()
        self._bloom = [0.0] * self._n
        self._pluck = [0.0] * self._n
        self._calm = BREATH

    def play(self, tick: int, heard: Listening, dials: Dials, out: F64) -> None:
        """Add a hop to `out` (2, hop)."""
        self._bloom = [bloom * self._fades if bloom > 1e-6 else 0.0 for bloom in self._bloom]
        self._pluck = [pluck * self._leaves if pluck > 1e-6 else 0.0 for pluck in self._pluck]
        if heard.step:
            chosen = self._chosen(heard.steps)
            self._bloom[chosen] = self._pluck[chosen] = 1.0
        bank = self._bank
        if heard.still:
            bank.rest()
        if heard.still and not bank.sounds:
            self._raise.add(None, out)
            return
        energy = heard.energy
        calm = BREATH * (1.0 - RUBBED * heard.bow) * (1.0 + DEEPER * heard.lacks * (1.0 - heard.bow))
        before, self._calm = self._calm * _kept(heard.energy_before) + HEELS * heard.thud_before, calm
        after = calm * _kept(energy) + HEELS * heard.thud
        breath = self._noise.at(tick) * (before + (after - before) * self._ramp)
        warm = 0.35 + 0.65 * energy
        breath += (warm * THUDS) * heard.low[::EVERY]
        breath += (warm * CLOTH) * heard.coat[::EVERY]
        open_ = [max(0.0, 0.3 + 1.5 * line.at(tick)) for line in self._lines]
        bed = [(0.25 + 0.75 * energy) * at * at for at in open_]
        notes = [at + (3.0 - 0.8 * energy) * bloom for at, bloom in zip(bed, self._bloom, strict=True)]
        corner = (DARK + GLASS * dials.bright * (0.1 + 0.9 * energy * energy)) * (1.0 + 16.0 * heard.thud)
        squares = self._squares[self._tuning.number]
        # A full chord is not as much louder than a thin one as it has more notes. What a step adds is louder.
        whole = np.array(bed)
        level = LEVEL / (0.4 + 0.6 * sqrt(1.0 + float(np.add.reduce(whole * whole))))
        # Who treads harder plucks more, and most of all the overtones.
        plucked = [LEVEL * PLUCK * energy * pluck for pluck in self._pluck]
        hard = [1.4 * energy * energy * at for at in plucked]
        weights = np.array([*(level * at for at in notes), *plucked, *hard]).take(self._note) * self._fixed
        weights *= (corner * corner) / (squares + corner * corner)
        self._raise.add(bank.play(self._tuning.number, breath, weights), out)

    def _chosen(self, steps: int) -> int:
        """Which note a step makes bloom: every eighth the root, every fourth after it the fifth, else a dice."""
        if steps % 8 == 1:
            return 0
        if steps % 4 == 1:
            return 1
        return int(chance.uniform(self._seed, f"{self._name} step", steps) * self._n)


def _kept(energy: float) -> float:
    """How much of the breath is left: it goes more slowly than the energy, and ends with it."""
    return 1.4 * energy / (energy + 0.4)


def _harmonics() -> list[int]:
    """Of every mode of a note, in order."""
    return [h for h in range(1, HARMONICS + 1) for _ in (0, 1)] + [2 * h for h in PLUCKED]


def _modes(root: float, ratios: list[float], dice: list[list[float]]) -> list[tuple[float, float]]:
    """Hz and T60 in s of every mode: two of each harmonic, a little apart, a little stretched; then the short ones."""
    modes: list[tuple[float, float]] = []
    for ratio in ratios:
        for h in range(1, HARMONICS + 1):
            for side in (-1.0, 1.0):
                one, two, _, four = dice[len(modes)]
                f = root * ratio * h * (1.0 + 0.00012 * h * h)
                f *= 1.0 + side * 0.0011 * (0.4 + 0.6 * one)
                f += side * (0.07 + 0.25 * two)
                decay = max(1.2, 7.5 * power(110.0 / f, 0.42)) * (0.8 + 0.4 * four)
                modes.append((f, decay))
        for h in PLUCKED:
            one, _, _, four = dice[len(modes)]
            f = root * ratio * 2.0 * h * (1.0 + 0.00012 * h * h) * (1.0 + 0.0011 * (one - 0.5))
            modes.append((f, 0.9 * power(220.0 / f, 0.4) * (0.8 + 0.4 * four)))
    return modes
