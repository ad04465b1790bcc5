"""A piece as its composer writes it: notes in beats, played by somebody who is not a machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.hearing.dice import Dice
from benchmarks.hearing.tempo import Tempo

DRUMS = 9
"""MIDI's channel for drums, counted from 0."""
LOUD = {"X": 1.0, "x": 0.8, "o": 0.5, ",": 0.32}
"""Letters of a pattern: accent, note, soft, ghost; any other letter is a rest."""
LATEST_SLIP = 0.015


@dataclass(frozen=True, slots=True)
class Note:
    """`start` and `seconds` in seconds; `velocity` 1..127."""

    start: float
    seconds: float
    pitch: int
    velocity: int
    channel: int


@dataclass(slots=True)
class Score:
    """`bar` beats a bar; `swing` (unit, ratio): the second unit of each pair starts at `ratio` of it.

    `loose` is the players' spread in seconds. `lay` shifts one drum or part: {"snare": 0.01}.
    """

    dice: Dice
    tempo: Tempo
    bar: int
    bars: int
    loose: float = 0.004
    swing: tuple[float, float] = (0.5, 0.5)
    notes: list[Note] = field(default_factory=list)
    programs: dict[int, int] = field(default_factory=dict)
    volumes: dict[int, int] = field(default_factory=dict)
    pans: dict[int, int] = field(default_factory=dict)
    steps: list[tuple[float, float]] = field(default_factory=list)

    @property
    def beats(self) -> int:
        """Beats in the whole piece."""
        return self.bars * self.bar

    @property
    def seconds(self) -> float:
        """How long the piece lasts, without its last echo."""
        return self.tempo.seconds(self.beats)

    def part(self, program: int, volume: int = 100, pan: int = 64) -> int:
        """A player with an instrument of General MIDI (from 0); the channel to write its notes for."""
        channel = next(number for number in range(16) if number != DRUMS and number not in self.programs)
        self.programs[channel], self.volumes[channel], self.pans[channel] = program, volume, pan
        return channel

    def kit(self, program: int = 0, volume: int = 100) -> None:
        """Choose the drum set: 0 standard, 8 room, 16 power, 24 electronic, 25 TR-808, 32 jazz, 40 brush."""
        self.programs[DRUMS], self.volumes[DRUMS], self.pans[DRUMS] = program, volume, 64

    def note(self, part: int, beat: float, length: float, pitch: int, loud: float = 0.8) -> None:
        """One note; `loud` 0..1. What would start before the piece or after it is left out."""
        if not -1e-9 <= beat < self.beats - 1e-9:
            return
        slip = max(-LATEST_SLIP, min(LATEST_SLIP, self.dice.normal(self.loose)))
        start = max(0.0, self.tempo.seconds(self._swung(beat)) + slip)
        end = self.tempo.seconds(self._swung(beat + length))
        level = loud + self.dice.normal(0.05)
        velocity = max(8, min(127, round(127 * level)))
        self.notes.append(Note(start, max(0.03, end - start - 0.01), max(0, min(127, pitch)), velocity, part))

    def chord(
        self,
        part: int,
        beat: float,
        length: float,
        pitches: Sequence[int],
        loud: float = 0.7,
        roll: float = 0.0,
    ) -> None:
        """Several notes at once, or one after another by `roll` beats."""
        for number, pitch in enumerate(pitches):
            self.note(part, beat + roll * number, length - roll * number, pitch, loud)

    def drum(self, beat: float, key: int, loud: float = 0.8) -> None:
        """One stroke of the drum set."""
        if DRUMS not in self.programs:
            self.kit()
        self.note(DRUMS, beat, 0.2, key, loud)

    def pattern(self, bar: int, key: int, steps: str, loud: float = 1.0) -> None:
        """Strokes over one bar, evenly divided: `"x...o..."`; spaces are for the eye."""
        letters = steps.replace(" ", "")
        for number, letter in enumerate(letters):
            if letter in LOUD:
                self.drum(self.bar * (bar + number / len(letters)), key, loud * LOUD[letter])

    def line(
        self, part: int, bar: int, steps: str, pitches: Sequence[int], length: float, loud: float = 1.0
    ) -> None:
        """Notes over one bar where `steps` has them, the pitches one after another, round and round."""
        letters = steps.replace(" ", "")
        count = 0
        for number, letter in enumerate(letters):
            if letter in LOUD:
                beat = self.bar * (bar + number / len(letters))
                self.note(part, beat, length, pitches[count % len(pitches)], loud * LOUD[letter])
                count += 1

    def _swung(self, beat: float) -> float:
        unit, ratio = self.swing
        pair = 2.0 * unit
        whole = int(beat // pair)
        place = (beat - whole * pair) / pair
        place = place * 2.0 * ratio if place < 0.5 else ratio + (place - 0.5) * 2.0 * (1.0 - ratio)
        return (whole + place) * pair
