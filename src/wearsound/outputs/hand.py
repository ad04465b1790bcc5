"""What the performer's hand said last, for outputs that must obey it while the engine is late or hangs."""

from __future__ import annotations

import math
import time

from wearsound.core import Event
from wearsound.hand import Said

SOUND, TOUCH = 0.15, 0.04
"""Seconds in which an output takes what is heard and what is felt away by itself at a blackout, or a master at 0. The
engine does so too (`safety.master`); whoever is first counts, and both together are no step."""


class HandTold(Said):
    """What was said, and since when it is nothing. [any thread]"""

    def reset(self) -> None:
        """Fully up, nothing stands still."""
        super().reset()
        self.since = math.inf
        """When (monotonic seconds) `nothing` began, infinite while it is not so."""

    def take(self, event: Event) -> bool:
        """React to panic, resume, blackout, freeze and master; whether it was one of them."""
        ours = super().take(event)
        if ours:
            self.since = math.inf if not self.nothing else min(self.since, time.monotonic())
        return ours
