"""The address that somebody may have meant, found so quickly that a stranger may make us look."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

NEIGHBOURS = 4
"""Looked at on each side, among those that begin alike and among those that end alike."""

LIKE = 0.6
"""Least share of characters that the beginning and the end have in common."""


class Likest:
    """A slip of the finger leaves the beginning or the end as it was: both are looked up, no distance is measured."""

    def __init__(self, addresses: Iterable[str]) -> None:
        self._forwards = sorted(addresses)
        self._backwards = sorted(address[::-1] for address in self._forwards)

    def to(self, address: str) -> str:
        """The address most like one that does not exist, "" if none is near. [any thread]"""
        near = [
            *_neighbours(self._forwards, address),
            *(other[::-1] for other in _neighbours(self._backwards, address[::-1])),
        ]
        best = max(near, key=lambda other: _likeness(address, other), default="")
        return best if _likeness(address, best) > LIKE else ""


def _neighbours(ordered: list[str], text: str) -> list[str]:
    at = bisect_left(ordered, text)
    return ordered[max(0, at - NEIGHBOURS) : at + NEIGHBOURS]


def _likeness(one: str, other: str) -> float:
    """0..1: how much of the longer one is their common beginning and end."""
    alike = _common(one, other) + _common(one[::-1], other[::-1])
    return min(alike, len(one), len(other)) / max(len(one), len(other))


def _common(one: str, other: str) -> int:
    """How many characters both begin with."""
    for n, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return n
    return min(len(one), len(other))
