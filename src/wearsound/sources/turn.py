"""How long the door works at a stretch: in a flood the rest of the program must not wait for it."""

from __future__ import annotations

import time

TURN = 0.001
"""Seconds of work, and of rest after it. While it works, the engine's thread may have to wait for the
interpreter: a fifth of a hop at most. The door so takes half a core at most, and the system keeps what comes
meanwhile, until its buffer is full."""


class Turn:
    """Begun whenever the door wakes. [one thread]"""

    def __init__(self) -> None:
        self.rests = 0
        self._stop = 0.0

    def begin(self) -> None:
        """A fresh stretch of work."""
        self._stop = time.monotonic() + TURN

    def rest_if_over(self) -> None:
        """Sleep where the stretch is used up; called after each small piece of work."""
        if time.monotonic() >= self._stop:
            self.rests += 1
            time.sleep(TURN)
            self.begin()
