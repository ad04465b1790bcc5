"""MIDI clock, 24 ticks a beat with a jitter of milliseconds, made a steady tempo and phase. Pure: time comes in."""

from __future__ import annotations

from collections import deque

BEAT = 24
"""Ticks a beat."""
SIXTEENTH = 6
"""Ticks a step of the song position."""
EVERY = 6
"""It speaks on every sixth tick, four times a beat."""
WINDOW = 8 * BEAT
"""The line is drawn through so many ticks: a jitter of 3 ms then moves the tempo by less than 0.1 bpm."""
LATEST = BEAT // 2
"""If so many ticks together are further off the line than OFF, the tempo has changed."""
OFF = 0.004
"""Seconds; a JACK server with periods of 256 samples alone may be off by 0.0027."""
LONGEST = 0.2
"""Seconds between two ticks: after more than that the clock begins anew (20 bpm are 0.125)."""

Said = tuple[float, ...]
"""Arguments of /wear/tempo/clock: bpm, phase, number of the beat in the bar; as many as are known. (0.0,) ends."""


class MidiClock:
    """Tempo and phase of a clock. Where the beat is, it knows from a start or a song position on; which beat
    of the bar it is, only in the first beat after a start, for MIDI knows no bars. [one thread]
    """

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Nothing was heard yet, or the cable was pulled."""
        self._times: deque[float] = deque(maxlen=WINDOW + 1)
        self._ticks = 0
        self._song: int | None = None
        self._from_start = False
        self._stopped = False

    def tick(self, now: float) -> Said | None:
        """One tick (F8) at `now`, monotonic seconds; what is to be said, if anything."""
        times = self._times
        if times and not 0.0 <= now - times[-1] <= LONGEST:
            times.clear()
        times.append(now)
        self._ticks += 1
        if self._stopped:
            return None
        if self._song is not None:
            self._song += 1
        at = self._ticks if self._song is None else self._song
        if at % EVERY or len(times) <= BEAT:
            return None
        last, length = self._line()
        bpm = 60.0 / (BEAT * length)
        if self._song is None:
            return (bpm,)
        # This tick itself may be late: where the line says we are.
        place = max(0.0, self._song + (now - last) / length) / BEAT
        return (bpm, place % 1.0, 1.0) if place < 1.0 and self._from_start else (bpm, place % 1.0)

    def start(self) -> None:
        """Start (FA): the next tick is the first of the song."""
        self._song, self._stopped, self._from_start = -1, False, True

    def go_on(self) -> None:
        """Continue (FB): from where it stopped, or from the song position."""
        self._stopped = False

    def stop(self) -> Said | None:
        """Stop (FC): it leads no longer, though it may go on ticking."""
        if self._stopped:
            return None
        self._stopped = True
        return (0.0,)

    def position(self, sixteenths: int) -> None:
        """Song position (F2): the next tick is this sixteenth of the song."""
        self._song, self._from_start = sixteenths * SIXTEENTH - 1, sixteenths == 0

    def _line(self) -> tuple[float, float]:
        """(when the latest tick was due, seconds a tick) by the straight line nearest to all ticks."""
        last, length = _fit(self._times)
        latest = len(self._times) - 1
        off = sum(self._times[latest - i] - (last - i * length) for i in range(LATEST)) / LATEST
        if abs(off) > OFF:
            while len(self._times) > BEAT + 1:
                self._times.popleft()
            last, length = _fit(self._times)
        return last, length


def _fit(times: deque[float]) -> tuple[float, float]:
    """Least squares: (the line at the latest, its slope)."""
    n = len(times)
    middle = (n - 1) / 2.0
    first = times[0]
    mean = sum(time - first for time in times) / n
    slope = sum((i - middle) * (time - first) for i, time in enumerate(times)) * 12.0 / (n * (n * n - 1.0))
    return first + mean + middle * slope, slope
