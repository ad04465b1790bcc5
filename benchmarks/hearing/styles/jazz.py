"""Swing and what grew beside it, and everything counted in three."""

from __future__ import annotations

from benchmarks.hearing.score import Score
from benchmarks.hearing.styles.harmony import (
    JAZZ,
    MAJOR_SCALE,
    MINOR,
    MINOR_SCALE,
    POP,
    Chord,
    bass_of,
    progression,
    tune,
    voiced,
)
from benchmarks.hearing.styles.style import style


def walk(s: Score, bass: int, bar: int, chord: Chord, after: Chord) -> None:
    """A walking bass over one bar: root, two tones, and a step towards the next root."""
    low, goal = bass_of(chord, 31), bass_of(after, 31)
    tones = chord[1]
    middle = [low + s.dice.pick(tones[1:]) for _ in range(s.bar - 2)]
    for beat, pitch in enumerate([low, *middle, goal + s.dice.pick((-1, 1, 2, -2))]):
        s.note(bass, s.bar * bar + beat, 0.9, pitch, 0.85 + 0.05 * (beat % 2))
        if s.dice.chance(0.12):
            s.note(bass, s.bar * bar + beat + 0.5, 0.3, pitch, 0.5)


@style(bpm=(156, 212), swing=(0.5, 0.6, 0.67), loose=(3.0, 9.0))
def swing_trio(s: Score) -> None:
    """Ride, hat on two and four, walking bass, piano that comps and plays."""
    dice = s.dice
    s.kit(32, 90)
    bass, piano = s.part(32, 105), s.part(0, 95)
    chords = progression(dice, JAZZ)
    for bar in range(s.bars):
        chord, after = chords[bar % len(chords)], chords[(bar + 1) % len(chords)]
        s.pattern(
            bar, 51, dice.pick(("x.x.x.xxx.x.x.xx".replace("x.x.x.xx", "x...x.x."), "x...x.x.x...x.x.")), 0.75
        )
        s.pattern(bar, 44, "....x.......x...", 0.7)
        if dice.chance(0.5):
            s.pattern(bar, 38, dice.pick(("......,.........", "..............o.", "..,.......o.....")), 0.8)
        if dice.chance(0.4):
            s.pattern(bar, 36, dice.pick(("..............o.", "o.......o.......", "......o.........")), 0.8)
        walk(s, bass, bar, chord, after)
        for place in dice.pick(((0, 1.5), (1.5,), (0.5, 2.5), (3.5,), ())):
            s.chord(piano, 4 * bar + place, 0.4, voiced(chord, 54), 0.55)
    cells = ("1010", "1010", "1000", "0010", "1010 0010")
    tune(s, piano, 1, s.bars, chords, MAJOR_SCALE, 70, 0.75, 0.2, cells)


@style(bpm=(126, 200), swing=(0.5, 0.58, 0.67), loose=(4.0, 10.0))
def walking_bass(s: Score) -> None:
    """A double bass alone, now and then a guitar chord."""
    dice = s.dice
    bass, guitar = s.part(32, 110), s.part(26, 80)
    chords = progression(dice, JAZZ)
    chording = dice.chance(0.5)
    for bar in range(s.bars):
        chord, after = chords[bar % len(chords)], chords[(bar + 1) % len(chords)]
        walk(s, bass, bar, chord, after)
        if chording:
            s.chord(guitar, 4 * bar + dice.pick((0.5, 1.5, 1.0)), 0.6, voiced(chord, 52), 0.5, roll=0.01)


