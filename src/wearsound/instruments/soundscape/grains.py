"""Grains: dust of sound that movement raises, out of the performer's own last seconds and of a field recording.

More energy is more of them, shorter, louder, brighter. C. Roads, "Microsound", 2001. Which grain begins when is
looked up by the tick; speeds are the scale's.
"""

from __future__ import annotations

from math import sqrt

import numpy as np

from wearsound.cascade import Cascade
from wearsound.core import F64, Clock
from wearsound.instruments.filters import high_pass
from wearsound.instruments.soundscape.dials import Dials
from wearsound.instruments.soundscape.dice import Dice
from wearsound.instruments.soundscape.field import SECONDS, field
from wearsound.instruments.soundscape.grain import Grain
from wearsound.instruments.soundscape.listening import Listening
from wearsound.instruments.soundscape.plain import PI, exponential, power
from wearsound.instruments.soundscape.ring import Ring
from wearsound.instruments.soundscape.table import Table
from wearsound.instruments.soundscape.tuning import Tuning
from wearsound.sound import Voice

SLOTS = 20
"""Grains at once."""
SELDOM, OFTEN = 1.2, 26.0
"""Grains a second with all energy: at no density, and how many more at full."""
SHORTEST, LONGEST = 0.070, 0.400
"""Seconds."""
OWN = 0.55
"""How many are the performer's own while the body moves."""
MOVES = 0.02
"""From here on it moves (`Listening.moving`)."""
NEAREST, FARTHEST = 0.12, 3.4
"""Seconds back into the performer's own sound."""
STILL, BUSY = 0.3, 0.3
"""How loud they are where nothing moves any more, and how much moves where they are as loud as made."""
DRAWN_OUT, READ = 3.0, 1.6
"""How many times longer they are where nothing moves any more: veils, not specks. Seconds of sound that one reads at
most."""
SETTLED, STIRRED = 0.25, 1.6
"""How many there are between two movements, and how many more while one stirs them up: dust rises at every step."""
FASTEST = 4.0
WIDE = 0.8
EARS = 0.0007
"""Seconds by which a sound from the side reaches one ear before the other."""
LEVEL, OWN_LEVEL = 1.0, 1.6
"""As made: -27 dBFS rms when somebody walks."""
DARK, BRIGHT = 1150.0, 20000.0
"""Hz where the highs end, by energy and by the dial."""
LOWEST = 80.0
SNAP = 1e-9
DICE = ("due", "long", "late", "own", "where", "speed", "note", "loud", "side")


class Grains:
    """Implements a voice of the soundscape, with what was played lately as its second source. [engine thread]"""

    def __init__(self, seed: int, voice: Voice, tuning: Tuning, clock: Clock) -> None:
        self._clock, self._tuning = clock, tuning
        self._loop = field(seed, clock)
        self._octave = 2.0**voice.octave
        self._dice = {what: Dice(seed, f"soundscape.{voice.name}.{what}") for what in DICE}
        self._pole = Table(lambda x: _pole(DARK * power(BRIGHT / DARK, x), clock.sample_rate))
        self._sections: F64 = np.zeros((2, 6))
        self._sections[:, 3] = 1.0
        self._sections[1] = high_pass(LOWEST, 2, clock)[0]
        self._filter = Cascade(self._sections, rows=2)
        self._bus: F64 = np.zeros((2, clock.hop))
        self._i: F64 = np.arange(clock.hop, dtype=np.float64)
        self.reset()

    def reset(self) -> None:
        """None in the air."""
        self._flying: list[Grain] = []
        self._filter.reset()
        self._sounds = False

    def play(self, tick: int, heard: Listening, dials: Dials, live: Ring, out: F64) -> None:
        """Add a hop to `out` (2, hop). Without energy none begins, and the last has ended some 1.3 s later."""
        energy = heard.energy
        if energy > 0.0 and len(self._flying) < SLOTS:
            often = (SELDOM + OFTEN * dials.density) * energy * (0.35 + 0.65 * energy)
            often *= SETTLED + STIRRED * heard.gust
            if self._dice["due"].at(tick) < often * self._clock.hop / self._clock.sample_rate:
                self._flying.append(self._begin(tick, energy, heard.moving, dials.bright, live))
        if not (self._flying or self._sounds):
            return
        bus = self._bus
        bus[:] = 0.0
        self._flying = [grain for grain in self._flying if grain.play(live, self._loop, self._i, bus)]
        pole = self._pole.at((1.8 * dials.bright - 0.6) * energy * (0.3 + 0.7 * energy))
        weight = 1.0 - pole
        first = self._sections[0]
        first[0], first[4], first[5] = weight * weight, -2.0 * pole, pole * pole
        self._filter.run(bus)
        self._sounds = True
        if not self._flying and np.abs(self._filter.memory).max() < SNAP:
            self._filter.reset()
            self._sounds = False
        out += bus

    def _begin(self, tick: int, energy: float, moving: float, bright: float, live: Ring) -> Grain:
        q = {what: dice.at(tick) for what, dice in self._dice.items()}
        rate = self._clock.sample_rate
        calm = 1.0 - min(1.0, moving / BUSY)
        seconds = SHORTEST + (LONGEST - SHORTEST) * q["long"] * (1.0 - 0.6 * energy)
        seconds *= 1.0 + (DRAWN_OUT - 1.0) * calm
        own = moving > MOVES and q["own"] < OWN
        speed = min(FASTEST, self._octave * self._speed(own, q["speed"], q["note"], energy, bright))
        seconds = min(seconds, READ / speed)
        # What is read faster than it is written must begin so far back that it does not catch up.
        back = NEAREST + max(0.0, speed - 1.0) * seconds + (FARTHEST - NEAREST) * q["where"]
        own = own and back * rate < live.written
        start = live.written - back * rate if own else q["where"] * SECONDS * rate
        loud = (0.35 + 0.65 * q["loud"]) * energy * (OWN_LEVEL if own else LEVEL)
        loud *= 1.0 - (1.0 - STILL) * calm
        side = WIDE * (2.0 * q["side"] - 1.0)
        left, right = sqrt(0.5 * (1.0 - side)), sqrt(0.5 * (1.0 + side))
        late = int(q["late"] * self._clock.hop)
        apart = round(side * EARS * rate)
        return Grain(
            own, float(int(start)), speed, -late, round(seconds * rate), loud * left, loud * right, apart
        )

    def _speed(self, own: bool, q: float, note: float, energy: float, bright: float) -> float:
        """The performer's own an octave lower, as it was, an octave higher, or on the scale; the field lower."""
        scale = self._tuning.scale
        ratio = scale[int(note * len(scale))]
        if not own:
            return 0.5 * ratio
        lower, higher = 0.40 - 0.3 * energy, (0.05 + 0.4 * energy * energy) * (2.4 * bright - 0.75)
        if q < lower:
            return 0.5
        if q < lower + higher:
            return 2.0
        return 1.0 if q < lower + higher + 0.32 else ratio


def _pole(hz: float, rate: int) -> float:
    return exponential(-2.0 * PI * hz / rate)
