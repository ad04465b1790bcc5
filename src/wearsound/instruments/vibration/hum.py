"""What sounds on in a band, as one voice: its level on a carrier that follows it."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from wearsound.cascade import Cascade
from wearsound.core import F64, Clock
from wearsound.felt import CARRIER, HIGHEST_SOUND
from wearsound.instruments.filters import steep_low_pass
from wearsound.instruments.vibration.carrier import Fold
from wearsound.instruments.vibration.equaliser import equal

CROWDED = 0.7
"""How much of its level a band takes as it is: the rest is for the moments when its voices meet."""


class Hum:
    """One voice: `voice` (2, n) its waveform and its envelope 0..1, `hz` (n_hops,) its pitch, `equals` (n_hops, 1) how
    much of its strength a waveform gets there. [engine thread]"""

    def __init__(self, edges: tuple[float, float], carrier: Literal["pitch", "sound"] | float) -> None:
        self.carrier = carrier
        self._middle = math.sqrt(edges[0] * min(edges[1], 2.0 * HIGHEST_SOUND))
        self._fold = Fold()
        self.reset()

    def reset(self) -> None:
        """Still."""
        self._fold.reset()
        self._sounded = False
        self.sounds = False
        self.voice: F64 = np.zeros((2, 0))
        self.equals: F64 = np.zeros((0, 1))
        self.hz: F64 = np.zeros(0)

    def follow(self, heard: F64, on: list[bool]) -> F64:
        """The pitch to play in each hop for the pitch `heard` (n_hops,), 0 where none is known; `on`: what sounds."""
        if not isinstance(self.carrier, str):
            return self.at(np.full(len(heard), float(self.carrier)))
        played = []
        for hz, sounds in zip(heard.tolist(), on, strict=True):
            # A note begins where there was silence.
            played.append(self._fold.to(hz or self._middle, begins=sounds and not self._sounded))
            self._sounded = sounds
        return self.at(np.array(played))

    def at(self, hz: F64) -> F64:
        """It plays at `hz` (n_hops,)."""
        self.hz, self.equals = hz, equal(hz)[:, None]
        return hz


class Sounding:
    """A band put on a coil as it is, with its own level: within its limits, without what is heard and not felt.

    [engine thread]
    """

    def __init__(self, clock: Clock) -> None:
        self._low_pass = Cascade(steep_low_pass(HIGHEST_SOUND, clock))

    def reset(self) -> None:
        """Still."""
        self._low_pass.reset()

    def play(self, sound: F64, amplitude: F64, level: F64) -> F64:
        """Waveform (n,) of a band's `sound`, `amplitude` and `level`, (n,) each."""
        wave = sound / np.maximum(amplitude, 1e-9)
        bent = wave * wave
        bent *= 0.25
        bent += 1.0
        wave /= np.sqrt(bent, out=bent)
        wave *= level
        wave *= CROWDED
        self._low_pass.run(wave[None])
        # What rings on at 1e-10 when all is silent is silence: exactly.
        wave[np.abs(wave) < 1e-9] = 0.0
        return wave


def heard_hz(hz: F64) -> F64:
    """The pitch to tell of a band that is put on as it is."""
    return np.where(hz > 0.0, hz, CARRIER)
