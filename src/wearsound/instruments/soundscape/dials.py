"""The soundscape's dials in their own units, hop by hop: where each was at a hop's beginning and is at its end."""

from __future__ import annotations

from collections.abc import Sequence

from wearsound.core import Clock
from wearsound.sound import DIALS

GLIDE = 0.04
"""Seconds in which a dial that leaps does 63 % of its way: a leap is heard as a quick turn, not as a click."""
THERE = 1e-6
"""So near a dial is there."""

NAMES = tuple(DIALS)


class Dials:
    """What the controls `sound.NAME` mean for one hop. [engine thread]

    | | range | 0.5 |
    | --- | --- | --- |
    | `sense` | x0.8..x1.8 on what is heard | 1 |
    | `memory_s` | 4.6..18.6 s that movement goes on sounding | 11.6 |
    | `bright` | 0.58..0.88 | 0.73 |
    | `density` | 0.15..0.95 | 0.55 |
    | `size_s` | 2..9 s until the room is 60 dB down | 5.5 |
    | `damp` | 0.1..0.6 | 0.35 |
    | `wet` | 0.2..0.85 | 0.525 |
    | `age` | 0..1 | 0.5 |

    Each is the value at the end of the hop; `NAME_before` is that at its beginning, where a ramp is made of it.
    `level` is a fader: `gain`.
    """

    __slots__ = (
        *("sense", "memory_s", "bright", "age"),
        *("density", "density_before", "size_s", "size_s_before"),
        *("damp", "damp_before", "wet", "wet_before"),
        *("_weight", "_at", "_moved"),
    )
    sense: float
    memory_s: float
    bright: float
    age: float
    density: float
    density_before: float
    size_s: float
    size_s_before: float
    damp: float
    damp_before: float
    wet: float
    wet_before: float

    def __init__(self, clock: Clock) -> None:
        self._weight = clock.coefficient(GLIDE)
        self.reset()

    def reset(self) -> None:
        """The next hop's values are there at once."""
        self._at: list[float] = []
        self._moved = True

    def turn(self, values: Sequence[float]) -> None:
        """A hop begins at whose end the dials go to `values`, 0..1, in the order of NAMES."""
        if not self._at:
            self._at = [unit(value) for value in values]
            self._set()
            self._keep()
            return
        if self._moved:
            self._keep()
        at, self._moved = self._at, False
        for i, value in enumerate(values):
            if value != at[i]:
                at[i] = glide(at[i], unit(value), self._weight)
                self._moved = True
        if self._moved:
            self._set()

    def _set(self) -> None:
        _, sense, memory, bright, density, size, damp, wet, age = self._at
        self.sense = 0.8 + 0.4 * sense if sense < 0.5 else 1.0 + 1.6 * (sense - 0.5)
        self.memory_s = 4.6 + 14.0 * memory
        self.bright = 0.58 + 0.3 * bright
        self.density = 0.15 + 0.8 * density
        self.size_s = 2.0 + 7.0 * size
        self.damp = 0.1 + 0.5 * damp
        self.wet = 0.2 + 0.65 * wet
        self.age = age

    def _keep(self) -> None:
        self.density_before, self.size_s_before = self.density, self.size_s
        self.damp_before, self.wet_before = self.damp, self.wet


def gain(level: float) -> float:
    """What a level 0..1 multiplies by: none at 0, as it was made at 0.5, twice at 1."""
    return 4.0 * level * level if level < 0.5 else 2.0 * level


def glide(at: float, to: float, weight: float) -> float:
    """One hop nearer."""
    near = at + weight * (to - at)
    return to if -THERE < to - near < THERE else near


def unit(value: float) -> float:
    """Within 0..1; what is no number is 0."""
    return min(1.0, max(0.0, value))
