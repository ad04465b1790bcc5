"""The driver of a sound device: an actuator a channel, through amplifiers that follow a waveform."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

import numpy as np

from wearsound.core import F32, Clock, Event, Parameter
from wearsound.errors import DeviceError
from wearsound.felt import Drive
from wearsound.outputs.delay import DelaySetting
from wearsound.outputs.vibration.channels import Channels
from wearsound.outputs.vibration.cushion import RAMP, Cushion
from wearsound.outputs.vibration.held import Held

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


class SoundDriver:
    """Plays one target's channels; implements felt.Driver. `opens` takes the device, or raises a DeviceError.

    Panic reaches it within a callback, also while the engine hangs; an engine that hangs or is killed is silent
    when the cushion is empty.
    """

    spare = True
    """A show may begin without it."""

    def __init__(self, name: str, opens: Opens, channels: Channels, *, delay: float = 0.0) -> None:
        self.name = f"vibration to {name}"
        self.cushion: Cushion | None = None
        self._opens = opens
        self._channels = channels
        self._delay = DelaySetting(delay, f"/wear/delay/{name}", self.name)
        self._held: Held[F32] = Held(self._delay)
        self._outlet: Outlet | None = None
        self._hop = Clock().hop
        self._panic = False
        self._alive_until = 0.0
        self._came = 0.0

    def open(self, clock: Clock) -> None:
        """Take the device; DeviceError with a remedy if it is not there or takes no such channels."""
        self.close()
        self._hop = clock.hop
        self._held.open(clock)
        self._channels.reset()
        cushion = Cushion(self._channels.count, clock.sample_rate)
        cushion.quiet = self._panic
        self._alive_until = time.monotonic() + FIRST_CALL

        def fill(out: F32) -> None:
            """[audio thread]"""
            cushion.read(out)
            self._alive_until = time.monotonic() + DEAD_AFTER

        self._outlet = self._opens(self._channels.count, clock.sample_rate, fill)
        cushion.fit(self._outlet.latency)
        self.cushion = cushion

    def drive(self, tick: int, gap: int, drive: Drive) -> None:
        """Put a block behind what waits; DeviceError where the device asks for nothing any more. [engine thread]"""
        cushion, outlet = self.cushion, self._outlet
        if cushion is None or outlet is None:
            return
        now, before = time.monotonic(), self._came
        self._came = now
        if now - before > STOOD:
            self._alive_until = now + DEAD_AFTER
        if now > self._alive_until:
            raise DeviceError(f"{outlet.title} takes no sound any more; plug it in again")
        n_hops, gain = len(drive.level), self._held.gain
        self._held.put(tick + n_hops, self._channels.wave(drive.wave, drive.level, self._hop))
        due = self._held.due(tick + n_hops)
        if self._panic or self._held.still:
            cushion.hush = True
            return
        for piece in due:
            if gain != 1.0 or self._held.gain != 1.0:
                piece *= np.linspace(gain, self._held.gain, len(piece), dtype=np.float32)[:, None]
                gain = self._held.gain
            cushion.write(piece)

    def take(self, event: Event) -> None:
        """Obey a panic at once, and remember the hand and the delay; it only sets flags. [any thread]"""
        if event.address in ("/wear/panic", "/wear/resume"):
            self._panic = event.address == "/wear/panic"
            cushion = self.cushion
            if cushion is not None:
                cushion.quiet = self._panic
                cushion.hush |= self._panic
        self._held.take(event)

    def parameters(self) -> list[Parameter]:
        """Its delay. [any thread]"""
        return self._delay.parameters()

    def close(self) -> None:
        """Silent with a ramp, then let go, in bounded time; twice is fine."""
        outlet, self._outlet = self._outlet, None
        cushion, self.cushion = self.cushion, None
        if outlet is None:
            return
        if cushion is not None:
            cushion.quiet = True
            time.sleep(4 * RAMP)  # for the callback that ramps down
        outlet.close()
