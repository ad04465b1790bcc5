"""One output, later than the others: a projector, lamps over Wi-Fi, a room's loudspeakers are never equally late.

What waits has been through the flash guard, which counts flashes by the time at which they were played. So it leaves
in its order and never much faster than it came: a delay grows at once, by a pause, and shrinks slowly, by leaving out
a frame now and then. Seconds are the room's: nothing leaves for a time that passes at once (HURRY). What grows in
frames, such as counted beats, is not lost with them.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace

import numpy as np

from wearsound.core import U8, Clock, Event, Frame, Output, Parameter
from wearsound.garment.colour import GAMMA
from wearsound.hand import DARK, RISE
from wearsound.mender import code_of
from wearsound.outputs.hand import HandTold
from wearsound.parts import HURRY, hurried

LONGEST = 10.0
"""Seconds."""
SHRINKS = 0.05
"""Seconds a second by which a delay gets shorter: three flashes a second stay three."""
_LONGEST_STEP = 0.25


class DelaySetting:
    """By how many `seconds`, 0..LONGEST, something is late; `address` sets it in ms, `about` says who is late."""

    def __init__(self, seconds: float, address: str, about: str) -> None:
        self.seconds = min(LONGEST, max(0.0, seconds))
        self._address = address
        self._about = about
        self._written = self.seconds

    def take(self, event: Event) -> None:
        """React to its own address; what is no number changes nothing. [any thread]"""
        if event.address == self._address and event.args and isinstance(event.args[0], int | float):
            value = float(event.args[0]) / 1000.0
            self.seconds = min(LONGEST, max(0.0, value)) if value == value else self.seconds

    def parameters(self) -> list[Parameter]:
        """The delay, in ms. [any thread]"""
        return [
            Parameter(
                self._address,
                f"how much later {self._about} is than the engine",
                unit="ms",
                high=1000 * LONGEST,
                default=1000 * self._written,
                read=lambda: 1000.0 * self.seconds,
            )
        ]


class Delayed:
    """Holds back each frame of `output` by `seconds`; implements core.Output.

    Panic, blackout and a master at 0 are not held back: what leaves is dimmed within DARK, and comes back when what was
    played after them has become due, which is as dark as it is itself. A freeze, and a master in between, come as late
    as all else. The delay is set at /wear/delay/`word`, in ms.
    `spare`: a show may begin without it, if it cannot be opened yet.
    """

    def __init__(self, output: Output, seconds: float = 0.0, word: str = "", spare: bool = False) -> None:
        self.output = output
        self.fault = code_of(output)
        self.spare = spare
        self.name = output.name
        self.rate = output.rate
        self._delay = DelaySetting(seconds, f"/wear/delay/{word or output.name}", self.name)
        self._hand = HandTold()
        self._line: deque[tuple[float, Frame]] = deque()  # with when it came, by the time of the room
        self._seconds = Clock().seconds
        self._reset()

    def _reset(self) -> None:
        self._line.clear()
        self._now = self._delay.seconds  # how late it is now, on its way to what is set
        self._time: float | None = None
        self._hurried = self._room = 0.0  # seconds that passed in no time, and the time without them
        self._shown: Frame | None = None
        self._level = 1.0
        self._was_dark = -1.0  # until when

    def find(self) -> None:
        """Let the output find its host meanwhile, if it has one. [main thread]"""
        find = getattr(self.output, "find", None)
        if find is not None:
            find()

    def open(self, clock: Clock) -> None:
        """Open the output; nothing waits."""
        self._seconds = clock.seconds
        self._reset()
        self.output.open(clock)

    def send(self, frame: Frame) -> None:
        """Send what has become due. [engine thread]"""
        passed = 0.0 if self._time is None else min(max(frame.time - self._time, 0.0), _LONGEST_STEP)
        self._time = frame.time
        self._room = room = max(self._room, frame.time - self._hurried)
        self._now = max(self._delay.seconds, self._now - SHRINKS * passed)
        line = self._line
        if not line and self._now <= 0.0 and self._level >= 1.0:
            self._shown = frame
            self.output.send(frame)
            return
        line.append((room, frame))
        due: Frame | None = None
        # Frames are a hop more or less apart: a second one is left out only where it is late by a whole frame.
        late = self._now - 1e-9
        while line and room - line[0][0] >= late:
            _, due = line.popleft()
            late = self._now + 1.0 / self.rate
        if due is not None:
            self._shown = due
        before = self._level
        self._fade(frame, passed)
        if self._shown is not None and (due is not None or self._level != before):
            self.output.send(_dimmed(self._shown, self._level, frame.dark))

    def _fade(self, frame: Frame, passed: float) -> None:
        """Down at once; up with the light that was played after the dark, so that nothing rises by itself."""
        if frame.dark or self._hand.master == 0.0:
            self._was_dark = frame.time
            self._level = max(0.0, self._level - passed / DARK)
        elif self._shown is not None and self._shown.time > self._was_dark:
            self._level = min(1.0, self._level + passed / RISE)

    def take(self, event: Event) -> None:
        """React to its own address; everything goes on to the output. [engine thread]"""
        self._delay.take(event)
        if event.address == HURRY:
            self._hurried += self._seconds(hurried(event))
        self._hand.take(event)
        take = getattr(self.output, "take", None)
        if take is not None:
            take(event)

    def parameters(self) -> list[Parameter]:
        """Its delay. [any thread]"""
        return self._delay.parameters()

    def close(self) -> None:
        """What waits is forgotten, then the output leaves everything neutral; twice is fine."""
        self._line.clear()
        self.output.close()


def _dimmed(frame: Frame, level: float, dark: str) -> Frame:
    """A frame with `level` 0..1 of its light, which says that it is `dark` now."""
    if level >= 1.0:
        return frame if frame.dark == dark else replace(frame, dark=dark)
    share = level ** (1 / GAMMA)
    return replace(frame, pixels=_down(frame.pixels, share), lit=_down(frame.lit, share), dark=dark)


def _down(coded: U8, share: float) -> U8:
    """Rounded down: a byte too dark is safe."""
    return (coded * np.float32(share)).astype(np.uint8)
