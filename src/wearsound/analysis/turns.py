"""Slow meters look at every fourth hop only, each in its turn, so that no hop carries all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wearsound.core import F64

EVERY = 4
TIMBRE, ROUGHNESS, HARMONY, SHAPE, LOUDNESS, PITCH, WORDS = 0, 0, 1, 2, 2, 3, 2
"""Which hop of four (`tick % EVERY`) is whose; the whole table stands in `ear.py`."""


def hold(out: F64, looks: Iterable[int], rows: Iterable[Sequence[float]], before: Sequence[float]) -> None:
    """Fill `out` (n_hops, n): each look's row stands until the next, `before` until the first."""
    start, standing = 0, before
    for hop, row in zip(looks, rows, strict=True):
        out[start:hop] = standing
        start, standing = hop, row
    out[start:] = standing


def glide(value: float, target: float, weight: float, least: float = 1e-6) -> float:
    """One step of a one-pole towards `target`; on reaching `least` it is exactly 0."""
    value += weight * (target - value)
    return value if value > least else 0.0
