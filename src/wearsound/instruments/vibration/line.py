"""One line of what is felt, on its actuators: where, how strongly, and how it moves over them."""

from __future__ import annotations

import numpy as np

from wearsound.core import F64, Index
from wearsound.felt import Feel
from wearsound.garment.sites import Sites
from wearsound.instruments.vibration.heard import Heard, struck
from wearsound.instruments.vibration.mix import Mix, columns
from wearsound.instruments.vibration.patterns import NAMES, PATTERNS
from wearsound.instruments.vibration.places import Places


class Line:
    """`feel` on the actuators `where`; `column` of its control; it plays of what is `heard`. `seed` is the edition's.

    [engine thread]
    """

    def __init__(self, feel: Feel, where: Index, column: int, heard: Heard, places: Sites, seed: int) -> None:
        self.where, self._at = where, columns(where)
        self._feel, self._column = feel, column
        self._pattern = PATTERNS[NAMES.index(feel.pattern)]
        self._still = self._pattern.name == NAMES[0]
        self._places = Places(places, feel.over, where, seed)
        self._hum = heard.hums[feel.band, feel.carrier] if feel.part != "click" else None
        self._knocks = heard.knocks[struck(feel.band)] if feel.part != "hum" else None
        self.reset()

    def reset(self) -> None:
        """Still."""
        self._hummed: F64 = np.zeros((1, 1))
        self._clicked: F64 = np.zeros((1, 1))

    @property
    def strokes(self) -> list[tuple[int, float]]:
        """What begins in this block and is to be felt as a click."""
        return self._knocks.strokes if self._knocks is not None else []

    def gains(self, controls: F64, beats: F64, bars: F64) -> F64:
        """How strongly each of its actuators plays it at the end of each hop, 0..1: (n_hops, n), or (n_hops, 1) if all
        play alike."""
        strength = np.minimum(np.maximum(controls[:, self._column, None], 0.0), 1.0)
        if self._still:
            return strength
        turn = bars if self._feel.over == "bar" else beats
        return strength * self._pattern.gains(turn, self._places)

    def play(self, gains: F64, gates: F64, mix: Mix) -> None:
        """Lay hum and clicks on the actuators; `gates` (n_hops or 1, n) say which clicks reach which."""
        hum, knocks = self._hum, self._knocks
        if hum is not None:
            ends = mix.equalised(self.where, hum.equals, gains)
            starts, self._hummed = _before(self._hummed, ends)
            if hum.sounds:
                # The hum makes way for the click: an accent is one only if it stands out.
                clicks = knocks is not None and knocks.sounds
                voice = hum.voice * (1.0 - knocks.voice[1]) if knocks and clicks else hum.voice
                mix.add(self._at, voice, starts, ends, hum.hz)
        if knocks is not None:
            ends = mix.equalised(self.where, knocks.equals, gains)
            starts, self._clicked = _before(self._clicked, ends)
            if knocks.sounds:
                hz = np.full(len(gains), knocks.hz)
                mix.add(self._at, knocks.voice, starts * gates, ends * gates, hz)


def _before(last: F64, ends: F64) -> tuple[F64, F64]:
    """Gains at the hops' starts, from the `last` of the block before (1, n or 1), and the last of this one."""
    if len(ends) == 1:
        return last, ends
    return np.concatenate([np.broadcast_to(last, (1, ends.shape[1])), ends[:-1]]), ends[-1:]
