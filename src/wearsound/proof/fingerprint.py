"""Whether two renders were made by the same things: only then must they be the same to the bit."""

from __future__ import annotations

from collections.abc import Mapping

OURS = frozenset({"wearsound", "av"})
"""What is on trial, and what only writes the film, whose bytes are compared by nobody."""


def elsewhere(was: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """What may move a bit and is another now: "numpy 2.4.6, was 2.1.0". Both are `versions` of a report.

    What only one of them says is no difference: an older report knew less.
    """
    names = [name for name in was if name in now and name not in OURS]
    return [f"{name} {now[name]}, was {was[name]}" for name in names if was[name] != now[name]]
