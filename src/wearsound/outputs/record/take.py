"""Records everything that comes in, as the engine took it: a take, which replays as a source."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wearsound import faults
from wearsound.core import F32, F64, Block, Clock, Event
from wearsound.errors import WearsoundError
from wearsound.outputs.record.report import Layer
from wearsound.outputs.record.take_folder import About, TakeFolder, nobody
from wearsound.outputs.record.take_shows import KeptShow

log = logging.getLogger(__name__)

ROOM = 64 << 20
"""Bytes that may wait for a slow disk: 87 s of four channels."""

_EVENT = 500
"""Bytes that an event counts for."""

_HELD = 4096
"""Events kept while there is no room for sound."""

TOO_SLOW = "WS-D43"

_SOON, _PATIENCE = 2.0, 60.0
"""Seconds that the end of a show waits for the disk: without a word, and in all that follow."""


@dataclass(frozen=True, slots=True)
class _Show:
    """A show that plays from the next piece on."""

    number: int
    kept: KeptShow


@dataclass(slots=True)
class _Piece:
    tick: int
    samples: F32
    lanes: Mapping[str, tuple[int, ...]]
    gap: int
    hole: int
    events: tuple[Event, ...]

    @property
    def size(self) -> int:
        words = sum(len(arg) for event in self.events for arg in event.args if isinstance(arg, str | bytes))
        return self.samples.nbytes + _EVENT * (1 + len(self.events)) + 4 * words


class TakeTape:
    """A tape (core.Tape) that writes the folder `to` on a thread of its own; the engine never waits for a disk.

    Where the disk is so slow that more than `room` bytes wait, sound is left out, as a gap that the take
    calls a hole, until half of the room is free; its events come with the first hop after it. Offline, with
    `wait`, the engine does wait. When it cannot be written at all, the next `write` raises a sentence and
    what was written stays in `DIR.part`. `layers` are tapes of the same show whose hashes are kept beside:
    they must be closed earlier, so let this be the first of the engine's tapes. Of lanes of which `silent` is
    true no sound is kept. `kept` says what is to be kept of a show that it learns of, and `known` is told what was.

    A take that begins while a show runs has `state`: the events that bring what holds at a tick, asked once, for
    the first block. [engine thread]
    """

    name = "take"
    fault = "WS-D42"

    def __init__(
        self,
        to: Path,
        about: About | None = None,
        layers: Sequence[Layer] = (),
        wait: bool = False,
        room: int = ROOM,
        silent: Callable[[str], bool] = nobody,
        kept: Callable[[Any], KeptShow] | None = None,
        known: Callable[[KeptShow], None] = lambda kept: None,
        state: Callable[[int], Sequence[Event]] | None = None,
    ) -> None:
        self.folder = TakeFolder(to, about, silent)
        self.trouble: WearsoundError | None = None
        self.layers: Sequence[Layer] = tuple(layers)
        self._wait = wait
        self._room = room
        self._kept, self._known = kept, known
        self._state = state
        self._pieces: queue.SimpleQueue[_Piece | _Show | None] = queue.SimpleQueue()
        self._put = 0
        self._done = 0
        """Bytes, each counted by one thread only, so that neither needs a lock."""
        self._first = 0
        self._hole = 0
        self._held: list[Event] = []
        self._said = False
        self._thread: threading.Thread | None = None

    def open(self, clock: Clock) -> None:
        """Make the folder; a WearsoundError if something is in its place."""
        self.folder.open(clock)
        self._thread = threading.Thread(target=self._work, name="take", daemon=True)
        self._thread.start()

    def learn(self, number: int, show: Any) -> None:
        """Keep the files of a show that the engine will change to. [any thread but the engine's]"""
        if self._kept is not None:
            self._pieces.put(_Show(number, self._kept(show)))

    def write(self, block: Block, features: F64, controls: F64) -> None:
        """Hand over one block. [engine thread]"""
        if self.trouble is not None:
            self._said = True
            raise self.trouble
        told: Sequence[Event] = block.events
        gap = block.gap
        if self._state is not None:  # what came with this block is in what holds, and ticks count from here
            told, self._state = self._state(block.tick), None
            gap, self._first = 0, block.tick
        hole = self._hole
        piece = _Piece(
            block.tick - self._first,
            block.samples.copy(),
            block.lanes,
            gap + hole,
            hole,
            (*self._held, *told),
        )
        while self._wait and self._put - self._done > self._room and self.trouble is None:
            time.sleep(0.001)
        if not self._wait and self._put - self._done + piece.size > (self._room // 2 if hole else self._room):
            faults.begin(
                TOO_SLOW, self.name, "the disk is too slow for the take: it has a hole, and may get more"
            )
            self._hole += gap + block.n_hops
            self._held += told[: _HELD - len(self._held)]
            return
        if hole:
            faults.end(TOO_SLOW, self.name)
        self._hole = 0
        self._held.clear()
        self._put += piece.size
        self._pieces.put(piece)

    def close(self) -> None:
        """Write what waits and give the take its name, always; twice is fine."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        self._pieces.put(None)
        thread.join(_SOON)
        if thread.is_alive():
            log.warning("the rest of the take is being written")
            thread.join(_PATIENCE)
        if thread.is_alive():
            log.warning("the disk does not take the rest of the take: look at %s", self.folder.part)
        elif self.trouble is not None and not self._said:
            log.warning("%s", self.trouble)
        elif self._hole:
            log.warning("the take ends %d hops early: the disk was too slow", self._hole)

    def facts(self) -> dict[str, Any]:
        """How much it holds, after `close`: hops, events, hops that were lost, and those lost here."""
        folder = self.folder
        return {
            "counts": {
                "hops": folder.hops,
                "events": folder.events,
                "lost": folder.lost,
                "hole": folder.hole + self._hole,
            }
        }

    def _work(self) -> None:
        """[a thread of its own]"""
        folder = self.folder
        try:
            while (piece := self._pieces.get()) is not None:
                if isinstance(piece, _Show):
                    folder.keep(piece.number, piece.kept)
                    self._known(piece.kept)
                    continue
                folder.add(piece.tick, piece.samples, piece.lanes, piece.gap, piece.hole, piece.events)
                self._done += piece.size
            whole = getattr(self.layers, "whole", None)  # one that broke off would prove nothing
            folder.finish(self.layers if whole is None else whole())
            if folder.left_out:
                log.warning("%d events could not be kept in the take", folder.left_out)
        except OSError as error:
            self._leave(folder.sentence(error))
        except Exception as error:  # whatever it is, the show goes on and says it
            self._leave(WearsoundError(f"the take stopped: {error!r}; what was written is in {folder.part}"))

    def _leave(self, trouble: WearsoundError) -> None:
        """Nothing is left to do when the engine hears of it, so that its `close` does not wait."""
        try:
            self.folder.leave()
        except OSError as error:  # the header says less than there is, and readers know
            log.debug("%s", error)
        self.trouble = trouble
