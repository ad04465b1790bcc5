"""Takes of a show while it runs: the one it was begun with, and those that a hand begins and ends."""

from __future__ import annotations

import logging
import queue
import shutil
import threading
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from wearsound import faults
from wearsound.core import Event, Parameter, Source, Tape
from wearsound.errors import WearsoundError
from wearsound.osc.tree import Tree
from wearsound.outputs.record.take import TakeTape
from wearsound.show.build import Made
from wearsound.show.surroundings import Surroundings
from wearsound.show.take_within import Memory, end_take, start_take

if TYPE_CHECKING:
    from wearsound.show.load import Show

log = logging.getLogger(__name__)

RECORD = "/wear/take/record"
REFUSED, STOPPED, WHO = "WS-D44", TakeTape.fault, TakeTape.name
PAUSE = 2.0
"""Seconds after a take in which none begins: whoever sends and sends does not fill a disk with folders."""


class Recorder:
    """`with Recorder(...)`: RECORD begins a take in the current folder and ends it; without a number it does the other.

    `tapes` are those that the show was begun with: where a take is among them, it is told of every change of show.
    """

    def __init__(self, around: Surroundings, tapes: Iterable[Tape], source: Source) -> None:
        self._around = around
        self._memory = Memory()
        self._begun = [tape for tape in tapes if isinstance(tape, TakeTape)]
        self._silent: Sequence[str] = tuple(getattr(source, "silent", ()))
        self._tape: TakeTape | None = None
        self._rested = 0.0
        """When (monotonic seconds) another take may begin."""
        self._last = (around.built.engine.number, around.built.show)
        self._wanted: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        around.built.engine.tapes.append(self._memory)
        around.built.engine.listeners.append(self._take)
        around.readied.append(self._learn)
        # What `--prove` hashes must know of a change as it happens.
        around.attached += [learn for tape in self._begun if (learn := getattr(tape.layers, "learn", None))]

    def recording(self) -> bool:
        """Whether a take is being kept. [any thread]"""
        tapes = [*self._begun, *([self._tape] if self._tape is not None else [])]
        return any(tape.trouble is None for tape in tapes)

    def parameters(self) -> list[Parameter]:
        """How a take is begun and ended from outside. [any thread]"""
        return [
            Parameter(
                RECORD,
                "1 records a take in the folder where the show was begun, 0 ends it",
                "switch",
                read=lambda: float(self.recording()),
            )
        ]

    def refuse(self, show: Show) -> str:
        """Why another show cannot play now, "" if it can."""
        worn = self._around.built.show.garment
        if self.recording() and show.garment.digest != worn.digest:
            return f"{show.garment_path}: a take is being recorded, and a take has one garment; end the take first"
        return ""

    def __enter__(self) -> Recorder:
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        thread, self._thread = self._thread, None
        if thread is not None:
            self._wanted.put(None)
            thread.join()

    def _take(self, event: Event) -> None:
        """[engine thread]"""
        if event.address == RECORD:
            self._wanted.put(event)

    def _learn(self, made: Made, number: int, tree: Tree) -> None:
        """[a thread of its own]"""
        self._last = (number, made.show)
        for tape in [*self._begun, *([self._tape] if self._tape is not None else [])]:
            tape.learn(number, made.show)

    def _run(self) -> None:
        while (event := self._newest()) is not None:
            on = bool(event.args[0]) if event.args else not self._keeps
            try:
                if on:
                    self._begin()
                else:
                    self._end()
            except WearsoundError as error:
                faults.begin(REFUSED, WHO, str(error))
            except Exception as error:  # a fault of ours, or a folder that is gone: the next press is heard
                faults.begin(REFUSED, WHO, f"the take could not be {'begun' if on else 'ended'}: {error}")
        self._end()

    def _newest(self) -> Event | None:
        """What was asked for last; a pedal that chatters asks for much."""
        event = self._wanted.get()
        while event is not None and not self._wanted.empty():
            event = self._wanted.get()
        return event

    @property
    def _keeps(self) -> bool:
        """Whether a take that a hand began is being written; one that failed is not."""
        return self._tape is not None and self._tape.trouble is None

    def _begin(self) -> None:
        if self._tape is not None and not self._keeps:
            with suppress(WearsoundError):  # it was told when it failed
                self._end()
            self._rested = 0.0
        if self._tape is None and time.monotonic() >= self._rested:
            self._tape = start_take(self._around.built, self._memory, silent=self._silent)
            # A show may have been got ready just before, and be attached from now on: a copy is never replaced.
            self._tape.learn(*self._last)
            for code in (REFUSED, STOPPED):
                faults.end(code, WHO)
            log.warning("recording %s", self._tape.folder.to)

    def _end(self) -> None:
        tape, self._tape = self._tape, None
        if tape is not None:
            self._rested = time.monotonic() + PAUSE
            folder = end_take(self._around.built, tape)
            if not folder.hops:
                shutil.rmtree(folder.path, ignore_errors=True)
                return
            log.warning("%s: %.1f s, %d events", folder.path, folder.seconds, folder.events)
