"""What waits because one target is later than the others: pieces in order, each with the tick at which it ended.

What waits has been through the guard, which counts duty by the time at which it was played. So it leaves in its order
and never closer together than it came. A delay that grows is a pause. One that shrinks leaves out what comes too late
now, and would join what stood apart: so it is still for as long as it shrank, and for REST at the least.

A panic forgets what waits at once. Blackout and master at nothing fade it within TOUCH, and then
forget it too. Any other master comes as late as all else.
"""

from __future__ import annotations

from collections import deque
from typing import Generic, TypeVar

from wearsound.core import Clock, Event
from wearsound.outputs.delay import DelaySetting
from wearsound.outputs.hand import TOUCH, HandTold

REST = 5.0
"""Seconds: whatever is before and after, no ten seconds hold more than five, and that is the duty allowed in them."""

T = TypeVar("T")


class Held(Generic[T]):
    """Holds back by `delay`, which may be set meanwhile. [engine thread]

    After each `due`: `gain` 0..1 is what may leave of it, and `still` says that nothing may.
    """

    def __init__(self, delay: DelaySetting) -> None:
        self._delay = delay
        self._hand = HandTold()
        self._panicked = False
        self._waiting: deque[tuple[int, T]] = deque()
        self.open(Clock())

    def open(self, clock: Clock) -> None:
        """Nothing waits; what the hand said last holds on."""
        self._waiting.clear()
        self._hop = clock.hop / clock.sample_rate
        self._late = round(self._delay.seconds / self._hop)
        self._still_until: int | None = None
        self._now: int | None = None
        self.gain = 1.0
        self.still = False

    def take(self, event: Event) -> None:
        """Remember the performer's hand, and the delay; it only sets flags. [any thread]"""
        if event.address == "/wear/panic":
            self._panicked = True  # kept until it was obeyed, also where it is resumed before the next block
        self._hand.take(event)
        self._delay.take(event)

    def put(self, end: int, piece: T) -> None:
        """Take what ended with the hop before tick `end`."""
        self._waiting.append((end, piece))

    def due(self, now: int) -> list[T]:
        """What may leave at tick `now`, oldest first; nothing while it is `still`."""
        self._pause(now)
        found = []
        while self._waiting and self._waiting[0][0] + self._late <= now:
            found.append(self._waiting.popleft()[1])
        self.still = self._still_until is not None
        passed = 0.0 if self._now is None else max(0, now - self._now) * self._hop
        self._now = now
        if self._forgets(passed):
            self._waiting.clear()
            self.still = True
        return [] if self.still else found

    def _pause(self, now: int) -> None:
        """Still for a while where the delay was set anew."""
        late = round(self._delay.seconds / self._hop)
        if late != self._late:
            rest = late - self._late if late > self._late else max(self._late - late, round(REST / self._hop))
            self._still_until = max(now + rest, self._still_until or now)
            self._late = late
        if self._still_until is not None and now >= self._still_until:
            self._still_until = None

    def _forgets(self, passed: float) -> bool:
        """Whether the hand wants nothing of what waits."""
        panicked, self._panicked = self._panicked, False
        if panicked:
            self.gain = 0.0
            return True
        if not self._late:  # the engine has obeyed already
            self.gain = 1.0
        elif self._hand.nothing:
            self.gain = max(0.0, self.gain - passed / TOUCH)
            return self.gain == 0.0
        elif self.gain < 1.0:  # from nothing at once: what was played after it is as weak as it is itself
            self.gain = min(1.0, self.gain + passed / TOUCH) if self.gain else 1.0
        return False
