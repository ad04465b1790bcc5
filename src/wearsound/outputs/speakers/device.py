"""Loudspeakers at one sound device: each feed on its channels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wearsound.core import Clock, Event, Parameter
from wearsound.outputs.cushion import SOUND
from wearsound.outputs.line import Line, Opens
from wearsound.outputs.speakers.feed import Feed
from wearsound.sound import Sound


class DeviceSpeaker:
    """Plays `feeds` on the device that `opens` takes; implements sound.Speaker.

    Panic reaches it within a callback, also while the engine hangs; an engine that hangs or is killed is silent
    when the cushion is empty.
    """

    spare = True
    """A show may begin without it."""
    fault = "WS-A12"

    def __init__(self, opens: Opens, feeds: Sequence[Feed]) -> None:
        self.feeds = list(feeds)
        self.name = f"sound to {', '.join(feed.name for feed in feeds)}"
        self.line = Line(opens, 1 + max(channel for feed in feeds for channel in feed.channels), SOUND)

    def open(self, clock: Clock) -> None:
        """Take the device; DeviceError with a remedy if it is not there or takes no such channels."""
        self.close()
        for feed in self.feeds:
            feed.open(clock)
        self.line.open(clock)

    def play(self, tick: int, gap: int, sound: Sound) -> None:
        """Put a block behind what waits; DeviceError where the device asks for nothing any more. [engine thread]"""
        if not self.line.writable():
            return
        out = np.zeros((len(sound.played), self.line.channels), np.float32)
        for feed in self.feeds:
            out[:, feed.channels] = feed.play(sound.played)
        if self.line.panicked:
            self.line.hush()
        else:
            self.line.write(out)

    def take(self, event: Event) -> None:
        """Obey a panic at once, and remember the hand and the delays; it only sets flags. [any thread]"""
        self.line.take(event)
        for feed in self.feeds:
            feed.take(event)

    def parameters(self) -> list[Parameter]:
        """The delay of each speaker. [any thread]"""
        return [parameter for feed in self.feeds for parameter in feed.parameters()]

    def close(self) -> None:
        """Silent with a ramp, then let go, in bounded time; twice is fine."""
        self.line.close()
