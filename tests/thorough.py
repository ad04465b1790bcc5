"""How much a long test tries: enough for every commit, or all of it with WEARSOUND_THOROUGH=1 (`./dev thorough`)."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TypeVar

THOROUGH = os.environ.get("WEARSOUND_THOROUGH") == "1"

T = TypeVar("T")


def usually(enough: T, thorough: T) -> T:
    """`enough`, or `thorough` where everything was asked for."""
    return thorough if THOROUGH else enough


def some(values: Iterable[T], every: int) -> list[T]:
    """The first of every so many, or all of them where everything was asked for."""
    return list(values)[:: usually(every, 1)]
