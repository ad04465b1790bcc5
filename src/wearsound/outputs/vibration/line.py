"""What waits because one target is later than the others: pieces in order, each with the tick at which it ended."""

from __future__ import annotations

from collections import deque
from typing import Generic, TypeVar

from wearsound.core import Clock, Event, Parameter

LONGEST = 10.0
"""Seconds."""

T = TypeVar("T")


class Line(Generic[T]):
    """Holds back by `seconds`; `word` is the name in /wear/delay/NAME, `about` who is later. [engine thread]"""

    def __init__(self, seconds: float, word: str, about: str) -> None:
        self.seconds = min(LONGEST, max(0.0, seconds))
        self.address = f"/wear/delay/{word}"
        self._about = about
        self._written = self.seconds
        self._clock = Clock()
        self._waiting: deque[tuple[int, T]] = deque()

    def open(self, clock: Clock) -> None:
        """Nothing waits."""
        self._clock = clock
        self._waiting.clear()

    def put(self, end: int, piece: T) -> None:
        """Take what ended with the hop before tick `end`."""
        self._waiting.append((end, piece))

    def due(self, now: int) -> list[T]:
        """What may leave at tick `now`, oldest first."""
        late = round(self.seconds * self._clock.sample_rate / self._clock.hop)
        found = []
        while self._waiting and self._waiting[0][0] + late <= now:
            found.append(self._waiting.popleft()[1])
        return found

    def clear(self) -> None:
        """Forget what waits."""
        self._waiting.clear()

    def take(self, event: Event) -> None:
        """React to its own address. [any thread]"""
        if event.address == self.address and event.args and isinstance(event.args[0], int | float):
            value = float(event.args[0]) / 1000.0
            self.seconds = min(LONGEST, max(0.0, value)) if value == value else self.seconds

    def parameters(self) -> list[Parameter]:
        """The delay, in ms. [any thread]"""
        return [
            Parameter(
                self.address,
                f"how much later {self._about} is than the engine",
                unit="ms",
                high=1000 * LONGEST,
                default=1000 * self._written,
                read=lambda: 1000.0 * self.seconds,
            )
        ]
