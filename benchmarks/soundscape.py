"""What the soundscape costs: all voices, room and tape, set in motion by the built-in walk; and what each stage takes.

Beside it, in the same run, what other work of the same kind costs: one filter of order 4 over two channels as SciPy
does it, and the ear with one lane. A machine's speed wanders; their ratios stay.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from benchmarks import material, stopwatch
from benchmarks.table import Figure, Part, spread
from wearsound.analysis.ear import Ear
from wearsound.core import F64, MAX_HOPS, Block
from wearsound.instruments.soundscape.dials import NAMES
from wearsound.instruments.soundscape.soundscape import Soundscape
from wearsound.mapping.scape import ALL, scape_controls
from wearsound.sound import Scape, Voice
from wearsound.sources.composer import compose

WARM = 300
LANES = {"body": (0,)}
MEDIAN, P99 = 25.0, 60.0
"""Budgets: part of a hop in %, one hop a block."""
STAGES = {
    "listening": lambda s: [(heard, "hear") for heard in s._lanes.values()],
    "drones": lambda s: [(s._voices[0].voice, "play")],
    "bowed": lambda s: [(s._voices[1].voice, "play")],
    "struck": lambda s: [(s._voices[2].voice, "play")],
    "coat": lambda s: [(s._voices[3].voice, "play")],
    "grains": lambda s: [(s._grains[0].voice, "play"), (s._ring, "write")],
    "reverb": lambda s: [(s._reverb, "play")],
    "tape": lambda s: [(s._tape, "play")],
    "side": lambda s: [(s._side, "play")],
}


def run() -> Part:
    """One hop a block and 64, stage by stage, beside a filter and the ear."""
    part = Part("Soundscape")
    body = np.ascontiguousarray(compose(7).samples[:, 2:3], np.float32)
    ones, many = _blocks(body, 1), _blocks(body, MAX_HOPS)
    hop = material.HOP_US
    _, usual = _played(ones)
    part.figures += spread("all of it, one hop a block: CPU of a hop", usual, "us")
    part.figures += spread("share of the hop", 100.0 * usual / hop, "%", median=MEDIAN, p99=P99)
    _, alone = _played(many)
    part.figures += spread("all of it, 64 hops a block: CPU of a hop", alone, "us")
    _, still = _played([Block(b.tick, np.zeros_like(b.samples), LANES, 1) for b in ones])
    part.figures.append(Figure("nothing moves, one hop a block: CPU, median", float(np.median(still)), "us"))
    for name, watch in _stages(ones).items():
        spent = np.array(watch.spent[WARM:])
        share = f"{name}: part of the hop"
        part.figures.append(Figure(f"{share}, median", 100.0 * float(np.median(spent)) / hop, "%"))
        part.figures.append(Figure(f"{share}, p99", 100.0 * float(np.percentile(spent, 99)) / hop, "%"))
    whole = float(np.median(usual))
    for name, cpu in (
        ("one filter of order 4, two channels", _filtered()),
        ("the ear, one lane", _heard(ones)),
    ):
        part.figures.append(Figure(f"beside it, {name}: CPU, median", cpu, "us"))
        part.figures.append(Figure(f"the soundscape is so many times {name}", whole / cpu, "x"))
    part.notes.append("Stages are watched one by one in a run of their own; a watch costs some 1 us of each.")
    return part


@dataclass
class _Watch:
    """us of every hop that one stage took."""

    spent: list[float] = field(default_factory=list)

    def put_on(self, thing: Any, name: str, first: bool) -> None:
        act: Callable[..., None] = getattr(thing, name)
        clock, spent = time.thread_time_ns, self.spent

        def watched(*args: Any) -> None:
            began = clock()
            act(*args)
            took = (clock() - began) / 1e3
            if first:
                spent.append(took)
            else:
                spent[-1] += took

        setattr(thing, name, watched)


def _made() -> tuple[Soundscape, F64]:
    rest = dict.fromkeys(NAMES, 0.5)
    kinds = ("drones", "bowed", "struck", "coat", "grains")
    assert set(kinds) == set(ALL)
    scape = Scape(tuple(Voice(kind, kind) for kind in kinds), 55.0, "hirajoshi", "own", rest)  # type: ignore[arg-type]
    specs = scape_controls(scape)
    soundscape = Soundscape(scape, (), specs, 7)
    soundscape.prepare(material.clock())
    return soundscape, np.array([[spec.default for spec in specs]])


def _blocks(body: np.ndarray, n_hops: int) -> list[Block]:
    return [Block(b.tick, b.samples, LANES, n_hops) for b in material.blocks(body, n_hops)]


def _played(blocks: list[Block], soundscape: Soundscape | None = None) -> tuple[F64, F64]:
    """(wall, CPU) us of a hop."""
    made, controls = _made()
    playing = soundscape or made
    hops = blocks[0].n_hops
    turned, features = np.repeat(controls, hops, axis=0), np.zeros((hops, 0))
    out = np.zeros((2, hops * material.HOP))

    def play(block: Block) -> None:
        playing.play(block, features, turned, out)

    wall, cpu = stopwatch.each(play, blocks, WARM // hops)
    return wall / hops, cpu / hops


def _stages(blocks: list[Block]) -> dict[str, _Watch]:
    soundscape, _ = _made()
    watches = {}
    for name, where in STAGES.items():
        watches[name] = watch = _Watch()
        for i, (thing, act) in enumerate(reversed(where(soundscape))):
            watch.put_on(thing, act, first=i == 0)
    _played(blocks, soundscape)
    return watches


def _filtered() -> float:
    """CPU of a hop, us: what a plain call costs on this machine now."""
    from scipy.signal import butter, lfilter

    b, a = butter(2, (40, 4000), "bandpass", fs=material.RATE)
    sound, state = np.random.default_rng(1).normal(size=(2, material.HOP)), np.zeros((2, 4))

    def act(_: int) -> None:
        nonlocal state
        _, state = lfilter(b, a, sound, -1, state)

    _, cpu = stopwatch.each(act, range(3000), WARM)
    return float(np.median(cpu))


def _heard(blocks: Iterable[Block]) -> float:
    ear = Ear(material.clock(), ["body"])
    ear.reset()
    _, cpu = stopwatch.each(ear.hear, blocks, WARM)
    return float(np.median(cpu))
