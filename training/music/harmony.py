"""Keys, scales and chord progressions: harmony that changes mostly on bars tells where bars are."""

from __future__ import annotations

from dataclasses import dataclass

from .dice import Dice

SCALES = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "harmonic minor": (0, 2, 3, 5, 7, 8, 11),
}


@dataclass(frozen=True)
class Chord:
    """Root and tones as pitch classes 0..11, the root first."""

    tones: tuple[int, ...]

    @property
    def root(self) -> int:
        """Pitch class of the root."""
        return self.tones[0]

    def near(self, centre: int, count: int) -> list[int]:
        """`count` MIDI pitches of this chord, close together around a centre."""
        pitches = [p for p in range(centre - 12, centre + 25) if p % 12 in self.tones]
        first = min(range(len(pitches)), key=lambda i: abs(pitches[i] - centre))
        first = max(0, min(first - count // 2, len(pitches) - count))
        return pitches[first : first + count]

    def bass(self, low: int) -> int:
        """The root at or above a MIDI pitch."""
        return low + (self.root - low) % 12


@dataclass(frozen=True)
class Harmony:
    """A loop of chords, each `beats_each` long, over one scale."""

    key: int
    scale: tuple[int, ...]
    chords: tuple[Chord, ...]
    beats_each: float

    def at(self, beat: float) -> Chord:
        """The chord that sounds at a position in beats."""
        return self.chords[int((beat + 1e-6) // self.beats_each) % len(self.chords)]

    def step(self, degree: int) -> int:
        """MIDI pitch of a scale degree counted from the key near middle C; may be negative."""
        octave, place = divmod(degree, len(self.scale))
        return 60 + self.key + 12 * octave + self.scale[place]


def make_harmony(dice: Dice, bar: int) -> Harmony:
    """A progression of 1, 2, 4 or 8 chords, mostly one a bar."""
    key = dice.whole(-6, 5)
    scale = SCALES[dice.pick(list(SCALES), (4, 4, 2, 2, 1, 1))]
    count = dice.pick((1, 2, 4, 8), (0.08, 0.17, 0.55, 0.2))
    size = dice.pick((3, 4, 5), (0.6, 0.3, 0.1))
    degrees: list[int] = []
    for i in range(count):
        choices = [d for d in range(7) if not degrees or d != degrees[-1]]
        likes = {0: 3.0, 3: 2.0, 4: 2.0, 5: 1.6, 1: 1.2, 2: 0.7, 6: 0.6}
        degrees.append(0 if i == 0 and dice.chance(0.75) else dice.pick(choices, [likes[d] for d in choices]))
    chords = []
    for d in degrees:
        tones = [(key + scale[(d + 2 * i) % 7]) % 12 for i in range(size)]
        chords.append(Chord(tuple(tones)))
    even = bar % 2 == 0
    each = bar * dice.pick((1.0, 2.0, 0.5 if even else 1.0), (0.64, 0.16, 0.2))
    return Harmony(key, scale, tuple(chords), each)
