"""Whether a show that is late makes up for it: then more of it passes in the room in a moment than should.

A guard that counts flashes counts them in ticks, for it must find the same in a take. Where sound is late and then
comes at once, or time is jumped over that did not pass, a second of ticks is over in less than one of the room: three
flashes would be four. So whoever brings the blocks says how many ticks pass in no time, by an event that takes keep.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from wearsound.core import Block, Clock, Event, Source
from wearsound.parts import HURRY

JITTER = 4
"""Hops (21 ms) by which blocks may come sooner than usual without a word: less than the two frames of light between
which a fourth swing begins more than a second after the first."""


class RoomTime:
    """A live source whose blocks tell by HURRY what passes in no time; implements `core.Source`. [engine thread]"""

    def __init__(self, source: Source, now: Callable[[], float] = time.monotonic) -> None:
        self._source, self._now = source, now
        self.live, self.lanes, self.sample_rate = source.live, source.lanes, source.sample_rate

    def blocks(self, clock: Clock) -> Iterator[Block]:
        """Those of the source."""
        blocks = self._source.blocks(clock)
        rate = clock.sample_rate / clock.hop
        # How far ticks are ahead of the room, without those that were told: now, and at the least since it began.
        told, least = 0, math.inf
        try:
            for block in blocks:
                events = tuple(
                    event for event in block.events if event.address != HURRY
                )  # a take's own are over
                if block.n_hops:
                    room = self._now() * rate
                    least = min(least, block.tick - room - told)
                    ahead = block.tick + block.n_hops - room - told - least
                    if ahead > JITTER:
                        hops = math.ceil(ahead)
                        told += hops
                        events = (Event(block.tick, HURRY, (hops,)), *events)
                yield block if events == block.events else replace(block, events=events)
                if block.n_hops:  # whoever plays may have stood still before this block was seen
                    least = min(least, block.tick + block.n_hops - told - self._now() * rate)
        finally:
            getattr(blocks, "close", lambda: None)()
