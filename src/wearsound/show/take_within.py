"""A take that begins while a show runs, and ends when a hand says so: what holds then comes first, as at a cut.

Let a `Memory` be among the engine's tapes from the beginning of the show; it costs nothing while nothing happens.
"""

from __future__ import annotations

import itertools
import logging
import time
from collections.abc import Iterable
from pathlib import Path

from wearsound.core import F64, Block, Clock, Event
from wearsound.errors import PatchError
from wearsound.outputs.record.take import TakeTape
from wearsound.outputs.record.take_folder import TakeFolder
from wearsound.parts import CHANGE
from wearsound.show.build import Built
from wearsound.show.take import take_tape
from wearsound.sources.take_state import GO_GUARD, State

log = logging.getLogger(__name__)


class Memory:
    """A tape (core.Tape) that keeps no more than what holds: the last word of everything that was set."""

    name = "memory"

    def __init__(self) -> None:
        self._clock = Clock()
        self._state: State | None = State()

    def open(self, clock: Clock) -> None:
        """From the beginning."""
        self._clock = clock
        self._state = State(clock.ticks(GO_GUARD))

    def write(self, block: Block, features: F64, controls: F64) -> None:
        """Remember what came in with a block. [engine thread]"""
        for event in block.events:
            try:
                if self._state is not None:
                    self._state.take(event)
            except PatchError:  # a flood of addresses: what holds is not known any more
                self._state = None
                log.warning("too many addresses were set: a take that begins now does not know what holds")

    def close(self) -> None:
        """Nothing is left behind."""

    def events(self, tick: int) -> list[Event]:
        """All that holds, stamped `tick`. [engine thread]"""
        return self._state.events(tick) if self._state is not None else []


def start_take(
    built: Built,
    memory: Memory,
    to: str | Path | None = None,
    *,
    folder: str | Path = ".",
    keep_crowd: bool = False,
    silent: Iterable[str] = (),
) -> TakeTape:
    """Record from the next block on, as the folder `to`, or one named after the time in `folder`. [any thread but the
    engine's: it touches the disk]

    WearsoundError if it cannot be; then nothing has changed. Tell the tape's `learn` of each show before the engine
    changes to it, and end it with `end_take`. Such a take replays well, but not to the bit: what the ear had learned by
    then is not in it, and it says so.
    """
    engine, number = built.engine, built.engine.number

    def state(tick: int) -> list[Event]:
        """The show may have changed since; then that comes before all else."""
        now = engine.number
        return [*([Event(tick, CHANGE, (now,))] if now != number else []), *memory.events(tick)]

    path = Path(to) if to is not None else default_name(folder)
    tape = take_tape(built.show, path, keep_crowd=keep_crowd, silent=silent, number=number, state=state)
    tape.open(built.clock)
    # Behind the memory, which must know of a block before the take asks it.
    engine.tapes.append(tape)
    return tape


def end_take(built: Built, tape: TakeTape) -> TakeFolder:
    """End a take and say where it lies; the show goes on. [any thread but the engine's: it waits for the disk]"""
    if tape in built.engine.tapes:
        built.engine.tapes.remove(tape)
    tape.close()
    return tape.folder


def default_name(folder: str | Path = ".", now: time.struct_time | None = None) -> Path:
    """`take-2026-11-23-2114` in `folder`, with `-2` and so on where that is there already."""
    stem = time.strftime("take-%Y-%m-%d-%H%M", now or time.localtime())
    for number in itertools.count(1):
        path = Path(folder) / (stem if number == 1 else f"{stem}-{number}")
        if not any(
            place.exists() or place.is_symlink() for place in (path, path.with_name(f"{path.name}.part"))
        ):
            return path
    raise AssertionError
