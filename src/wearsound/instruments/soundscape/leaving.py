"""Soundscapes of earlier shows, which ring out while another comes in."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np

from wearsound.core import F64, Block, Clock, Spec
from wearsound.instruments.fade import Fade
from wearsound.parts import FADE

if TYPE_CHECKING:
    from wearsound.instruments.soundscape.listening import Listening
    from wearsound.instruments.soundscape.soundscape import Soundscape

HURRY = 0.04
"""Seconds in which one goes that is still ringing when the next one has to: two may sound at once, not ten."""


class Way:
    """A gain on its way to 0 or to 1, as loud all the while as two sounds that know nothing of each other: where one
    comes as the other goes, the sum of their powers stays. [engine thread]"""

    def __init__(self, start: float, end: float, seconds: float, clock: Clock) -> None:
        self._fade = Fade(_place(start), _place(end), clock.ticks(seconds))
        self._ramp: F64 = np.arange(1, clock.hop + 1) / clock.hop
        self._clock = clock
        self.now = start

    @property
    def over(self) -> bool:
        """Whether it is there."""
        return self._fade.over

    def turn(self, end: float, seconds: float) -> Way:
        """The way from where it is now."""
        return Way(self.now, end, seconds, self._clock)

    def fade(self, wave: F64) -> None:
        """Make one hop (2, hop) so loud, in place."""
        before = self.now
        self.now = _gain(float(self._fade.next(1)[0]))
        wave *= before + (self.now - before) * self._ramp


class Leaving:
    """Those that ring out; each plays on with the controls that it got last. [engine thread]"""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._wave: F64 = np.zeros((2, clock.hop))
        self._all: list[tuple[Soundscape, Way]] = []

    def __bool__(self) -> bool:
        return bool(self._all)

    def reset(self) -> None:
        """None rings."""
        self._all = []

    def inherit(self, old: Leaving) -> None:
        """Those ring on."""
        self._all = old._all

    def add(self, soundscape: Soundscape, now: float) -> None:
        """One more rings out, from the gain `now`; those that still ring hurry."""
        self._all = [(before, way.turn(0.0, HURRY)) for before, way in self._all]
        self._all.append((soundscape, Way(now, 0.0, FADE, self._clock)))

    def listen(self, heard: Collection[Listening]) -> None:
        """What is `heard` already need not be heard again for those that ring."""
        taken = {id(lane) for lane in heard}
        for soundscape, _ in self._all:
            soundscape.listens = [name for name, lane in soundscape.lanes.items() if id(lane) not in taken]
            taken |= {id(lane) for lane in soundscape.lanes.values()}

    def miss(self) -> None:
        """Hops were lost."""
        for soundscape, _ in self._all:
            soundscape.miss()

    def play(self, block: Block, number: int, out: F64) -> None:
        """Add one hop, the `number`th of a block, to `out` (2, hop)."""
        for soundscape, way in self._all:
            soundscape.play_on(block, number, self._wave)
            way.fade(self._wave)
            out += self._wave
        if self._all[0][1].over:
            self._all = [(soundscape, way) for soundscape, way in self._all if not way.over]


class Silence:
    """What a show plays that has no soundscape, after one that had: what rings out. Implements core.Instrument."""

    specs: tuple[Spec, ...] = ()

    def __init__(self, clock: Clock) -> None:
        self.leaving = Leaving(clock)
        self._hop = clock.hop

    def prepare(self, clock: Clock) -> None:
        """[main thread]"""

    def reset(self) -> None:
        """Silent. [engine thread]"""
        self.leaving.reset()

    def leave(self) -> Silence:
        """What is left of it when the next show has no soundscape either."""
        return self

    def play(self, block: Block, features: F64, controls: F64, out: F64) -> None:
        """Fill `out` (2, n_hops * hop). [engine thread]"""
        out[:] = 0.0
        if block.gap:
            self.leaving.miss()
        for number in range(block.n_hops):
            if not self.leaving:
                return
            self.leaving.play(block, number, out[:, number * self._hop : (number + 1) * self._hop])


def _gain(place: float) -> float:
    """An even way of 0..1 as a gain; rounded, so that every machine's is the same."""
    return round(math.sin(place * math.pi / 2.0), 9)


def _place(gain: float) -> float:
    return round(math.asin(gain) * 2.0 / math.pi, 9)
