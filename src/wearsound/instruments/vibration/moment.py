"""Where the music is in its beat and its bar, as patterns want it: going on for ever, forwards, without a leap."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from wearsound.core import F64, Block, Clock, Spec, index_of

AT_FIRST, BEATS = 60.0, 4.0
"""Beats a minute, and of a bar, before any was heard."""
FASTEST = 240.0
"""Beats a minute that patterns go with."""
LEAST = 3.0
"""Beats of a round over a bar: two bars of two are one, for the ear often takes half a bar of four for a whole one."""
HURRY = 1.2
"""Nothing goes faster than so much above that, not even what has to catch up."""
PULL = 2.0
"""How much faster a round goes for each round that it is behind: it has caught up to 37 % after half a round."""
SLOWEST, QUICKEST = 0.5, 2.0
"""It goes at least and at most so many times as fast as the music while it catches up."""


class Moment:
    """Beats and bars passed, as they are felt: `at` gives both at the end of each hop, and never goes back.

    The ear's beats jump where it changes its mind, and stop where it is not sure; so the moment only leans towards
    them, by going faster or slower, and where there are none it runs on: at the last tempo, or at 60 a minute before
    the first. Bars of two go in pairs, as they come. `features` are the specs of what is heard; the beats are those
    of `lane`, 60 a minute without it.
    """

    def __init__(self, features: Sequence[Spec], clock: Clock, lane: str = "room") -> None:
        index = index_of(features)
        names = [f"{lane}.{name}" for name in ("tempo", "phase", "bar", "metre")]
        self._columns = [index[name] for name in names] if all(name in index for name in names) else None
        self._per_hop = clock.hop / (60.0 * clock.sample_rate)
        self.reset()

    def reset(self) -> None:
        """Both at 0. [engine thread]"""
        self._tempo, self._metre = AT_FIRST, BEATS
        self._beats = self._bars = 0.0

    def inherit(self, old: Moment) -> None:
        """Go on from where `old` is. [engine thread]"""
        self._tempo, self._metre = old._tempo, old._metre
        self._beats, self._bars = old._beats, old._bars

    def at(self, block: Block, features: F64) -> tuple[F64, F64]:
        """Beats and bars passed at the end of each hop, float64 (n_hops,) both: the whole part counts rounds, the rest
        is 0..1 of the way from one beat (downbeat) to the next. [engine thread]"""
        beats, bars = np.empty(block.n_hops), np.empty(block.n_hops)
        heard = None if self._columns is None else features[: block.n_hops, self._columns].tolist()
        pace = self._tempo * self._per_hop
        self._beats += block.gap * pace
        self._bars += block.gap * pace / self._metre
        for hop in range(block.n_hops):
            tempo, phase, bar, metre = heard[hop] if heard is not None else (0.0, 0.0, 0.0, 0.0)
            if tempo > 0.0:
                self._tempo = min(tempo, FASTEST)
            pair = 2.0 if 0.0 < metre < LEAST else 1.0
            if metre > 0.0:
                self._metre = max(pair * metre, LEAST)
            beat = self._tempo * self._per_hop
            most = HURRY * FASTEST * self._per_hop
            self._beats += _step(self._beats, phase, beat, most, metre > 0.0)
            self._bars += _step(self._bars, bar, beat / self._metre, most / LEAST, metre > 0.0, pair)
            beats[hop], bars[hop] = self._beats, self._bars
        return beats, bars


def _step(passed: float, heard: float, pace: float, most: float, sure: bool, parts: float = 1.0) -> float:
    """How far it goes in a hop at `pace`, leaning the shorter way round towards where it is heard to be: of a round, or
    of whichever of its `parts` is nearest."""
    if not sure:
        return pace
    behind = heard - parts * (passed + pace)
    behind = (behind - math.floor(behind + 0.5)) / parts
    return min(pace * min(max(1.0 + PULL * behind, SLOWEST), QUICKEST), most)
