"""What the judges of a soaked show write into, and the hand that they allow for.

A judge asks no guard, nor is any line of it a guard's: it looks at what lamps, motors and loudspeakers got. All times
are monotonic seconds. [one thread]
"""

from __future__ import annotations

import math
from dataclasses import dataclass

KEPT = 20
"""Breaches that are told; all are counted."""
WAKES = 1.0
"""Seconds in which a show that was begun again, or woken, may not know yet what it was told meanwhile."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A limit was broken at `when`: `limit` names it, `said` is a sentence."""

    when: float
    limit: str
    said: str


class Book:
    """What all judges write into: breaches, and the worst figure of each limit."""

    def __init__(self) -> None:
        self.breaches: list[Breach] = []
        self.broken = 0
        self.worst: dict[str, float] = {}
        self._until: dict[str, float] = {}

    def met(self, limit: str, figure: float) -> None:
        """A figure of a limit; the largest is kept."""
        self.worst[limit] = max(figure, self.worst.get(limit, -math.inf))

    def broke(self, when: float, limit: str, said: str) -> None:
        """A limit was broken; within a second of the same one it is the same breach."""
        if when < self._until.get(limit, -math.inf):
            return
        self._until[limit] = when + 1.0
        self.broken += 1
        if len(self.breaches) < KEPT:
            self.breaches.append(Breach(when, limit, said))


class Hand:
    """When a panic holds: `panicked` from the moment it was told, and since when the show has run without a pause."""

    def __init__(self) -> None:
        self._from = math.inf
        self._awake = -math.inf

    def panic(self, when: float) -> None:
        """Told to be dark and still at `when`, until `resume`. [any thread]"""
        self._from = when

    def resume(self) -> None:
        """Told to play again. [any thread]"""
        self._from = math.inf

    def wake(self, when: float) -> None:
        """The show stood still or was away until `when`, and could not hear. [any thread]"""
        self._awake = when + WAKES

    def over(self, when: float, seconds: float) -> bool:
        """Whether it was panicked for so long at `when` and could have known."""
        return when - max(self._from, self._awake) > seconds
