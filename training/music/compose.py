"""Who plays in a piece: an ensemble drawn from few broad kinds, and who enters and leaves when."""

from __future__ import annotations

from . import players
from .dice import Dice
from .drums import drum_layers
from .note import Layer, Note
from .plan import Plan

KEYS = (0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 21)
MALLETS = (8, 9, 10, 11, 12, 13, 14, 46, 108, 114)
GUITARS = (24, 25, 26, 27, 28, 29, 30, 15, 104, 105, 106)
BASSES = (32, 33, 34, 35, 36, 37, 38, 39)
STRINGS = (40, 41, 42, 43, 45, 48, 49, 44, 110)
VOICES = (52, 53, 54, 85, 91)
BRASS = (56, 57, 58, 60, 61, 62, 63, 66, 65)
WINDS = (64, 68, 69, 71, 72, 73, 74, 75, 79)
PADS = (50, 51, 88, 89, 90, 92, 93, 94, 95, 48, 49, 52)
LEADS = (80, 81, 82, 83, 84, 86, 87)
SLOW = frozenset((44, 48, 49, 50, 51, 52, 53, 54, 85, 88, 89, 90, 91, 92, 93, 94, 95, 97, 99, 101, 110))


def ensemble(seed: int, plan: Plan, drums: bool, synthetic: bool) -> tuple[list[Layer], str]:
    """Layers with notes (in beats, over all bars) and a word for the ensemble."""
    dice = Dice(seed, "ensemble")
    if drums:
        layers = drum_layers(seed, plan, synthetic if dice.chance(0.85) else not synthetic)
        kind = "band"
        if dice.chance(0.06):
            make_clear(dice, plan, layers, synthetic)
            return layers, "drums alone"
        if dice.chance(0.8):
            layers.append(_bass(dice, plan, synthetic))
        if dice.chance(0.8):
            layers.append(_chords(dice, plan, synthetic, True))
        if dice.chance(0.3):
            layers.append(_arpeggio(dice, plan, synthetic))
        if dice.chance(0.45):
            layers.append(_tune(dice, plan, synthetic))
        if dice.chance(0.2):
            layers.append(_pad(dice, plan, synthetic))
        if dice.chance(0.2):
            layers.append(_ostinato(dice, plan, synthetic))
        make_clear(dice, plan, layers, synthetic)
        return layers, kind
    kind = dice.pick(
        ("keys", "guitar", "strings", "duo", "voices", "synths", "walking", "ostinato", "choir"),
        (0.2, 0.17, 0.12, 0.13, 0.14, 0.12, 0.05, 0.05, 0.02),
    )
    if kind == "keys":
        program = dice.pick((*KEYS[:6], 0, 0, *MALLETS))
        left = dice.pick((players.bass, players.arpeggio))
        layers = [
            Layer("left hand", left(dice, plan), program=program, level=0.8),
            Layer("right hand", players.melody(dice, plan, dice.whole(0, 1)), program=program, carries=False),
        ]
        if dice.chance(0.4):
            layers.append(_chords(dice, plan, False, True, program))
    elif kind == "guitar":
        program = dice.pick(GUITARS)
        layers = [
            _chords(dice, plan, False, True, program)
            if dice.chance(0.6)
            else _arpeggio(dice, plan, False, program)
        ]
        if dice.chance(0.5):
            layers.append(_bass(dice, plan, False))
        if dice.chance(0.5):
            layers.append(_tune(dice, plan, False))
    elif kind == "strings":
        layers = [
            Layer(
                "bass voice", players.bass(dice, plan, dice.chance(0.5)), program=dice.pick((42, 43, 48, 45))
            ),
            Layer("chords", players.chords(dice, plan, dice.chance(0.5))[0], program=dice.pick(STRINGS)),
            Layer("melody", players.melody(dice, plan, 1), program=dice.pick(STRINGS), carries=False),
        ]
    elif kind == "duo":
        layers = [_tune(dice, plan, False), _chords(dice, plan, False, True)]
        if dice.chance(0.6):
            layers.append(_bass(dice, plan, False))
    elif kind == "voices":
        family = dice.pick((WINDS, BRASS, STRINGS, KEYS, VOICES, MALLETS))
        same = dice.pick(family)
        layers = []
        for i in range(dice.whole(2, 4)):
            program = same if dice.chance(0.5) else dice.pick(family)
            notes = players.melody(dice, plan, (1, 0, -1, -2)[i], dice.between(0.0, 0.2))
            layers.append(Layer(f"voice {i + 1}", notes, program=program, level=dice.between(0.6, 1)))
    elif kind == "synths":
        layers = [_bass(dice, plan, True), _arpeggio(dice, plan, True), _pad(dice, plan, True)]
        if dice.chance(0.4):
            layers.append(_tune(dice, plan, True))
    elif kind == "walking":
        layers = [_bass(dice, plan, False), _tune(dice, plan, False), _chords(dice, plan, False, True)]
    elif kind == "ostinato":
        layers = [
            _ostinato(dice, plan, synthetic),
            _ostinato(dice, plan, synthetic),
            _bass(dice, plan, synthetic),
        ]
    else:
        layers = [
            Layer("choir", players.chords(dice, plan, False)[0], program=dice.pick(VOICES)),
            _arpeggio(dice, plan, False),
        ]
    make_clear(dice, plan, layers, synthetic)
    for layer in layers:
        if not layer.synthetic and layer.program in SLOW:
            layer.soft = True
    return layers, kind


