"""The outline of the last phrase: how tall and pointed it is, and whether it rises."""

from __future__ import annotations

import math

import numpy as np

from wearsound.analysis.gain import GRID
from wearsound.core import F64

POINTS = 16
SECONDS = 4.0
"""How long a phrase is taken for: a breath, two bars at 120."""


class Outline:
    """`look` once a look; `points` (POINTS,) 0..1 from old to new, `silhouette` 0..1 and `rising` -1..1 stand.

    A point is the mean of a quarter of a second. `silhouette` is twice the height of the top over the mean: 0
    for what goes on as it is, however loud; 0.5 for an even hill; 1 for a peak that stands alone. `rising` is how
    much higher the later half is than the earlier one, twofold.
    """

    def __init__(self, look_seconds: float) -> None:
        self._looks = max(1, round(SECONDS / POINTS / look_seconds))
        self.reset()

    def reset(self) -> None:
        """Flat and low."""
        self.points: F64 = np.zeros(POINTS)
        self.silhouette = self.rising = 0.0
        self._sum, self._count = 0.0, 0

    def look(self, loud: float) -> None:
        """How loud, or how lively, it is now, 0..1."""
        self._sum += loud
        self._count += 1
        if self._count < self._looks:
            return
        points, half = self.points, POINTS // 2
        points[:-1] = points[1:]
        points[-1] = math.floor(self._sum / self._count * GRID + 0.5) / GRID
        self._sum, self._count = 0.0, 0
        early, late = float(np.add.reduce(points[:half])) / half, float(np.add.reduce(points[half:])) / half
        self.silhouette = min(1.0, max(0.0, 2.0 * (float(points.max()) - 0.5 * (early + late))))
        self.rising = min(1.0, max(-1.0, 2.0 * (late - early)))
