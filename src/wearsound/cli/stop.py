"""Ctrl-C, a polite kill and a closed terminal leave a verb by one road: nothing is half-written."""

from __future__ import annotations

import signal
from typing import NoReturn

_asked = False


class Stopped(KeyboardInterrupt):
    """Somebody asked the program to end. (Python itself dies of a plain one that has crossed an `exec`.)"""


def listen() -> None:
    """Turn the signals that ask a program to end into Stopped. [main thread]"""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _stop)


def check() -> None:
    """Raise Stopped if it was asked before: what a signal raises inside a destructor is lost there."""
    if _asked:
        raise Stopped


def _stop(number: int, frame: object) -> NoReturn:
    global _asked
    _asked = True
    raise Stopped
