"""A note and what it counts as; drum notes carry their General MIDI key."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

KICKS = frozenset({35, 36})
SNARES = frozenset({37, 38, 39, 40})  # rim, snare, clap, electric snare
HATS = frozenset({42, 44, 46, 69, 70, 82})  # closed, pedal, open, cabasa, maracas, shaker
TOMS = (41, 43, 45, 47, 48, 50)


@dataclass(frozen=True, slots=True)
class Note:
    """One note: place and length in beats, pitch (MIDI), strength 0..1, delay in seconds (strums)."""

    at: float
    length: float
    pitch: int
    strength: float
    late: float = 0.0

    def moved(self, beats: float) -> Note:
        """The same note some beats later."""
        return replace(self, at=self.at + beats)


@dataclass
class Layer:
    """One player: notes in beats, who plays it, and how it keeps time."""

    name: str
    notes: list[Note]
    drums: bool = False
    program: int = 0  # General MIDI program, 0..127
    synthetic: bool = False  # played by our own synthesis rather than a soundfont
    level: float = 1.0
    carries: bool = True  # a listener can follow the pulse from this layer alone
    soft: bool = False  # attacks slower than about 80 ms
    times: list[tuple[float, float]] = field(default_factory=list)  # (start, end) in seconds, one a note
