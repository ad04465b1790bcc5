"""A small network that was shown many takes: numbers of a moment in, how much speaks for each answer out."""

from __future__ import annotations

from functools import cache
from importlib import resources

import numpy as np

from wearsound.analysis.gain import GRID
from wearsound.core import F64

WEIGHTS = "movement.npz"


@cache
def _kept() -> dict[str, F64]:
    with (
        resources.as_file(resources.files("wearsound.analysis") / WEIGHTS) as path,
        np.load(path, allow_pickle=False) as kept,
    ):
        return {name: kept[name].astype(np.float64) for name in kept.files}


class Judgement:
    """One hidden layer of rectified sums (no exponentials), weights by name from movement.npz (`training/`)."""

    def __init__(self, name: str) -> None:
        kept = _kept()
        self._hidden, self._hidden_bias = kept[f"{name}.hidden"], kept[f"{name}.hidden_bias"]
        self._out, self._out_bias = kept[f"{name}.out"], kept[f"{name}.out_bias"]

    def of(self, numbers: F64) -> list[float]:
        """The answer's log odds, on the decision grid, of (n,) numbers."""
        hidden = np.add.reduce(self._hidden * numbers, axis=1)
        hidden += self._hidden_bias
        np.maximum(hidden, 0.0, out=hidden)
        out = np.add.reduce(self._out * hidden, axis=1)
        out += self._out_bias
        out *= GRID
        np.rint(out, out=out)
        out /= GRID
        said: list[float] = out.tolist()
        return said
