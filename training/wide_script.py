"""Who does what in a take drawn wide: walking, rubbing and tapping lie over one another as they please.

The yardstick's scripts do one thing after the other, mostly; whoever learned only that takes a hand on a walking coat
for a coat that walks. Ranges are guesses, rounded outwards.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from benchmarks.hearing.dice import Dice
from benchmarks.movement.truth import Span


@dataclass(slots=True)
class Scene:
    """Times in seconds; `strokes` are (start, end, how many reversals there are in it: 0 for one stroke)."""

    seconds: float
    falls: list[tuple[float, float]] = field(default_factory=list)
    """When a foot comes down, and how long until the next."""
    strokes: list[tuple[float, float, int]] = field(default_factory=list)
    taps: list[float] = field(default_factory=list)

    @property
    def legs(self) -> list[Span]:
        """Foot-falls that have another one after them."""
        return [(time, period) for time, period in self.falls if period < 1.3]


WALKS, RUBS, TAPS = 0.66, 0.62, 0.5
"""Parts of all takes in which somebody walks, rubs, taps."""
EMPTY = 0.12
"""And in which nobody does any of it."""


def scene(dice: Dice) -> Scene:
    """A take of some 16 s."""
    out = Scene(dice.uniform(14.0, 19.0))
    start, end = dice.uniform(0.8, 2.5), out.seconds - 1.0
    if dice.chance(EMPTY):
        return out
    if dice.chance(WALKS):
        for a, b in _spans(dice, start, end, dice.uniform(0.5, 1.0)):
            _walk(out, dice, a, b)
    if dice.chance(RUBS):
        for a, b in _spans(dice, start + 0.3, end, dice.uniform(0.2, 0.75)):
            _rub(out, dice, a, b)
    if dice.chance(TAPS):
        for a, b in _spans(dice, start + 0.2, end, dice.uniform(0.2, 0.7)):
            _tap(out, dice, a, b)
    return out


def _spans(dice: Dice, start: float, end: float, part: float) -> list[Span]:
    """One to three stretches that fill `part` of a take, anywhere in it."""
    count = dice.pick((1, 1, 2, 3))
    room = (end - start) / count
    spans = []
    for i in range(count):
        length = max(1.5, room * min(1.0, part * dice.uniform(0.7, 1.3)))
        a = start + i * room + dice.uniform() * max(0.0, room - length)
        spans.append((a, min(end, a + length)))
    return spans


def _walk(out: Scene, dice: Dice, start: float, end: float) -> None:
    """52 to 180 steps a minute, quicker or slower as they go, a limp, a wandering period."""
    period = 60.0 / (52.0 * 3.46 ** dice.uniform(0.1, 1.0))
    bend, limp, wander = dice.normal(0.05), dice.normal(0.03), dice.uniform(0.003, 0.035)
    time, foot = start, 0
    falls: list[float] = []
    while time < end:
        falls.append(time)
        part = (time - start) / max(1.0, end - start)
        now = period * (1.0 + bend * part + (limp if foot else -limp) + dice.normal(wander))
        time, foot = time + max(0.3, now), 1 - foot
    out.falls += [(a, b - a) for a, b in zip(falls, [*falls[1:], end + 9.0], strict=True)]


def _rub(out: Scene, dice: Dice, start: float, end: float) -> None:
    """Strokes of 80 ms to 1.7 s with or without rests, or a hand that goes round and never stops."""
    length = 0.08 * 21.0 ** dice.uniform()
    rest = dice.pick((0.0, dice.uniform(0.0, 0.08), dice.uniform(0.05, 0.4), dice.uniform(0.3, 1.0)))
    if dice.chance(0.25):
        turns = max(1, round((end - start) / max(0.15, length)))
        out.strokes.append((start, end, turns))
        return
    time = start
    while time < end - 0.08:
        stroke = min(max(0.08, length * dice.uniform(0.7, 1.4)), end - time)
        out.strokes.append((time, time + stroke, 0))
        time += stroke + rest * dice.uniform(0.5, 1.6)


def _tap(out: Scene, dice: Dice, start: float, end: float) -> None:
    """Single ones, doubles, rolls of up to six a second, and a steady beat as fast as feet."""
    kind = dice.pick(("single", "mixed", "mixed", "beat"))
    gap, time = dice.uniform(0.3, 1.2), start
    while time < end:
        out.taps.append(time)
        if kind == "mixed":
            time += dice.pick((dice.uniform(0.15, 0.35), dice.uniform(0.3, 1.5)))
        elif kind == "single":
            time += dice.uniform(0.4, 2.0)
        else:
            time += gap + dice.normal(0.012)
