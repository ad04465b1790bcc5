"""The driver of a sound device: an actuator a channel, through amplifiers that follow a waveform."""

from __future__ import annotations

import numpy as np

from wearsound.core import F32, Clock, Event, Parameter
from wearsound.felt import Drive
from wearsound.outputs.cushion import TOUCH, Cushion
from wearsound.outputs.delay import DelaySetting
from wearsound.outputs.line import Line, Opens
from wearsound.outputs.vibration.channels import Channels
from wearsound.outputs.vibration.held import Held


class SoundDriver:
    """Plays one target's channels; implements felt.Driver. `opens` takes the device, or raises a DeviceError."""

    spare = True
    """A show may begin without it."""
    fault = "WS-A13"

    def __init__(self, name: str, opens: Opens, channels: Channels, *, delay: float = 0.0) -> None:
        self.name = f"vibration to {name}"
        self.line = Line(opens, channels.count, TOUCH)
        self._channels = channels
        self._delay = DelaySetting(delay, f"/wear/delay/{name}", self.name)
        self._held: Held[F32] = Held(self._delay)
        self._hop = Clock().hop

    @property
    def cushion(self) -> Cushion | None:
        """What waits between the engine and the device, None where it is not open. [any thread]"""
        return self.line.cushion

    def open(self, clock: Clock) -> None:
        """Take the device; DeviceError with a remedy if it is not there or takes no such channels."""
        self.close()
        self._hop = clock.hop
        self._held.open(clock)
        self._channels.reset()
        self.line.open(clock)

    def drive(self, tick: int, gap: int, drive: Drive) -> None:
        """Put a block behind what waits; DeviceError where the device asks for nothing any more. [engine thread]"""
        if not self.line.writable():
            return
        n_hops, gain = len(drive.level), self._held.gain
        self._held.put(tick + n_hops, self._channels.wave(drive.wave, drive.level, self._hop))
        due = self._held.due(tick + n_hops)
        if self.line.panicked or self._held.still:
            self.line.hush()
            return
        for piece in due:
            if gain != 1.0 or self._held.gain != 1.0:
                piece *= np.linspace(gain, self._held.gain, len(piece), dtype=np.float32)[:, None]
                gain = self._held.gain
            self.line.write(piece)

    def take(self, event: Event) -> None:
        """Obey a panic at once, and remember the hand and the delay; it only sets flags. [any thread]"""
        self.line.take(event)
        self._held.take(event)

    def parameters(self) -> list[Parameter]:
        """Its delay. [any thread]"""
        return self._delay.parameters()

    def close(self) -> None:
        """Silent with a ramp, then let go, in bounded time; twice is fine."""
        self.line.close()
