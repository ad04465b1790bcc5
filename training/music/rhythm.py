"""Rhythms within a bar, drawn from grammars: weights, euclidean cycles, splitting, offsets."""

from __future__ import annotations

from .dice import Dice
from .plan import Plan

_LEANING = ("off", "skank", "pushed", "drop", "bell", "displaced")


def lean(plan: Plan, table: dict[str, float]) -> dict[str, float]:
    """Weights of figures, with the off-beat ones raised in pieces that lean that way (ska, house)."""
    return {kind: weight * (plan.leaning if kind in _LEANING else 1.0) for kind, weight in table.items()}


def euclid(hits: int, steps: int, turn: int = 0) -> list[int]:
    """`hits` spread as evenly as possible over `steps`, turned by some steps."""
    return sorted(((i * steps) // hits + turn) % steps for i in range(hits))


def by_weight(dice: Dice, plan: Plan, step: float, density: float, syncopation: float) -> list[float]:
    """Positions drawn one by one: strong places are likely; syncopation (0..1) levels the weights."""
    spots = []
    for at in plan.steps(step):
        weight = plan.weight(at)
        if dice.chance(min(1.0, density * ((1 - syncopation) * weight + syncopation * 0.45))):
            spots.append(at)
    return spots


def split(dice: Dice, plan: Plan, start: float, length: float, rest: float, out: list[float]) -> None:
    """Divide a span again and again, as written rhythms do; append the starts that sound."""
    floor = plan.finest
    if length > floor * 1.5 and dice.chance(0.35 if length <= 1.01 else 0.85):
        if plan.compound and abs(length - 1) < 1e-6:
            cuts = dice.pick(((1 / 3, 1 / 3, 1 / 3), (2 / 3, 1 / 3), (1 / 3, 2 / 3)), (0.5, 0.4, 0.1))
        elif length > 1.01:
            whole = (
                dice.whole(1, max(1, round(length) - 1)) if dice.chance(0.3) else max(1, round(length / 2))
            )
            cuts = (float(whole), length - whole)
        else:
            half, quarter = length / 2, length / 4
            long = length > floor * 3.5
            cuts = dice.pick(((half, half), (3 * quarter, quarter)), (0.7, 0.3 if long else 0.0))
        for cut in cuts:
            split(dice, plan, start, cut, rest, out)
            start += cut
    elif not dice.chance(rest * (0.3 if plan.weight(start) > 0.9 else 1.0)):
        out.append(start)


def split_bar(dice: Dice, plan: Plan, rest: float = 0.12) -> list[float]:
    """Positions of one bar by splitting."""
    out: list[float] = []
    split(dice, plan, 0.0, float(plan.bar), rest, out)
    return out


def threes(plan: Plan, lead: int = 3) -> list[float]:
    """3-3-2 and its kin: groups of three steps, the rest at the end of the bar."""
    step = plan.eighth if plan.bpm > 105 or plan.compound else plan.sixteenth
    steps = round(plan.bar / step)
    if steps % 8 == 0:
        return [
            (block + i) * step
            for block in range(0, steps, 8)
            for i in (0, lead, 6 if lead == 3 else 2 * lead)
        ]
    return [i * step for i in range(0, steps, lead)]


def off_beats(plan: Plan) -> list[float]:
    """The off-beat eighth of every beat (the last third of dotted beats)."""
    return [beat + 1 - plan.eighth for beat in range(plan.bar)]


def back_beats(plan: Plan) -> list[float]:
    """Where a backbeat falls in this metre."""
    if plan.bar == 3:
        return [1.0, 2.0]
    if plan.bar == 2:
        return [1.0]
    spots, start = [], 0
    for group in plan.groups:
        spots.append(float(start + 1))
        if group == 4:
            spots.append(float(start + 3))
        start += group
    return spots


def lengths(spots: list[float], end: float) -> list[float]:
    """From each start to the next (the last one to `end`)."""
    return [b - a for a, b in zip(spots, [*spots[1:], end][: len(spots)], strict=True)]
