"""The medium of sound: what a garment plays, what its audience hears, and who has a hand in it on its way out.

instruments.soundscape plays it, safety.sound limits it, speakers and files take it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:  # else a patch's structure, which names the words of this page, would load NumPy
    from wearsound.core import F32, F64, Block, Clock

VoiceKind = Literal["drones", "bowed", "struck", "grains", "coat"]
Scale = Literal["hirajoshi", "yo", "dorian", "aeolian", "lydian", "fifths"]
Key = Literal["own", "room"]
"""Whether it stays at its root, or moves to the key of the room's music when there is one."""

DIALS: dict[str, str] = {
    "level": "how loud the whole soundscape is; 0.5 as it was made",
    "sense": "how little movement is enough; 0.5 as calibrated, 0 x0.8, 1 x1.8",
    "memory": "how long movement goes on sounding: 4.6 to 18.6 s",
    "bright": "from dark wool to glass",
    "density": "how many grains",
    "size": "how large the room around it is: 2 to 9 s",
    "damp": "how soft its walls are",
    "wet": "how far away it is",
    "age": "how worn the tape is",
}
"""A soundscape's numbers that can be turned, each 0..1."""

CEILING = 0.8
"""No point of the wave, between samples too, goes beyond: -1.9 dB, so that -1 dBTP holds for any meter (EBU R 128)."""


@dataclass(frozen=True, slots=True)
class Voice:
    """One voice of a soundscape: what it is, which lane's sound sets it in motion, how many octaves it is moved.

    `level` is what the control `voice.NAME` rests at, 0..1; 0.5 is as loud as it was made.
    """

    name: str
    kind: VoiceKind
    lane: str = "body"
    octave: int = 0
    level: float = 0.5


@dataclass(frozen=True, slots=True)
class Scape:
    """A patch's soundscape, cast: its voices, its tuning, and what its controls `sound.NAME` rest at.

    `root` in Hz, 41..82. `rest` holds a number for each of `DIALS`.
    """

    voices: tuple[Voice, ...]
    root: float
    scale: Scale
    key: Key
    rest: dict[str, float]


@dataclass(slots=True)
class Sound:
    """Sound of one block after safety, float32 (n_hops * hop, 2), full scale +-1.

    `played` is what the garment plays: for speakers. `heard` is what an audience hears: that and the lane `room`, or
    the room as it came where nothing is played; for files and films.
    """

    played: F32
    heard: F32


class SoundGuard(Protocol):
    """The last hand on sound: finite numbers, DC, the performer's hand, feedback, loudness."""

    def reset(self) -> None:
        """Silent."""
        ...

    def limit(self, block: Block, wave: F64 | None, hand: F64) -> Sound:
        """Make of `wave` (2, n_hops * hop), None where nothing plays, what may leave. [engine thread]

        `hand` (n_hops,) 0..1 is the performer's. The arrays are valid until the next call.
        """
        ...


class Speaker(Protocol):
    """Where sound leaves, every block: a file, a loudspeaker."""

    name: str

    def open(self, clock: Clock) -> None:
        """Take the device or file; raise a sentence with a remedy if it cannot."""
        ...

    def play(self, tick: int, gap: int, sound: Sound) -> None:
        """Send one block, the arrays only valid during the call; `gap` hops were lost before it. [engine thread]"""
        ...

    def close(self) -> None:
        """Silent, always; twice is fine."""
        ...
