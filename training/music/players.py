"""Players with pitches: bass, chords, arpeggios, melody, voices. Each returns notes over the piece."""

from __future__ import annotations

from .dice import Dice
from .harmony import Chord
from .note import Note
from .plan import Plan
from .rhythm import back_beats, by_weight, euclid, lean, lengths, off_beats, split_bar, threes


def bass(dice: Dice, plan: Plan, busy: bool = True) -> list[Note]:
    """Bass lines: roots on strong places mostly; off-beat, pumping, walking, pushed, cyclic, held."""
    low = dice.pick((28, 33, 36, 40), (0.3, 0.35, 0.25, 0.1))
    table = {"beats": 0.14, "pump": 0.14, "off": 0.1, "walk": 0.12, "weighted": 0.22, "threes": 0.08,
             "held": 0.1, "octaves": 0.05, "pushed": 0.07, "strong": 0.08}  # fmt: skip
    if not busy:
        table = {"held": 0.4, "strong": 0.4, "beats": 0.2}
    kind = dice.weighted(lean(plan, table))
    size = dice.pick((1, 2), (0.7, 0.3))
    patterns = [_bass_rhythm(dice, plan, kind) for _ in range(size)]
    touch = dice.between(0.35, 1.0)
    push = kind == "pushed"
    notes = []
    for bar in range(plan.bars):
        spots = patterns[bar % size]
        for at, length in zip(spots, lengths(spots, plan.bar + spots[0] if spots else plan.bar), strict=True):
            place = bar * plan.bar + at
            chord = plan.harmony.at(place + (plan.eighth if push else 0))
            pitch = chord.bass(low)
            if kind == "walk" and at > 0:
                pitch = low + (dice.pick(chord.tones) - low) % 12
                if at >= plan.bar - 1.01 and dice.chance(0.6):
                    pitch = plan.harmony.at(place + 1).bass(low) + dice.pick((-1, 1, -2, 2))
            elif kind == "octaves":
                pitch += 12 * (round(at / plan.eighth) % 2)
            elif at > 0 and dice.chance(0.2):
                pitch = low + (dice.pick(chord.tones) - low) % 12
            notes.append(Note(place, max(0.12, length * touch), pitch, 0.75 + 0.25 * plan.weight(at)))
    return notes


def _bass_rhythm(dice: Dice, plan: Plan, kind: str) -> list[float]:
    beats = [float(b) for b in range(plan.bar)]
    if kind in ("beats", "walk"):
        return beats
    if kind in ("pump", "octaves"):
        return plan.steps(plan.eighth)
    if kind == "off":
        return off_beats(plan)
    if kind == "threes":
        return threes(plan)
    if kind == "held":
        return [0.0]
    if kind == "strong":
        spots, start = [], 0.0
        for group in plan.groups:
            spots.append(start)
            start += group
        return spots
    if kind == "pushed":
        return sorted({*off_beats(plan)[-1:], *by_weight(dice, plan, plan.eighth, 0.5, 0.3)} - {0.0})
    return sorted({0.0, *by_weight(dice, plan, plan.finest, dice.between(0.5, 0.9), dice.between(0.0, 0.5))})


def chords(dice: Dice, plan: Plan, lively: bool = True) -> tuple[list[Note], str]:
    """Chords: held, on beats, off-beat skanks, charleston, strummed, stabs, pushed; and what it is."""
    table = {"held": 0.2, "halves": 0.1, "beats": 0.13, "skank": 0.15, "weighted": 0.17, "strum": 0.12,
             "waltz": 0.05, "threes": 0.05, "pushed": 0.08, "eighths": 0.05}  # fmt: skip
    if plan.bar == 3:
        table["waltz"] = 0.3
    if not lively:
        table = {"held": 0.6, "halves": 0.25, "beats": 0.15}
    kind = dice.weighted(lean(plan, table))
    size = dice.pick((1, 2), (0.7, 0.3))
    patterns = [_chord_rhythm(dice, plan, kind) for _ in range(size)]
    centre, count = dice.whole(52, 72), dice.pick((2, 3, 4, 5), (0.1, 0.5, 0.3, 0.1))
    touch = dice.between(0.9, 1.0) if kind in ("held", "halves") else dice.between(0.2, 0.95)
    strum = dice.between(0.004, 0.016) if kind == "strum" else (0.003 if plan.human else 0.0)
    notes = []
    for bar in range(plan.bars):
        spots = patterns[bar % size]
        if not spots:
            continue
        for i, (at, length) in enumerate(zip(spots, lengths(spots, plan.bar + spots[0]), strict=True)):
            place = bar * plan.bar + at
            chord = plan.harmony.at(place + (plan.eighth if kind == "pushed" else 0))
            pitches = chord.near(centre, count + (2 if kind == "strum" else 0))
            if kind == "strum" and i % 2:
                pitches = pitches[::-1]
            strength = (0.7 + 0.3 * plan.weight(at)) * dice.between(0.9, 1)
            for j, pitch in enumerate(pitches):
                notes.append(Note(place, max(0.1, length * touch), pitch, strength, late=j * strum))
    return notes, kind


