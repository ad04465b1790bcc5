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

    Column names are the full names of `specs` (`room.bass`). Counts stay whole to 16 million. Where the show changes,
    `turn` says so: what is heard then only is NaN before, what was heard until then is NaN after. `title` is that of
    the show it begins with.
    """

    name = "features"

    def __init__(self, path: Path, specs: Sequence[Spec], title: str = "") -> None:
        self._specs = tuple(specs)
        self._file = ColumnFile(path, _columns(self._specs))
        self._clock = Clock()
        self._last = np.zeros(len(self._specs))
        self._ended: dict[str, int] = {}
        """The last count of everything that grew in a show before."""
        self._shows: list[tuple[str, float]] = [(title, 0.0)]
        self._title: str | None = None
        self.ticks = 0

    def open(self, clock: Clock) -> None:
        """Take the file; an OSError if it cannot."""
        self._clock = clock
        self._file.open()

    def turn(self, specs: Sequence[Spec], title: str = "") -> None:
        """Another show is heard from the next block on. [engine thread]"""
        self._ended |= self._counts()
        self._specs = tuple(specs)
        self._file.turn(_columns(self._specs))
        self._last = np.zeros(len(self._specs))
        self._title = title

    def write(self, block: Block, features: F64, controls: F64) -> None:
        """Keep the features of one block. [engine thread]"""
        ends = np.arange(block.tick + 1, block.tick + block.n_hops + 1)
        time = ends * self._clock.hop / self._clock.sample_rate
        rows = features[: block.n_hops]
        if self._title is not None:
            self._shows.append((self._title, round(self._clock.seconds(block.tick), 6)))
            self._title = None
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
        """Counts: hops, and the last value of everything that only grows (`room.onset`).

        `shows`, where there was more than one: the title of each, and the second from which it played.
        """
        facts: dict[str, Any] = {"counts": {"hops": self._file.rows, **self._ended, **self._counts()}}
        if len(self._shows) > 1:
            facts["shows"] = [{"title": title, "from": at} for title, at in self._shows]
        return facts

    def _counts(self) -> dict[str, int]:
        told = zip(self._specs, self._last, strict=True)
        return {spec.name: int(value) for spec, value in told if spec.growing}


def _columns(specs: Sequence[Spec]) -> list[Column]:
    return [Column("time", "<f8"), *(Column(spec.name, "<f4") for spec in specs)]
