"""The engine's end of its guard: it is told what to play, tells what it does, and leaves when its parent is gone."""

from __future__ import annotations

import ctypes
import faulthandler
import os
import select
import signal
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import Any, NoReturn, TextIO

from wearsound.core import Block, Clock, Event, Source, index_of
from wearsound.guardian import crashes
from wearsound.guardian.child import CRASHED
from wearsound.guardian.lines import Hearer, Teller, Words
from wearsound.guardian.signals import HANDS, HEARD, LEAVE
from wearsound.show.build import Built
from wearsound.show.set_list import SetList

OFTEN, ALIVE = 0.1, 1.0
"""Seconds between two words about what changed at the least, and between two at the most."""
LOOK = 0.05
"""Seconds between two looks at the parent: if it is stopped we are, or motors would go on without anybody's hand."""
LAST = 8.0
"""Seconds in which we leave by ourselves when the parent is gone."""
MOST = 400
"""Events that are brought back."""
_PR_SET_PDEATHSIG = 1


class Seat:
    """What a guarded engine knows of its guard; implements `show.live.Watcher`.

    `words` are the command line, `rung` what is to be played of it (`ladder`), `again` whether it played before: `at`
    which show of the set, for how many seconds (`played`), and whether in a `window`.
    """

    def __init__(self, inlet: int, outlet: int) -> None:
        """`inlet` is read, `outlet` written. [main thread]"""
        for descriptor in (inlet, outlet):
            os.set_inheritable(descriptor, False)
        self._inlet = inlet
        self._parent = os.getppid()
        self._teller = Teller(outlet)
        self._path = ""
        self._crash: TextIO | None = None
        self.words: list[str] = []
        self.rung = self.at = 0
        self.again = self.window = False
        self.played = 0.0
        self._place = ("", "")
        self._events: list[Event] = []
        self._changed = True
        self._key: object = None
        self._next = self._alive = 0.0

    @property
    def called(self) -> bool:
        """Whether the parent has said already what to play."""
        return bool(select.select([self._inlet], [], [], 0.0)[0])

    def wait(self) -> bool:
        """Until the parent says what to play; False if it is gone. [main thread]"""
        if sys.platform == "linux":  # a process that is stopped would not see the end of its pipe
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGCONT)
        hearer = Hearer(self._inlet)
        while not hearer.ended:
            select.select([self._inlet], [], [])
            for words in hearer.heard():
                self._told(words)
                threading.Thread(target=self._leave_with_parent, daemon=True, name="parent").start()
                return True
        return False

    def _told(self, words: Words) -> None:
        kept = words.get("kept", {})
        self.words = [str(word) for word in words["words"]]
        self.rung, self.again = int(words["rung"]), bool(words["again"])
        self.window = bool(kept.get("window", False))
        self.at, self.played = int(kept.get("at", 0)), float(kept.get("played", 0.0))
        cue, scene = kept.get("place", ("", ""))
        self._place = (str(cue), str(scene))
        said = [*kept.get("hands", []), *kept.get("events", [])]
        self._events = [Event(0, address, tuple(args), by="key") for address, *args in said]
        while signal.sigtimedwait(HANDS, 0) is not None:
            pass  # what came while this process was a spare was another's
        self._path = str(words.get("crash", ""))
        with suppress(OSError):  # a disk that is full is no reason not to play
            if self._path:
                self._crash = open(self._path, "a", encoding="utf-8")  # noqa: SIM115  (open until the end)
        faulthandler.enable(self._crash or sys.stderr)

    def listen(self) -> None:
        """From here on signals are heard, and the parent is told of those that ask to leave. [main thread]"""
        for number in LEAVE:
            before = signal.getsignal(number)
            if callable(before):
                signal.signal(number, partial(self._asked, before))
        signal.pthread_sigmask(signal.SIG_UNBLOCK, LEAVE)

    def alone(self) -> None:
        """What plays is not begun again when it ends. [main thread]"""
        self._teller.tell({"alone": True})

    def crashed(self, error: Exception) -> NoReturn:
        """Write down the error and end this process at once: whoever closes every output in peace is not back in time,
        and receivers hold what they show, motors for a quarter of a second. [main thread]"""
        for where in (sys.stderr, self._crash):
            if where is not None:
                with suppress(OSError):
                    traceback.print_exception(error, file=where)
                    where.flush()
        with suppress(OSError):
            sys.stdout.flush()
        os._exit(CRASHED)

    def watch(self, built: Built, set_list: SetList | None, source: Source) -> Source:
        """`source`, and the parent hears of every block; what was before a crash is brought back. [main thread]"""
        self._built, self._set_list = built, set_list
        engine = built.engine
        engine.listeners.append(self._take)
        engine.fails = self._fails
        if self.again:
            built.guard.distrust()
            built.engine.master.begin_dark()
            built.score.begin(*self._place)
        for event in self._events:
            take = getattr(source, "take", None)
            if take is not None:  # a recording that is heard itself must not begin before it knows
                take(event)
            engine.inbox.put(event)
        self.listen()  # by now the signals are the show's own
        signal.pthread_sigmask(signal.SIG_UNBLOCK, HEARD)
        return Watched(source, self)

    def beat(self) -> None:
        """Another block comes. [engine thread]"""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + OFTEN
        built, score = self._built, self._built.score
        at = self._set_list.at if self._set_list is not None else 0
        key = (at, score.place)
        words: Words = {}
        if self._changed or key != self._key:
            self._changed, self._key = False, key
            words = self._state(at)
        if words or now - self._alive >= ALIVE:
            self._alive = now
            words["played"] = self.played + built.clock.seconds(built.engine.hops + built.engine.lost)
            words |= {"begun": now}
            if not self._teller.tell(words):
                self._changed = True

    def _fails(self, error: Exception) -> None:
        """[engine thread]"""
        if self._alive:  # before its first block it is no crash, but a device that is not there
            self.crashed(error)

    def ends(self) -> None:
        """There are no more blocks: the outputs are closed now. [engine thread]"""
        self._teller.tell({"leaving": True})

    def _state(self, at: int) -> Words:
        engine, score = self._built.engine, self._built.score
        events = score.as_events()
        told = engine.told
        lock = told.get("/wear/tempo/lock")
        if lock and lock[0]:
            column = index_of(self._built.ear.specs).get("room.tempo")
            tempo = float(engine.heard[column]) if column is not None else 0.0
            events += [Event(0, "/wear/tempo/bpm", (tempo,))] if tempo else []
            events.append(Event(0, "/wear/tempo/lock", (1,)))
        window = any(output.name == "window" for output in engine.outputs) or self.window
        return {
            "at": at,
            "window": window,
            "place": score.place,
            "hands": _plain(engine.master.as_events()),
            "events": _plain(events[:MOST]),
        }

    def _take(self, event: Event) -> None:
        """[engine thread]"""
        self._changed = True
        if event.address == "/wear/quit":
            self.ends()

    def _asked(self, before: Any, number: int, frame: Any) -> None:
        self.ends()
        before(number, frame)

    def _leave_with_parent(self) -> None:
        """Leave when it is gone, stand still while it is stopped. [a thread of its own]"""
        while not select.select([self._inlet], [], [], LOOK)[0]:
            if _stopped(self._parent):
                os.kill(os.getpid(), signal.SIGSTOP)
        crashes.drop(self._path)  # it is the parent that ended, and nobody else looks
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(LAST)
        os._exit(1)


class Watched:
    """A source whose blocks are told to a Seat; implements `core.Source`."""

    def __init__(self, source: Source, seat: Seat) -> None:
        self._source, self._seat = source, seat
        self.live, self.lanes, self.sample_rate = source.live, source.lanes, source.sample_rate

    def blocks(self, clock: Clock) -> Iterator[Block]:
        """Those of the source. [engine thread]"""
        blocks = self._source.blocks(clock)
        try:
            for block in blocks:
                self._seat.beat()
                yield block
            self._seat.ends()
        finally:
            getattr(blocks, "close", lambda: None)()


def _plain(events: list[Event]) -> list[list[Any]]:
    """As JSON has it; what it has not is left out."""
    return [
        [event.address, *event.args]
        for event in events
        if all(isinstance(arg, int | float | str) for arg in event.args)
    ]


def _stopped(pid: int) -> bool:
    """Whether a process is stopped; False where nobody tells."""
    try:
        # No Path: it interns its parts, and asked twenty times a second it made Python's table of them grow.
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            return file.read().rpartition(")")[2].split()[0] in ("T", "t")
    except (OSError, IndexError):
        return False
