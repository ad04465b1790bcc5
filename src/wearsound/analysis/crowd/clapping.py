"""Hands that clap along: each common clap, how fast, and how much together."""

from __future__ import annotations

import math

import numpy as np

from wearsound.analysis.gain import GRID
from wearsound.core import F64

SHORTEST, LONGEST = 0.25, 1.4
"""Seconds between common claps: 240 to 43 a minute."""
MEAN_SECONDS = 1.0
OUT = 1.7
"""Times the last second's mean that a clap stands out: the grain of applause reaches 1.4. A guess that held."""
APART_SECONDS = 0.2
MOMENT_SECONDS = 0.08
"""Claps within so long are one moment: the ear hears them as one."""
FULLY = 0.6
"""Share of a beat's clapping within its moment, over what even clapping has, that is called fully together: in a
hall it is never all of it."""
FALLS, FALL_SECONDS = 0.6, 0.13
"""To so much of its height a clap falls within so long, or it was the beginning of something else."""
INTERVALS = 6
LIKE = 0.15
"""Intervals that differ by less of the median are the same."""


class Clapping:
    """`look` once a look; then `count`, `together` 0..1 and `tempo` bpm stand.

    A clap is a peak of the envelope that stands out and falls off. `together` is how much of the energy of its
    beat (over what lies under all of it) falls within MOMENT_SECONDS of it, times how alike the last intervals
    are; a leaky mean over some claps, told half a beat late.
    """

    def __init__(self, look_seconds: float) -> None:
        self._seconds = look_seconds
        self._shortest, self._longest = round(SHORTEST / look_seconds), round(LONGEST / look_seconds)
        self._mean_weight = round(look_seconds / MEAN_SECONDS, 9)
        self._apart = round(APART_SECONDS / look_seconds)
        self._half_moment = round(MOMENT_SECONDS / 2 / look_seconds)
        self._falls = round(FALL_SECONDS / look_seconds)
        self._fade = round(1.0 - look_seconds / 0.5, 9)
        self.reset()

    def reset(self) -> None:
        """Nobody claps."""
        self.count, self.together, self.tempo = 0, 0.0, 0.0
        self._past: F64 = np.zeros(self._longest + 2)
        """Smoothed amplitude, newest first."""
        self._before = (0.0, 0.0)
        self._mean = 0.0
        self._since = 2 * self._longest
        self._intervals: list[int] = []
        self._unweighed: list[int] = []
        """Ages in looks of claps whose beat is not over yet."""
        self._top, self._top_age = 0.0, 0

    def look(self, amplitude: float, hands: bool) -> None:
        """One look's amplitude where hands are loudest, and whether its spectrum could be that of hands."""
        now = 0.25 * self._before[0] + 0.5 * self._before[1] + 0.25 * amplitude
        self._before = self._before[1], amplitude
        past = self._past
        past[1:] = past[:-1]
        past[0] = now
        self._mean += self._mean_weight * (now - self._mean)
        self._since = min(self._since + 1, 2 * self._longest)
        top = float(past[1])
        if hands and self._since > self._apart and top > OUT * self._mean and top >= float(past[:6].max()):
            self._top, self._top_age = top, 1
        elif self._top_age:
            self._top_age += 1
        if self._top_age and now < FALLS * self._top:
            self._clap()
        elif self._top_age > self._falls:
            self._top_age = 0
        self._weigh()
        if self._since > self._longest:
            self._intervals.clear()
            self.together = self.together * self._fade if self.together > 1e-3 else 0.0
            self.tempo = 0.0

    def _clap(self) -> None:
        self.count += 1
        interval = self._since - self._top_age
        if interval <= self._longest:
            self._intervals = [*self._intervals, interval][-INTERVALS:]
        self._since = self._top_age
        self._unweighed.append(self._top_age)
        self._top_age = 0
        if len(self._intervals) >= 2:
            alike = self._alike()
            self.tempo = (
                60.0 * len(alike) / (sum(alike) * self._seconds)
                if 2 * len(alike) > len(self._intervals)
                else 0.0
            )

    def _alike(self) -> list[int]:
        """The last intervals that are like their median."""
        median = sorted(self._intervals)[len(self._intervals) // 2]
        return [interval for interval in self._intervals if abs(interval - median) <= LIKE * median]

    def _weigh(self) -> None:
        """Each clap once half a beat has passed since."""
        if not self._unweighed:
            return
        alike = self._alike() if self._intervals else []
        beat = sum(alike) // len(alike) if alike else 2 * self._shortest
        half = max(beat // 2, self._falls)
        for age in self._unweighed:
            if age == half:
                span = self._past[: 2 * half + 1]
                power = span * span
                power -= float(np.sort(power)[len(power) // 4])
                np.maximum(power, 0.0, out=power)
                total = float(np.add.reduce(power))
                inside = float(np.add.reduce(power[half - self._half_moment : half + self._half_moment + 1]))
                even = (2 * self._half_moment + 1) / len(span)
                sharp = (inside / total - even) / (1.0 - even) if total > 0.0 else 0.0
                regular = len(alike) / max(2, len(self._intervals))
                now = min(1.0, max(0.0, sharp / FULLY)) * regular
                self.together += 0.4 * (math.floor(now * GRID + 0.5) / GRID - self.together)
        self._unweighed = [age + 1 for age in self._unweighed if age < half]
