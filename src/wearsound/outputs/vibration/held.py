"""What waits because one target is later than the others: pieces in order, each with the tick at which it ended."""

from __future__ import annotations

from collections import deque
from typing import Generic, TypeVar

from wearsound.core import Clock
from wearsound.outputs.delay import DelaySetting

T = TypeVar("T")


class Held(Generic[T]):
    """Holds back by `delay`, which may be set meanwhile. [engine thread]"""

    def __init__(self, delay: DelaySetting) -> None:
        self._delay = delay
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
        late = round(self._delay.seconds * self._clock.sample_rate / self._clock.hop)
        found = []
        while self._waiting and self._waiting[0][0] + late <= now:
            found.append(self._waiting.popleft()[1])
        return found

    def clear(self) -> None:
        """Forget what waits."""
        self._waiting.clear()
