"""Other shows for a running engine: tried and made ready aside, then played from the next block on.

What is asked for (the next of a set, a file that was saved) waits here, not the engine. Whatever goes wrong is a
sentence on the strip of the window and in the terminal, and the show that plays plays on.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from wearsound import faults
from wearsound.core import Event
from wearsound.errors import PatchError, StirredError, WearsoundError
from wearsound.parts import CHANGE, Change
from wearsound.show.build import Made
from wearsound.show.last_good import files_of, keep_show
from wearsound.show.rig import load_rig
from wearsound.show.set_list import Entry, SetList
from wearsound.show.surroundings import Surroundings

if TYPE_CHECKING:
    from wearsound.show.load import Show

log = logging.getLogger(__name__)

DRESSING = 8.0
"""Seconds that a change waits for its window at most: a garment that was never painted here takes longer, and then
light and sound go ahead."""
UNTRIED, REFUSED = "WS-S35", "WS-S36"
CALM = 2.0
"""Seconds for which nothing was asked for, before the next show is made ready: who saves once often saves again, and a
show that has just come needs the machine."""
LOOK = 0.02
SETTLE = 0.3
"""Seconds after which a file that was saved while it was read is read again."""
BEGUN = 560
"""Hops, about three seconds: then a show has begun and is one that was good, and there is time for those to come."""
HELD = 3
"""Shows that are held here, so that an old one is let go of on this thread: that takes a millisecond."""

_RELOAD, _READY, _LEAVE = "reload", "ready", "leave"


class Window(Protocol):
    """What a window is asked: to be ready for another show, and to say what is wrong."""

    @property
    def dressed(self) -> int:
        """The newest show that it is ready for."""
        ...

    def tell(self, sentence: str) -> None:
        """Put a sentence on its strip, or take it away with ""."""
        ...


class Tries(Protocol):
    """Who loads a show, tries it, and makes it ready, so that nobody here has to wait for it."""

    def open(self) -> None:
        """Get ready for what will be asked; a WearsoundError if that cannot be."""
        ...

    def show(self, entry: Entry) -> Made:
        """The show of an entry; a WearsoundError says why it cannot be."""
        ...

    def sketch(self, made: Made) -> str:
        """A word about the sketch of a show, "" for none; a WearsoundError where it fails."""
        ...


class Changer:
    """`take` hears what the engine takes, `changed` of files that were saved.

    `refuse(show)` says why another show cannot be now, "" if it can; `taken(made, whole)` is told of each show that was
    given to the engine, and whether its sketch was good too. [its own thread, unless said]
    """

    def __init__(
        self,
        surroundings: Surroundings,
        set_list: SetList,
        tries: Tries,
        *,
        window: Window | None = None,
        refuse: Callable[[Show], str] = lambda show: "",
        taken: Callable[[Made, bool], None] = lambda made, whole: None,
    ) -> None:
        self._surroundings = surroundings
        self._engine = surroundings.built.engine
        self._set = set_list
        self._tries = tries
        self._window = window
        self._refuse = refuse
        self._taken = taken
        self._number = 1
        self._wanted: queue.SimpleQueue[int | str] = queue.SimpleQueue()
        self._ready: dict[int, Change] = {}
        self._at = set_list.at
        """The entry that plays, or is on its way to the engine."""
        self._sketch = _sketch_of(surroundings.built.show)
        self._ahead: tuple[int, Made] | None = None
        """The entry after that one, ready to play."""
        self._saved: set[str] = set()
        """Kinds of files that were saved and do not play yet."""
        self._held = deque([surroundings.built.made], HELD)
        self._thread: threading.Thread | None = None
        self._engine.changes = lambda number: self._ready.pop(number, None)
        self._engine.listeners.append(self.take)

    def open(self) -> None:
        """Begin to listen. [main thread]"""
        self._thread = threading.Thread(target=self._run, name="changer", daemon=True)
        self._thread.start()
        self._wanted.put(_READY)

    def close(self) -> None:
        """Leave what is on its way; twice is fine. [main thread]"""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._wanted.put(_LEAVE)
            thread.join(0.5)

    def take(self, event: Event) -> None:
        """Hear whether another show is asked for. [engine thread]"""
        at = self._set.asked(event)
        if at is not None:
            self._wanted.put(at)

    def changed(self, kinds: Iterable[str]) -> None:
        """Files of the show that plays were saved. [any thread]"""
        self._saved.update(kinds)
        self._wanted.put(_RELOAD)

    def _run(self) -> None:
        while (wanted := self._next()) != _LEAVE:
            try:
                if wanted == _READY:
                    self._begin()
                else:
                    self._change(self._at if wanted == _RELOAD else int(wanted))
                self._get_ahead()
            except Exception as error:  # a fault of ours: the show plays on, and says so
                if isinstance(wanted, int):
                    self._set.failed(wanted)
                self._tell(f"the show could not be changed: {error!r}", trace=True)

    def _begin(self) -> None:
        """Nothing is made ready while the show itself begins, unless it is asked for."""
        while self._engine.hops < BEGUN and self._wanted.empty():
            time.sleep(LOOK)
        if self._thread is None:  # it was left: what would be started now had nobody to end it
            return
        try:
            self._tries.open()
        except WearsoundError as error:
            sentence = f"{error}; the show plays, but is not changed by what is saved"
            faults.begin(UNTRIED, "show", sentence)
        if self._engine.hops >= BEGUN and self._engine.number == 0:
            keep_show(self._surroundings.built.show)

    def _next(self) -> int | str:
        """What was asked for last, where several things were: the show that shall play, else that one's files."""
        wanted = self._wanted.get()
        while wanted != _LEAVE:
            try:
                newer = self._wanted.get_nowait()
            except queue.Empty:
                break
            if newer == _LEAVE or isinstance(newer, int) or wanted == _READY:
                wanted = newer
        return wanted

    def _change(self, at: int) -> None:
        entry = self._set.entries[at]
        # A number that failed is not used again: a recorder and a window may have heard of it.
        number, self._number = self._number, self._number + 1
        saved, trouble = set(self._saved), ""
        try:
            made = self._fetched(at) or self._tries.show(entry)
            refused = self._refuse(made.show)
            if refused:
                raise PatchError(refused)
            sketch = _sketch_of(made.show)
            if sketch is not None and sketch != self._sketch:
                try:
                    note = self._tries.sketch(made)
                except WearsoundError as error:
                    if at != self._at or saved <= {"sketch"}:
                        raise
                    # The patch need not wait for its sketch: the last good one draws on.
                    sketch, trouble = self._sketch, str(error)
                else:
                    if note:
                        log.warning("%s", note)
            self._set.coming = at
            attach = self._surroundings.ahead(made, number)
            self._wait(number)
            refused = self._refuse(made.show)
            if refused:  # a take may have been begun meanwhile
                raise PatchError(refused)
        except StirredError:
            time.sleep(SETTLE)  # somebody saves and saves: the newest is tried, and nobody need hear of it
            self._wanted.put(_RELOAD if at == self._at else at)
            return
        except WearsoundError as error:
            self._tell(str(error))
            self._set.failed(at)
            if (
                at != self._at and self._saved
            ):  # what was saved of the show that plays on is still to be tried
                self._wanted.put(_RELOAD)
            return
        self._sketch, self._at = sketch, at

        def attached() -> None:
            """[engine thread]"""
            self._set.playing(at)
            attach()

        self._held.append(made)
        self._ready[number] = Change(number, made.parts, attached)
        self._saved -= saved
        self._tell(trouble)
        self._engine.inbox.put(Event(0, CHANGE, (number,)))
        self._taken(made, not trouble)

    def _wait(self, number: int) -> None:
        """Until the window is dressed, but not for long."""
        end = time.monotonic() + DRESSING
        while self._window is not None and self._window.dressed < number and time.monotonic() < end:
            time.sleep(LOOK)

    def _get_ahead(self) -> None:
        """Make the next show of the set ready before anybody asks for it. What is wrong with it is said when it is
        asked for."""
        at = self._at + 1
        if at >= len(self._set.entries):
            return
        begin = time.monotonic() + CALM
        while time.monotonic() < begin:
            if not self._wanted.empty():
                return
            time.sleep(LOOK)
        if self._ahead is not None and self._ahead[0] == at and _as_read(self._ahead[1].show):
            return
        self._ahead = None
        with suppress(WearsoundError):
            self._ahead = at, self._tries.show(self._set.entries[at])

    def _fetched(self, at: int) -> Made | None:
        """The show that was made ahead, if it is this one and its files are as they were."""
        if self._ahead is None or self._ahead[0] != at:
            return None
        made, self._ahead = self._ahead[1], None
        return made if _as_read(made.show) else None

    def _tell(self, sentence: str, *, trace: bool = False) -> None:
        """On the strip until it is solved, and once in the terminal."""
        if self._window is not None:
            self._window.tell(sentence)
        if sentence:
            faults.begin(REFUSED, "show", f"{sentence}; what played plays on", trace=trace)
        else:
            faults.end(REFUSED, "show")


def _as_read(show: Show) -> bool:
    """Whether every file of a show still says what it said when it was read."""
    try:
        same = all(
            path.read_bytes() == show.kept.get(kind, b"")
            for kind, path in files_of(show).items()
            if kind != "rig"
        )
        return same and (show.rig_path is None or load_rig(show.rig_path) == show.rig)
    except (OSError, WearsoundError):
        return False


def _sketch_of(show: Show) -> tuple[Path, bytes] | None:
    """A show's sketch as it is now, None for none."""
    if show.sketch_path is None:
        return None
    try:
        return show.sketch_path, show.sketch_path.read_bytes()
    except OSError:
        return show.sketch_path, b""
