"""How long the door works at a stretch: in a flood the rest of the program must not wait for it."""

from __future__ import annotations

import time

TURN = 0.001
"""Seconds of work, and of rest after it. While it works, the engine's thread may have to wait for the
interpreter: a fifth of a hop at most. The door so takes half a core at most, and the system keeps what comes
meanwhile, until its buffer is full."""


class Turn:
    """Begun whenever the door wakes: at most once in TURN where much comes, at once where little does. [one thread]"""

    def __init__(self) -> None:
        self._began = -TURN

    def begin(self) -> None:
        """A fresh stretch of work, after a rest where the last one was just now."""
        now = time.monotonic()
        if now - self._began < 2 * TURN:
            time.sleep(TURN)
            now = time.monotonic()
        self._began = now

    def rest_if_over(self) -> None:
        """Sleep where the stretch is used up; called after each small piece of work."""
        if time.monotonic() - self._began >= TURN:
            time.sleep(TURN)
            self._began = time.monotonic()
