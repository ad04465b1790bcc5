"""When things happen: bars, sections and harmony of the forty seconds, chosen by the seed.

A track of `6 * bars` beats a minute lasts forty seconds exactly. Only even numbers of bars are
played, so that the rest begins on a bar line and the tape stop ends on a beat, whatever the tempo.
"""

from __future__ import annotations

from dataclasses import dataclass

from wearsound import chance

RATE = 48_000
SLOW = 16_000
"""The rate at which bass and chords are made: nothing in them reaches 8 kHz."""

SECONDS = 40
SAMPLES = SECONDS * RATE
SILENCE = (25.0, 26.5)

# Semitones above the tonic. Voicings share as many notes as they can: the hand hardly moves.
VOICINGS = ((0, 3, 7, 10, 14), (-4, 0, 3, 7, 10), (-2, 2, 5, 7, 12))
# What the bass plays on each chord: root, octave, fifth, colour. VI and VII lie below the tonic.
BASS_TONES = ((0, 12, 7, 10), (-4, 8, 3, 7), (-2, 10, 5, 7))


@dataclass(frozen=True, slots=True)
class Span:
    """A named stretch of time, in seconds."""

    name: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Form:
    """The skeleton that every instrument hangs on. `root_hz` is the tonic of the bass."""

    seed: int
    bars: int
    root_hz: float

    @property
    def bpm(self) -> int:
        """Beats a minute."""
        return 6 * self.bars

    @property
    def step(self) -> float:
        """Seconds of a sixteenth note."""
        return SECONDS / (self.bars * 16)

    @property
    def rest_bar(self) -> int:
        """The bar at 20 s, where the drums leave."""
        return self.bars // 2

    @property
    def last_bar(self) -> int:
        """The first bar of the last groove."""
        return self.bars - 4

    @property
    def groove_bars(self) -> tuple[int, ...]:
        """Every bar in which the drums play."""
        return (*range(2, self.rest_bar), *range(self.last_bar, self.bars))

    def at(self, bar: int, step: float = 0.0) -> float:
        """Seconds of a sixteenth `step` of a bar, both from 0."""
        return SECONDS * (bar * 16 + step) / (self.bars * 16)

    def snap(self, seconds: float) -> float:
        """The nearest time that falls on a whole sample."""
        return snap(seconds)

    def chord(self, bar: int) -> int:
        """Which chord (index of VOICINGS: i, VI, VII) sounds in a bar."""
        if bar >= self.last_bar:
            return (0, 1, 2, 0)[bar - self.last_bar]
        if bar >= self.rest_bar:
            return 0
        return (0, 0, 1, 2)[(bar // 2) % 4]

    def sections(self) -> tuple[Span, ...]:
        """The parts of the piece, without gaps, from 0 to 40 s."""
        last = self.at(self.last_bar)
        return (
            Span("intro", 0.0, self.at(2)),
            Span("groove A", self.at(2), self.at(6)),
            Span("groove B", self.at(6), self.at(self.rest_bar)),
            Span("rest", self.at(self.rest_bar), SILENCE[0]),
            Span("silence", *SILENCE),
            Span("build", SILENCE[1], last),
            Span("last groove", last, float(SECONDS)),
        )


def snap(seconds: float) -> float:
    """The nearest time that falls on a whole sample."""
    return round(seconds * RATE) / RATE


def choose_form(seed: int) -> Form:
    """Tempo (96, 108 or 120 beats a minute) and key (F to A) of a seed."""
    bars = (16, 18, 20)[int(chance.uniform(seed, "demo.pace") * 3)]
    semitone = int(chance.uniform(seed, "demo.key") * 5)
    return Form(seed, bars, round(43.65 * 2 ** (semitone / 12), 4))
