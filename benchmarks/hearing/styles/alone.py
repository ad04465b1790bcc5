"""Without drums: soft beginnings, breath, bows, and a pulse that is only implied."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.hearing.dice import Dice
from benchmarks.hearing.score import Score
from benchmarks.hearing.styles.harmony import (
    JAZZ,
    MAJOR_SCALE,
    MINOR,
    MINOR_SCALE,
    MODAL,
    POP,
    bass_of,
    progression,
    tune,
    voiced,
)
from benchmarks.hearing.styles.style import style
from benchmarks.hearing.tempo import breathing
from benchmarks.hearing.treat import Treatment


def rubato(dice: Dice, bpm: float, bar: float) -> tuple[Callable[[float], float], list[tuple[float, float]]]:
    """The tempo gives and takes up to 6 % over a phrase."""
    return breathing(bpm, dice.uniform(0.02, 0.06), bar * dice.pick((4, 8)), dice.uniform()), []


def hall(dice: Dice, treatment: Treatment) -> None:
    """A good room, nothing squashed."""
    treatment.room, treatment.decay, treatment.drive = dice.uniform(0.2, 0.5), dice.uniform(1.2, 2.4), 0.0


@style(bpm=(98, 132), loose=(4.0, 10.0), curve=rubato, treat=hall)
def piano(s: Score) -> None:
    """One pianist: broken chords left, a tune right, a little rubato."""
    dice = s.dice
    keys = s.part(0, 105)
    chords = progression(dice, POP + MINOR)
    figure = dice.pick(("x.x.x.x.x.x.x.x.", "x...x.x.x...x.x.", "x..x..x.x..x..x.", "xxxxxxxxxxxxxxxx"))
    for bar in range(s.bars):
        chord = chords[bar % len(chords)]
        tones = voiced(chord, 45)
        s.line(keys, bar, figure, [tones[0] - 12, tones[2], tones[1], tones[2]], 0.6, 0.6)
    tune(s, keys, 0, s.bars, chords, MAJOR_SCALE, 67, 0.75, 0.15)


@style(bpm=(84, 128), loose=(5.0, 12.0), curve=rubato, treat=hall)
def quartet(s: Score) -> None:
    """Four bowed strings: a tune, two inner voices in eighths or long, a cello that marks the beat."""
    dice = s.dice
    first, second, viola, cello = (
        s.part(40, 95, 30),
        s.part(40, 80, 50),
        s.part(41, 85, 80),
        s.part(42, 95, 100),
    )
    chords = progression(dice, POP + MINOR)
    busy = dice.chance(0.6)
    for bar in range(s.bars):
        chord = chords[bar % len(chords)]
        tones = voiced(chord, 60)
        if busy:
            s.line(second, bar, "x.x.x.x.x.x.x.x.", [tones[1]], 0.4, 0.55)
            s.line(viola, bar, "x.x.x.x.x.x.x.x.", [tones[0] - 5 if tones[0] > 62 else tones[0]], 0.4, 0.55)
        else:
            s.note(second, 4 * bar, 3.9, tones[1], 0.55)
            s.note(viola, 4 * bar, 3.9, tones[0], 0.55)
        s.line(
            cello, bar, dice.pick(("x...x...x...x...", "x.......x.......")), [bass_of(chord, 38)], 0.9, 0.75
        )
    tune(s, first, 0, s.bars, chords, MAJOR_SCALE, 69, 0.7, 0.15, ("1000", "1010", "1000 0010", "1011"))


@style(bpm=(98, 132), loose=(3.0, 8.0))
def guitar(s: Score) -> None:
    """Finger-picked: the thumb alternates, the fingers fall between."""
    dice = s.dice
    strings = s.part(dice.pick((24, 25)), 110)
    chords = progression(dice, POP)
    pick = dice.pick(("..x.x.xx..x.x.x.", ".xx..xx..xx..xx.", "..xx.x.x..xx.x.x"))
    for bar in range(s.bars):
        chord = chords[bar % len(chords)]
        low, tones = bass_of(chord, 40), voiced(chord, 55)
        s.line(strings, bar, "x...x...x...x...", [low, low + 7], 0.9, 0.8)
        s.line(strings, bar, pick, [tones[2], tones[1], tones[0] + 12, tones[1]], 0.6, 0.65)


@style(bpm=(78, 104), loose=(6.0, 14.0), treat=hall)
def choir(s: Score) -> None:
    """Voices that move together, mostly in halves and quarters."""
    dice = s.dice
    voices = [s.part(52, 90, pan) for pan in (40, 55, 75, 90)]
    chords = progression(dice, POP + MINOR)
    for bar in range(s.bars):
        rhythm = dice.pick(((0, 2), (0, 1, 2, 3), (0, 2, 3), (0, 1, 2)))
        ends = [*rhythm[1:], 4]
        for number, (beat, end) in enumerate(zip(rhythm, ends, strict=True)):
            chord = chords[(bar + number // 2) % len(chords)]
            pitches = [bass_of(chord, 43), *voiced(chord, 57)]
            for voice, pitch in zip(voices, pitches, strict=False):
                s.note(voice, 4 * bar + beat, end - beat, pitch, 0.7)


@style(bpm=(78, 106), loose=(2.0, 8.0), treat=hall)
def pads(s: Score) -> None:
    """Ambient: slow pads, a plucked pulse every two beats, a bell now and then."""
    dice = s.dice
    pad, pulse, bell = (
        s.part(dice.pick((89, 88, 50)), 90),
        s.part(dice.pick((4, 46, 108)), 75),
        s.part(98, 60),
    )
    chords = progression(dice, MODAL + MINOR)
    every = dice.pick((1.0, 2.0, 0.5))
    for bar in range(s.bars):
        chord = chords[(bar // 2) % len(chords)]
        tones = voiced(chord, 60)
        if bar % 2 == 0:
            s.chord(pad, 4 * bar, 8.0, voiced(chord, 52), 0.6)
        for step in range(round(4 / every)):
            if dice.chance(0.9):
                s.note(pulse, 4 * bar + step * every, 0.8, tones[step % len(tones)], 0.55)
        if dice.chance(0.5):
            s.note(bell, 4 * bar + dice.pick((0.5, 1.5, 2.75, 3.0)), 2.0, tones[-1] + 12, 0.5)


@style(bpm=(84, 132), loose=(4.0, 10.0), treat=hall)
def orchestra(s: Score) -> None:
    """Pizzicato and bowed strings, horns, timpani on the heavy beats."""
    dice = s.dice
    pluck, bow, horn, timpani = s.part(45, 95), s.part(48, 85), s.part(60, 85), s.part(47, 90)
    chords = progression(dice, MINOR + POP)
    for bar in range(s.bars):
        chord = chords[bar % len(chords)]
        tones = voiced(chord, 55)
        s.line(
            pluck,
            bar,
            dice.pick(("x...x...x...x...", "x.x.x.x.x.x.x.x.", "x..xx...x..xx...")),
            tones,
            0.3,
            0.75,
        )
        s.chord(bow, 4 * bar, 3.9, voiced(chord, 62), 0.5)
        if bar % 2 == 0:
            s.note(timpani, 4 * bar, 1.0, bass_of(chord, 36), 0.8)
    tune(s, horn, 2, s.bars, chords, MINOR_SCALE, 58, 0.7, 0.3, ("1000", "1010", "1001", "1000 0000"))


@style(bpm=(94, 128), loose=(4.0, 10.0), curve=rubato, treat=hall)
def duo(s: Score) -> None:
    """A saxophone or flute over an electric piano that plays on the and."""
    dice = s.dice
    lead, keys = s.part(dice.pick((65, 66, 73, 71, 56)), 100), s.part(dice.pick((4, 26, 0)), 85)
    chords = progression(dice, JAZZ)
    for bar in range(s.bars):
        chord = chords[bar % len(chords)]
        for place in dice.pick(((0, 1.5, 3.0), (0.5, 2.0, 3.5), (0, 2.5), (1.5, 3.5))):
            s.chord(keys, 4 * bar + place, 0.9, voiced(chord, 53), 0.55, roll=0.015)
    tune(s, lead, 0, s.bars, chords, MAJOR_SCALE, 62, 0.75, 0.2)