def _chord_rhythm(dice: Dice, plan: Plan, kind: str) -> list[float]:
    if kind == "held":
        return [0.0]
    if kind == "halves":
        return (
            [0.0, plan.bar / 2]
            if plan.bar % 2 == 0
            else [0.0, float(plan.groups[0] % plan.bar)][: len(plan.groups)]
        )
    if kind == "beats":
        return [float(b) for b in range(plan.bar)]
    if kind == "skank":
        return off_beats(plan) if dice.chance(0.8) else back_beats(plan)
    if kind == "strum":
        return sorted({float(b) for b in range(plan.bar)} | set(by_weight(dice, plan, plan.eighth, 1.0, 0.8)))
    if kind == "waltz":
        return [float(b) for b in range(1, plan.bar)]
    if kind == "threes":
        return threes(plan)
    if kind == "eighths":
        return plan.steps(plan.eighth)
    if kind == "pushed":
        return sorted({off_beats(plan)[-1], dice.pick(plan.steps(plan.eighth)[1:])})
    return by_weight(dice, plan, plan.finest, dice.between(0.5, 0.9), dice.between(0.1, 0.7)) or [0.0]


def arpeggio(dice: Dice, plan: Plan) -> list[Note]:
    """Broken chords in eighths or finer: up, down, to and fro, alberti, drawn; or in a cycle."""
    step = dice.pick((plan.eighth, plan.finest))
    count, centre = dice.pick((3, 4, 5, 6)), dice.whole(50, 76)
    order = dice.pick(("up", "down", "fro", "alberti", "drawn"), (0.3, 0.15, 0.2, 0.2, 0.15))
    again = dice.chance(0.7)  # start anew with each bar
    holes = set(euclid(dice.whole(1, 3), round(plan.bar / step), 1)) if dice.chance(0.25) else set()
    touch, accent = dice.between(0.4, 2.0), dice.between(0.0, 0.5)
    notes, run = [], 0
    for bar in range(plan.bars):
        run = 0 if again else run
        for i, at in enumerate(plan.steps(step)):
            place = bar * plan.bar + at
            pitches = plan.harmony.at(place).near(centre, count)
            turn = {
                "up": run % count,
                "down": -1 - run % count,
                "fro": abs((run % (2 * count - 2)) - (count - 1)),
                "alberti": (0, count - 1, count // 2, count - 1)[run % 4],
                "drawn": dice.whole(0, count - 1),
            }[order]
            run += 1
            if i in holes:
                continue
            strength = 1.0 - accent * (1 - plan.weight(at))
            notes.append(Note(place, step * touch, pitches[turn], strength * dice.between(0.9, 1)))
    return notes


def melody(dice: Dice, plan: Plan, octave: int = 0, rest: float = 0.15) -> list[Note]:
    """A tune: split rhythms that come back, steps more than leaps, chord tones on strong places."""
    phrase = [split_bar(dice, plan, rest) for _ in range(dice.pick((1, 2, 4)))]
    degree, notes = dice.whole(0, 6), []
    fresh = dice.between(0.0, 0.4)
    touch = dice.between(0.6, 1.0)
    for bar in range(plan.bars):
        spots = split_bar(dice, plan, rest) if dice.chance(fresh) else phrase[bar % len(phrase)]
        for at, length in zip(spots, lengths(spots, float(plan.bar)), strict=True):
            degree += dice.pick((-3, -2, -1, 0, 1, 2, 3, 5), (1, 2, 4, 1, 4, 2, 1, 0.4))
            degree = max(-6, min(11, degree))
            pitch = plan.harmony.step(degree)
            place = bar * plan.bar + at
            if plan.weight(at) >= 0.6 and dice.chance(0.6):
                pitch = _nearest(plan.harmony.at(place), pitch)
            strength = (0.75 + 0.25 * plan.weight(at)) * dice.between(0.85, 1.0)
            notes.append(Note(place, max(0.12, length * touch), pitch + 12 * octave, strength))
    return notes


def _nearest(chord: Chord, pitch: int) -> int:
    return min(
        (p for p in range(pitch - 6, pitch + 7) if p % 12 in chord.tones), key=lambda p: abs(p - pitch)
    )


def ostinato(dice: Dice, plan: Plan) -> list[Note]:
    """A figure of one bar that does not tire, moved along with the chords."""
    spots = split_bar(dice, plan, 0.05) if dice.chance(0.5) else by_weight(dice, plan, plan.finest, 1.0, 0.5)
    spots = spots or [0.0]
    turns = [dice.whole(0, 3) for _ in spots]
    centre, touch = dice.whole(45, 80), dice.between(0.3, 1.0)
    notes = []
    for bar in range(plan.bars):
        for at, length, turn in zip(spots, lengths(spots, float(plan.bar)), turns, strict=True):
            pitch = plan.harmony.at(bar * plan.bar + at).near(centre, 4)[turn]
            notes.append(
                Note(bar * plan.bar + at, max(0.1, length * touch), pitch, 0.7 + 0.3 * plan.weight(at))
            )
    return notes
