"""Players who read the patterns of a genre (see `genre`), and the band they make together."""

from __future__ import annotations

from . import players
from .compose import SLOW, clear
from .dice import Dice
from .drums import fills
from .genre import Comp, Genre, programs
from .note import Layer, Note
from .plan import Plan

LANES: dict[str, dict[str, int]] = {
    "kick": {"": 36}, "snare": {"": 38}, "rim": {"": 37}, "clap": {"": 39}, "hat": {"": 42, "O": 46, "p": 44},
    "pedal": {"": 44}, "ride": {"": 51, "O": 53}, "crash": {"": 49}, "tambourine": {"": 54},
    "shaker": {"": 82}, "maracas": {"": 70}, "cabasa": {"": 69}, "cowbell": {"": 56}, "clave": {"": 75},
    "block": {"": 76, "h": 76, "l": 77}, "conga": {"": 63, "h": 63, "l": 64, "s": 62},
    "bongo": {"": 60, "h": 60, "l": 61}, "timbale": {"": 65, "h": 65, "l": 66},
    "agogo": {"": 67, "h": 67, "l": 68}, "surdo": {"": 41, "l": 41, "h": 45, "m": 43},
    "tom": {"": 45, "h": 50, "m": 47, "l": 43}, "guiro": {"": 73, "O": 74}, "triangle": {"": 80, "O": 81},
}  # fmt: skip
LOUD = {"X": 1.0, "x": 0.8, "o": 0.6, "g": 0.32, "?": 0.55, "<": 0.9, "u": 0.6, "P": 1.0, "m": 0.55}
Step = tuple[float, str, float]  # position in beats, character, steps held on, in beats


def read(plan: Plan, pattern: str, turn: bool) -> tuple[list[Step], int, float]:
    """The steps that sound, the pattern's bars and the length of a step in beats."""
    bars = pattern.replace(" ", "").split("|")
    if turn:
        bars = bars[1:] + bars[:1]
    steps: list[Step] = []
    for i, bar in enumerate(bars):
        step = plan.bar / len(bar)
        for j, char in enumerate(bar):
            if char == "-" and steps:
                steps[-1] = (*steps[-1][:2], steps[-1][2] + step)
            elif char not in ".-":
                steps.append((i * plan.bar + j * step, char, step))
    return steps, len(bars), plan.bar / len(bars[0])


def drum_notes(dice: Dice, plan: Plan, lane: str, pattern: str, turn: bool, change: float) -> list[Note]:
    """One drum over the piece; hits fall out, or soft ones come in, with probability `change`."""
    steps, bars, step = read(plan, pattern, turn)
    keys = LANES[lane]
    main = dice.pick((38, 40, 38, 39)) if lane == "snare" else keys[""]
    accent, notes = dice.between(0.6, 1.4), []
    for bar in range(0, plan.bars, bars):
        for at, char, _ in steps:
            place = bar * plan.bar + at
            if (char == "?" and dice.chance(0.6)) or (at % 1 and dice.chance(change)):
                continue
            strong = LOUD.get(char, 0.85) ** accent * dice.between(0.9, 1.0)
            rolls = {"r": 2, "t": 3}.get(char, 1)
            for i in range(rolls):
                notes.append(Note(place + i * step / rolls, 0.2, keys.get(char, main), strong))
        if dice.chance(change * 2) and lane in ("kick", "snare", "conga", "hat"):
            place = bar * plan.bar + step * dice.whole(1, round(plan.bar / step) - 1)
            if all(abs(n.at - place) > 0.01 for n in notes[-len(steps) * 2 :]):
                notes.append(Note(place, 0.2, main, 0.5))
    return [n for n in notes if n.at < plan.bars * plan.bar]


def bass_notes(dice: Dice, plan: Plan, pattern: str, turn: bool) -> list[Note]:
    """A bass line from its pattern."""
    steps, bars, _ = read(plan, pattern, turn)
    low, touch = dice.pick((28, 31, 33, 36)), dice.between(0.5, 1.0)
    legato, change = dice.chance(0.4), dice.pick((0.0, 0.04, 0.1))
    notes = []
    for bar in range(0, plan.bars, bars):
        for i, (at, char, held) in enumerate(steps):
            if at % plan.bar and dice.chance(change):
                continue
            place = bar * plan.bar + at
            coming = plan.harmony.at(place + 1.01)
            chord = coming if char == "<" else plan.harmony.at(place)
            root = chord.bass(low)
            tones = chord.tones
            interval = {"3": tones[1] - tones[0], "5": tones[2] - tones[0], "v": tones[2] - tones[0],
                        "6": 9, "7": (tones[3] - tones[0]) if len(tones) > 3 else 10}.get(char, 0) % 12  # fmt: skip
            pitch = root + interval + (12 if char == "8" else 0) - (12 if char == "v" else 0)
            if char == "w":
                pitch = low + (dice.pick(tones) - low) % 12
            elif char == "n":
                pitch = coming.bass(low) + dice.pick((-1, 1, -2, 2))
            gap = (steps[i + 1][0] if i + 1 < len(steps) else bars * plan.bar) - at
            length = gap * touch if legato else held * touch
            strong = 0.4 if char == "g" else dice.between(0.8, 1.0) * (0.9 + 0.1 * plan.weight(at))
            notes.append(Note(place, max(0.12, length), pitch, strong))
    return [n for n in notes if n.at < plan.bars * plan.bar]


