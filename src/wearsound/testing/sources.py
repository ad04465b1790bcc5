"""Sources with something wrong, for tests: a recording that breaks off, and an input whose device misbehaves.

`TapSource` puts troubles into any source, each at its second; offline the same trouble comes at the same hop every
time. `TapInput` is a live input without a device: a thread plays a test signal into the same ring that a microphone
fills, and a test pulls its plug.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

import numpy as np

from wearsound.core import F32, F64, MAX_HOPS, Block, Clock, Event, Source
from wearsound.errors import DeviceError
from wearsound.sources.listen import Listener
from wearsound.sources.ring import Ring
from wearsound.sources.signal import test_signal

Trouble = Callable[[Iterator[Block], Clock], Iterator[Block]]
"""What is done to blocks of one hop each on their way."""


class TapSource:
    """`source` with `troubles`, the first of them nearest to it; implements core.Source.

    `source` may be a test signal's name. Blocks have one hop unless `sized` makes others of them. What else a source
    may have (`name`, `note`, `duration`, ...) is the source's own.
    """

    def __init__(self, source: Source | str, *troubles: Trouble) -> None:
        self._source: Source = test_signal(source) if isinstance(source, str) else source
        self._troubles = troubles
        self.live = self._source.live
        self.sample_rate = self._source.sample_rate

    @property
    def lanes(self) -> Mapping[str, tuple[int, ...]]:
        """The source's own."""
        return self._source.lanes

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # of ours, and missing: never ask ourselves for `_source`
            raise AttributeError(name)
        return getattr(self._source, name)

    def blocks(self, clock: Clock) -> Iterator[Block]:
        """The source's blocks with everything that is wrong with them. [engine thread]"""
        inner = self._source.blocks(clock)
        blocks = _hops(inner, clock.hop)
        for trouble in self._troubles:
            blocks = trouble(blocks, clock)
        try:
            yield from blocks
        finally:
            getattr(inner, "close", lambda: None)()


def ends(after: float) -> Trouble:
    """The source ends after so many seconds, as a file that is shorter than it says."""

    def trouble(blocks: Iterator[Block], clock: Clock) -> Iterator[Block]:
        for block in blocks:
            if clock.seconds(block.tick) >= after:
                return
            yield block

    return trouble


def raises(after: float, error: Exception | None = None) -> Trouble:
    """The source raises `error` (a DeviceError) after so many seconds."""

    def trouble(blocks: Iterator[Block], clock: Clock) -> Iterator[Block]:
        yield from ends(after)(blocks, clock)
        raise error or DeviceError("the tap was pulled out; plug it in again")

    return trouble


def hangs(after: float, until: threading.Event) -> Trouble:
    """The source does not answer after so many seconds, until the test sets `until`."""
    return _once(after, lambda: until.wait())


def stalls(after: float, seconds: float) -> Trouble:
    """The source takes `seconds` for one hop, and loses none."""
    return _once(after, lambda: time.sleep(seconds))


def _once(after: float, act: Callable[[], object]) -> Trouble:
    def trouble(blocks: Iterator[Block], clock: Clock) -> Iterator[Block]:
        done = False
        for block in blocks:
            if not done and clock.seconds(block.tick) >= after:
                done = True
                act()
            yield block

    return trouble


def jumps(after: float, seconds: float) -> Trouble:
    """`seconds` are lost after so many: time jumps ahead, and the block behind says its `gap`."""

    def trouble(blocks: Iterator[Block], clock: Clock) -> Iterator[Block]:
        lost = clock.ticks(seconds)
        jumped = False
        for block in blocks:
            gap = 0
            if not jumped and clock.seconds(block.tick) >= after:
                jumped, gap = True, lost
            yield replace(block, tick=block.tick + lost, gap=block.gap + gap) if jumped else block

    return trouble


def delivers(value: float, after: float, seconds: float = 0.0) -> Trouble:
    """Every sample is `value` (nan, inf, 1e30, 1e-40) for `seconds`, one hop at the least."""

    def trouble(blocks: Iterator[Block], clock: Clock) -> Iterator[Block]:
        first = clock.ticks(after)
        for block in blocks:
            if first <= block.tick < first + clock.ticks(seconds):
                block = replace(block, samples=np.full_like(block.samples, value))
            yield block

    return trouble


def sized(hops: Sequence[int]) -> Trouble:
    """Blocks of so many hops, over and over: the result of a show must not depend on it. Put it last."""

    def trouble(blocks: Iterator[Block], clock: Clock) -> Iterator[Block]:
        turn = 0
        waiting: list[Block] = []
        for block in blocks:
            if waiting and (
                block.gap or block.events or len(waiting) >= min(hops[turn % len(hops)], MAX_HOPS)
            ):
                yield _joined(waiting)
                waiting, turn = [], turn + 1
            waiting.append(block)
        if waiting:
            yield _joined(waiting)

    return trouble


