"""How light runs along a filament, by its band: low swells, a pulse travels along mid, high shivers.

With u 0..1 from end to end: low `1.25 - |u - .15|`, mid `.34 + .9 pulse`, high `.85 + .15 sin`. Each is scaled so that
its brightest pixel reaches 1. The pulse is where the beat is, as far as the beat is sure, and else travels slowly.
Places are whole steps and curves are tables, so that every machine gives the same bits.
"""

from __future__ import annotations

import math

import numpy as np

from wearsound import chance
from wearsound.core import F64, LIGHT_RATE
from wearsound.garment.sewn import Sewn

PASSAGE = 4.2
"""Seconds in which the pulse travels from end to end where no beat is sure."""
SHIVER = 2.3
"""Seconds of a wave that runs along a high filament."""
SIGMA = 0.16
"""Width of the pulse, of the filament's length."""
WAVES = 1.5
"""Waves on the length of a high filament."""
SCATTER = 0.35
"""How far apart, of a passage, the slow pulses of two filaments may be."""

_STEPS = 8192
# The pulse comes from beyond one end and leaves beyond the other: no jump.
_BEYOND = round(3 * SIGMA * _STEPS)
_TRAVEL = _STEPS + 2 * _BEYOND
_BASE, _SWING = 0.34 / 1.24, 0.9 / 1.24

_PULSE = np.array(
    [_SWING * round(math.exp(-((i / (SIGMA * _STEPS)) ** 2) / 2), 9) for i in range(_BEYOND)] + [0.0]
)
_WAVE = np.array([0.85 + 0.15 * round(math.sin(2 * math.pi * i / _STEPS), 9) for i in range(_STEPS)])


class Along:
    """How bright each pixel of a garment is, of its zone's light. No state: a function of moment and beat.

    `seed` scatters the filaments, each by its name, so that no two move alike.
    """

    def __init__(self, body: Sewn, seed: int) -> None:
        self._now = np.ones(body.n_pixels)
        mid, high = np.zeros(0, np.intp), np.zeros(0, np.intp)
        starts, waves, of = [0], np.zeros(0), np.zeros(0, np.intp)
        for filament in body.filaments:
            mine = filament.first + np.arange(filament.pixels, dtype=np.intp)
            u = body.along[mine]
            phase = chance.uniform(seed, f"filament.{filament.name}")
            if filament.band == "low":
                swell = 1.25 - np.abs(u - 0.15)
                self._now[mine] = swell / swell.max()
            elif filament.band == "mid":
                starts.append(round(phase * SCATTER * _STEPS))
                of = np.append(of, np.full(len(mine), len(starts) - 1))
                mid = np.append(mid, mine)
            else:
                waves = np.append(waves, phase + WAVES * u)
                high = np.append(high, mine)
        self._mid, self._of, self._high = mid, of, high
        self._starts = np.array(starts, np.intp)
        self._mid_at = np.rint(body.along[mid] * _STEPS).astype(np.intp)
        self._high_at = np.rint(waves * _STEPS).astype(np.intp)

    def at(self, number: int, beat: float, sure: float) -> F64:
        """The share 0..1 of each pixel, (n_pixels,), in light frame `number`; valid until the next call.

        `beat` 0..1 is how far it is to the next beat, `sure` 0..1 how sure that is.
        """
        if len(self._mid):
            self._now[self._mid] = self._pulse(number, beat, min(1.0, max(0.0, sure)))
        if len(self._high):
            moved = self._high_at + round(number * _STEPS / (SHIVER * LIGHT_RATE)) % _STEPS
            self._now[self._high] = np.take(_WAVE, moved, mode="wrap")
        return self._now

    def _pulse(self, number: int, beat: float, sure: float) -> F64:
        share = np.full(len(self._mid), _BASE)
        if sure > 0:
            centre = round(beat % 1.0 * _TRAVEL) - _BEYOND
            share += sure * np.take(_PULSE, np.abs(self._mid_at - centre), mode="clip")
        if sure < 1:
            moved = (self._starts + round(number * _STEPS / (PASSAGE * LIGHT_RATE))) % _STEPS
            centres = moved * _TRAVEL // _STEPS - _BEYOND
            share += (1 - sure) * np.take(_PULSE, np.abs(self._mid_at - centres[self._of]), mode="clip")
        return share
