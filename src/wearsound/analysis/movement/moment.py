"""One row a hop of what is known of it: the bands (`contact`), then their floors and ceilings; and how far back."""

from __future__ import annotations

SLOW, LOW, MID, HIGH, MID_SLICE, HIGH_SLICE, THUMP, AIR = range(8)
FLOORED = (SLOW, LOW, MID, HIGH, MID_SLICE, AIR)
"""The bands that have a floor."""
SLOW_FLOOR, LOW_FLOOR, MID_FLOOR, HIGH_FLOOR, SLICE_FLOOR, AIR_FLOOR = range(8, 14)
LOW_CEILING, HIGH_CEILING, SLICE_CEILING = range(14, 17)
WIDTH = 17
HISTORY = 72
"""Hops, 0.38 s."""
