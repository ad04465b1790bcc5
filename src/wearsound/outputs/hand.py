"""What the performer's hand said last, for outputs that must obey it while the engine stands still or hangs."""

from __future__ import annotations

import math

from wearsound.core import Event


class HandTold:
    """Panic, blackout and master. A reader may come at any moment: each is one value. [any thread]"""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Fully up."""
        self.master = 1.0
        self._panic = self._blackout = False

    @property
    def dark(self) -> bool:
        """Whether everything shall be dark."""
        return self._panic or self._blackout

    def take(self, event: Event) -> None:
        """React to panic, resume, blackout and master; anything else is not ours."""
        number = event.args[0] if event.args else None
        value = float(number) if isinstance(number, int | float) else math.nan
        match event.address:
            case "/wear/panic":
                self._panic = True
            case "/wear/resume":
                self._panic = self._blackout = False
            case "/wear/blackout":
                self._blackout = not event.args or value > 0
            case "/wear/master":
                self.master = min(1.0, max(0.0, value)) if value == value else self.master
