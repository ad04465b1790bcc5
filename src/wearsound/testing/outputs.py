"""Outputs with something wrong, for tests: they keep what came, and fail, hang or are slow when they are told to.

    tap = TapOutput(60)
    tap.fail("send")                # the next frame raises, once
    engine.outputs.append(tap)

One is good for every kind of output: light and pictures (`send`), vibration (`drive`), sound (`play`), tapes (`write`).
"""

from __future__ import annotations

import errno
import math
import threading
import time
from collections import Counter
from typing import Literal

from wearsound.core import F64, Block, Clock, Frame
from wearsound.felt import Drive
from wearsound.sound import Sound

Where = Literal["open", "send", "close"]
"""Where it goes wrong; "send" is also `drive`, `play` and `write`."""

GONE = OSError(errno.ENODEV, "No such device")


class TapOutput:
    """Keeps the frames that came; implements Output, Driver, Speaker and Tape. Troubles are set by [any thread].

    `spare`: a show may begin without it, as without any target on a network. `frames` that came (the newest `keep`,
    all without it), `hops` that were driven, played or written, `times` it was told to open, send and close, whether
    it went wrong or not.
    """

    def __init__(
        self, rate: int = 60, name: str = "tap", *, spare: bool = True, keep: int | None = None
    ) -> None:
        self.name = name
        self.keep = keep
        self.rate = rate
        self.spare = spare
        self.frames: list[Frame] = []
        self.hops = 0
        self.times: Counter[Where] = Counter()
        self._errors: dict[Where, tuple[Exception, float]] = {}
        self._slow: dict[Where, float] = {}
        self._held: dict[Where, threading.Event] = {}

    def fail(self, where: Where, times: float = 1, error: Exception = GONE) -> None:
        """Raise `error` the next `times` times; `math.inf` for ever, 0 no more."""
        self._errors[where] = (error, times)

    def slow(self, where: Where, seconds: float) -> None:
        """Take `seconds` each time from now on; 0 no more."""
        self._slow[where] = seconds

    def hang(self, where: Where) -> threading.Event:
        """Do not come back until the event that this gives is set."""
        return self._held.setdefault(where, threading.Event())

    def open(self, clock: Clock) -> None:
        """Open, or what it was told."""
        self._pass("open")

    def send(self, frame: Frame) -> None:
        """Keep a frame, or what it was told. [engine thread]"""
        self._pass("send")
        self.frames.append(frame)
        if self.keep is not None:
            del self.frames[: -self.keep]

    def drive(self, tick: int, gap: int, drive: Drive) -> None:
        """Count what would be felt, or what it was told. [engine thread]"""
        self._pass("send")
        self.hops += len(drive.level)

    def play(self, tick: int, gap: int, sound: Sound) -> None:
        """Count what would be heard, or what it was told. [engine thread]"""
        self._pass("send")
        self.hops += 1

    def write(self, block: Block, features: F64, controls: F64) -> None:
        """Count what would be written, or what it was told. [engine thread]"""
        self._pass("send")
        self.hops += block.n_hops

    def close(self) -> None:
        """Close, or what it was told."""
        self._pass("close")

    def _pass(self, where: Where) -> None:
        self.times[where] += 1
        held = self._held.get(where)
        if held is not None:
            held.wait()
        if self._slow.get(where):
            time.sleep(self._slow[where])
        error, left = self._errors.get(where, (GONE, 0.0))
        if left > 0:
            self._errors[where] = (error, left - 1 if math.isfinite(left) else left)
            raise error
