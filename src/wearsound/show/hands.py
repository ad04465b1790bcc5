"""The performer's hands on what runs: signals and words typed into its terminal become events."""

from __future__ import annotations

import math
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from wearsound.core import Event
from wearsound.errors import WearsoundError
from wearsound.inbox import HANDS, proper
from wearsound.outputs.hand import HandTold
from wearsound.show.typed import WORDS, Word, typed

LEAVE = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGBREAK")
"""Ctrl-C, a polite kill, a closed terminal, Ctrl-Backslash, Windows' Ctrl-Break: all leave neutral."""

STEP = 0.1
"""Of the master, a signal."""

FRESH = 0.25
"""Seconds in which what a signal has just said is truer than what the engine has taken: signals may come faster than
hops, and a fader that is pushed five times moves five steps."""


class HandNow(Protocol):
    """What the hand has done, as the engine knows it (`safety.master.Master`). [any thread]"""

    blackout: bool
    frozen: bool
    master: float


def hand_to(outputs: Sequence[Any]) -> Callable[[Event], None]:
    """What tells every output of panic, blackout and master itself: its keeper obeys while the engine hangs.

    It only sets flags, so a signal handler may call it. [any thread]
    """
    takes = [output.take for output in outputs if hasattr(output, "take")]

    def tell(event: Event) -> None:
        if event.address in HANDS and proper(event):
            for take in takes:
                take(event)

    return tell


class Signals:
    """What each signal says; those of `by_signal` may be called in the middle of anything. [main thread]

    `now` tells what the hand has done, for what goes on and off; without it what was said here is all that is known.
    """

    def __init__(self, take: Callable[[Event], object], now: Callable[[], HandNow] | None) -> None:
        self._take = take
        self._now = now
        self._told = HandTold()
        self._at = -math.inf

    def by_signal(self) -> dict[int, Callable[[], None]]:
        """What to do at which signal, of those that the platform has."""
        found: dict[int, Callable[[], None]] = {}
        if hasattr(signal, "SIGUSR1"):
            found[signal.SIGUSR1] = lambda: self._say("/wear/panic")
            found[signal.SIGUSR2] = lambda: self._say("/wear/resume")
        if hasattr(signal, "SIGRTMIN"):
            first = int(signal.SIGRTMIN)
            found[first + 1] = lambda: self._say("/wear/blackout", int(not self._read().blackout))
            found[first + 2] = lambda: self._say("/wear/freeze", int(not self._read().frozen))
            found[first + 3] = lambda: self._move(-STEP)
            found[first + 4] = lambda: self._move(STEP)
        return found

    def _move(self, step: float) -> None:
        level = round((self._read().master + step) / STEP) * STEP
        self._say("/wear/master", round(min(1.0, max(0.0, level)), 3))

    def _read(self) -> HandTold:
        """What is now."""
        if self._now is not None and time.monotonic() - self._at >= FRESH:
            now = self._now()
            self._told.blackout, self._told.frozen, self._told.master = now.blackout, now.frozen, now.master
        return self._told

    def _say(self, address: str, *args: object) -> None:
        event = Event(0, address, args, by="key")
        self._read()
        self._told.take(event)
        self._at = time.monotonic()
        self._take(event)


def let_in() -> None:
    """The signals of hands come from here on, if whoever began this process has blocked them. [main thread]"""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, Signals(lambda event: None, None).by_signal())


@contextmanager
def hands_on(
    take: Callable[[Event], object],
    now: Callable[[], HandNow] | None = None,
    words: dict[str, Word] = WORDS,
) -> Iterator[None]:
    """Signals and typed `words` become events; the signals' old handlers come back at the end. [main thread]

    `now` tells what the hand has done, so that a signal can put it on and off.
    """
    asked = False

    def quit_(number: int, frame: Any) -> None:
        nonlocal asked
        if asked:  # something slow is being opened or closed: leave now, still by way of every close
            raise KeyboardInterrupt
        asked = True
        take(Event(0, "/wear/quit", by="key"))

    does = Signals(take, now).by_signal()

    def obey(number: int, frame: Any) -> None:
        does[number]()

    handlers: dict[int, Any] = {getattr(signal, name): quit_ for name in LEAVE if hasattr(signal, name)}
    handlers |= dict.fromkeys(does, obey)
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    if sys.stdin is not None and sys.stdin.isatty():  # a pipe is somebody else's
        threading.Thread(target=_read_words, args=(take, words), daemon=True).start()
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _read_words(take: Callable[[Event], object], words: dict[str, Word]) -> None:
    for line in sys.stdin:
        try:
            said = typed(line, words)
        except WearsoundError as wrong:
            print(wrong, file=sys.stderr)
            continue
        if said is None:
            continue
        if said.event is not None:
            take(said.event)
        print(said.answer, flush=True)
