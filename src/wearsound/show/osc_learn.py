"""Which control is being moved? Of everything that comes in, the one that a hand plays now.

First it listens with the hands off, so that what streams by itself (a sensor's noise, a clock, levels) is known;
then what moves beyond that counts. A moment of stillness after a movement ends it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

HANDS_OFF = 1.0
"""Seconds that are listened to before anything is asked."""

STILL = 1.5
"""Seconds without a new value after which the movement has ended."""

MOST_CONTROLS = 2000
"""Controls that are watched; a mixer has some hundred."""

_SPANS = ((0.0, 1.0), (-1.0, 1.0), (0.0, 127.0), (0.0, 255.0), (0.0, 100.0), (0.0, 1023.0), (0.0, 16383.0))
_NEAR = 0.03
"""How far from the end of a usual span, in parts of it, a hand may stop and mean its end."""


@dataclass(frozen=True, slots=True)
class Learned:
    """A control: what it is called, which argument of its message, what it spans, how often it changed."""

    source: str
    arg: int
    span: tuple[float, float]
    changes: int


@dataclass(slots=True)
class _Series:
    """The numbers of one argument of one address, before and after the hands may move."""

    last: float
    low: float
    high: float
    rested: tuple[float, float] | None = None
    before: int = 0
    changes: int = 0
    up: int = 0
    down: int = 0

    def add(self, number: float, resting: bool) -> bool:
        """Whether the value is another than before."""
        changed = number != self.last
        self.low, self.high = min(self.low, number), max(self.high, number)
        self.up += number > self.last
        self.down += number < self.last
        self.last = number
        if resting:
            self.rested = self.low, self.high
            self.before += changed
        else:
            self.changes += changed
        return changed

    @property
    def score(self) -> float:
        """How much of a movement it was; what is less than a tenth more than it does by itself is none."""
        if self.low == self.high:  # one value, once or again: a button without a release
            return 0.5 if self.rested is None else 0.0
        return self.changes * self.beyond if self.beyond >= 0.1 else 0.0

    @property
    def beyond(self) -> float:
        """Which part of all it went through is new since the hands were off, 0..1."""
        if self.low == self.high:
            return 0.0
        if self.before >= 3 and not (self.up and self.down):  # it only ever grows: a clock, a counter
            return 0.0
        return (
            1.0 if self.rested is None else 1.0 - (self.rested[1] - self.rested[0]) / (self.high - self.low)
        )


class Watch:
    """`add` every control as it comes, `rest_over` once the hands may move; then `best` says which it was."""

    def __init__(self) -> None:
        self.resting = True
        self.heard = 0
        """Messages so far."""
        self._series: dict[tuple[str, int], _Series] = {}
        self._moved_at: float | None = None

    def rest_over(self) -> None:
        """From now on what moves is meant."""
        self.resting = False

    def add(self, source: str, numbers: Iterable[float | None], now: float) -> None:
        """One message: the control's name and its arguments as numbers, None for what is none; none: a press.

        `now` in seconds of any clock that never goes back.
        """
        self.heard += 1
        for arg, number in enumerate(list(numbers) or [1.0]):
            if number is None:
                continue
            series = self._series.get((source, arg))
            changed = True
            if series is not None:
                changed = series.add(number, self.resting)
            elif len(self._series) < MOST_CONTROLS:
                series = _Series(number, number, number, (number, number) if self.resting else None)
                self._series[source, arg] = series
            else:
                return
            if changed and not self.resting and series.score > 0:
                self._moved_at = now

    def still(self, now: float) -> bool:
        """Whether something was moved and has come to rest."""
        return self._moved_at is not None and now - self._moved_at >= STILL

    def best(self) -> Learned | None:
        """What moved most, None where nothing did; of several arguments of one message the widest."""
        ranked = self.ranking()
        return ranked[0] if ranked else None

    def ranking(self) -> list[Learned]:
        """Every control that moved, one argument each, the likeliest first."""
        scores: dict[str, float] = {}
        widest: dict[str, int] = {}
        for (source, arg), series in self._series.items():
            if series.score > 0:
                scores[source] = max(scores.get(source, 0.0), series.score)
                now = self._series[source, widest.setdefault(source, arg)]
                if (series.high - series.low) * series.beyond > (now.high - now.low) * now.beyond:
                    widest[source] = arg
        found = []
        for source in sorted(scores, key=lambda source: -scores[source]):
            series = self._series[source, widest[source]]
            span = usual_span(series.low, series.high)
            found.append(Learned(source, widest[source], span, series.changes))
        return found


def usual_span(low: float, high: float) -> tuple[float, float]:
    """What a control spans, by what was seen of it: the usual span whose ends a hand nearly reached."""
    for first, last in _SPANS:
        near = _NEAR * (last - first)
        if abs(low - first) <= near and abs(high - last) <= near:
            return first, last
    if low == high:
        return (0.0, high) if high > 0 else (0.0, 1.0)
    return round(low, 4), round(high, 4)
