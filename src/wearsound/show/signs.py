"""How a live show is doing: the age of its sound, what its window draws, and its lamps."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from wearsound import faults
from wearsound.core import Health, Source
from wearsound.outputs.slot import LAMP_ABSENT, LAMP_ALIVE, LAMP_LOST, LAMP_WAITING
from wearsound.outputs.window import Window
from wearsound.show.surroundings import Surroundings

if TYPE_CHECKING:
    from wearsound.sources.osc_in.door import Door

SHOWN = 10.0
"""Seconds for which a fault stands on the strip."""
LATELY = 2.0
"""Seconds after the last message during which OSC's lamp is lit."""


def health_of(source: Source, window: Window | None) -> Callable[[], Health]:
    """Age and drops of the sound, how many pictures a second the window really draws, and what is wrong.

    The newest fault is on the window's strip for a moment. [engine thread asks]
    """
    looked, drawn, fps, warned = time.monotonic(), 0, 0.0, ""

    def health() -> Health:
        nonlocal looked, drawn, fps, warned
        now, wrong = time.monotonic(), faults.now()
        if window is not None:
            warning = _warning(wrong, now)
            if warning != warned:
                warned = warning
                window.warn(warning)
        if window is not None and now - looked >= 1.0:
            fps = (window.drawn - drawn) / (now - looked)
            looked, drawn = now, window.drawn
        return Health(
            fps=fps,
            age_ms=1000.0 * float(getattr(source, "age", 0.0)),
            drops=int(getattr(source, "lost", 0)),
            faults=tuple((fault.code, fault.who, now - fault.since) for fault in wrong),
        )

    return health


def _warning(wrong: Sequence[faults.Fault], now: float) -> str:
    """The newest fault in a line, "" where that began long ago: nobody wants to read it all night on a screen."""
    newest = wrong[-1] if wrong else None
    return f"{newest.code} {newest.said}" if newest is not None and now - newest.since < SHOWN else ""


def lamps_of(around: Surroundings, door: Door | None) -> Callable[[], tuple[str, str]]:
    """The lamps of what comes in by OSC and of what goes out, as they are now. [engine thread asks]

    The second is lost while light or vibration cannot be sent; whether it arrives, nobody tells.
    """

    def lamps() -> tuple[str, str]:
        sent = around.outputs
        failing = any(getattr(part, "failing", False) for part in around.told_at_once)
        out = LAMP_ABSENT if not sent else LAMP_LOST if failing else LAMP_ALIVE
        return _lamp(door, time.monotonic()), out

    return lamps


def _lamp(door: Door | None, now: float) -> str:
    """Whether OSC comes in: nowhere to, not yet, lately, or its port is taken."""
    if door is None:
        return LAMP_ABSENT
    if not door.listening:
        return LAMP_LOST
    return LAMP_ALIVE if door.heard_at and now - door.heard_at < LATELY else LAMP_WAITING
