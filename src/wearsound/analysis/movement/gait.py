"""How fast somebody walks: the middle one of the last few periods between steps."""

from __future__ import annotations

from wearsound.core import Clock

SHORTEST, LONGEST = 0.27, 1.15
"""Seconds between two steps of one walk: 220 and 52 a minute."""
KEPT = 5
"""Periods that are looked at; a missed step makes one of them wrong."""
ENOUGH = 2


class Gait:
    """After `hear`, `cadence`: steps a minute, 0 for none."""

    def __init__(self, clock: Clock) -> None:
        self._shortest, self._longest = clock.ticks(SHORTEST), clock.ticks(LONGEST)
        self._a_minute = 60.0 * clock.sample_rate / clock.hop
        self.reset()

    def reset(self) -> None:
        """Nobody walks."""
        self._since = 1 << 20
        self._periods: list[int] = []
        self.cadence = 0.0

    def hear(self, stepped: bool) -> None:
        """One hop."""
        self._since += 1
        if self._since > self._longest:
            self._periods.clear()
            self.cadence = 0.0
        if not stepped:
            return
        if self._shortest <= self._since <= self._longest:
            self._periods = [*self._periods[1 - KEPT :], self._since]
        self._since = 0
        if len(self._periods) >= ENOUGH:
            # The mean of both feet, which are never alike, but the middle one of many.
            pairs = [a + b for a, b in zip(self._periods, self._periods[1:], strict=False)]
            self.cadence = 2.0 * self._a_minute / sorted(pairs)[len(pairs) // 2]
