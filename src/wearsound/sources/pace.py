"""A file or test signal that plays live: every hop is delivered when it has become due."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Iterator, Mapping

import numpy as np

from wearsound.core import F32, MAX_HOPS, Block, Clock, Source
from wearsound.errors import DeviceError
from wearsound.sources.player import CUSHION, Player

_log = logging.getLogger(__name__)

_CATCH_UP = 2.0
_CATCH_UP_HEARD = 0.1
"""Seconds of lateness that are made good by bigger blocks; after a longer pause the music has waited.
What is heard waits sooner, since it cannot be played faster."""

_LEAN = 0.005


class Paced:
    """Delivers the blocks of `source` by the monotonic clock, `speed` times as fast as it sounds.

    Block sizes follow the engine: one hop, or every hop that has become due (at most MAX_HOPS).
    Samples, and so features, are those of the source to the bit: no hop is ever lost. Unless
    `mute`, it is heard through the output device `output` (part of its name, None the default);
    the engine gets each hop at the moment when it is heard, and the pace leans by up to half a
    percent to the loudspeaker's own crystal. Where nothing can be heard it plays silently and
    `note` says why; only a device asked for by name must be there (DeviceError).
    """

    live = True

    def __init__(self, source: Source, speed: float = 1.0, mute: bool = False, output: str | None = None) -> None:
        self.source = source
        self.speed = speed
        self.mute = mute
        self.output = output
        self.sample_rate = source.sample_rate
        self.lanes: Mapping[str, tuple[int, ...]] = source.lanes
        self.name: str = getattr(source, "name", "")
        self.duration: float = getattr(source, "duration", float("inf")) / speed
        self.age = 0.0
        self.lost = 0
        self.player: Player | None = None
        self._silent = ""

    @property
    def note(self) -> str:
        """What a person should know now, "" if nothing. [any thread]"""
        return "; ".join(text for text in (getattr(self.source, "note", ""), self._silent) if text)

    def blocks(self, clock: Clock) -> Iterator[Block]:
        """Blocks until the source ends. [engine thread]"""
        hops = _hops(self.source.blocks(clock), clock.hop)
        self.player = player = self._player(clock)
        try:
            yield from self._deliver(hops, clock, player)
        finally:
            hops.close()
            self.player = None
            if player is not None:
                player.close()

    def _deliver(self, hops: Iterator[F32], clock: Clock, player: Player | None) -> Iterator[Block]:
        rate = self.speed * clock.sample_rate / clock.hop
        ahead: deque[F32] = deque()
        player = self._start(hops, clock, player, ahead)
        lead = len(ahead)
        tick = 0
        owed = 0.0
        then = time.monotonic() + (player.latency if player is not None else 0.0)
        while True:
            now = time.monotonic()
            late = min(now - then, _CATCH_UP if player is None else _CATCH_UP_HEARD)
            owed += late * rate * self._lean(player)
            then = now
            due = min(int(owed), MAX_HOPS)
            if due < 1:
                time.sleep(max(0.0, (1.0 - owed) / rate))
                continue
            owed -= due
            for hop in _take(hops, lead + due - len(ahead)):
                ahead.append(hop)
                if player is not None:
                    player.write(hop)
            due = min(due, len(ahead))
            if due == 0:
                return
            yield Block(tick, np.concatenate([ahead.popleft() for _ in range(due)]), self.lanes, due)
            tick += due

    def _start(
        self, hops: Iterator[F32], clock: Clock, player: Player | None, ahead: deque[F32]
    ) -> Player | None:
        """Fill the cushion and start the loudspeaker; what it has ahead of the engine stays in `ahead`."""
        if player is None:
            return None
        ahead.extend(_take(hops, clock.ticks(CUSHION)))
        for hop in ahead:
            player.write(hop)
        try:
            player.open()
        except DeviceError as trouble:
            if self.output is not None:
                raise
            self._silent = f"not heard: {trouble}"
            self.player = None
            ahead_of_nobody = list(ahead)
            ahead.clear()
            ahead.extend(ahead_of_nobody)
            return None
        for hop in _take(hops, clock.ticks(player.latency)):
            ahead.append(hop)
            player.write(hop)
        return player
