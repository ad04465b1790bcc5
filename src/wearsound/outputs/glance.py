"""Looks up from something slow: a hand on the keys must not wait until a sketch has drawn its picture, or hangs.

A window's events may be taken in its main thread only, which draws. So while it draws a timer of the system interrupts
it every EVERY seconds, between two steps of Python and never within one of NumPy's or pygame's. Windows has no such
timer: there a key waits for the picture.
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from types import FrameType

EVERY = 0.01
"""Seconds: a hundred looks a second cost half a percent of a core."""


class Glance:
    """`with glance:` calls `look` every EVERY seconds meanwhile; what it raises is raised there. [main thread]"""

    def __init__(self, look: Callable[[], object]) -> None:
        self._look = look
        self._able = hasattr(signal, "setitimer")
        self._looking = False
        if self._able:
            signal.signal(signal.SIGALRM, self._alarm)

    def __enter__(self) -> None:
        if self._able:
            self._looking = True
            signal.setitimer(signal.ITIMER_REAL, EVERY, EVERY)

    def __exit__(self, *_: object) -> None:
        if self._able:
            self._looking = False  # first: an alarm that is on its way finds nothing to do
            signal.setitimer(signal.ITIMER_REAL, 0.0)

    def _alarm(self, number: int, frame: FrameType | None) -> None:
        if self._looking:
            self._look()
