"""From beats to seconds: a tempo that may step, ramp and breathe."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable

import numpy as np

from wearsound.core import F64

PER_BEAT = 48
"""Points of the table a beat; steps lie on whole beats and so are exact."""


class Tempo:
    """`bpm` is a function of the beat (from 0 to `beats`); `seconds` turns beats into seconds."""

    def __init__(self, bpm: Callable[[float], float], beats: float) -> None:
        at = np.arange(int(beats * PER_BEAT) + 2) / PER_BEAT
        self.beats: F64 = at
        self.bpm: F64 = np.array([bpm(beat + 0.5 / PER_BEAT) for beat in at])
        self._seconds: F64 = np.concatenate([[0.0], np.cumsum(60.0 / PER_BEAT / self.bpm)[:-1]])

    def seconds(self, beat: float) -> float:
        """When a beat is played; beyond the table at the last tempo."""
        if beat < 0.0:
            return beat * 60.0 / float(self.bpm[0])
        last = float(self.beats[-1])
        if beat > last:
            return float(self._seconds[-1]) + (beat - last) * 60.0 / float(self.bpm[-1])
        return float(np.interp(beat, self.beats, self._seconds))

    def at(self, second: float) -> float:
        """The tempo that holds at a time, in bpm."""
        place = int(np.searchsorted(self._seconds, second, side="right")) - 1
        return float(self.bpm[min(max(place, 0), len(self.bpm) - 1)])


def steady(bpm: float) -> Callable[[float], float]:
    """One tempo throughout."""
    return lambda beat: bpm


def stepped(first: float, steps: list[tuple[float, float]]) -> Callable[[float], float]:
    """`steps` are (beat, bpm), in order."""
    beats = [beat for beat, _ in steps]
    tempos = [first, *(bpm for _, bpm in steps)]
    return lambda beat: tempos[bisect_right(beats, beat)]


def ramped(first: float, last: float, start: float, end: float) -> Callable[[float], float]:
    """Even from `first` to `last` between the beats `start` and `end`."""

    def bpm(beat: float) -> float:
        part = min(1.0, max(0.0, (beat - start) / (end - start)))
        return first + part * (last - first)

    return bpm


def breathing(bpm: float, depth: float, period: float, turn: float) -> Callable[[float], float]:
    """Slow and quick by `depth` (a part of the tempo) over `period` beats; `turn` is where it starts."""
    return lambda beat: bpm * (1.0 + depth * np.sin(2.0 * np.pi * (beat / period + turn)))
