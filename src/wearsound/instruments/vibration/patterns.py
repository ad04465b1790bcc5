"""Patterns: how a line of what is felt moves over the actuators, in time with the music.

A pattern is a gain 0..1 for each actuator, by where the music is in its round and where the actuator sits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from wearsound.core import F64


@dataclass(frozen=True, slots=True)
class Pattern:
    """`gains(turn, up)`: `turn` (n_hops, 1) 0..1 through the round, `up` (1, n) 0 at the hem .. 1 at the collar."""

    name: str
    about: str
    gains: Callable[[F64, F64], F64]


def _follow(turn: F64, up: F64) -> F64:
    return np.ones((len(turn), up.shape[1]))


PATTERNS: tuple[Pattern, ...] = (Pattern("follow", "as the music goes, everywhere at once", _follow),)
"""In the order of the control `ZONE.pattern`, which counts from 0."""

NAMES: tuple[str, ...] = tuple(pattern.name for pattern in PATTERNS)
