"""One speaker's sound, later than the engine: its samples wait in a ring.

A delay that grows from nothing is a pause; any other change is a crossfade within a block, and nothing clicks. A
panic forgets what waits at once. Blackout and master at nothing fade it within SOUND, and then forget it too.
"""

from __future__ import annotations

import numpy as np

from wearsound.core import F32, MAX_HOPS, Clock, Event
from wearsound.outputs.delay import LONGEST, DelaySetting
from wearsound.outputs.hand import SOUND, HandTold


class Late:
    """Holds back (n, channels) by `delay`, which may be set meanwhile. [engine thread]"""

    def __init__(self, channels: int, delay: DelaySetting) -> None:
        self._channels = channels
        self._delay = delay
        self._hand = HandTold()
        self._panicked = False
        self.open(Clock())

    def open(self, clock: Clock) -> None:
        """Nothing waits; what the hand said last holds on."""
        self._rate = clock.sample_rate
        self._size = int(LONGEST * self._rate) + MAX_HOPS * clock.hop
        self._at = 0
        self._late = round(self._delay.seconds * self._rate)
        self._memory: F32 | None = self._found() if self._late else None
        self._gain = 1.0

    def take(self, event: Event) -> None:
        """Remember the performer's hand, and the delay; it only sets flags. [any thread]"""
        if event.address == "/wear/panic":
            self._panicked = True  # kept until it was obeyed, also where it is resumed before the next block
        self._hand.take(event)
        self._delay.take(event)

    def play(self, samples: F32) -> F32:
        """What is due when `samples` are played; the very same where nothing is held back."""
        late, count = round(self._delay.seconds * self._rate), len(samples)
        panicked, self._panicked = self._panicked, False
        if self._memory is None:
            if not late:
                return samples
            return self._begin(samples, late)
        if panicked:
            self._memory.fill(0.0)
        self._put(samples)
        out = self._look(count, late)
        if late != self._late:
            rising = np.linspace(0.0, 1.0, count, dtype=np.float32)[:, None]
            before = self._look(count, self._late)
            out = before + (out - before) * rising
            self._late = late
        return self._by_hand(out)

    def _begin(self, samples: F32, late: int) -> F32:
        """Nothing was held back until now: what is heard fades, and rises again when it has become due."""
        self._memory, self._late = self._found(), late
        rising = np.linspace(0.0, 1.0, len(samples), dtype=np.float32)[:, None]
        self._put(samples * rising)
        return samples * (1 - rising)

    def _by_hand(self, out: F32) -> F32:
        """What was played before the dark fades in it; what was played in it is as silent as it is itself."""
        dark = self._late > 0 and self._hand.nothing
        step = len(out) / (SOUND * self._rate)
        before = self._gain
        if dark:
            self._gain = max(0.0, before - step)
        elif before < 1.0:
            self._gain = min(1.0, before + step) if before else 1.0
        if before == self._gain == 1.0:
            return out
        assert self._memory is not None
        if before == 0.0:
            self._memory.fill(0.0)
            return np.zeros_like(out)
        return out * np.linspace(before, self._gain, len(out), dtype=np.float32)[:, None]

    def _found(self) -> F32:
        """Its ring, silent; the system gives the memory when it is first written to."""
        return np.zeros((self._size, self._channels), np.float32)

    def _put(self, samples: F32) -> None:
        assert self._memory is not None
        first = min(len(samples), self._size - self._at)
        self._memory[self._at : self._at + first] = samples[:first]
        self._memory[: len(samples) - first] = samples[first:]
        self._at = (self._at + len(samples)) % self._size

    def _look(self, count: int, late: int) -> F32:
        """`count` samples that end `late` before the newest, in an array of their own."""
        assert self._memory is not None
        where = (self._at - late - count + np.arange(count)) % self._size
        return self._memory.take(where, axis=0)
