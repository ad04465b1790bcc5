"""What one zone was told to do through a whole song: the common ground of every haptic file."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wearsound.core import F64

LOW_HZ, HIGH_HZ = 65.0, 300.0
"""What a sharpness of 0 and of 1 stands for, Hz. Apple declines to say; MPEG's haptics tools take these."""


FAINT = 0.02
"""Amplitude that nobody feels, 34 dB under full: what is above counts as felt."""


@dataclass(frozen=True, slots=True)
class Click:
    """A click: `time` s at which it begins, `strength` 0..1 its peak, `hz` its pitch."""

    time: float
    strength: float
    hz: float


@dataclass(frozen=True, slots=True, eq=False)
class Played:
    """One zone through one song, after safety.

    `times` float64 (n,) s, rising from 0 to the song's end; `amplitude` (n,) 0..1 and `hz` (n,), 0 where there is no
    pitch, are what holds at each, straight lines between. `clicks` in their order, never two at one time.
    """

    zone: str
    times: F64
    amplitude: F64
    hz: F64
    clicks: tuple[Click, ...] = ()

    @property
    def seconds(self) -> float:
        """How long the song is."""
        return float(self.times[-1])

    @property
    def felt(self) -> float:
        """In how much of the song it is felt, 0..1."""
        return float((self.amplitude > FAINT).mean())

    def at(self, time: F64) -> F64:
        """The amplitude at any time."""
        return np.interp(time, self.times, self.amplitude)

    def pitch(self) -> F64:
        """`hz`, held where there is none: a pause is no low note. All 0 where nothing ever had a pitch."""
        some = np.flatnonzero(self.hz > 0)
        if not len(some):
            return np.zeros(len(self.hz))
        last = np.searchsorted(some, np.arange(len(self.hz)), side="right") - 1
        return self.hz[some[np.maximum(last, 0)]]


def sharpness(hz: F64 | float) -> F64:
    """0..1 from LOW_HZ to HIGH_HZ, in proportion; what lies beyond is its end."""
    return np.clip((np.asarray(hz, np.float64) - LOW_HZ) / (HIGH_HZ - LOW_HZ), 0.0, 1.0)


def spaced(clicks: tuple[Click, ...], seconds: float) -> tuple[Click, ...]:
    """Of clicks nearer than `seconds` to one another the stronger alone, the earlier of equals."""
    kept: list[Click] = []
    for click in sorted(clicks, key=lambda click: (-click.strength, click.time)):
        if not any(abs(click.time - other.time) < seconds for other in kept):
            kept.append(click)
    return tuple(sorted(kept, key=lambda click: click.time))
