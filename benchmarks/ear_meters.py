"""Where the ear's time goes: what the lane shares, and each meter, in the order in which the ear calls them."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from benchmarks import material
from wearsound.analysis.bands import Bands
from wearsound.analysis.ear import ASKED, everything, meters
from wearsound.analysis.spectrum import LaneSpectra
from wearsound.core import F32, F64, MAX_HOPS, Block

SHARED: tuple[tuple[str, Callable[[LaneSpectra], object]], ...] = (
    ("the window of 1024", lambda spectra: spectra.power(1024)),
    ("log bands and rises (novelty)", lambda spectra: spectra.novelty),
    ("both networks (detector)", lambda spectra: spectra.detector),
)


@dataclass(frozen=True, slots=True)
class Cost:
    """Mean microseconds of CPU a hop. `core`: it always runs. `turns`: live, by `tick % 4`."""

    what: str
    core: bool
    turns: tuple[float, float, float, float]
    offline: float

    @property
    def live(self) -> float:
        """One hop a block."""
        return sum(self.turns) / 4.0


def measure(song: F32, warm: int) -> list[Cost]:
    """One pass hop by hop and one in blocks of 64."""
    live, offline = _times(song, 1, warm), _times(song, MAX_HOPS, warm // MAX_HOPS)
    costs = []
    for (name, core, spent), (_, _, blocks) in zip(live, offline, strict=True):
        turns = [float(np.mean(spent[phase::4])) for phase in range(4)]
        costs.append(Cost(name, core, tuple(turns), float(np.mean(blocks)) / MAX_HOPS))
    return costs


def _times(song: F32, n_hops: int, warm: int) -> list[tuple[str, bool, list[float]]]:
    """Name, whether core, and microseconds a block of each step, the first block at a tick of 4 n."""
    clock = material.clock()
    spectra = LaneSpectra(clock, "room")
    steps: list[tuple[str, bool, Callable[[Block], object]]] = [
        ("taking the sound: mix, low lane, gain, gate", True, spectra.take)
    ]
    steps += [(name, True, partial(_share, share, spectra)) for name, share in SHARED]
    for meter in meters({}, {name.removeprefix("room.") for name in everything(["room"])}):
        if meter.specs:
            meter.prepare(clock)
            out = np.zeros((n_hops, len(meter.specs)))
            steps.append((_name(meter), not isinstance(meter, ASKED), partial(_process, meter, spectra, out)))
    spent: list[list[float]] = [[] for _ in steps]
    thread = time.thread_time_ns
    for block in material.blocks(song, n_hops):
        for (_, _, act), times in zip(steps, spent, strict=True):
            began = thread()
            act(block)
            times.append((thread() - began) / 1e3)
    warm -= warm % 4
    return [(name, core, times[warm:]) for (name, core, _), times in zip(steps, spent, strict=True)]


def _name(meter: Any) -> str:
    name = re.sub("(?<=[a-z])(?=[A-Z])", " ", type(meter).__name__).lower()
    return "bands: six, two horizons" if isinstance(meter, Bands) else name


def _share(share: Callable[[LaneSpectra], object], spectra: LaneSpectra, block: Block) -> None:
    share(spectra)


def _process(meter: Any, spectra: LaneSpectra, out: F64, block: Block) -> None:
    meter.process(block, spectra, out)
