"""What the performer's hand said last: the engine obeys it, and so does every output that cannot wait for one."""

from __future__ import annotations

import math

from wearsound.core import Event

DARK, RISE = 0.5, 0.9
"""Seconds from full to dark after panic and blackout (the promise is 1.1 s), and from nothing to full of anything."""


class Said:
    """Panic, blackout, freeze and master. A reader may come at any moment: each is one value. [any thread]"""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Fully up, nothing stands still."""
        self.panicked = self.blackout = False
        self.frozen = False
        """Whether what is seen stands still; what is heard and felt plays on."""
        self.master = 1.0
        """How much the fader lets through, 0..1."""

    @property
    def dark(self) -> str:
        """ "panic" or "blackout" while everything is kept dark, else ""."""
        return "panic" if self.panicked else "blackout" if self.blackout else ""

    @property
    def nothing(self) -> bool:
        """Whether nothing shall be seen, heard or felt: dark, or a master at 0."""
        return self.panicked or self.blackout or self.master == 0.0

    def take(self, event: Event) -> bool:
        """React to panic, resume, blackout, freeze and master; whether it was one of them."""
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
                return False
        return True
