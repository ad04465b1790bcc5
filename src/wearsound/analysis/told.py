"""What hands and clocks said of the tempo in one hop, brought down to what a hop can bear."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import takewhile
from typing import Any

from wearsound.core import Event

TEMPO = "/wear/tempo/"
LEADERS = ("ear", "hand", "osc", "midi", "link")
"""What the feature `lead` counts: the first word of `Event.by`; a key or a typed word is the hand."""
EAR, HAND = 0, 1
ANYBODY = -1
"""Nobody was chosen: the latest hand or clock leads."""

STEPS_MOST = 8
"""Halvings and doublings obeyed in one hop."""
NUDGE_MOST = 10_000.0
"""Milliseconds that a hop's nudges may come to."""

Said = tuple[str, int, tuple[float, ...]]
"""What was said, who said it, and its numbers."""


def brief(events: Iterable[Event]) -> list[Said]:
    """What one hop's events come to: of bpm, lock, lead and each one's clock the last, one tap, all nudges
    added up, a few halvings and doublings. What makes no sense is left out."""
    kept: dict[tuple[str, int], Said] = {}
    steps: list[tuple[str, int]] = []
    for event in events:
        what, args = event.address[len(TEMPO) :], event.args
        if what == "lead":
            chosen = _leader(args[0]) if args else None
            if chosen is not None:
                kept.pop(("lead", 0), None)
                kept["lead", 0] = ("lead", HAND, (float(chosen),))
            continue
        numbers = _numbers(args)
        if numbers is None:
            continue
        who = _who(event.by)
        said = (what, who, numbers)
        if what == "clock":
            if numbers:
                kept.pop(("clock", who), None)
                kept["clock", who] = said
        elif what == "tap":
            if not numbers or numbers[0] > 0.0:
                kept.setdefault(("tap", 0), said)
        elif what in ("half", "double"):
            if (not numbers or numbers[0] > 0.0) and len(steps) < STEPS_MOST:
                steps.append((what, len(steps)))
                kept[steps[-1]] = said
        elif what == "bpm":
            if numbers and numbers[0] > 0.0:
                for step in steps:
                    del kept[step]
                steps.clear()
                kept.pop(("bpm", 0), None)
                kept["bpm", 0] = said
        elif what == "nudge":
            if numbers:
                _, _, (before,) = kept.pop(("nudge", 0), ("nudge", who, (0.0,)))
                kept["nudge", 0] = ("nudge", who, (_bounded(before + _bounded(numbers[0])),))
        elif what == "lock":
            kept.pop(("lock", 0), None)
            kept["lock", 0] = ("lock", who, numbers or (1.0,))
    return list(kept.values())


def _who(by: str) -> int:
    """Place in LEADERS of the first word of `Event.by`."""
    word = by.partition(" ")[0]
    return LEADERS.index(word) if word in ("osc", "midi", "link") else HAND


def _leader(word: Any) -> int | None:
    """Whom `/wear/tempo/lead` chooses; None for no word that it knows."""
    if word == "auto":
        return ANYBODY
    return LEADERS.index(word) if isinstance(word, str) and word in LEADERS else None


def _numbers(args: tuple[Any, ...]) -> tuple[float, ...] | None:
    """Up to three finite numbers, as far as there are any; None if the first is something else."""
    if not args or args[0] is None:
        return ()
    numbers = tuple(float(arg) for arg in takewhile(_finite, args[:3]))
    return numbers or None


def _finite(arg: Any) -> bool:
    return isinstance(arg, (int, float)) and math.isfinite(arg)


def _bounded(nudge: float) -> float:
    return min(NUDGE_MOST, max(-NUDGE_MOST, nudge))