@style(bpm=(116, 150), loose=(3.0, 8.0))
def bossa(s: Score) -> None:
    """The rim's clave, a nylon guitar that anticipates, a flute."""
    dice = s.dice
    s.kit(dice.pick((40, 32)), 85)
    bass, guitar, flute = s.part(32, 100), s.part(24, 100), s.part(dice.pick((73, 65, 11)), 85)
    chords = progression(dice, JAZZ)
    comp = dice.pick((("x..x..x...x..x..", "..x..x..x..x..x."), ("x..x...x..x..x..", "...x..x..x..x...")))
    for bar in range(s.bars):
        chord = chords[(bar // 2) % len(chords)]
        low = bass_of(chord, 33)
        s.pattern(bar, 37, ("x..x..x.....x...", "....x..x..x.....")[bar % 2], 0.75)
        s.pattern(bar, 42, "x.x.x.x.x.x.x.x.", 0.4)
        s.pattern(bar, 36, "x..xx..xx..xx..x", 0.5)
        s.line(bass, bar, "x..xx..xx..xx..x"[:8] + "x..xx..x", [low, low + 7, low + 7, low], 0.4, 0.8)
        for place, letter in enumerate(comp[bar % 2]):
            if letter == "x":
                s.chord(guitar, 4 * bar + place / 4, 0.4, voiced(chord, 57), 0.6, roll=0.015)
    tune(s, flute, 2, s.bars, chords, MAJOR_SCALE, 67, 0.65, 0.35)


@style(bpm=(96, 180), bar=3, loose=(3.0, 9.0))
def waltz(s: Score) -> None:
    """One low, two high, a tune above; accordion or strings."""
    dice = s.dice
    bass, chordal = s.part(dice.pick((32, 43, 42)), 100), s.part(dice.pick((21, 48, 0, 24)), 85)
    lead = s.part(dice.pick((21, 40, 71, 0)), 95)
    drums = dice.chance(0.4)
    chords = progression(dice, POP + MINOR)
    for bar in range(s.bars):
        chord = chords[(bar // 2) % len(chords)]
        low = bass_of(chord, 36)
        s.note(bass, 3 * bar, 0.9, low if bar % 2 == 0 else low + 7, 0.85)
        for beat in (1, 2):
            s.chord(chordal, 3 * bar + beat, 0.4, voiced(chord, 57), 0.6)
        if drums:
            s.pattern(bar, 36, "x.....", 0.8)
            s.pattern(bar, 38, "..o.o.", 0.8)
            s.pattern(bar, 42, "..x.x.", 0.45)
    tune(
        s, lead, 1, s.bars, chords, MAJOR_SCALE, 65, 0.75, 0.2, ("1000", "1000", "1010", "0000", "1000 0010")
    )


@style(bpm=(120, 180), bar=3, swing=(0.5, 0.58, 0.67), loose=(3.0, 9.0))
def jazz_waltz(s: Score) -> None:
    """Three in a bar on the ride, the second beat late, vibraphone."""
    dice = s.dice
    s.kit(32, 90)
    bass, vibes = s.part(32, 100), s.part(11, 95)
    chords = progression(dice, JAZZ)
    for bar in range(s.bars):
        chord, after = chords[(bar // 2) % len(chords)], chords[((bar + 1) // 2) % len(chords)]
        s.pattern(bar, 51, dice.pick(("x.x.xx", "x.xxx.", "x.x.x.")), 0.7)
        s.pattern(bar, 44, "..x...", 0.65)
        if dice.chance(0.4):
            s.pattern(bar, 36, dice.pick(("o..o..", "o.....", "...o..")), 0.8)
        if dice.chance(0.5):
            walk(s, bass, bar, chord, after)
        else:
            s.note(bass, 3 * bar, 2.5, bass_of(chord, 31), 0.85)
    tune(s, vibes, 1, s.bars, chords, MAJOR_SCALE, 65, 0.7, 0.25, ("1010", "1000", "0010", "1010"))


@style(bpm=(54, 76), bar=2, swing=None, loose=(3.0, 8.0))
def slow_six(s: Score) -> None:
    """Six eighths, felt in two: arpeggios, a snare on the second beat."""
    dice = s.dice
    s.kit(dice.pick((0, 8)), 90)
    bass, guitar, voice = (
        s.part(33, 95),
        s.part(dice.pick((25, 27, 0)), 90),
        s.part(dice.pick((53, 66, 29)), 80),
    )
    chords = progression(dice, POP + MINOR)
    for bar in range(s.bars):
        chord = chords[bar % len(chords)]
        tones = voiced(chord, 55)
        s.line(
            guitar,
            bar,
            "xxxxxx",
            [tones[0], tones[1], tones[2], tones[0] + 12, tones[2], tones[1]],
            0.5,
            0.75,
        )
        s.note(bass, 2 * bar, 1.5, bass_of(chord), 0.85)
        s.note(bass, 2 * bar + 5 / 3, 0.3, bass_of(chord) + 7, 0.65)
        if bar >= 2:
            s.pattern(bar, 36, dice.pick(("X.....", "X....x", "X.x...")), 0.95)
            s.pattern(bar, 38, "...X..", 0.9)
            s.pattern(bar, 42, "xooxoo", 0.6)
        if bar >= 3 and dice.chance(0.7):
            s.note(voice, 2 * bar + dice.pick((0, 1 / 3, 2 / 3)), 1.3, s.dice.pick(tones) + 12, 0.7)


@style(bpm=(96, 132), bar=2, loose=(3.0, 9.0))
def jig(s: Score) -> None:
    """Quick six eighths: fiddle or whistle, a guitar, a frame drum."""
    dice = s.dice
    fiddle, guitar = s.part(dice.pick((40, 73, 75, 21)), 95), s.part(25, 80)
    drum = s.part(117, 90)
    chords = progression(dice, POP)
    scale, key = MAJOR_SCALE, chords[0][0]
    degree = 7
    for bar in range(s.bars):
        chord = chords[(bar // 2) % len(chords)]
        for step in range(6):
            degree = max(3, min(14, degree + dice.pick((-2, -1, -1, 1, 1, 2))))
            if step % 3 != 1 or dice.chance(0.75):
                pitch = 62 + (key - 62) % 12 + scale[degree % 7] + 12 * (degree // 7) - 12
                s.note(fiddle, 2 * bar + step / 3, 0.3, pitch, 0.85 if step % 3 == 0 else 0.65)
        s.chord(guitar, 2 * bar, 0.6, voiced(chord, 50), 0.7, roll=0.01)
        s.chord(guitar, 2 * bar + 1, 0.6, voiced(chord, 50), 0.6, roll=0.01)
        if bar >= 4:
            for step, loud in enumerate((0.8, 0.3, 0.5, 0.7, 0.3, 0.5)):
                s.note(drum, 2 * bar + step / 3, 0.2, 48, loud)


@style(bpm=(76, 120), loose=(3.0, 9.0), swing=(0.5, 0.62, 0.67))
def shuffle(s: Score) -> None:
    """A blues in twelve bars: triplet hats, a riff in the bass, guitar answers."""
    dice = s.dice
    s.kit(dice.pick((0, 8)), 100)
    bass, guitar, organ = s.part(33, 100), s.part(dice.pick((27, 29)), 90), s.part(16, 70)
    key = dice.whole(0, 11)
    plan = (0, 5, 0, 0, 5, 5, 0, 0, 7, 5, 0, 7)
    for bar in range(s.bars):
        chord: Chord = ((key + plan[bar % 12]) % 12, (0, 4, 7, 10))
        low = bass_of(chord, 31)
        s.pattern(bar, 36, dice.pick(("X.......x.x.....", "X.......X.......")))
        s.pattern(bar, 38, "....X.......X...")
        s.pattern(bar, dice.pick((42, 42, 51)), "x.x.x.x.x.x.x.x.", 0.65)
        s.line(
            bass,
            bar,
            "x.x.x.x.x.x.x.x.",
            [low, low, low + 4, low + 4, low + 7, low + 7, low + 9, low + 9],
            0.4,
        )
        if bar % 4 == 0:
            s.chord(organ, 4 * bar, 3.8, voiced(chord, 60), 0.5)
    tune(
        s,
        guitar,
        2,
        s.bars,
        [(key, (0, 3, 7))],
        MINOR_SCALE,
        64,
        0.75,
        0.45,
        ("1010", "1000", "0010", "1011"),
    )