def _joined(blocks: list[Block]) -> Block:
    return replace(blocks[0], samples=np.concatenate([block.samples for block in blocks]), n_hops=len(blocks))


def _hops(blocks: Iterator[Block], size: int) -> Iterator[Block]:
    """Every hop as a block of its own; one without a hop stays as it is."""
    for block in blocks:
        if block.n_hops <= 1:
            yield block
            continue
        for at in range(block.n_hops):
            events: tuple[Event, ...] = block.events if at == 0 else ()
            samples = block.samples[at * size : (at + 1) * size]
            gap = block.gap if at == 0 else 0
            yield Block(block.tick + at, samples, block.lanes, 1, events=events, gap=gap)


class Sounds(Protocol):
    """What a device may play: every sample is a function of its number."""

    def samples(self, start: int, count: int, rate: int = 48_000) -> F64:
        """Samples `start` to `start + count`, full scale +-1. [any thread]"""
        ...


class TapInput:
    """A live input, as `sources.microphone.Microphone` is one, whose device is a thread that plays a test signal.

    The ring, the signs of life and the silence by the clock are the microphone's own. [any thread] may set what comes
    next: `chunk` samples a callback, another `signal`, a `value` instead of sound, a plug that is pulled. All `lanes`
    hear its one channel.
    """

    live = True
    duration = math.inf
    name = "tap"
    sample_rate = 48_000

    def __init__(
        self,
        signal: str | Sounds = "test:kick=120",
        seconds: float = math.inf,
        lanes: Mapping[str, tuple[int, ...]] | None = None,
    ) -> None:
        self.lanes: Mapping[str, tuple[int, ...]] = lanes or {"room": (0,)}
        self.chunk = 256
        """Samples that a callback brings."""
        self.value: float | None = None
        """What comes instead of sound: nan, inf, 1e30, 1e-40; None for the sound."""
        self.signal: Sounds = test_signal(signal) if isinstance(signal, str) else signal
        """What is played; may be another from one callback to the next."""
        self._seconds = seconds
        self._plugged = threading.Event()
        self._plugged.set()
        self._closing = threading.Event()
        self._ring: Ring | None = None
        self._listener: Listener | None = None

    @property
    def age(self) -> float:
        """Seconds since the last callback, 0 before the first. [any thread]"""
        ring = self._ring
        return time.monotonic() - ring.mark[1] if ring is not None and ring.mark[0] else 0.0

    @property
    def gone(self) -> bool:
        """Whether the show takes the device for lost. [any thread]"""
        return self._listener is not None and self._listener.gone

    @property
    def lost(self) -> int:
        """Hops that were not heard. [any thread]"""
        return self._listener.lost if self._listener is not None else 0

    def unplug(self) -> None:
        """No callback comes any more, and nobody says so. [any thread]"""
        self._plugged.clear()

    def plug(self) -> None:
        """Callbacks come again, with the sound of now. [any thread]"""
        self._plugged.set()

    def blocks(self, clock: Clock) -> Iterator[Block]:
        """Blocks until `close`, or until its seconds are over. [engine thread]"""
        ring = self._ring = Ring(1, clock.hop, clock.sample_rate)
        self._listener = Listener(ring, clock, self.lanes, self._closing.is_set)
        device = threading.Thread(target=self._play, args=(ring,), name="tap", daemon=True)
        device.start()
        try:
            for block in self._listener.blocks():
                yield block
                if clock.seconds(block.tick + block.n_hops) >= self._seconds:
                    return
        finally:
            self.close()
            device.join()

    def close(self) -> None:
        """End it; twice is fine. [any thread]"""
        self._closing.set()
        self._plugged.set()

    def _play(self, ring: Ring) -> None:
        """[a thread of its own]"""
        rate = self.sample_rate
        began, played = time.monotonic(), 0
        while not self._closing.is_set():
            if not self._plugged.is_set():
                self._plugged.wait()
                played = int((time.monotonic() - began) * rate)
            count = self.chunk
            self._closing.wait(max(0.0, began + (played + count) / rate - time.monotonic()))
            sound: F32 = self.signal.samples(played, count, rate).astype(np.float32)[:, None]
            if self.value is not None:
                sound = np.full((count, 1), self.value, np.float32)
            if self._plugged.is_set() and not self._closing.is_set():
                ring.write(sound)
            played += count
