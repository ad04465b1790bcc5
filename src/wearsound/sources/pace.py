"""A file or test signal that plays live: every hop is delivered when it has become due."""

from __future__ import annotations

import itertools
import logging
import math
import threading
import time
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from wearsound import faults
from wearsound.core import F32, MAX_HOPS, Block, Clock, Event, Source
from wearsound.errors import DeviceError
from wearsound.sources.player import CUSHION, Player

log = logging.getLogger(__name__)

_CATCH_UP = 2.0
"""Seconds of lateness that are made good by bigger blocks; after a longer pause the music has waited."""

_LEAN = 0.005

GONE = "WS-A12"
FIRST, LONGEST = 2.0, 60.0
"""Seconds before a loudspeaker that is gone is tried again, and at most between two tries."""


@dataclass(slots=True)
class _Hop:
    """One hop of the source, or one that was lost (no samples); `gap` and `events` as its block began."""

    tick: int
    samples: F32 | None
    gap: int = 0
    events: tuple[Event, ...] = ()


class Paced:
    """Delivers the blocks of `source` by the monotonic clock, `speed` times as fast as it sounds.

    Block sizes follow the engine: one hop, or every hop that has become due (at most MAX_HOPS).
    Samples, and so features, are those of the source to the bit: no hop is ever lost. Ticks, gaps and
    events are the source's too: a block ends where an event or a gap comes, and a gap passes as its time. Unless
    `mute`, it is heard through the output device `output` (part of its name, None the default);
    the engine gets each hop at the moment when it is heard, and the pace leans by up to half a
    percent to the loudspeaker's own crystal. Where nothing can be heard it plays silently and
    `note` says why; only a device asked for by name must be there (DeviceError). One that is gone is tried again, and
    the music is heard from where it is then. A panic silences it until resume; the music goes on unheard.
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
        self.remote: Mapping[str, Mapping[str, tuple[float, float]]] = getattr(source, "remote", {})
        self.calibration: Mapping[str, Mapping[str, float]] = getattr(source, "calibration", {})
        self.duration: float = getattr(source, "duration", math.inf) / speed
        self.age = 0.0
        self.lost = 0
        self.player: Player | None = None
        self._mended: Player | None = None
        self._panicked = False
        self._silent = ""

    @property
    def note(self) -> str:
        """What a person should know now, "" if nothing. [any thread]"""
        return "; ".join(text for text in (getattr(self.source, "note", ""), self._silent) if text)

    def take(self, event: Event) -> None:
        """The performer's panic and resume; it only sets flags. [any thread]"""
        if event.address in ("/wear/panic", "/wear/resume"):
            self._panicked = event.address == "/wear/panic"
            player = self.player
            if player is not None:
                player.panicked = self._panicked

    def blocks(self, clock: Clock) -> Iterator[Block]:
        """Blocks until the source ends. [engine thread]"""
        hops = _hops(self.source.blocks(clock), clock.hop)
        channels = 1 + max(max(columns) for columns in self.lanes.values())
        self._silence: F32 = np.zeros((clock.hop, channels), np.float32)
        ahead: deque[_Hop] = deque()
        self._ended = threading.Event()
        try:
            self._open_player(hops, clock, ahead)
            yield from self._deliver(hops, clock, ahead)
        finally:
            self._ended.set()
            hops.close()
            for player in (self.player, self._mended):
                if player is not None:
                    player.close()
            self.player = self._mended = None

    def _open_player(self, hops: Iterator[_Hop], clock: Clock, ahead: deque[_Hop]) -> None:
        """Fill a cushion and start the loudspeaker; what was written stays in `ahead` for the engine."""
        if self.mute:
            return
        if self.speed != 1.0:
            self._silent = f"not heard: it plays {self.speed:g} times as fast"
            return
        player = Player(self.output, clock.sample_rate, self.lanes)
        player.panicked = self._panicked
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
            log.warning("%s", self._silent)
            return
        self._take_up(player, ())

    def _take_up(self, player: Player, hops: Iterable[_Hop]) -> None:
        """Play on it from now on, behind `hops`. [engine thread]"""
        for hop in hops:
            player.write(self._silence if hop.samples is None else hop.samples)
        self.player = player
        player.panicked = self._panicked
        self._silent = ""

    def _mend(self, gone: Player, ended: threading.Event) -> None:
        """Open the loudspeaker again, by its name, until it plays or the music `ended`. [a thread of its own]"""
        gone.close()
        wait = FIRST
        while not ended.wait(wait):
            player = Player(self.output or gone.title, gone.sample_rate, self.lanes)
            player.panicked = True  # so that it rises from silence once it has something to play
            try:
                player.open(anew=True)
                player.start()
            except Exception:  # whatever it is, the next try may do
                player.close()
                wait = min(LONGEST, 2.0 * wait)
                continue
            self._mended = player
            faults.end(GONE, "loudspeaker", "the loudspeaker plays again")
            if ended.is_set():
                player.close()
            return

    def _deliver(self, hops: Iterator[_Hop], clock: Clock, ahead: deque[_Hop]) -> Iterator[Block]:
        rate = self.speed * clock.sample_rate / clock.hop
        lead = len(ahead)
        catch_up = _CATCH_UP if self.player is None else CUSHION
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
            mended, self._mended = self._mended, None
            if mended is not None:
                lead = clock.ticks(CUSHION + mended.latency)
                hops = itertools.chain(_beyond(ahead, lead), hops)
                self._prefetch(hops, lead - len(ahead), ahead, None)
                self._take_up(mended, itertools.islice(ahead, clock.ticks(mended.latency), None))
                catch_up = CUSHION
            self._prefetch(hops, lead + due - len(ahead), ahead, self.player)
            due = min(due, len(ahead))
            if due == 0:
                return
            yield from self._blocks([ahead.popleft() for _ in range(due)])

    def _blocks(self, hops: list[_Hop]) -> Iterator[Block]:
        """What has become due, cut where an event or a gap comes; of lost hops nothing but their time, as a
        block without a hop, so that nobody's hands have to wait for the next one."""
        held: list[_Hop] = []
        if all(hop.samples is None for hop in hops):
            yield Block(hops[-1].tick, self._silence[:0], self.lanes, 0)
        for hop in hops:
            if held and (hop.samples is None or hop.gap or hop.events):
                yield self._block(held)
                held = []
            if hop.samples is not None:
                held.append(hop)
        if held:
            yield self._block(held)

    def _block(self, hops: list[_Hop]) -> Block:
        first = hops[0]
        return Block(
            first.tick,
            np.concatenate([hop.samples for hop in hops if hop.samples is not None]),
            self.lanes,
            len(hops),
            events=first.events,
            gap=first.gap,
        )

    def _prefetch(self, hops: Iterator[_Hop], count: int, ahead: deque[_Hop], player: Player | None) -> None:
        for hop in itertools.islice(hops, max(0, count)):
            ahead.append(hop)
            if player is not None:
                player.write(self._silence if hop.samples is None else hop.samples)

    def _lean(self) -> float:
        """How much faster the pace is than the monotonic clock, to keep the cushion as full as it was."""
        player = self.player
        if player is None:
            return 1.0
        if not player.alive:
            self._silent = "not heard: the loudspeaker is gone"
            said = "the loudspeaker is gone; the show goes on without sound, and it is tried again"
            faults.begin(GONE, "loudspeaker", said)
            self.player = None
            words = (player, self._ended)
            threading.Thread(target=self._mend, args=words, name="mend loudspeaker", daemon=True).start()
            return 1.0
        return 1.0 - min(max(0.05 * (player.waiting - CUSHION), -_LEAN), _LEAN)


def _beyond(ahead: deque[_Hop], count: int) -> list[_Hop]:
    """What is ahead by more than `count` hops, taken out."""
    return [ahead.pop() for _ in range(len(ahead) - count)][::-1]


def _hops(blocks: Iterator[Block], size: int) -> Generator[_Hop, None, None]:
    try:
        for block in blocks:
            for lost in range(block.tick - block.gap, block.tick):
                yield _Hop(lost, None)
            gap, events = block.gap, block.events
            for at in range(block.n_hops):
                samples = block.samples[at * size : (at + 1) * size]
                yield _Hop(block.tick + at, samples, gap, events)
                gap, events = 0, ()
    finally:
        getattr(blocks, "close", lambda: None)()
