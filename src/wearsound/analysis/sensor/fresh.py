"""Whether a sensor is still heard, as a number that glides: nothing that it says may jump away or back."""

from __future__ import annotations

from wearsound.core import Clock

STALE = 0.5
"""Seconds without a sample after which it is gone."""
LEAVES, RETURNS = 1.0, 0.3
"""Seconds of its way out, and back."""


class Fresh:
    """`share` is 1 while samples come, 0 when none came for `STALE + LEAVES`, and smooth between."""

    __slots__ = ("_down", "_place", "_up", "share")

    def __init__(self, clock: Clock) -> None:
        hop = clock.hop / clock.sample_rate
        self._up, self._down = hop / RETURNS, hop / LEAVES
        self.reset()

    def reset(self) -> None:
        """As before anything came. [engine thread]"""
        self._place = self.share = 0.0

    def step(self, age: float | None) -> float:
        """One hop passes; `age` is how many seconds ago the last sample came, None for never. [engine thread]"""
        here = age is not None and age < STALE
        self._place = min(1.0, self._place + self._up) if here else max(0.0, self._place - self._down)
        self.share = self._place * self._place * (3.0 - 2.0 * self._place)
        return self.share