def comp_notes(dice: Dice, plan: Plan, pattern: str, turn: bool, strum: float, centre: int) -> list[Note]:
    """Chords or figures from a pattern; `strum` is the seconds between two strings."""
    steps, bars, _ = read(plan, pattern, turn)
    count, touch = dice.pick((3, 4), (0.6, 0.4)), dice.between(0.5, 1.0)
    ring = dice.chance(0.3)
    change = dice.pick((0.0, 0.03, 0.1), (0.5, 0.3, 0.2))
    notes = []
    for bar in range(0, plan.bars, bars):
        for at, char, held in steps:
            if (char == "?" and dice.chance(0.5)) or (at % 1 and dice.chance(change)):
                continue
            place = bar * plan.bar + at
            chord = plan.harmony.at(place + (1.01 if char == "<" else 0))
            root = chord.bass(38)
            if char.isdigit():
                pitches = [chord.near(centre, 8)[int(char)]]
            elif char in "Bb":
                pitches = [root if char == "B" else root - 5]
            elif char in "Pm":
                pitches = [root, root + 7, root + 12]
            else:
                pitches = chord.near(centre, count + (2 if strum > 0.003 else 0))
            if char == "u":
                pitches = pitches[::-1][:3]
            strong = LOUD.get(char, 0.85) * dice.between(0.88, 1.0)
            length = max(0.1, (held + (0.5 if ring else 0)) * touch)
            for j, pitch in enumerate(pitches):
                notes.append(Note(place, length, pitch, strong, late=j * strum))
    return [n for n in notes if n.at < plan.bars * plan.bar]


def _tune(dice: Dice, plan: Plan, genre: Genre, synthetic: bool) -> Layer:
    """A melody whose stressed notes come an eighth early as often as the genre likes."""
    notes = players.melody(dice, plan, dice.pick((0, 1)), dice.between(0.05, 0.4))
    push = genre.push * dice.between(0, 1.6)
    for i, note in enumerate(notes):
        before = notes[i - 1].at if i else -1.0
        if note.at >= 1 and plan.weight(note.at) >= 0.6 and note.at - before > plan.eighth * 1.5:
            notes[i] = note.moved(-plan.eighth) if dice.chance(push) else note
    program, level = dice.pick(programs(genre.leads)), dice.between(0.5, 1.0)
    return Layer("melody", notes, program=program, synthetic=synthetic, level=level, carries=False)


def _comp(dice: Dice, plan: Plan, comp: Comp, name: str, synthetic: bool, turn: bool) -> list[Layer]:
    families = comp[0].strip("!").split()
    family = dice.pick(families)
    program, level = dice.pick(programs(family)), dice.between(0.4, 0.95)
    guitar = family in ("nylon", "steel", "clean", "jazz", "mute", "drive", "dist", "banjo", "pluck")
    strum = dice.between(0.004, 0.016) if guitar else dice.pick((0.0, 0.003))
    layers = []
    for i, pattern in enumerate(comp[1:]):
        centre = dice.whole(55, 68) - (0 if i == 0 else 10)
        notes = comp_notes(dice, plan, pattern, turn, strum, centre)
        label = name if i == 0 else f"{name} left"
        layers.append(
            Layer(label, notes, program=program, synthetic=synthetic, level=level * dice.between(0.8, 1))
        )
    return layers


