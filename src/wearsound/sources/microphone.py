"""A microphone, found by part of its name, at its own rate, that comes back when it was gone."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping

from wearsound.core import Block, Clock
from wearsound.errors import DeviceError
from wearsound.sources.blocks import lanes_of
from wearsound.sources.capture import Capture
from wearsound.sources.desk import ask
from wearsound.sources.devices import PATIENCE, find, query, rate_of
from wearsound.sources.listen import Listener


class Microphone:
    """What a sound device hears, live.

    `name` is part of the device's name (None: the system's default). `lanes` say which of its
    channels are what, from 0: {"room": (0, 1), "body": (2,)}; without them the first `channels`
    (by default one or two) are named as a file's are. `sample_rate` asks for another rate than the
    device's own 44,100 or 48,000. The device is looked up at once, a DeviceError with a remedy if
    it is not there, and opened by the first block or by `open`. If it is lost mid-show, blocks are
    silent until the same one, and never another, is back.
    """

    live = True
    duration = math.inf

    def __init__(
        self,
        name: str | None = None,
        channels: int | None = None,
        lanes: Mapping[str, tuple[int, ...]] | None = None,
        sample_rate: int | None = None,
    ) -> None:
        device = ask(lambda: find(name, query()), PATIENCE)
        count = (
            1 + max(max(columns) for columns in lanes.values())
            if lanes
            else channels or min(2, device.inputs)
        )
        if not 1 <= count <= device.inputs:
            raise DeviceError(
                f"{device.title} has {device.inputs} input channels, but channel {count} is asked for; "
                "ask for fewer, or choose another device"
            )
        self.name = device.name
        self.title = device.title
        self.channels = count
        self.lanes: Mapping[str, tuple[int, ...]] = dict(lanes) if lanes else lanes_of(count)
        self.sample_rate = sample_rate or ask(lambda: rate_of(device, count), PATIENCE)
        self._wanted = name
        self._capture: Capture | None = None
        self._listener: Listener | None = None

    @property
    def age(self) -> float:
        """Seconds since the latest callback, 0 before the first: the only true sign of life. [any thread]"""
        capture = self._capture
        return time.monotonic() - capture.ring.mark[1] if capture is not None else 0.0

    @property
    def lost(self) -> int:
        """Hops that were not heard since the start. [any thread]"""
        return self._listener.lost if self._listener is not None else 0

    @property
    def note(self) -> str:
        """What a person should know now, "" if nothing. [any thread]"""
        gone = self._listener is not None and self._listener.gone
        return f"{self.title} is gone; it is opened again when it is back" if gone else ""

    def open(self, clock: Clock) -> None:
        """Open the device and wait until it truly delivers; a DeviceError if it does not. [main thread]"""
        if self._capture is None:
            capture = Capture(self.title, self._wanted, self.channels, self.sample_rate, clock.hop)
            capture.open()
            self._capture = capture

    def blocks(self, clock: Clock) -> Iterator[Block]:
        """Blocks of every whole hop that waits, until `close` or the generator closes. [engine thread]"""
        self.open(clock)
        capture = self._capture
        if capture is None:
            return
        self._listener = Listener(capture.ring, clock, self.lanes, capture.closing.is_set, name=self.title)
        try:
            yield from self._listener.blocks()
        finally:
            self.close()

    def lose(self) -> None:
        """Let go of the device as if it were unplugged, for a rehearsal: it is opened again by itself. [any thread]"""
        capture = self._capture
        if capture is not None:
            capture.lose()

    def close(self) -> None:
        """End the blocks and let go of the device, in bounded time; twice is fine. [any thread]"""
        capture, self._capture = self._capture, None
        if capture is not None:
            capture.close()
