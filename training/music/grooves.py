"""Drum kits at work: kick, snare, hat and cymbal patterns, each from its own small grammar.

A pattern is a list of (position, General MIDI key, strength) over one bar or two.
"""

from __future__ import annotations

from .dice import Dice
from .note import TOMS, Note
from .plan import Plan
from .rhythm import back_beats, by_weight, euclid, lean, off_beats, threes

Hit = tuple[float, int, float]


def kick(dice: Dice, plan: Plan) -> list[Hit]:
    """Kick patterns: straight, syncopated, sparse, broken, half-time, double, one drop, none of the beat."""
    bpm, bar = plan.bpm, plan.bar
    kinds = {
        "four": 0.24, "ones": 0.08, "strong": 0.13, "weighted": 0.24, "sparse": 0.05, "broken": 0.1,
        "tresillo": 0.06, "drop": 0.03, "euclid": 0.04, "pushed": 0.06,
    }  # fmt: skip
    if bpm > 115:
        kinds["double"] = 0.03
    if bpm > 100:
        kinds["half"] = 0.07
    kind = dice.weighted(lean(plan, kinds))
    if kind == "four":
        spots = [float(b) for b in range(bar)]
        if dice.chance(0.3):
            spots.append(bar - dice.pick((plan.eighth, plan.sixteenth)))
    elif kind == "ones":
        spots = [0.0]
    elif kind == "strong":
        spots, start = [], 0
        for group in plan.groups:
            spots.append(float(start))
            start += group
        if dice.chance(0.5):
            spots.append(dice.pick(off_beats(plan)))
    elif kind == "weighted":
        spots = sorted(
            {0.0, *by_weight(dice, plan, plan.finest, dice.between(0.4, 0.8), dice.between(0, 0.6))}
        )
    elif kind == "sparse":
        spots = [0.0] if dice.chance(0.5) else [0.0, bar - plan.eighth]
    elif kind == "broken":
        spots = [0.0, dice.pick([a for a in off_beats(plan) if a > bar / 3] or off_beats(plan))]
        if dice.chance(0.4):
            spots.append(dice.pick(plan.steps(plan.finest)))
    elif kind == "tresillo":
        spots = threes(plan)
    elif kind == "drop":
        spots = [float(b) for b in back_beats(plan)[1:] or back_beats(plan)]
    elif kind == "euclid":
        steps = round(bar / plan.eighth)
        spots = [i * plan.eighth for i in euclid(dice.whole(2, max(3, steps // 2)), steps)]
    elif kind == "pushed":  # the bar line is anticipated: the kick comes an eighth early
        spots = [0.0, *dice.pick((off_beats(plan)[-1:], off_beats(plan)[::2] + off_beats(plan)[-1:]))]
    elif kind == "double":
        spots = plan.steps(plan.eighth)
    else:
        spots = [0.0] + ([bar / 2 + plan.eighth] if dice.chance(0.5) and bar % 2 == 0 else [])
    accent = dice.between(0.0, 0.3)
    return [(a, 36, 1.0 - accent * (1 - plan.weight(a))) for a in sorted(set(spots)) if 0 <= a < bar]


def snare(dice: Dice, plan: Plan) -> list[Hit]:
    """Backbeats, half-time, displaced and ghosted snares, claps, rims; at times all of them."""
    bar = plan.bar
    kinds = {
        "back": 0.56, "light": 0.05, "off": 0.04, "dembow": 0.04, "rim": 0.06, "all": 0.04,
        "weighted": 0.07, "displaced": 0.05,
    }  # fmt: skip
    if plan.bpm > 95 and bar % 2 == 0:
        kinds["half"] = 0.12
    kind = dice.weighted(lean(plan, kinds))
    main = dice.pick((38, 40, 39, 37), (0.45, 0.2, 0.25, 0.1))
    if kind == "back":
        spots = back_beats(plan)
        if bar == 3 and dice.chance(0.5):
            spots = [dice.pick((1.0, 2.0))]
    elif kind == "light":
        spots = [dice.pick(back_beats(plan))]
    elif kind == "off":
        spots = off_beats(plan)
    elif kind == "dembow":
        spots = [a for a in threes(plan) if a % 1 > 0.01]
    elif kind == "rim":
        main = dice.pick((37, 38), (0.8, 0.2))
        spots = [
            i * plan.eighth for i in euclid(dice.pick((2, 3, 5)), round(bar / plan.eighth), dice.whole(0, 3))
        ]
    elif kind == "all":
        spots = [float(b) for b in range(bar)]
    elif kind == "weighted":
        spots = by_weight(dice, plan, plan.eighth, 0.5, 0.7) or back_beats(plan)
    elif kind == "displaced":
        spots = back_beats(plan)
        spots[-1] += dice.pick((-1, 1)) * plan.eighth
    else:
        spots = [bar / 2]
    hits = [(a, main, dice.between(0.85, 1.0)) for a in spots if 0 <= a < bar]
    if main == 38 and dice.chance(0.15):
        hits += [(a, 39, 0.8) for a in spots if 0 <= a < bar]
    if dice.chance(0.3) and plan.human:
        for a in plan.steps(plan.finest):
            if all(abs(a - b) > 0.01 for b in spots) and dice.chance(0.16):
                hits.append((a, main, dice.between(0.2, 0.4)))
    return hits


def hat(dice: Dice, plan: Plan) -> list[Hit]:
    """Hats and shakers: eighths, sixteenths, quarters, off-beats, triplets, cycles, rolls."""
    kinds = {"eighths": 0.33, "fine": 0.2, "quarters": 0.08, "off": 0.21, "euclid": 0.06, "weighted": 0.07}
    if not plan.compound and plan.clock.swing > 0.55:
        kinds["gallop"] = 0.15
    if not plan.compound and plan.bpm < 140:
        kinds["triplets"] = 0.03
    kind = dice.weighted(lean(plan, kinds))
    key = dice.pick((42, 70, 82, 44), (0.8, 0.07, 0.06, 0.07))
    if kind == "eighths":
        spots = plan.steps(plan.eighth)
    elif kind == "fine":
        spots = plan.steps(plan.finest)
    elif kind == "quarters":
        spots = [float(b) for b in range(plan.bar)]
    elif kind == "off":
        spots = off_beats(plan)
        key = dice.pick((42, 46), (0.4, 0.6))
    elif kind == "euclid":
        steps = round(plan.bar / plan.finest)
        spots = [
            i * plan.finest for i in euclid(dice.whole(max(2, steps // 3), max(3, steps * 3 // 4)), steps)
        ]
    elif kind == "gallop":
        spots = sorted([float(b) for b in range(plan.bar)] + [b + 0.5 for b in range(0, plan.bar, 2)])
    elif kind == "triplets":
        spots = [i / 3 for i in range(plan.bar * 3)]
    else:
        spots = by_weight(dice, plan, plan.finest, 0.9, 0.4)
    style = dice.pick(("beats", "off", "even", "random"), (0.4, 0.15, 0.3, 0.15))
    hits = []
    for a in spots:
        if style == "beats":
            strength = 0.55 + 0.45 * plan.weight(a)
        elif style == "off":
            strength = 1.0 if plan.weight(a) == 0.35 else 0.65
        else:
            strength = 0.9 if style == "even" else dice.between(0.4, 1.0)
        hits.append((a, key, strength))
    if key == 42 and dice.chance(0.35) and kind not in ("off",):
        opened = {round(a, 4) for a in ([off_beats(plan)[-1]] if dice.chance(0.6) else off_beats(plan))}
        hits = [(a, 46 if round(a, 4) in opened else k, s) for a, k, s in hits]
    if dice.chance(0.12) and plan.bpm < 150:
        start = dice.pick(plan.steps(plan.eighth))
        parts = dice.pick((3, 4, 6))
        hits = [h for h in hits if not start - 0.01 < h[0] < start + plan.eighth - 0.01]
        hits += [(start + i * plan.eighth / parts, key, 0.5 + 0.4 * i / parts) for i in range(parts)]
    return hits


def ride(dice: Dice, plan: Plan) -> list[Hit]:
    """Ride cymbal: quarters, jazz time, eighths or the bell on off-beats."""
    beats = [float(b) for b in range(plan.bar)]
    kind = dice.weighted(lean(plan, {"quarters": 0.25, "jazz": 0.4, "eighths": 0.25, "bell": 0.1}))
    if kind == "bell":
        return [(a, 53, 0.8) for a in off_beats(plan)]
    if kind == "jazz":
        beats += [b + 1 - plan.eighth for b in range(1, plan.bar, 2)]
    elif kind == "eighths":
        beats = plan.steps(plan.eighth)
    return [(a, 51, 0.55 + 0.4 * plan.weight(a)) for a in beats]


def percussion(dice: Dice, plan: Plan) -> list[Hit]:
    """Hand drums, bells, sticks and tambourines on claves, cycles or off-beats."""
    keys = dice.pick(
        ((75,), (56,), (62, 63, 64), (60, 61), (76, 77), (54,), (65, 66), (67, 68), TOMS[:4], (80, 81))
    )
    kind = dice.pick(("clave", "euclid", "weighted", "off", "steady"), (0.2, 0.25, 0.3, 0.1, 0.15))
    fine = round(plan.bar / plan.finest)
    if kind == "clave" and plan.bar == 4 and not plan.compound:
        spots = dice.pick(
            ([0, 0.75, 1.5, 2.5, 3], [0, 0.75, 1.75, 2.5, 3], [0.5, 1, 2, 2.75, 3.5], [0, 1, 1.5, 2.5, 3.5])
        )
    elif kind == "euclid":
        spots = [i * plan.finest for i in euclid(dice.whole(3, max(4, fine // 2)), fine, dice.whole(0, 2))]
    elif kind == "off":
        spots = off_beats(plan)
    elif kind == "steady":
        spots = plan.steps(plan.eighth)
    else:
        spots = by_weight(dice, plan, plan.finest, dice.between(0.6, 1.1), dice.between(0.2, 0.8))
    return [(a, dice.pick(keys), 0.5 + 0.5 * plan.weight(a) * dice.between(0.5, 1)) for a in spots]


def fill(dice: Dice, plan: Plan) -> list[Hit]:
    """The drums of the last beats of a phrase: snare or toms, getting busier."""
    span = min(plan.bar, dice.pick((1, 2, plan.bar), (0.4, 0.4, 0.2)))
    step = dice.pick((plan.finest, plan.eighth))
    count = round(span / step)
    keys = dice.pick(((38,), TOMS[::-1], (38, *TOMS[::-1]), (36, 38)))
    hits = []
    for i in range(count):
        if dice.chance(0.85):
            key = keys[min(len(keys) - 1, i * len(keys) // count)]
            hits.append((plan.bar - span + i * step, key, 0.6 + 0.4 * i / count))
    return hits


def spread(dice: Dice, plan: Plan, pattern: list[Hit], change: float = 0.0) -> list[Note]:
    """A pattern over the whole piece; in each bar a hit may fall out, or move, with probability `change`."""
    notes = []
    fine = plan.steps(plan.finest)
    for bar in range(plan.bars):
        for at, key, strength in pattern:
            spot = at
            if change and dice.chance(change) and at > 0:
                if dice.chance(0.5):
                    continue
                spot = dice.pick(fine)
            notes.append(Note(bar * plan.bar + spot, 0.2, key, strength * dice.between(0.92, 1.0)))
    return notes
