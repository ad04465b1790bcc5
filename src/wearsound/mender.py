"""Opens parts aside during a show, those that broke and those that are new: the rest plays on meanwhile."""

from __future__ import annotations

import threading
from collections import deque
from contextlib import suppress
from typing import Any, Protocol

from wearsound import faults
from wearsound.core import Clock

FIRST, LONGEST = 5.0, 60.0
"""Seconds before the first try, and at most between two."""
SOON = 0.05
"""Seconds before the first try of what is new: what leaves for it gets that time to go."""


OF_OURS = "WS-E11"
"""The code of a part that does not say its own."""


def code_of(part: object) -> str:
    """The code of a fault that stops `part`: its `fault`, if it has one."""
    return str(getattr(part, "fault", OF_OURS))


class Broken(Protocol):
    """What can be closed and opened again."""

    name: str

    def open(self, clock: Clock) -> None:
        """Take the device or socket; raises if it cannot."""
        ...

    def close(self) -> None:
        """Let go; twice is fine."""
        ...


class Mender:
    """`take` a broken part; when it could be opened again it lies in `mended`, with the list that it played in.

    Nothing here makes anybody wait.
    """

    def __init__(self, clock: Clock, first: float = FIRST) -> None:
        self.mended: deque[tuple[Any, list[Any]]] = deque()
        self._clock = clock
        self._first = first
        self._breaks: dict[int, int] = {}
        self._dropped: dict[int, Broken] = {}
        """By their `id`; kept, so that no other part gets that number."""
        self._ended = threading.Event()
        self._held = threading.Lock()

    def take(self, part: Broken, home: list[Any]) -> float:
        """Mend `part` of `home` on a thread of its own; the seconds until the first try. [engine thread]"""
        times = self._breaks[id(part)] = self._breaks.get(id(part), 0) + 1
        wait = min(LONGEST, self._first * 2.0 ** (times - 1))
        self._start(self._mend, part, home, wait, False)
        return wait

    def bring(self, part: Broken, home: list[Any]) -> None:
        """Open a new `part` for `home` on a thread of its own, and try again as if it had broken. [engine thread]"""
        self._start(self._mend, part, home, SOON, True)

    def drop(self, part: Broken) -> None:
        """Close a part that is not wanted any more, also one that is being mended. [engine thread]"""
        with self._held:
            self._dropped[id(part)] = part
            waiting = [entry for entry in self.mended if entry[0] is not part]
            self.mended.clear()
            self.mended.extend(waiting)
        self._start(self._close, part)

    def end(self) -> None:
        """Stop mending; what was mended and not yet fetched is closed. Twice is fine. [engine thread]"""
        with self._held:
            self._ended.set()
        while self.mended:
            with suppress(Exception):
                self.mended.popleft()[0].close()

    def _start(self, act: Any, part: Broken, *args: Any) -> None:
        threading.Thread(target=act, args=(part, *args), name=f"mend {part.name}", daemon=True).start()

    def _close(self, part: Broken) -> None:
        """[a thread of its own]"""
        try:
            part.close()
        except Exception as error:  # whatever it is, it has left
            faults.begin(OF_OURS, part.name, f"{part.name}: {error}", lapse=faults.MOMENT)

    def _mend(self, part: Broken, home: list[Any], wait: float, new: bool) -> None:
        """[a thread of its own]"""
        if not new:
            self._close(part)
        while not self._ended.wait(wait) and id(part) not in self._dropped:
            try:
                part.open(self._clock)
            except Exception as error:  # whatever it is, the next try may do
                wait = self._first if new else min(LONGEST, 2.0 * wait)
                if id(part) in self._dropped:
                    continue
                sentence = f"{error}; the show plays on without it, and it is tried again"
                faults.begin(code_of(part), part.name, sentence)
                new = False
                continue
            with self._held:
                if not self._ended.is_set() and id(part) not in self._dropped:
                    self.mended.append((part, home))
                    return
            part.close()
