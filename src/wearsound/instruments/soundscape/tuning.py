"""Which notes there are: a scale in just ratios on a root, and where the root goes with the music of the room."""

from __future__ import annotations

from wearsound.core import Clock
from wearsound.sound import Scale, Scape

SCALES: dict[Scale, tuple[float, ...]] = {
    "hirajoshi": (1.0, 9 / 8, 6 / 5, 3 / 2, 8 / 5),
    "yo": (1.0, 9 / 8, 4 / 3, 3 / 2, 5 / 3),
    "dorian": (1.0, 9 / 8, 6 / 5, 4 / 3, 3 / 2, 5 / 3, 16 / 9),
    "aeolian": (1.0, 9 / 8, 6 / 5, 4 / 3, 3 / 2, 8 / 5, 9 / 5),
    "lydian": (1.0, 9 / 8, 5 / 4, 45 / 32, 3 / 2, 5 / 3, 15 / 8),
    "fifths": (1.0, 9 / 8, 3 / 2, 27 / 16),
}
"""Ratios to the root within an octave."""

ABOUT: dict[Scale, str] = {
    "hirajoshi": "five notes, minor, with two semitones: dark and spare",
    "yo": "five notes without a semitone: open, nothing rubs",
    "dorian": "seven notes, minor with a high sixth: earnest, not sad",
    "aeolian": "seven notes, natural minor: sad",
    "lydian": "seven notes, major with a high fourth: floating, bright",
    "fifths": "four notes stacked in fifths: neither major nor minor",
}
"""What each scale is like, in a line."""

BRIGHT: frozenset[Scale] = frozenset({"yo", "lydian"})
"""Scales that lie in a major key on its first note; the others but fifths in a minor one. A key of the other kind is
met on its relative's first note, which shares its notes."""

PITCHES = (
    *(65.40639132514966, 69.29565774421802, 73.41619197935188, 77.78174593052023),
    *(41.20344461410875, 43.653528929125486, 46.2493028389543, 48.999429497718666),
    *(51.91308719749314, 55.0, 58.27047018976124, 61.7354126570155),
)
"""Hz of C, C sharp .. B in the one octave within 41..82 Hz, A at 440 (ISO 16)."""

KEY = ("room.key", "room.key_minor", "room.key_sure")
"""What is asked of the ear where a soundscape's key is the room's."""
SURE, SURE_STILL = 0.5, 0.25
"""A key must be so sure to be followed, and may then be less so."""
HEARD = 4.0
"""Seconds that a key must go on before it is followed."""
GONE = 12.0
"""Seconds without any key after which the soundscape goes home."""


class Tuning:
    """The notes of a soundscape. [engine thread]

    `scale`: ratios of one octave. `roots`: Hz of every root it may stand on, its own first. `number`: the one on
    which it stands; it only changes in `turn`. `key` "own" has one root and never moves.
    """

    def __init__(self, scape: Scape, clock: Clock) -> None:
        self.scale = SCALES[scape.scale]
        self._kind: Scale = scape.scale
        self.roots: tuple[float, ...] = (scape.root, *PITCHES) if scape.key == "room" else (scape.root,)
        self._heard, self._gone = clock.ticks(HEARD), clock.ticks(GONE)
        self.reset()

    def reset(self) -> None:
        """At home."""
        self.number = 0
        self._wanted = self._candidate = 0
        self._for = self._without = 0

    def hear(self, key: float, minor: float, sure: float) -> None:
        """One hop of the features `room.key` (-1 for none, 0 is C), `room.key_minor`, `room.key_sure`."""
        if len(self.roots) == 1:
            return
        if key < 0.0:
            self._without += 1
            self._for = 0
            if self._without >= self._gone:
                self._wanted = 0
            return
        self._without = 0
        there = self._place(round(key) % 12, minor >= 0.5)
        if there != self._candidate or sure < (SURE_STILL if there == self._wanted else SURE):
            self._candidate, self._for = there, 0
            return
        self._for += 1
        if self._for >= self._heard:
            self._wanted = there

    def turn(self) -> None:
        """A chord changes: now the root may, too."""
        self.number = self._wanted

    def step(self, degree: int) -> float:
        """Ratio of a degree of the scale, 0 the root; those beyond the scale lie octaves up."""
        octaves, place = divmod(degree, len(self.scale))
        ratio = self.scale[place]
        for _ in range(octaves):
            ratio *= 2.0
        return ratio

    def holds(self, ratio: float) -> bool:
        """Whether a ratio to the root is a note of the scale in some octave, within a third of a semitone."""
        while ratio > 1.96:
            ratio *= 0.5
        return any(abs(ratio / note - 1.0) < 0.02 for note in self.scale)

    def _place(self, pitch: int, minor: bool) -> int:
        """Which root goes with a key."""
        if self._kind == "fifths":
            return 1 + pitch
        if minor and self._kind in BRIGHT:
            pitch += 3
        elif not minor and self._kind not in BRIGHT:
            pitch += 9
        return 1 + pitch % 12
