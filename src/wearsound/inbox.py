"""Events from any thread or signal handler on their way to the engine, bounded, without a lock.

Of a value (a fader, a switch, panic) the last one wins; triggers keep their order and none is merged. A
signal handler runs in the middle of the engine's own thread, where a lock could never be had: so nothing
here is more than one atomic step of a dict or a deque, and a counter puts both back in one order.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Container

from wearsound.core import Event

HANDS = frozenset(
    {"/wear/panic", "/wear/resume", "/wear/blackout", "/wear/freeze", "/wear/master", "/wear/quit"}
)
"""What must come through whatever else arrives: their last value wins, so they always find room."""

MOST_WAITING = 4096
"""Triggers that may wait: four fifths of a second of the busiest sender there may be."""

MOST_A_HOP = 64
"""Triggers taken in one hop, 12,000 a second: more would make the hop late, so they wait for the next."""

LARGEST = 1 << 64
"""No whole number that comes in needs more bits."""


class Inbox:
    """`put` from anywhere, `take` by the engine. `values` are the addresses of which the last value wins."""

    def __init__(self, values: Container[str] = frozenset()) -> None:
        self.values = values
        self.lost = 0
        """Triggers that found no room since the beginning."""
        self._number = itertools.count()
        self._latest: dict[str, tuple[int, Event]] = {}
        self._triggers: deque[tuple[int, Event]] = deque()

    def put(self, event: Event) -> bool:
        """Whether there was room; what is no event at all is left out. [any thread]"""
        if not proper(event):
            return False
        if event.address in HANDS or event.address in self.values:
            self._latest[event.address] = (next(self._number), event)
            return True
        if len(self._triggers) >= MOST_WAITING:
            self.lost += 1
            return False
        self._triggers.append((next(self._number), event))
        return True

    def take(self, n_hops: int = 1) -> list[Event]:
        """What came in, in its order; of the triggers as many as `n_hops` hops can bear. [engine thread]

        Triggers beyond that wait; a value never waits behind them, so that no flood can hold a hand back. While no
        hop comes (0) only HANDS are taken.
        """
        if not self._latest and not self._triggers:
            return []
        if not n_hops:
            return self._hands()
        triggers = self._triggers
        taken = [triggers.popleft() for _ in range(min(len(triggers), MOST_A_HOP * n_hops))]
        for _ in range(len(self._latest)):  # not until it is empty: a sender may fill it as fast
            taken.append(self._latest.popitem()[1])
        taken.sort(key=lambda entry: entry[0])
        return [event for _, event in taken]

    def _hands(self) -> list[Event]:
        """What cannot wait for a hop, while none comes: time passes and nothing is heard."""
        found = [self._latest.pop(address) for address in HANDS if address in self._latest]
        return [event for _, event in sorted(found, key=lambda entry: entry[0])]


def proper(event: object) -> bool:
    """Whether an event is one: words, numbers that a float can hold; anything else is left out."""
    if not (isinstance(event, Event) and isinstance(event.tick, int) and isinstance(event.address, str)):
        return False
    return isinstance(event.args, tuple) and all(
        abs(arg) < LARGEST for arg in event.args if isinstance(arg, int)
    )
