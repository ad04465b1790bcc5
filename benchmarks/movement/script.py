"""What somebody in the coat does, and when: foot-falls, strokes, taps, and what is none of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks.hearing.dice import Dice
from benchmarks.movement.truth import Span

STILL_SECONDS = 2.5
"""Before anything happens: a listener may learn the floor."""


@dataclass(frozen=True, slots=True)
class Fall:
    """One foot-fall. `gait` is "walk", "up", "down" or "shuffle"; `period` the seconds until the next foot."""

    time: float
    foot: int
    gait: str
    period: float


@dataclass(slots=True)
class Script:
    """Times in seconds. `disturbed` (0..1) is how much handling, talking and swaying goes on besides."""

    falls: list[Fall] = field(default_factory=list)
    strokes: list[Span] = field(default_factory=list)
    taps: list[float] = field(default_factory=list)
    seconds: float = 0.0
    disturbed: float = 0.2


def walk(script: Script, dice: Dice, start: float, end: float, gait: str = "walk") -> None:
    """70 to 150 steps a minute, one foot later than the other by habit, a period that wanders."""
    slowest, fastest = {"walk": (76, 150), "up": (70, 105), "down": (76, 125), "shuffle": (70, 112)}[gait]
    period = 60.0 / dice.uniform(slowest, fastest)
    limp = dice.normal(0.025, 2.4) * period
    wander = dice.uniform(0.004, 0.022)
    time, drift, foot = start, 0.0, 0
    while time < end:
        script.falls.append(Fall(time, foot % 2, gait, period))
        drift = 0.8 * drift + dice.normal(wander) * period
        time += period + drift + (limp if foot % 2 else -limp)
        foot += 1


def rub(script: Script, dice: Dice, start: float, end: float) -> None:
    """Strokes to and fro of 120 to 900 ms, with turning points or rests between them."""
    length = 0.12 * 7.5 ** dice.uniform()
    rest = dice.uniform(0.01, 0.25) if dice.chance(0.7) else dice.uniform(0.3, 0.8)
    time = start
    while time < end - 0.12:
        stroke = min(0.9, max(0.12, length * dice.uniform(0.75, 1.3)), end - time)
        script.strokes.append((time, time + stroke))
        time += stroke + rest * dice.uniform(0.6, 1.5)


def tap(script: Script, dice: Dice, start: float, end: float) -> None:
    """Single taps, doubles, and rolls of up to five a second."""
    time = start
    while time < end:
        kind = dice.pick(("single", "single", "double", "roll"))
        if kind == "single":
            script.taps.append(time)
        elif kind == "double":
            script.taps += [time, time + dice.uniform(0.17, 0.32)]
        else:
            gap = 1.0 / dice.uniform(2.5, 5.0)
            script.taps += [time + i * gap + dice.normal(0.012) for i in range(dice.whole(4, 8))]
        time = script.taps[-1] + dice.uniform(0.35, 1.4)
    script.taps = [moment for moment in script.taps if moment < end + 0.4]


def _only_walk(script: Script, dice: Dice, now: float) -> float:
    walk(script, dice, now, now + 20.0)
    return now + 21.0


def _stairs(script: Script, dice: Dice, now: float) -> float:
    walk(script, dice, now, now + 8.0, "up")
    walk(script, dice, now + 10.0, now + 18.0, "down")
    return now + 19.0


def _shuffle(script: Script, dice: Dice, now: float) -> float:
    walk(script, dice, now, now + 9.0, "shuffle")
    walk(script, dice, now + 11.0, now + 19.0)
    return now + 20.0


def _stops(script: Script, dice: Dice, now: float) -> float:
    script.disturbed = 0.45
    end = now + 21.0
    while now < end:
        length = dice.uniform(2.0, 5.0)
        walk(script, dice, now, now + length)
        now += length + dice.uniform(1.0, 3.0)
    return now


def _rubs(script: Script, dice: Dice, now: float) -> float:
    for _ in range(3):
        length = dice.uniform(3.0, 6.0)
        rub(script, dice, now, now + length)
        now += length + dice.uniform(1.0, 2.5)
    return now


def _taps(script: Script, dice: Dice, now: float) -> float:
    tap(script, dice, now, now + 17.0)
    return now + 19.0


def _rub_and_walk(script: Script, dice: Dice, now: float) -> float:
    walk(script, dice, now, now + 20.0)
    for start in (4.0, 12.0):
        rub(script, dice, now + start, now + start + dice.uniform(2.5, 5.0))
    return now + 21.0


def _tap_and_walk(script: Script, dice: Dice, now: float) -> float:
    walk(script, dice, now, now + 20.0)
    tap(script, dice, now + 5.0, now + 15.0)
    return now + 21.0


def _day(script: Script, dice: Dice, now: float) -> float:
    walk(script, dice, now, now + 8.0)
    rub(script, dice, now + 10.0, now + 14.0)
    tap(script, dice, now + 16.0, now + 20.0)
    walk(script, dice, now + 22.5, now + 31.0)
    rub(script, dice, now + 25.0, now + 28.0)
    return now + 34.0


def _handling(script: Script, dice: Dice, now: float) -> float:
    script.disturbed = 1.0
    return now + 20.0


KINDS: dict[str, Callable[[Script, Dice, float], float]] = {
    "walk": _only_walk,
    "stairs": _stairs,
    "shuffle": _shuffle,
    "stops": _stops,
    "rub": _rubs,
    "tap": _taps,
    "rub and walk": _rub_and_walk,
    "tap and walk": _tap_and_walk,
    "day": _day,
    "handling": _handling,
}


def written(kind: str, dice: Dice) -> Script:
    """The script of one take: still, then what its kind says, then still."""
    script = Script()
    script.seconds = KINDS[kind](script, dice, STILL_SECONDS + dice.uniform(0.0, 1.0)) + 1.5
    return script


def walk_rub_tap(dice: Dice) -> Script:
    """What somebody does to be calibrated, 4 s each after 2 s of stillness: walk, rub, tap."""
    script = Script(disturbed=0.0)
    walk(script, dice, 2.0, 6.0)
    rub(script, dice, 7.0, 11.0)
    tap(script, dice, 12.0, 16.0)
    script.seconds = 17.5
    return script
