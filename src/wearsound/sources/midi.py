"""MIDI in: knobs and pads become events, its clock leads the tempo. Pulled out, it is taken again when it returns."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence

from wearsound import faults
from wearsound.core import Event
from wearsound.osc.bind import Bind
from wearsound.osc.tree import Tree
from wearsound.sources.midi_bind import BY, Binds, Control, Move, read_move
from wearsound.sources.midi_clock import MidiClock, Said
from wearsound.sources.midi_port import Input

log = logging.getLogger(__name__)

UNPLUGGED = "WS-O40"

LOOK_SECONDS = 2.0
"""How often it is looked whether the input is still there, or there again."""
CLOCK = "/wear/tempo/clock"
MOST_LEARNT = 256
"""Moves that wait to be learnt; what comes beyond is left out."""


class Midi:
    """One MIDI input; `put` gets what its controls mean here, stamped later by the engine.

    `wanted` is part of its name, None the only one there is; `binds` as a rig has them (those that are not MIDI
    are left alone), `clock` whether its clock leads the tempo. A bind that leads nowhere in this show is said and left
    out.
    """

    def __init__(
        self, wanted: str | None, binds: Iterable[Bind], tree: Tree, put: Callable[[Event], bool], clock: bool
    ) -> None:
        self._wanted = wanted
        self._binds = Binds(binds, tree)
        for sentence in self._binds.missing:
            log.warning("MIDI in: %s", sentence)
        self._put = put
        self._clock = MidiClock() if clock else None
        self._down: set[Control] = set()
        self._input: Input | None = None
        self._ended = threading.Event()
        self._looking: threading.Thread | None = None

    @property
    def name(self) -> str:
        """The input's full name, "" while it is gone. [any thread]"""
        taken = self._input
        return taken.name if taken is not None else ""

    def open(self) -> None:
        """Take the input; a DeviceError says why not, and what is nearest."""
        self._input = Input(self._wanted, self._hear, self._clock is not None)
        self._ended.clear()
        self._looking = threading.Thread(target=self._look, name="midi", daemon=True)
        self._looking.start()

    def close(self) -> None:
        """Let go, what is held is released; twice is fine."""
        self._ended.set()
        looking, self._looking = self._looking, None
        if looking is not None:
            looking.join(1.0)
        taken, self._input = self._input, None
        if taken is not None:
            taken.close()
            self._release()

    def _hear(self, message: Sequence[int]) -> None:
        """One message: read and passed on, nothing else. [rtmidi's thread]"""
        if self._clock is not None and message and message[0] >= 0xF0:
            said = _tell(self._clock, message)
            if said is not None:
                self._put(Event(0, CLOCK, said, BY))
            return
        move = read_move(message)
        if move is None:
            return
        if move.control.kind == "note":
            (self._down.add if move.value else self._down.discard)(move.control)
        for event in self._binds.events(move):
            self._put(event)

    def _look(self) -> None:
        """Whether the input is still there, or there again. [a thread of its own]"""
        taken = self._input
        assert taken is not None
        while not self._ended.wait(LOOK_SECONDS):
            before = taken.name
            taken.look()
            if before and not taken.name:
                sentence = f"MIDI input {before!r} is gone; it is taken again when it is back"
                faults.begin(UNPLUGGED, BY, sentence)
                self._release()
            elif taken.name and not before:
                faults.end(UNPLUGGED, BY, f"MIDI input {taken.name!r} is back")

    def _release(self) -> None:
        """Nothing comes any more: keys that were held are up, and the clock has ended."""
        for control in sorted(self._down):
            for event in self._binds.events(Move(control, 0)):
                self._put(event)
        self._down.clear()
        if self._clock is not None:
            self._clock.reset()
            self._put(Event(0, CLOCK, (0.0,), BY))


def learn(wanted: str | None, seconds: float | None = None) -> Iterator[tuple[str, float]]:
    """What is moved on an input, as it comes: ("midi cc 21 channel 1", 64.0); for `seconds`, or until closed.

    The text is what a bind takes as its source. A DeviceError says if there is no such input.
    """
    moves: queue.Queue[Move] = queue.Queue(MOST_LEARNT)

    def hear(message: Sequence[int]) -> None:
        move = read_move(message)
        if move is not None and not moves.full():
            moves.put_nowait(move)

    taken = Input(wanted, hear, clock=False)
    end = None if seconds is None else time.monotonic() + seconds
    try:
        while end is None or time.monotonic() < end:
            try:
                control, value = moves.get(timeout=0.1)
            except queue.Empty:
                continue
            yield control.text, float(value)
    finally:
        taken.close()


def _tell(clock: MidiClock, message: Sequence[int]) -> Said | None:
    """One system message to the clock; what it says to that, if anything."""
    status = message[0]
    if status == 0xF8:
        return clock.tick(time.monotonic())
    if status == 0xFA:
        clock.start()
    elif status == 0xFB:
        clock.go_on()
    elif status == 0xFC:
        return clock.stop()
    elif status == 0xF2 and len(message) == 3:
        clock.position(message[1] | message[2] << 7)
    return None
