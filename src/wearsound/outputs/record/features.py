"""features.npz: every feature of every hop, as the engine heard it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from wearsound.core import F64, Block, Clock, Spec
from wearsound.outputs.record.columns import Column, ColumnFile


class FeatureTape:
    """Keeps `time` (n,) float64, the end of each hop in seconds, and a float32 (n,) a feature.

    Column names are the full names of `specs` (`room.bass`). Counts stay whole to 16 million.
    """

    name = "features"

    def __init__(self, path: Path, specs: Sequence[Spec]) -> None:
        self._specs = tuple(specs)
        columns = [Column("time", "<f8"), *(Column(spec.name, "<f4") for spec in self._specs)]
        self._file = ColumnFile(path, columns)
        self._clock = Clock()
        self._last = np.zeros(len(self._specs))
        self.ticks = 0

    def open(self, clock: Clock) -> None:
        """Take the file; an OSError if it cannot."""
        self._clock = clock
        self._file.open()

    def write(self, block: Block, features: F64, controls: F64) -> None:
        """Keep the features of one block. [engine thread]"""
        ends = np.arange(block.tick + 1, block.tick + block.n_hops + 1)
        time = ends * self._clock.hop / self._clock.sample_rate
        rows = features[: block.n_hops]
        self._file.append([time, *rows.T])
        self._last[:] = rows[-1]
        self.ticks = block.tick + block.n_hops

    def close(self) -> None:
        """Finish the file, always; twice is fine."""
        self._file.close()

    @property
    def digest(self) -> str:
        """Content hash of the layer, after `close`."""
        return self._file.digest

    def facts(self) -> dict[str, Any]:
        """Counts: hops, and the last value of everything that only grows (`room.onset`)."""
        counts = {"hops": self._file.rows}
        for spec, value in zip(self._specs, self._last, strict=True):
            if spec.growing:
                counts[spec.name] = int(value)
        return {"counts": counts}
