"""What the performer's hand said last, for outputs that must obey it while the engine is late, stands or hangs."""

from __future__ import annotations

import math
import time

from wearsound.core import Event

SOUND, TOUCH = 0.15, 0.04
"""Seconds in which an output takes what is heard and what is felt away by itself at a blackout, or a master at 0. The
engine does so too (`safety.master`); whoever is first counts, and both together are no step."""


class HandTold:
    """Panic, blackout, freeze and master. A reader may come at any moment: each is one value. [any thread]"""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Fully up, nothing stands still."""
        self.master = 1.0
        self.panicked = self.blackout = self.frozen = False
        self.since = math.inf
        """When (monotonic seconds) `nothing` began, infinite while it is not so."""

    @property
    def dark(self) -> bool:
        """Whether everything shall be dark."""
        return self.panicked or self.blackout

    @property
    def nothing(self) -> bool:
        """Whether nothing shall be seen, heard or felt: dark, or a master at 0."""
        return self.panicked or self.blackout or self.master == 0.0

    def take(self, event: Event) -> None:
        """React to panic, resume, blackout, freeze and master; anything else is not ours."""
        number = event.args[0] if event.args else None
        value = float(number) if isinstance(number, int | float) else math.nan
        match event.address:
            case "/wear/panic":
                self.panicked = True
            case "/wear/resume":
                self.panicked = self.blackout = self.frozen = False
            case "/wear/blackout":
                self.blackout = not event.args or value > 0
            case "/wear/freeze":
                self.frozen = not event.args or value > 0
            case "/wear/master":
                self.master = min(1.0, max(0.0, value)) if value == value else self.master
            case _:
                return
        self.since = math.inf if not self.nothing else min(self.since, time.monotonic())
