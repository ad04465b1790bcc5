"""One output, later than the others: a projector, lamps over Wi-Fi, a room's loudspeakers are never equally late."""

from __future__ import annotations

from collections import deque

from wearsound.core import Clock, Event, Frame, Output, Parameter

LONGEST = 10.0
"""Seconds."""

MOST_AT_ONCE = 4
"""Frames that leave in one call: a delay that was made shorter is caught up with over some frames, in no one hop."""


class Delayed:
    """Holds back each frame of `output` by `seconds`; implements core.Output.

    Panic and blackout empty what waits and go through at once; so does everything while they last.
    `address` is where it is set, in ms. `spare`: a show may begin without it, if it cannot be opened yet.
    """

    def __init__(self, output: Output, seconds: float = 0.0, word: str = "", spare: bool = False) -> None:
        self.output = output
        self.spare = spare
        self.name = output.name
        self.rate = output.rate
        self.seconds = min(LONGEST, max(0.0, seconds))
        self.address = f"/wear/delay/{word or output.name}"
        self._written = self.seconds
        self._line: deque[Frame] = deque()

    def open(self, clock: Clock) -> None:
        """Open the output; nothing waits."""
        self._line.clear()
        self.output.open(clock)

    def send(self, frame: Frame) -> None:
        """Send what has become due. [engine thread]"""
        line = self._line
        if frame.dark:
            line.clear()
        elif self.seconds or line:
            line.append(frame)
            for _ in range(MOST_AT_ONCE):
                if not line or frame.time - line[0].time < self.seconds - 1e-9:
                    break
                self.output.send(line.popleft())
            return
        self.output.send(frame)

    def take(self, event: Event) -> None:
        """React to its own address; everything goes on to the output. [engine thread]"""
        if event.address == self.address and event.args and isinstance(event.args[0], int | float):
            value = float(event.args[0]) / 1000.0
            self.seconds = min(LONGEST, max(0.0, value)) if value == value else self.seconds
        take = getattr(self.output, "take", None)
        if take is not None:
            take(event)

    def parameters(self) -> list[Parameter]:
        """Its delay. [any thread]"""
        about = f"how much later {self.name} is than the engine"
        return [
            Parameter(
                self.address,
                about,
                unit="ms",
                high=1000 * LONGEST,
                default=1000 * self._written,
                read=lambda: 1000.0 * self.seconds,
            )
        ]

    def close(self) -> None:
        """What waits is forgotten, then the output leaves everything neutral; twice is fine."""
        self._line.clear()
        self.output.close()
