"""A line out: samples to one sound device by way of a cushion, silent when its engine is. For skin and for ears."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from wearsound.core import F32, Clock, Event
from wearsound.errors import DeviceError
from wearsound.outputs.cushion import RAMP, Cushion, Manner
from wearsound.outputs.hand import HandTold

FIRST_CALL = 2.5
"""Seconds that an idle sound server takes to the first callback at the most."""
DEAD_AFTER = 1.0
"""Seconds without a callback after which the device is gone."""
STOOD = 0.5
"""Seconds between two blocks after which it is the machine that stood still, and the device gets a moment more."""


class Outlet(Protocol):
    """An open sound device."""

    title: str
    latency: float
    """Seconds from being given a sample to playing it."""

    def close(self) -> None:
        """Let go of it, in bounded time. [any thread]"""
        ...


Opens = Callable[[int, int, Callable[[F32], None]], Outlet]
"""(channels, sample rate, what fills (n, channels) when samples are wanted) -> an open device that plays already."""


class Line:
    """`channels` of the device that `opens` takes, kept in `manner`.

    Panic, blackout and a master at 0 reach it within a callback, also while the engine hangs; an engine that hangs or
    is killed is silent when the cushion is empty. `dry` and `skipped` count over all devices that it had.
    """

    def __init__(self, opens: Opens, channels: int, manner: Manner) -> None:
        self.channels = channels
        self.cushion: Cushion | None = None
        self._hand = HandTold()
        self._manner = manner
        self._opens = opens
        self._outlet: Outlet | None = None
        self._dry = self._skipped = 0
        self._alive_until = 0.0
        self._came = 0.0

    @property
    def panicked(self) -> bool:
        """Whether nothing may leave until resumed. [any thread]"""
        return self._hand.panicked

    @property
    def dry(self) -> int:
        """How often it ran dry. [any thread]"""
        return self._dry + (self.cushion.dry if self.cushion is not None else 0)

    @property
    def skipped(self) -> int:
        """How often something was left out because it was too late. [any thread]"""
        return self._skipped + (self.cushion.skipped if self.cushion is not None else 0)

    @property
    def latency(self) -> float:
        """Seconds from the engine to the air: what waits here, and what the device says of itself. [any thread]"""
        cushion, outlet = self.cushion, self._outlet
        return 0.0 if cushion is None or outlet is None else cushion.waiting + outlet.latency

    def open(self, clock: Clock) -> None:
        """Take the device; DeviceError with a remedy if it is not there or takes no such channels."""
        self.close()
        cushion = Cushion(self.channels, clock.sample_rate, self._manner)
        self._tell(cushion)
        self._alive_until = time.monotonic() + FIRST_CALL

        def fill(out: F32) -> None:
            """[audio thread]"""
            cushion.read(out)
            self._alive_until = time.monotonic() + DEAD_AFTER

        self._outlet = self._opens(self.channels, clock.sample_rate, fill)
        cushion.fit(self._outlet.latency)
        self.cushion = cushion

    def writable(self) -> bool:
        """Whether anybody takes samples, asked every block; DeviceError where the device is gone. [engine thread]"""
        outlet = self._outlet
        if self.cushion is None or outlet is None:
            return False
        now, before = time.monotonic(), self._came
        self._came = now
        if now - before > STOOD:
            self._alive_until = max(self._alive_until, now + DEAD_AFTER)
        if now > self._alive_until:
            raise DeviceError(f"{outlet.title} takes no sound any more; plug it in again")
        return True

    def write(self, samples: F32) -> None:
        """Put (n, channels) behind what waits. [engine thread]"""
        if self.cushion is not None:
            self.cushion.write(samples)

    def hush(self) -> None:
        """What waits is never played. [any thread]"""
        if self.cushion is not None:
            self.cushion.hush = True

    def take(self, event: Event) -> None:
        """Obey a panic at once and until resumed, a blackout by a fade; it only sets flags. [any thread]"""
        self._hand.take(event)
        cushion = self.cushion
        if cushion is not None:
            self._tell(cushion)
            cushion.hush |= self._hand.panicked

    def _tell(self, cushion: Cushion) -> None:
        cushion.quiet, cushion.dimmed = self._hand.panicked, self._hand.nothing

    def close(self) -> None:
        """Silent with a ramp, then let go, in bounded time; twice is fine."""
        outlet, self._outlet = self._outlet, None
        cushion, self.cushion = self.cushion, None
        if cushion is not None:
            self._dry += cushion.dry
            self._skipped += cushion.skipped
        if outlet is None:
            return
        if cushion is not None:
            cushion.quiet = True
            time.sleep(4 * RAMP)  # for the callback that ramps down
        outlet.close()
