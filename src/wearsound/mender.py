"""Opens again, aside, what broke during a show: the rest plays on meanwhile."""

from __future__ import annotations

import threading
from collections import deque
from contextlib import suppress
from typing import Any, Protocol

from wearsound.core import Clock

FIRST, LONGEST = 5.0, 60.0
"""Seconds before the first try, and at most between two."""


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
        self._forgotten: set[int] = set()
        self._ended = threading.Event()
        self._held = threading.Lock()

    def take(self, part: Broken, home: list[Any]) -> float:
        """Mend `part` of `home` on a thread of its own; the seconds until the first try. [engine thread]"""
        times = self._breaks[id(part)] = self._breaks.get(id(part), 0) + 1
        wait = min(LONGEST, self._first * 2.0 ** (times - 1))
        threading.Thread(
            target=self._mend, args=(part, home, wait), name=f"mend {part.name}", daemon=True
        ).start()
        return wait

    def forget(self, part: Broken) -> None:
        """A part that is not wanted any more: it does not come back. [engine thread]"""
        with self._held:
            self._forgotten.add(id(part))

    def end(self) -> None:
        """Stop mending; what was mended and not yet fetched is closed. Twice is fine. [engine thread]"""
        with self._held:
            self._ended.set()
        while self.mended:
            with suppress(Exception):
                self.mended.popleft()[0].close()

    def _mend(self, part: Broken, home: list[Any], wait: float) -> None:
        """[a thread of its own]"""
        with suppress(Exception):
            part.close()
        while not self._ended.wait(wait) and id(part) not in self._forgotten:
            try:
                part.open(self._clock)
            except Exception:  # whatever it is, the next try may do
                wait = min(LONGEST, 2.0 * wait)
                continue
            with self._held:
                if not self._ended.is_set() and id(part) not in self._forgotten:
                    self.mended.append((part, home))
                    return
            part.close()
