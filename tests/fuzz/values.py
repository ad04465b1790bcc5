"""Values that a key never takes, and those that it does."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from .cases import typo
from .key import Key
from .written import Raw

GIANT = Raw("0x" + "f" * 5000)
"""More digits than Python writes in decimals."""
DATES = (Raw("2024-05-17"), Raw("07:32:00"), Raw("1979-05-27T07:32:00Z"))
LENGTHS = {"name": 64, "word": 32, "device": 200, "host": 253}
"""Characters of what names things."""
_LONGER = {"name": "x y", "word": "Chest", "device": "a\u0007b", "host": "no host"}


def wrong(key: Key, dice: random.Random) -> Iterator[tuple[str, Any]]:
    """What a key never takes, with what it is in words."""
    if key.takes != "flag":
        yield "a switch", dice.random() < 0.5
    yield "a date", dice.choice(DATES)
    if key.takes in LENGTHS:
        yield "empty", ""
        yield "huge", "x" * (LENGTHS[key.takes] + 1)
        yield "a name that is none", _LONGER[key.takes]
        yield "a line feed at its end", "chest\n"
        yield "a path", dice.choice(("../x", "/x y", "~/é")) if key.takes != "device" else "x\ny"
        yield "a number", 7
    elif key.takes == "text":
        yield "huge", "é" * (int(key.args[0]) + 1)
        yield "an escape", "a\u001b[31m"
        yield "two lines", "a\nb"
        yield "a number", 0.5
        yield "a list", ["a"]
    elif key.takes == "choice":
        choices = key.args[0].split("|")
        yield "misspelt", typo(dice, dice.choice(choices), choices)
        yield "in capitals", choices[0].upper()
        yield "empty", ""
        yield "huge", "x" * 5000
        yield "a number", 1
    elif key.takes in ("whole", "number"):
        yield from _no_numbers(key, dice)
    elif key.takes == "numbers":
        yield from _no_lists(key, dice)
    elif key.takes == "flag":
        yield from (("a number", 1), ("a word", "true"), ("empty", ""), ("a list", []))
    elif key.takes in ("tables", "free"):
        yield from (("a number", 1), ("a word", "chest"), ("a list of numbers", [1, 2]))
        if key.takes == "tables":
            yield "too many", [{} for _ in range(int(key.args[0]) + 1)]


def _no_numbers(key: Key, dice: random.Random) -> Iterator[tuple[str, Any]]:
    low, high = limits(key)
    whole = key.takes == "whole"
    step: float = 1 if whole else dice.choice((1e-3, 1.0, 1e6))
    yield "below the least", low if key.args[0].startswith(">") else low - step
    yield "above the most", high + (step if whole else max(step, abs(high) * 1e-6))
    yield "far above the most", dice.choice((10**19, 10**30, GIANT) if whole else (1e300, 10**400, GIANT))
    yield "not a number", dice.choice((Raw("nan"), Raw("-nan"), Raw("inf"), Raw("-inf"), Raw("1e999")))
    yield "with a unit", dice.choice(("20 ms", "50 %", "3cm", "0.5"))
    yield "a list", [low]
    if whole:
        yield "half a one", 1.5


def _no_lists(key: Key, dice: random.Random) -> Iterator[tuple[str, Any]]:
    low, high = limits(key)
    count = int(key.args[2])
    plain = [low, high][:count]
    n = dice.randrange(count)
    yield "too many numbers", [low + 1 + i for i in range(count + 1)]
    yield "no number at all", []
    yield "one number, no list", low
    yield "a word among them", [*plain[:n], "high", *plain[n + 1 :]]
    more = 1 if isinstance(low, int) else 1 + abs(low) * 1e-3
    yield "one below the least", [*plain[:n], low - more, *plain[n + 1 :]]
    yield "one above the most", [*plain[:n], high + more, *plain[n + 1 :]]
    yield "one that is no number", [*plain[:n], dice.choice((Raw("nan"), Raw("inf"))), *plain[n + 1 :]]
    yield "a giant among them", [*plain[:n], dice.choice((GIANT, 10**400)), *plain[n + 1 :]]
    yield "empty text", ""


def good(key: Key) -> Iterator[tuple[str, Any]]:
    """What a key that stands for itself takes."""
    if key.takes == "text":
        yield from (
            ("as long as it may be", "é" * int(key.args[0])),
            ("empty", ""),
            ("odd", "🧥 'x' \"\\ ]]"),
        )
    elif key.takes == "choice":
        yield from (("another", choice) for choice in key.args[0].split("|"))
    elif key.takes == "flag":
        yield from (("on", True), ("off", False))
    elif key.takes == "numbers":
        low, high = limits(key)
        yield from (("at its ends", [low, high]), ("turned round", [high, low]))
    else:
        low, high = limits(key)
        above = key.args[0].startswith(">")
        yield "the least", low + 1e-3 if above else low
        yield "the most", high


def limits(key: Key) -> tuple[Any, Any]:
    """The least and the most that a number may be."""
    kind = int if key.takes == "whole" else float
    low, high = (word.lstrip(">") for word in key.args[:2])
    if key.takes == "numbers" and "." not in low + high and "e" not in low + high:
        kind = int
    return kind(low), kind(high)
