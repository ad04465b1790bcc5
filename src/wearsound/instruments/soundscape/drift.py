"""How delay lines wander: each by a few samples, slowly, and never twice the same."""

from __future__ import annotations

import numpy as np

from wearsound.core import F64
from wearsound.instruments.soundscape.spline import Spline

SEGMENT = 8
"""Hops that a line goes straight on. One line turns in each hop, so that no hop does all the work."""


class Drift:
    """One line for each of `knots` (hops from knot to knot), about +-`depth` samples; of the tick. [engine thread]"""

    def __init__(self, seed: int, name: str, depth: float, knots: tuple[int, ...]) -> None:
        self._splines = [Spline(seed, f"{name}.{i}", hops) for i, hops in enumerate(knots)]
        self._depth = depth
        self._from: F64 = np.zeros(len(knots))
        self._step: F64 = np.zeros(len(knots))
        self._next: int | None = None

    def move(self, tick: int) -> tuple[F64, F64]:
        """Where each line is as this hop begins, and how far it goes in it: (rows,) samples each."""
        begins = tick - (tick - np.arange(len(self._splines))) % SEGMENT
        if tick != self._next:
            for row in range(len(self._splines)):
                self._turn(row, int(begins[row]))
        for row in range(tick % SEGMENT, len(self._splines), SEGMENT):
            self._turn(row, tick)
        self._next = tick + 1
        return self._from + self._step * (tick - begins), self._step

    def _turn(self, row: int, tick: int) -> None:
        spline = self._splines[row]
        start = self._depth * spline.at(tick)
        self._from[row] = start
        self._step[row] = (self._depth * spline.at(tick + SEGMENT) - start) / SEGMENT
