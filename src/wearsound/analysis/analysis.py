"""What a whole recording holds: every feature at every hop, and a summary for `analyze`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from wearsound.analysis.ear import Ear, Range, everything
from wearsound.core import F32, F64, Block, Clock, Spec, index_of

CONFIDENT = 0.2


@dataclass(frozen=True, slots=True)
class Analysis:
    """What was heard; `name` is the recording's, `lane` the one whose beats and onsets these are.

    `time` (n,) is the end of each hop in seconds; `values` float32 (n, n_features). `tempo` is the
    median over the hops that had a confident one, None without any. `beats` and `onsets` are when
    they happened, `*_decided` the end of the hop in which the ear knew.
    """

    name: str
    lane: str
    duration: float
    sample_rate: int
    tempo: float | None
    beats: tuple[float, ...]
    beats_decided: tuple[float, ...]
    onsets: tuple[float, ...]
    onsets_decided: tuple[float, ...]
    specs: tuple[Spec, ...]
    time: F64
    values: F32

    def series(self, name: str) -> F32:
        """One feature (n,) at every hop; a name without a lane means this `lane`."""
        columns = index_of(self.specs)
        series: F32 = self.values[:, columns[name if name in columns else f"{self.lane}.{name}"]]
        return series

    def as_json(self) -> dict[str, Any]:
        """What `analyze --json` prints."""
        return {
            "duration": self.duration,
            "sample_rate": self.sample_rate,
            "tempo": self.tempo,
            "beats": list(self.beats),
            "beats_decided": list(self.beats_decided),
            "onsets": list(self.onsets),
            "onsets_decided": list(self.onsets_decided),
            "features": {
                spec.name: {"mean": mean, "min": low, "max": high}
                for spec, mean, low, high in zip(self.specs, *self._ranges(), strict=True)
            },
        }

    def _ranges(self) -> tuple[list[float], list[float], list[float]]:
        if not len(self.values):
            nothing = [0.0] * len(self.specs)
            return nothing, nothing, nothing
        mean = np.add.reduce(self.values, axis=0, dtype=np.float64) / len(self.values)
        return (
            mean.round(6).tolist(),
            self.values.min(axis=0).astype(np.float64).round(6).tolist(),
            self.values.max(axis=0).astype(np.float64).round(6).tolist(),
        )


def analyze(
    blocks: Iterable[Block],
    clock: Clock,
    lanes: Sequence[str] = ("room",),
    bands: Mapping[str, Range] | None = None,
    name: str = "",
    hears: Collection[str] | None = None,
) -> Analysis:
    """Hear every block. Beats and onsets are those of the first lane.

    `hears` are full names of what is asked beyond the core ear, None for everything. Memory: the
    features as float32, and one block.
    """
    ear = Ear(clock, lanes, bands, everything(lanes) if hears is None else hears)
    values: list[F32] = []
    ticks: list[F64] = []
    for block in blocks:
        values.append(ear.hear(block).astype(np.float32))
        ticks.append(np.arange(block.tick + 1, block.tick + block.n_hops + 1, dtype=np.float64))
    features = np.concatenate(values) if values else np.zeros((0, len(ear.specs)), np.float32)
    values.clear()
    time = np.concatenate(ticks) * (clock.hop / clock.sample_rate) if ticks else np.zeros(0)
    columns = index_of(ear.specs)

    def events(name: str) -> tuple[tuple[float, ...], tuple[float, ...]]:
        full = f"{lanes[0]}.{name}"
        grown = np.diff(features[:, columns[full]], prepend=np.float32(0.0)) > 0
        decided = time[grown]
        happened = np.maximum(decided - ear.latency[full], 0.0)
        return tuple(happened.round(4).tolist()), tuple(decided.round(4).tolist())

    tempo = features[:, columns[f"{lanes[0]}.tempo"]]
    sure = tempo[(tempo > 0.0) & (features[:, columns[f"{lanes[0]}.confidence"]] >= CONFIDENT)]
    beats, beats_decided = events("beat")
    onsets, onsets_decided = events("onset")
    return Analysis(
        name=name,
        lane=lanes[0],
        duration=round(float(time[-1]), 6) if len(time) else 0.0,
        sample_rate=clock.sample_rate,
        tempo=round(float(np.median(sure)), 1) if len(sure) else None,
        beats=beats,
        beats_decided=beats_decided,
        onsets=onsets,
        onsets_decided=onsets_decided,
        specs=ear.specs,
        time=time,
        values=features,
    )
