"""One row a hop of what is known of it: the bands (`contact`), then their floors and ceilings; and how far back."""

from __future__ import annotations

SLOW, LOW, MID, HIGH, MID_SLICE, HIGH_SLICE, THUMP = range(7)
FLOORED = (SLOW, LOW, MID, HIGH, MID_SLICE)
"""The bands that have a floor."""
SLOW_FLOOR, LOW_FLOOR, MID_FLOOR, HIGH_FLOOR, SLICE_FLOOR = range(7, 12)
LOW_CEILING, HIGH_CEILING, SLICE_CEILING = range(12, 15)
WIDTH = 15
HISTORY = 72
"""Hops, 0.38 s."""
