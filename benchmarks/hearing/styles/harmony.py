"""Keys, chords and tunes, as every style needs them."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.hearing.dice import Dice
from benchmarks.hearing.score import Score

MAJ, MIN, DOM, MAJ7, MIN7, SUS, DIM = (
    (0, 4, 7),
    (0, 3, 7),
    (0, 4, 7, 10),
    (0, 4, 7, 11),
    (0, 3, 7, 10),
    (0, 5, 7),
    (0, 3, 6),
)
Chord = tuple[int, tuple[int, ...]]
"""(pitch class 0..11, intervals above it)"""

POP = [
    [(0, MAJ), (7, MAJ), (9, MIN), (5, MAJ)],
    [(9, MIN), (5, MAJ), (0, MAJ), (7, MAJ)],
    [(0, MAJ), (9, MIN), (5, MAJ), (7, MAJ)],
    [(0, MAJ), (4, MIN), (5, MAJ), (5, MIN)],
]
MINOR = [
    [(0, MIN), (8, MAJ), (3, MAJ), (10, MAJ)],
    [(0, MIN), (0, MIN), (5, MIN), (7, MIN)],
    [(0, MIN7), (10, MAJ), (8, MAJ7), (7, MIN7)],
    [(0, MIN), (3, MAJ), (5, MIN), (8, MAJ)],
]
JAZZ = [
    [(2, MIN7), (7, DOM), (0, MAJ7), (9, DOM)],
    [(0, MAJ7), (9, MIN7), (2, MIN7), (7, DOM)],
    [(4, MIN7), (9, DOM), (2, MIN7), (7, DOM)],
    [(0, DOM), (5, DOM), (0, DOM), (7, DOM)],
]
MODAL = [
    [(0, MIN7)],
    [(0, MIN7), (0, MIN7), (5, DOM), (5, DOM)],
    [(0, MIN7), (2, MIN7)],
    [(0, SUS), (10, MAJ)],
]

MAJOR_SCALE, MINOR_SCALE, PENTATONIC = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10), (0, 3, 5, 7, 10)
PELOG, SLENDRO = (0, 1, 3, 7, 8), (0, 2, 5, 7, 10)


def progression(dice: Dice, among: Sequence[Sequence[Chord]]) -> list[Chord]:
    """One of several progressions, in a key of its own."""
    key = dice.whole(0, 11)
    return [((key + root) % 12, kind) for root, kind in dice.pick(among)]


def voiced(chord: Chord, low: int) -> list[int]:
    """MIDI pitches of a chord, close together, from `low` upwards."""
    root, kind = chord
    return sorted(low + (root + interval - low) % 12 for interval in kind)


def bass_of(chord: Chord, low: int = 33) -> int:
    """The root as a bass note, at or above `low`."""
    return low + (chord[0] - low) % 12


CELLS = ("1000", "1010", "1000 1010", "1001 0010", "1010 1010", "1011", "0010 1000", "1001 0100", "0101")
"""Rhythms of a tune: four letters a beat."""


def tune(
    score: Score,
    part: int,
    first: int,
    last: int,
    chords: Sequence[Chord],
    scale: Sequence[int],
    low: int = 60,
    loud: float = 0.75,
    rests: float = 0.25,
    cells: Sequence[str] = CELLS,
    legato: float = 0.9,
) -> None:
    """A tune from bar `first` until `last`: a wander along the scale that meets chord notes on the beat."""
    dice = score.dice
    key = chords[0][0]
    degree = dice.whole(0, len(scale) - 1) + len(scale)
    motif = [dice.pick(cells).replace(" ", "") for _ in range(4)]
    for bar in range(first, last):
        rhythm, count = "", 0
        while len(rhythm) < 4 * score.bar:
            rhythm += "0000" if dice.chance(rests) else motif[count % 4]
            count += 1
        starts = [place for place, letter in enumerate(rhythm[: 4 * score.bar]) if letter == "1"]
        for number, place in enumerate(starts):
            after = starts[number + 1] if number + 1 < len(starts) else 4 * score.bar
            degree += dice.pick((-2, -1, -1, 0, 1, 1, 2, 3))
            degree = min(3 * len(scale) - 1, max(0, degree))
            pitch = low - 12 + (key + scale[degree % len(scale)]) % 12 + 12 * (degree // len(scale))
            if place % 4 == 0 and dice.chance(0.6):
                pitch = min(voiced(chords[bar % len(chords)], pitch - 5), key=lambda near: abs(near - pitch))
            accent = 0.1 if place % 4 == 0 else 0.0
            length = min(2.0, (after - place) / 4.0) * legato
            score.note(part, score.bar * bar + place / 4.0, length, pitch, loud + accent + dice.normal(0.05))


def fill(score: Score, bar: int, beats: float = 1.0) -> None:
    """A drum fill over the last `beats` of a bar."""
    start = score.bar * (bar + 1) - beats
    kind = score.dice.whole(0, 2)
    toms = (50, 48, 45, 43)
    count = round(beats * 4)
    for step in range(count):
        if kind == 0:
            score.drum(start + step / 4, 38, 0.5 + 0.4 * step / count)
        elif kind == 1:
            score.drum(start + step / 4, toms[min(3, 4 * step // count)], 0.8)
        elif step % 2 == 0 or score.dice.chance(0.4):
            score.drum(start + step / 4, score.dice.pick((38, 45, 48, 36)), 0.75)
