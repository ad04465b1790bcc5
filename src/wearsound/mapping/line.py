"""One route in numbers, and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wearsound.mapping.structure import Mode, Scale

GRID = 2.0**20
"""Powers and logarithms differ in their last bit between machines: they are rounded to this grid before use."""

LEAST = 2.0**-20
"""What a logarithm takes for 0."""


@dataclass(frozen=True, slots=True)
class Line:
    """One route in numbers: feature column, ranges, curve, seconds, mode; `count` for a growing feature.

    `scale` says how the feature lies between the ends of `span`: by its numbers, by their ratio, or on a circle
    that goes round once between them. A whole circle into a whole circle has no ends: it is smoothed the
    shorter way round, with `attack` both ways.
    """

    column: int
    span: tuple[float, float]
    reach: tuple[float, float]
    curve: float
    attack: float
    release: float
    mode: Mode
    count: bool
    idle: float
    """What the feature is before anything was heard."""
    scale: Scale = "even"

    @property
    def round(self) -> bool:
        """Whether its output has no ends either."""
        turns = abs(self.reach[1] - self.reach[0])
        return self.scale == "octave" and turns > 0.5 and abs(turns - round(turns)) < 1e-6

    @property
    def kind(self) -> int:
        """0 for a plain follower, 1 for one with events of a level, 2 for one with events of a count."""
        if self.count:
            return 2
        return 0 if self.mode == "follow" else 1

    @property
    def beside(self) -> int:
        """Where it stands among those of its kind, so that circles and logarithms lie side by side."""
        if self.kind == 0:
            return ("even", "octave", "log").index(self.scale)
        return ("log", "even").index(self.scale)

    @property
    def start(self) -> float:
        """What it has heard before anything was heard: a circle stands where it begins."""
        if self.count:
            return 0.0
        return max(self.span[0], LEAST) if self.scale == "octave" else self.idle

    @property
    def ends(self) -> tuple[float, float]:
        """The ends of its range; where it goes by ratio, in octaves over 1, on the grid."""
        if self.scale == "even":
            return self.span
        low, high = (float(np.rint(np.log2(max(end, LEAST)) * GRID)) / GRID for end in self.span)
        return low, high

    @property
    def width(self) -> float:
        """How wide its range is; one that was turned to nothing is a step.

        A count has no range: over an endless one it is always 0, and its events do the rest.
        """
        if self.count:
            return np.inf
        low, high = self.ends
        return high - low if abs(high - low) >= 1e-9 else 1e-9