def clear(plan: Plan, layers: list[Layer], first: int, end: int) -> bool:
    """True if a listener can find the beat in these bars: most beats are struck, and enough happens."""
    spots = {round(n.at * 24) for la in layers for n in la.notes if first * plan.bar <= n.at < end * plan.bar}
    struck = sum(1 for at in spots if at % 24 == 0)
    beats = (end - first) * plan.bar
    return (
        struck >= (0.5 if plan.leaning == 1 else 0.4) * beats
        and len(spots) >= 0.8 * beats
        and struck * 5 >= len(spots)
    )


def make_clear(dice: Dice, plan: Plan, layers: list[Layer], synthetic: bool) -> None:
    """Give an ensemble in which the beat cannot be found one more player who tells it."""
    if clear(plan, [la for la in layers if la.carries], 0, min(16, plan.bars)):
        return
    for _ in range(6):
        extra = dice.pick((_bass, _arpeggio, _ostinato, _steady))(dice, plan, synthetic)
        if clear(plan, [extra], 0, min(16, plan.bars)):
            layers.append(extra)
            return
    layers.append(_steady(dice, plan, synthetic))


def _steady(dice: Dice, plan: Plan, synthetic: bool) -> Layer:
    """Chords on every beat, or on eighths with the beats stressed."""
    step = dice.pick((1.0, 1.0, plan.eighth))
    centre, count = dice.whole(45, 70), dice.whole(1, 4)
    notes = []
    for i in range(round(plan.bars * plan.bar / step)):
        at = i * step
        for pitch in plan.harmony.at(at).near(centre, count):
            notes.append(Note(at, step * 0.8, pitch, 0.5 + 0.5 * plan.weight(at)))
    program = dice.pick((*KEYS, *GUITARS, *STRINGS[:4]))
    return Layer("steady", notes, program=program, synthetic=synthetic, level=dice.between(0.4, 0.9))


def _bass(dice: Dice, plan: Plan, synthetic: bool) -> Layer:
    notes = players.bass(dice, plan)
    return Layer("bass", notes, program=dice.pick(BASSES), synthetic=synthetic, level=dice.between(0.5, 1.0))


def _chords(dice: Dice, plan: Plan, synthetic: bool, lively: bool, program: int | None = None) -> Layer:
    notes, kind = players.chords(dice, plan, lively)
    family = dice.pick((KEYS, GUITARS, BRASS, STRINGS), (4, 3, 1, 1))
    if kind == "strum":
        family = GUITARS
    chosen = dice.pick(family) if program is None else program
    level = dice.between(0.35, 0.9)
    carries = kind not in ("held", "pushed", "skank")  # these alone do not tell where the beat is
    return Layer("chords", notes, program=chosen, synthetic=synthetic, level=level, carries=carries)


def _arpeggio(dice: Dice, plan: Plan, synthetic: bool, program: int | None = None) -> Layer:
    chosen = dice.pick((*KEYS, *MALLETS, *GUITARS, *LEADS)) if program is None else program
    level = dice.between(0.35, 0.9)
    return Layer("arpeggio", players.arpeggio(dice, plan), program=chosen, synthetic=synthetic, level=level)


def _tune(dice: Dice, plan: Plan, synthetic: bool) -> Layer:
    family = dice.pick((WINDS, BRASS, KEYS, STRINGS[:5], GUITARS, MALLETS, LEADS, VOICES))
    notes = players.melody(dice, plan, dice.pick((0, 1)), dice.between(0.05, 0.35))
    program, level = dice.pick(family), dice.between(0.5, 1.0)
    return Layer("melody", notes, program=program, synthetic=synthetic, level=level, carries=False)


def _pad(dice: Dice, plan: Plan, synthetic: bool) -> Layer:
    notes = players.chords(dice, plan, False)[0]
    return Layer(
        "pad",
        notes,
        program=dice.pick(PADS),
        synthetic=synthetic,
        level=dice.log(0.2, 0.7),
        carries=False,
        soft=True,
    )


def _ostinato(dice: Dice, plan: Plan, synthetic: bool) -> Layer:
    program = dice.pick((*KEYS, *MALLETS, *GUITARS, *LEADS, *STRINGS[:5]))
    level = dice.between(0.4, 0.9)
    return Layer("ostinato", players.ostinato(dice, plan), program=program, synthetic=synthetic, level=level)


def arrange(seed: int, plan: Plan, layers: list[Layer], drums: bool) -> None:
    """Let layers enter and leave by section (notes fall out), with breaks of 2..10 s in some pieces."""
    dice = Dice(seed, "arrange")
    always = dice.between(0.6, 1.0)
    if plan.leaning > 1:  # what falls on the beat is often the softer part
        for layer in layers:
            beats = sum(abs(n.at - round(n.at)) < 0.01 for n in layer.notes)
            layer.level *= 0.6 if beats > 0.6 * len(layer.notes) else 1.2
    breaks = dice.chance(0.3 if drums else 0.06)
    silent: list[tuple[str, float, float]] = []
    for i, (first, end) in enumerate(plan.sections):
        on = [layer for layer in layers if dice.chance(always if i else always - 0.15)]
        rest = [layer for layer in layers if layer not in on]
        while rest and not clear(plan, on, first, end):
            on.append(rest.pop(dice.whole(0, len(rest) - 1)))
        silent += [(la.name, first * plan.bar, end * plan.bar) for la in layers if la not in on]
        if breaks and i and dice.chance(0.5):
            span = dice.between(2, 10) * plan.bpm / 60
            start = end * plan.bar - max(1, round(span / plan.bar)) * plan.bar
            empty = dice.chance(0.25)
            silent += [(la.name, start, end * plan.bar) for la in layers if la.drums or empty]
    for layer in layers:
        gaps = [(a - 1e-6, b - 1e-6) for name, a, b in silent if name == layer.name]
        layer.notes = [n for n in layer.notes if not any(a <= n.at < b for a, b in gaps)]
