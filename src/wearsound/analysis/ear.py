"""All meters of all lanes: blocks in, named features out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from wearsound.analysis.bands import BANDS, Bands
from wearsound.analysis.beat import Beat
from wearsound.analysis.level import Level
from wearsound.analysis.onset import Onset
from wearsound.analysis.spectrum import LaneSpectra
from wearsound.analysis.timbre import Timbre
from wearsound.core import F64, MAX_HOPS, Block, Clock, Spec

Range = tuple[float, float]


def meters(bands: Mapping[str, Range]) -> tuple[Any, ...]:
    """The meters of one lane, in the order of their columns. `bands` are a patch's own, short names."""
    return (Level(), Bands(BANDS), Timbre(), Onset(), Beat(), Bands(bands))


def feature_specs(lanes: Sequence[str], bands: Mapping[str, Range] | None = None) -> tuple[Spec, ...]:
    """What an `Ear` for these lanes will say, full names, without preparing anything."""
    return tuple(
        replace(spec, name=f"{lane}.{spec.name}")
        for lane in lanes
        for meter in meters(_own(lane, bands or {}))
        for spec in meter.specs
    )


class Ear:
    """Every meter of every lane; implements `core.Ear`.

    `bands` are a patch's own, by full feature name: {"room.band_40_110": (40.0, 110.0)}. A lane
    that a block does not have is silent. `latency` gives, by full name of a growing count, the
    seconds from what happened to the end of the hop in which the count grew, typically.
    """

    def __init__(self, clock: Clock, lanes: Sequence[str], bands: Mapping[str, Range] | None = None) -> None:
        self.clock = clock
        self.specs = feature_specs(lanes, bands)
        self.latency: dict[str, float] = {}
        self._lanes: list[tuple[LaneSpectra, list[tuple[Any, slice]]]] = []
        column = 0
        for lane in lanes:
            columns: list[tuple[Any, slice]] = []
            for meter in meters(_own(lane, bands or {})):
                meter.prepare(clock)
                columns.append((meter, slice(column, column + len(meter.specs))))
                column += len(meter.specs)
                self.latency |= {f"{lane}.{spec.name}": meter.latency for spec in meter.specs if spec.growing}
            self._lanes.append((LaneSpectra(clock, lane), columns))
        # A step of 0.001 is kept as 1000 to the unit: x / 1000 is the double nearest to the decimal.
        self._per_unit = np.array([1.0 / spec.step if spec.step else 0.0 for spec in self.specs]).round(6)
        self._exact = np.flatnonzero(self._per_unit == 0.0)
        self._per_unit[self._exact] = 1.0
        self._out: F64 = np.zeros((MAX_HOPS, len(self.specs)))
        self._rounded: F64 = np.zeros((MAX_HOPS, len(self.specs)))
        self._bind(0)

    def reset(self) -> None:
        """State of every meter to its start. [engine thread]"""
        for spectra, columns in self._lanes:
            spectra.reset()
            for meter, _ in columns:
                meter.reset()

    def hear(self, block: Block) -> F64:
        """Features (n_hops, n_features) rounded to their steps, valid until the next call. [engine thread]"""
        if block.n_hops != len(self._heard):
            self._bind(block.n_hops)
        for spectra, processes in self._bound:
            spectra.take(block)
            for process, where in processes:
                process(block, spectra, where)
        out, rounded = self._heard, self._said
        np.multiply(out, self._per_unit, out=rounded)
        np.rint(rounded, out=rounded)
        rounded /= self._per_unit
        if self._exact.size:
            rounded[:, self._exact] = out[:, self._exact]
        return rounded

    def _bind(self, n_hops: int) -> None:
        """Views of the memory for blocks of so many hops, kept while blocks stay that long."""
        self._heard, self._said = self._out[:n_hops], self._rounded[:n_hops]
        self._bound = [
            (spectra, [(meter.process, self._heard[:, where]) for meter, where in columns if meter.specs])
            for spectra, columns in self._lanes
        ]


def _own(lane: str, bands: Mapping[str, Range]) -> dict[str, Range]:
    """The bands of one lane, without its name."""
    prefix = lane + "."
    return {name.removeprefix(prefix): edges for name, edges in bands.items() if name.startswith(prefix)}
