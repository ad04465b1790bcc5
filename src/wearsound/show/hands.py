"""The performer's hands on what runs: signals and words typed into its terminal become events."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from wearsound.core import Event
from wearsound.inbox import HANDS, proper

WORDS = {
    "panic": "/wear/panic",
    "resume": "/wear/resume",
    "blackout": "/wear/blackout",
    "tap": "/wear/tempo/tap",
    "quit": "/wear/quit",
}
"""What may be typed into the terminal of a running show."""

ANSWERS = {
    "panic": "panic: all light goes dark, every motor is still, and both stay so; type resume",
    "resume": "resumed",
    "blackout": "blackout; type resume",
    "tap": "tap",
    "quit": "leaving",
}

LEAVE = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGBREAK")
"""Ctrl-C, a polite kill, a closed terminal, Ctrl-Backslash, Windows' Ctrl-Break: all leave neutral."""


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


@contextmanager
def hands_on(take: Callable[[Event], object]) -> Iterator[None]:
    """Signals and typed words become events; the signals' old handlers come back at the end. [main thread]"""
    asked = False

    def quit_(number: int, frame: Any) -> None:
        nonlocal asked
        if asked:  # something slow is being opened or closed: leave now, still by way of every close
            raise KeyboardInterrupt
        asked = True
        take(Event(0, "/wear/quit", by="key"))

    def panic(number: int, frame: Any) -> None:
        take(Event(0, "/wear/panic", by="key"))

    handlers: dict[int, Any] = {getattr(signal, name): quit_ for name in LEAVE if hasattr(signal, name)}
    if hasattr(signal, "SIGUSR1"):
        handlers[signal.SIGUSR1] = panic
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    if sys.stdin is not None and sys.stdin.isatty():
        threading.Thread(target=_read_words, args=(take,), daemon=True).start()
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _read_words(take: Callable[[Event], object]) -> None:
    for line in sys.stdin:
        word = line.strip().lower().strip("!.")
        if word in WORDS:
            take(Event(0, WORDS[word], by="key"))
            print(ANSWERS[word])
        elif word:
            print(f"{word!r} is not known here; type one of: {', '.join(WORDS)}", file=sys.stderr)
