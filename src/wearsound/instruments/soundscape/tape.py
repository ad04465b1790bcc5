"""The tape that the soundscape is kept on: lo-fi as material. `age` turns all of it, from nearly clean to worn.

wow and flutter -> saturation -> drop-outs -> hiss and crackle -> the head.
"""

from __future__ import annotations

from math import sqrt

import numpy as np

from wearsound.core import F64, Clock
from wearsound.instruments.soundscape.clicks import Clicks
from wearsound.instruments.soundscape.dials import Dials
from wearsound.instruments.soundscape.dropouts import Dropouts
from wearsound.instruments.soundscape.head import Head
from wearsound.instruments.soundscape.hiss import Hiss
from wearsound.instruments.soundscape.saturation import Saturation
from wearsound.instruments.soundscape.scrub import scrub
from wearsound.instruments.soundscape.wow import Wow

RISE, FALL = 0.02, 0.2
"""Seconds in which hiss follows sound that grows, and that fades."""
TURN = 1.0
"""Seconds in which the tape follows `age` from end to end: a quicker turn would be heard as a siren, and as a click."""
PRESENT, SOUNDING = 0.3, 0.012
"""Energy, and rms, at which the tape is wholly there: below, it is lifted off little by little."""
DUST, DUSTY = 0.15, 0.03
"""How loud crackle is under the faintest sound, and the rms at which it is as loud as made: it must not startle."""
SILENT = 1e-6
"""-120 dB: what is below, with no energy left, is nothing."""


class Tape:
    """Stereo, hop by hop, in place. Nothing in and no energy: nothing out, exactly. [engine thread]"""

    def __init__(self, seed: int, clock: Clock) -> None:
        self._wow = Wow(seed, clock)
        self._saturation = Saturation(clock)
        self._dropouts = Dropouts(seed, clock)
        self._hiss = Hiss(seed, clock)
        self._clicks = Clicks(seed, clock)
        self._head = Head(clock)
        self._turn = clock.hop / (TURN * clock.sample_rate)
        self._rise, self._fall = clock.coefficient(RISE), clock.coefficient(FALL)
        self._sound: F64 = np.zeros((2, clock.hop))
        self._square: F64 = np.zeros((2, clock.hop))
        self.reset()

    def reset(self) -> None:
        """Lifted off: silence."""
        for part in (self._wow, self._saturation, self._dropouts, self._hiss, self._clicks, self._head):
            part.reset()
        self._level = 0.0
        self._age: float | None = None
        self._lifted = True

    def play(self, tick: int, wave: F64, energy: float, dials: Dials) -> None:
        """Play `wave` (2, hop) off the tape; `energy` 0..1 is the movement's at the end of the hop."""
        sound = self._sound
        np.copyto(sound, wave)
        scrub(sound)
        np.multiply(sound, sound, out=self._square)
        left, right = np.add.reduce(self._square, 1).tolist()
        rms = sqrt((left + right) / self._square.size)
        if self._lifted and rms == 0.0 and not energy > 0.0:
            wave[:] = 0.0
            return
        self._lifted = False
        self._level += (self._rise if rms > self._level else self._fall) * (rms - self._level)
        energy = max(0.0, energy)
        presence = min(1.0, energy / PRESENT + self._level / SOUNDING)
        if energy == 0.0 and self._level < SILENT:
            presence = 0.0
        before = dials.age if self._age is None else self._age
        self._age = age = before + min(self._turn, max(-self._turn, dials.age - before))
        self._wow.play(tick, sound, before, age)
        self._saturation.play(sound, before, age)
        self._dropouts.play(tick, sound, age)
        self._hiss.play(tick, sound, self._level, presence, age)
        self._clicks.play(tick, sound, presence * min(1.0, DUST + self._level / DUSTY), age)
        self._head.play(sound, age)
        if presence == 0.0 and sound.max() < SILENT and sound.min() > -SILENT:
            sound[:] = 0.0
            if rms == 0.0:
                self.reset()
        np.copyto(wave, sound)
