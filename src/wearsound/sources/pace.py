"""A file or test signal that plays live: every hop is delivered when it has become due."""

from __future__ import annotations

import itertools
import logging
import math
import threading
import time
from collections import deque
from collections.abc import Generator, Iterator, Mapping

import numpy as np

from wearsound.core import F32, MAX_HOPS, Block, Clock, Source
from wearsound.errors import DeviceError
from wearsound.sources.player import CUSHION, Player

_log = logging.getLogger(__name__)

_CATCH_UP = 2.0
"""Seconds of lateness that are made good by bigger blocks; after a longer pause the music has waited."""

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

    def __init__(
        self, source: Source, speed: float = 1.0, mute: bool = False, output: str | None = None
    ) -> None:
        self.source = source
        self.speed = speed
        self.mute = mute
        self.output = output
        self.sample_rate = source.sample_rate
        self.lanes: Mapping[str, tuple[int, ...]] = source.lanes
        self.name: str = getattr(source, "name", "")
        self.duration: float = getattr(source, "duration", math.inf) / speed
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
        ahead: deque[F32] = deque()
        try:
            self._open_player(hops, clock, ahead)
            yield from self._deliver(hops, clock, ahead)
        finally:
            hops.close()
            player, self.player = self.player, None
            if player is not None:
                player.close()

    def _open_player(self, hops: Iterator[F32], clock: Clock, ahead: deque[F32]) -> None:
        """Fill a cushion and start the loudspeaker; what was written stays in `ahead` for the engine."""
        if self.mute:
            return
        if self.speed != 1.0:
            self._silent = f"not heard: it plays {self.speed:g} times as fast"
            return
        player = Player(self.output, clock.sample_rate, self.lanes)
        try:
            player.open()
            # The device takes its own latency's worth at once. The engine stays behind by as much,
            # so that a hop is seen when it is heard.
            self._prefetch(hops, clock.ticks(CUSHION + player.latency), ahead, player)
            player.start()
        except DeviceError as trouble:
            player.close()
            if self.output is not None:
                raise
            self._silent = f"not heard: {trouble}"
            return
        self.player = player

    def _deliver(self, hops: Iterator[F32], clock: Clock, ahead: deque[F32]) -> Iterator[Block]:
        rate = self.speed * clock.sample_rate / clock.hop
        lead = len(ahead)
        catch_up = _CATCH_UP if self.player is None else CUSHION
        tick = 0
        owed = 0.0
        then = time.monotonic()
        while True:
            now = time.monotonic()
            owed += min(now - then, catch_up) * rate * self._lean()
            then = now
            due = min(int(owed), MAX_HOPS)
            if due < 1:
                time.sleep((1.0 - owed) / rate)
                continue
            owed -= due
            self._prefetch(hops, lead + due - len(ahead), ahead, self.player)
            due = min(due, len(ahead))
            if due == 0:
                return
            yield Block(tick, np.concatenate([ahead.popleft() for _ in range(due)]), self.lanes, due)
            tick += due

    def _prefetch(self, hops: Iterator[F32], count: int, ahead: deque[F32], player: Player | None) -> None:
        for hop in itertools.islice(hops, max(0, count)):
            ahead.append(hop)
            if player is not None:
                player.write(hop)

    def _lean(self) -> float:
        """How much faster the pace is than the monotonic clock, to keep the cushion as full as it was."""
        player = self.player
        if player is None:
            return 1.0
        if not player.alive:
            self._silent = "not heard: the loudspeaker is gone"
            _log.warning("the loudspeaker is gone; the show goes on without sound")
            self.player = None
            threading.Thread(target=player.close, name="close loudspeaker", daemon=True).start()
            return 1.0
        return 1.0 - min(max(0.05 * (player.waiting - CUSHION), -_LEAN), _LEAN)


def _hops(blocks: Iterator[Block], hop: int) -> Generator[F32, None, None]:
    for block in blocks:
        for start in range(0, len(block.samples), hop):
            yield block.samples[start : start + hop]
