"""Samples that came in bursts, late or stamped by another clock, put back on an even road of time.

A radio network hands over three to six messages at once and then none for a while. Played as they come they would jerk;
so they are played a moment later, at most `MOST_DELAY`, each at the time at which it was measured. That is said by the
sender, or counted from the mean distance of what came. Every result is a function of what was put in and when.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

MOST_DELAY = 0.06
"""Seconds that samples are held back at the most: later than that and a gesture and its sound fall apart (a guess:
players notice from 30 to 50 ms on, Wi-Fi bursts are 30 to 100)."""
APART = 0.5
"""Seconds without a sample after which time is counted anew."""
LEAP = 1.0
"""Seconds by which a sender's clock may jump before it is believed to be another clock."""
SINKS = 0.001
"""Seconds a second: how quickly two clocks may drift apart (1000 ppm; crystals have 20 to 100)."""
CALMS = 0.02
"""Seconds a second by which the believed unevenness of arrivals shrinks again."""
PULL = 0.1
"""How far a counted time gives way to the time of arrival, a sample."""
HURRY = 0.2
"""Share of time by which the reading goes faster or slower than the clock to be where it should be."""
COUNTED = 33
"""Samples over which their mean distance is counted."""
MOST_WAITING = 256
"""Samples that may wait to be read; more are a flood, and the oldest are left out."""


class Retimed:
    """Samples in by `put`, an even reading out by `at`; both are given the time of the show in seconds, never less."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """As before anything came. [engine thread]"""
        self.arrived: float | None = None
        """When the last sample came."""
        self._waiting: deque[tuple[float, tuple[float, ...]]] = deque(maxlen=MOST_WAITING)
        self._before: tuple[float, tuple[float, ...]] | None = None
        self._arrivals: deque[float] = deque(maxlen=COUNTED)
        self._newest = self._read = self._lead = self._spread = self._looked = 0.0

    def put(self, now: float, values: Sequence[float], stamp: float | None = None) -> None:
        """Take a sample that came at `now`; `stamp` is when it was measured, by its sender's clock. [engine thread]

        What was measured before the newest is left out: it came too late on another way.
        """
        last, self.arrived = self.arrived, now
        if last is None or now - last > APART:
            self._arrivals.clear()
        self._arrivals.append(now)
        if stamp is None:
            stamp = self._counted(now)
        lead = stamp - now
        sample = (stamp, tuple(values))
        if self._before is None or last is None or now - last > APART or abs(lead - self._lead) > LEAP:
            self._begin(now, lead, sample)
            return
        if stamp <= self._newest:
            return
        since = now - last
        # The sample that was least on its way says how far apart the clocks are.
        self._lead = max(lead, self._lead - SINKS * since)
        self._spread = max(self._lead - lead, self._spread - CALMS * since)
        self._newest = stamp
        self._waiting.append(sample)

    def at(self, now: float) -> tuple[float, ...] | None:
        """What was measured, straight between two samples, a moment ago; None before anything came. [engine thread]"""
        if self._before is None:
            return None
        wanted = now + self._lead - min(MOST_DELAY, self._spread + self._period())
        passed, self._looked = now - self._looked, now
        wrong = wanted - self._read - passed
        if abs(wrong) > APART:
            self._read = wanted
        else:
            self._read += passed * (1.0 + min(HURRY, max(-HURRY, 2.0 * wrong)))
        self._read = min(self._read, self._newest)
        while self._waiting and self._waiting[0][0] <= self._read:
            self._before = self._waiting.popleft()
        if not self._waiting:
            return self._before[1]
        (start, from_), (end, to) = self._before, self._waiting[0]
        share = min(1.0, max(0.0, (self._read - start) / (end - start)))
        return tuple(a + (b - a) * share for a, b in zip(from_, to, strict=True))

    def _begin(self, now: float, lead: float, sample: tuple[float, tuple[float, ...]]) -> None:
        """Another clock, or the first sample after a while: from what was read last straight to it."""
        stamp = sample[0]
        held = sample[1] if self._before is None else (self.at(now) or sample[1])
        self._waiting.clear()
        self._before = (stamp - MOST_DELAY, held)
        self._waiting.append(sample)
        self._newest, self._lead, self._spread = stamp, lead, 0.0
        self._read, self._looked = stamp - MOST_DELAY, now

    def _period(self) -> float:
        """Mean distance of the last samples in seconds; 0 before two came."""
        times = self._arrivals
        return (times[-1] - times[0]) / (len(times) - 1) if len(times) > 1 else 0.0

    def _counted(self, now: float) -> float:
        """When a sample without a stamp was measured: a mean distance after the one before, pulled to its arrival."""
        expected = self._newest + self._period()
        if self._before is None or len(self._arrivals) < 2 or abs(now - expected) > APART / 2:
            return now
        return max(self._newest + 1e-4, expected + PULL * (now - expected))
