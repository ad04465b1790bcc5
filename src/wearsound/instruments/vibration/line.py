"""One line of what is felt, on its actuators: where, how strongly, and how it moves over them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from wearsound.core import F64, Index
from wearsound.felt import Feel
from wearsound.garment.sites import Sites
from wearsound.instruments.fade import Fade
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
        self.feel, self._column = feel, column
        self._pattern = PATTERNS[NAMES.index(feel.pattern)]
        self._still = self._pattern.name == NAMES[0]
        self.plays = (replace(feel, strength=0.0), tuple(where.tolist()), 0 if self._still else seed)
        """What it plays, and where: two of which this is the same play the same."""
        self._places = Places(places, feel.over, where, seed)
        self.hear(heard)
        self.reset()

    def hear(self, heard: Heard) -> None:
        """It plays of this from now on."""
        self.heard, feel = heard, self.feel
        self._hum = heard.hums[feel.band, feel.carrier] if feel.part != "click" else None
        self._knocks = heard.knocks[struck(feel.band)] if feel.part != "hum" else None

    def reset(self) -> None:
        """Still."""
        self._hummed: F64 = np.zeros((1, 1))
        self._clicked: F64 = np.zeros((1, 1))
        self._fade: Fade | None = None
        self._told = 0.0
        self._leaves = False

    def inherit(self, old: Line) -> None:
        """Go on from where `old`, which plays the same, is."""
        self._hummed, self._clicked = old._hummed, old._clicked
        self._fade, self._told = old._fade, old._told

    def come(self, ticks: int) -> None:
        """It comes in within so many hops."""
        self._fade = Fade(0.0, 1.0, ticks)

    def leave(self, ticks: int) -> None:
        """It leaves within so many hops, from wherever it is, as strong as it was told to be last."""
        self._fade = Fade(1.0 if self._fade is None else self._fade.now, 0.0, ticks)
        self._leaves = True

    @property
    def gone(self) -> bool:
        """Whether it has left."""
        return self._leaves and self._fade is None

    @property
    def strokes(self) -> list[tuple[int, float]]:
        """What begins in this block and is to be felt as a click."""
        return self._knocks.strokes if self._knocks is not None else []

    def gains(self, controls: F64, beats: F64, bars: F64) -> F64:
        """How strongly each of its actuators plays it at the end of each hop, 0..1: (n_hops, n), or (n_hops, 1) if all
        play alike."""
        if self._leaves:
            strength = np.full((len(controls), 1), self._told if self._fade is not None else 0.0)
        else:
            strength = np.minimum(np.maximum(controls[:, self._column, None], 0.0), 1.0)
            self._told = float(strength[-1, 0])
        if self._fade is not None:
            strength = strength * self._fade.next(len(strength))[:, None]
            if self._fade.over:
                self._fade = None
        if self._still:
            return strength
        turn = bars if self.feel.over == "bar" else beats
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
