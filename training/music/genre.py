"""What a genre is, as data: patterns written as text, one character a step, bars parted by `|`.

The number of characters in a bar sets the grid (16, 8, 12, 24, 6 ...); blanks only help the eye.
Drums: `X x o g` from loud to ghost, `?` at times, `O` open, `p` pedal, `r` a roll of two, `t` of three,
`h m l s` high, middle, low and slapped drums. Bass: `1 3 5 6 7 8` chord tones, `v` the fifth below,
`<` the root of the coming chord, `n` a step from it, `w` walking, `g` a dead note, `-` held on.
Chords: `X x o g` chords, `u` an up-stroke, `<` the coming chord, `B b` root and fifth below, `P m`
power chords open and muted, `0..7` single chord tones from below.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from .clock import make_clock
from .dice import Dice
from .harmony import SCALES, Chord, Harmony
from .plan import METRES, Plan

Comp = tuple[str, ...]  # families of instruments, then one pattern for each hand; `!` plays well alone

PROGRAMS: dict[str, tuple[int, ...]] = {
    "piano": (0, 1, 0, 2), "ep": (4, 5), "organ": (16, 17, 18), "clav": (7,), "box": (10, 8, 9, 14, 98),
    "mallet": (11, 12, 13, 108, 114), "accordion": (21, 23, 22), "harpsichord": (6,), "harp": (46,),
    "nylon": (24,), "steel": (25,), "jazz": (26,), "clean": (27,), "mute": (28,), "drive": (29,),
    "dist": (30, 29), "banjo": (105,), "pluck": (104, 106, 107, 15, 46), "strings": (48, 49, 44, 40),
    "pizz": (45,), "violin": (40, 41, 110), "cello": (42, 43), "choir": (52, 53, 54), "brass": (61, 56, 57),
    "sax": (65, 66, 64, 67), "flute": (73, 75, 72, 74, 79), "reed": (68, 69, 71), "horn": (60,),
    "trumpet": (56, 59), "synth": (80, 81, 62, 63, 87, 90), "stab": (55, 62, 81, 5, 16), "pad": (89, 90, 91, 95),
    "abass": (32,), "fbass": (33, 34), "fretless": (35,), "slap": (36, 37), "sbass": (38, 39), "tuba": (58, 43),
    "voice": (52, 53, 73, 65, 80, 25), "whistle": (78, 72, 75, 74),
}  # fmt: skip


@dataclass(frozen=True)
class Genre:
    """One genre. Names of drums ending in `?` play in some pieces only."""

    name: str
    bpm: tuple[float, float]
    drums: dict[str, tuple[str, ...]] = field(default_factory=dict)
    bass: tuple[str, ...] = ()
    comps: tuple[Comp, ...] = ()
    metre: str = "4/4"
    swing: tuple[float, float] = (0.5, 0.5)
    pair: float = 1.0  # what swings: 1 eighths, 0.5 sixteenths
    loops: tuple[str, ...] = ("0453", "0534", "0345", "0433", "03", "0")
    each: tuple[float, ...] = (1.0,)  # bars a chord
    scales: tuple[str, ...] = ("major", "minor")
    size: int = 3  # tones a chord
    dominant: bool = False  # every chord is a dominant seventh
    basses: str = "fbass"
    leads: str = "voice"
    synthetic: float = 0.1  # probability of a programmed, synthetic band
    melody: float = 0.5
    push: float = 0.2  # how often the tune comes an eighth early
    pad: float = 0.15
    fills: float = 0.6
    clave: bool = False  # two-bar patterns may all begin with their second bar
    bare: float = 0.35  # probability of a version without drums
    weight: float = 1.0


def programs(families: str) -> tuple[int, ...]:
    """All General MIDI programs of some families, which are parted by blanks."""
    return tuple(p for name in families.strip("!").split() for p in PROGRAMS[name])


def genre_plan(seed: int, genre: Genre, seconds: float, human: bool) -> Plan:
    """The frame of a piece of this genre."""
    dice = Dice(seed, "genre plan")
    bar, compound, groupings, _ = METRES[genre.metre]
    bpm = dice.log(*genre.bpm)
    if dice.chance(0.1):
        bpm *= dice.log(0.88, 1.14)
    clock = make_clock(dice, bpm, seconds + 12, bar, human)
    low, high = genre.swing
    if high > 0.5 and not compound:
        clock.pair, clock.swing = genre.pair, dice.between(low, high)
    bars = int(np.searchsorted(clock.beats, seconds + 8) // bar) + 1
    size = dice.pick((4, 8, 2), (0.6, 0.3, 0.1))
    sections = [(a, a + size) for a in range(0, bars, size)]
    return Plan(
        seed=seed,
        seconds=seconds,
        bar=bar,
        compound=compound,
        groups=groupings[0],
        bpm=bpm,
        clock=clock,
        harmony=_harmony(dice, genre, bar),
        human=human,
        bars=bars,
        metre=genre.metre,
        sections=sections,
        leaning=1.0,
    )


def _harmony(dice: Dice, genre: Genre, bar: int) -> Harmony:
    """One of the genre's loops in a drawn key."""
    key, scale = dice.whole(-6, 5), SCALES[dice.pick(genre.scales)]
    chords = []
    for degree in dice.pick(genre.loops):
        d = int(degree)
        if genre.dominant:
            root = (0, 2, 4, 5, 7, 9, 10)[d]
            chords.append(Chord(tuple((key + root + i) % 12 for i in (0, 4, 7, 10))))
        else:
            chords.append(Chord(tuple((key + scale[(d + 2 * i) % 7]) % 12 for i in range(genre.size))))
    return Harmony(key, scale, tuple(chords), bar * dice.pick(genre.each))
