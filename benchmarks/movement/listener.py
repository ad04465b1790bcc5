"""This project's ear over a take, as a lane `body`."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from benchmarks.movement.measures import Answer, by_frames
from benchmarks.movement.takes import RATE, as_columns
from wearsound.core import F32, F64, Block, Clock

RUBBED = 0.5
"""From here `body.rub` is taken to say that somebody rubs."""
WANTED = ("step", "tap", "rub")


def hear(sound: F64, seconds: float) -> Answer:
    """What the ear says of a take (n,)."""
    from wearsound.analysis.analysis import analyze

    clock = Clock(sample_rate=RATE)
    heard = analyze(_blocks(sound, clock), clock, ["body"], name="take", hears=[f"body.{n}" for n in WANTED])
    names = {spec.name for spec in heard.specs}
    missing = [name for name in WANTED if f"body.{name}" not in names]
    if missing:
        raise LookupError("the ear has no " + ", ".join(f"body.{name}" for name in missing))
    steps, taps = (grown(heard.time, heard.series(name)) for name in ("step", "tap"))
    rub = by_frames(heard.time, heard.series("rub").astype(np.float64), seconds, RUBBED)
    return Answer(steps, taps, rub)


def _blocks(sound: F64, clock: Clock) -> Iterator[Block]:
    from wearsound.sources.blocks import blocks_of

    columns = as_columns(sound)
    return blocks_of(
        (columns[at : at + RATE] for at in range(0, len(columns), RATE)), clock, {"body": (0,)}, 1
    )


def grown(time: F64, count: F32) -> list[float]:
    """When a count grew: the ends of those hops, as often as it grew."""
    rise = np.rint(np.diff(count, prepend=np.float32(0.0))).astype(int)
    return [float(time[at]) for at in np.flatnonzero(rise > 0) for _ in range(rise[at])]
