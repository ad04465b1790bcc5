"""Messages that were stamped for a moment soon: held until it comes, never slept for."""

from __future__ import annotations

import heapq
import itertools
from typing import Generic, TypeVar

T = TypeVar("T")

AHEAD = 2.0
"""Seconds: nobody who plays live schedules further ahead; what is, comes from a clock that is set wrong."""

MOST_HELD = 1024
"""Messages held; one more is played at once, because early is better than lost."""

EPOCH = 2_208_988_800
"""Seconds from 1900, where OSC's time begins, to 1970, where computers' does."""


def seconds_ahead(time_tag: int, wall: float) -> float:
    """How far an OSC time tag (seconds since 1900 times 2**32) is ahead of `wall` (seconds since 1970)."""
    return (time_tag - ((round(wall * 1e6) << 32) // 1_000_000 + (EPOCH << 32))) / 2**32


class Due(Generic[T]):
    """A bounded heap by time; what was stamped alike keeps its order. Times are monotonic seconds. [one thread]"""

    def __init__(self) -> None:
        self._held: list[tuple[float, int, T]] = []
        self._number = itertools.count()

    def __len__(self) -> int:
        return len(self._held)

    def hold(self, at: float, what: T) -> bool:
        """Keep `what` until `at`; False if there is no room."""
        if len(self._held) >= MOST_HELD:
            return False
        heapq.heappush(self._held, (at, next(self._number), what))
        return True

    def wait(self, now: float) -> float | None:
        """Seconds until something is due, None for nothing held."""
        return max(0.0, self._held[0][0] - now) if self._held else None

    def ready(self, now: float, most: int = 64) -> list[T]:
        """Up to `most` whose time has come, oldest first; they are let go."""
        out: list[T] = []
        while self._held and self._held[0][0] <= now and len(out) < most:
            out.append(heapq.heappop(self._held)[2])
        return out
