"""Swing slots: who may brighten much, and when. At most three in any second, for garment and screen together.

A slot stays open for 80 ms, so that zones which move together share it. When nobody has asked for a second, one
is opened unasked: a screen, which can only follow, may then swing too, and two are still free for who asks.
"""

from __future__ import annotations

from wearsound.core import Clock

SLOTS = 3
WINDOW = 0.08
"""Seconds a slot stays open for others to share."""


class Slots:
    """Opens slots, in ticks. [engine thread]"""

    def __init__(self, clock: Clock) -> None:
        self._window = clock.ticks(WINDOW)
        # Who swings late in one slot and early in the third next must still be more than a second apart.
        self._second = clock.ticks(1.0) + self._window
        self.reset()

    @property
    def opened(self) -> tuple[int, ...]:
        """Ticks at which the slots that still count were opened, oldest first."""
        return tuple(self._opened)

    @property
    def until(self) -> int:
        """The tick at which the newest slot ends."""
        return self._until

    def reset(self) -> None:
        """None used."""
        self._opened: list[int] = []
        self._until = -1

    def distrust(self) -> None:
        """Nobody knows what was before tick 0: all of them are used for its first second, and none is open."""
        self._opened, self._until = [-self._window] * SLOTS, 0

    def inherit(self, old: Slots) -> None:
        """Those that were opened count on."""
        self._opened, self._until = old._opened, old._until

    def pass_to(self, tick: int) -> None:
        """Time goes on to `tick`: what counts no more is forgotten, and an idle second opens a slot."""
        self._opened = [slot for slot in self._opened if tick - slot <= self._second]
        if not self._opened:
            self.take(tick)

    def is_open(self, tick: int) -> bool:
        """Whether a swing may begin now without a new slot."""
        return tick < self._until

    def take(self, tick: int) -> bool:
        """Whether a swing may begin now; opens a slot if none is open and one is left."""
        if self.is_open(tick):
            return True
        if len(self._opened) >= SLOTS:
            return False
        self._opened.append(tick)
        self._until = tick + self._window
        return True

    def close(self, tick: int) -> None:
        """Nobody may join the open slot any more."""
        self._until = min(self._until, tick)


def follows(slots: tuple[int, ...], tick: int, clock: Clock) -> int:
    """Until which tick a follower may begin a swing at `tick` on slots that another opened; 0 if it may not."""
    until = max((slot for slot in slots if slot <= tick), default=-(1 << 30)) + clock.ticks(WINDOW)
    return until if tick < until else 0