def band(seed: int, plan: Plan, genre: Genre, drums: bool, synthetic: bool) -> list[Layer]:
    """Layers of one piece of the genre."""
    dice = Dice(seed, "genre band")
    turn = genre.clave and dice.chance(0.5)
    change = dice.pick((0.0, 0.02, 0.06), (0.4, 0.4, 0.2))
    layers: list[Layer] = []
    if drums:
        for name, patterns in genre.drums.items():
            lane = name.rstrip("?")
            if not dice.chance(0.5 if name.endswith("?") else 0.93):
                continue
            notes = drum_notes(dice, plan, lane, dice.pick(patterns), turn, change)
            if len(patterns) > 1 and dice.chance(0.35):  # another pattern in the second half of sections
                other = drum_notes(dice, plan, lane, dice.pick(patterns), turn, change)
                span = plan.bar * dice.pick((4, 8))
                half = [int(n.at // span) % 2 == 0 for n in notes]
                notes = [n for n, h in zip(notes, half, strict=True) if h]
                notes += [n for n in other if int(n.at // span) % 2]
            loud = dice.between(0.55, 1.0) if lane in ("kick", "snare", "clap") else dice.log(0.3, 0.95)
            layers.append(Layer(lane, notes, drums=True, synthetic=synthetic, level=loud))
        if layers and dice.chance(genre.fills):
            fills(dice, plan, layers, synthetic)
        if len(layers) > 2 and dice.chance(0.06):  # the drums alone
            return layers
    if genre.bass and dice.chance(0.88 if drums else 0.5):
        notes = bass_notes(dice, plan, dice.pick(genre.bass), turn)
        program, level = dice.pick(programs(genre.basses)), dice.between(0.5, 1.0)
        layers.append(Layer("bass", notes, program=program, synthetic=synthetic, level=level))
    alone = [c for c in genre.comps if c[0].startswith("!")]
    pool = list(genre.comps)
    first = dice.pick(alone) if alone and not drums else dice.pick(pool)
    chosen = [first]
    pool.remove(first)
    more = dice.pick((0, 1, 2), (0.5, 0.38, 0.12) if drums else (0.62, 0.3, 0.08))
    for _ in range(min(more, len(pool))):
        chosen.append(pool.pop(dice.whole(0, len(pool) - 1)))
    for i, comp in enumerate(chosen):
        layers += _comp(dice, plan, comp, f"chords {i}" if i else "chords", synthetic, turn)
    if dice.chance(genre.melody):
        layers.append(_tune(dice, plan, genre, synthetic and dice.chance(0.7)))
    if dice.chance(genre.pad):
        notes, program = players.chords(dice, plan, False)[0], dice.pick(programs("pad strings choir"))
        level = dice.log(0.2, 0.6)
        layers.append(Layer("pad", notes, False, program, synthetic, level, carries=False, soft=True))
    for layer in layers:
        layer.soft |= not layer.drums and not layer.synthetic and layer.program in SLOW
    return layers


def stage(seed: int, plan: Plan, layers: list[Layer]) -> None:
    """Intros with few layers, sections with more, breaks: notes of those who are silent fall out."""
    dice = Dice(seed, "genre stage")
    names = sorted({la.name.removesuffix(" left") for la in layers})
    intro = dice.whole(1, 2) if dice.chance(0.45) else 0
    always, breaks = dice.between(0.75, 1.0), dice.chance(0.25)
    silent: list[tuple[str, float, float]] = []
    for i, (first, end) in enumerate(plan.sections):
        share = always if i >= intro else dice.between(0.2, 0.6)
        on = {name for name in names if dice.chance(share)}
        rest = [name for name in names if name not in on]
        strict = dice.chance(0.75)  # at other times a skank or a riff may stand alone
        while rest and not _enough(plan, layers, on, first, end, strict):
            on.add(rest.pop(dice.whole(0, len(rest) - 1)))
        silent += [(name, first * plan.bar, end * plan.bar) for name in rest]
        if breaks and i and dice.chance(0.4):
            start = (end - dice.pick((1, 2))) * plan.bar
            empty = dice.chance(0.2)
            drummers = {la.name for la in layers if la.drums}
            silent += [(name, start, end * plan.bar) for name in names if empty or name in drummers]
    for layer in layers:
        name = layer.name.removesuffix(" left")
        gaps = [(a - 1e-6, b - 1e-6) for other, a, b in silent if other == name]
        layer.notes = [n for n in layer.notes if not any(a <= n.at < b for a, b in gaps)]


def _enough(plan: Plan, layers: list[Layer], on: set[str], first: int, end: int, strict: bool) -> bool:
    """True if these players tell the beat; not `strict`: if they make at least a note in two beats."""
    playing = [la for la in layers if la.name.removesuffix(" left") in on and la.carries]
    if strict:
        return clear(plan, playing, first, end)
    spots = {round(n.at * 24) for la in playing for n in la.notes if first <= n.at / plan.bar < end}
    return len(spots) >= 0.5 * (end - first) * plan.bar
