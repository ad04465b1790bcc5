"""Music for machines and dance floors."""

from __future__ import annotations

from benchmarks.hearing.score import Score
from benchmarks.hearing.styles.harmony import (
    MINOR,
    MINOR_SCALE,
    MODAL,
    bass_of,
    fill,
    progression,
    tune,
    voiced,
)
from benchmarks.hearing.styles.style import style

TIGHT = (0.0, 2.0)
SLOW_CELLS = ("1000", "1010", "0010", "1000 0000")


@style(bpm=(118, 128), loose=TIGHT)
def house(s: Score) -> None:
    """Four on the floor, claps, off-beat hats, a bass that dodges the kick, piano stabs."""
    dice = s.dice
    s.kit(dice.pick((24, 25, 0)), 110)
    bass, keys = s.part(dice.pick((38, 39, 33)), 100), s.part(dice.pick((0, 4, 90, 16)), 85)
    chords = progression(dice, MINOR)
    line = dice.pick(("..x...x...x..xx.", "..xx..x...x...x.", "x..x..x...x..x.."))
    stabs = dice.pick(("x..x..x...x.....", "..x..x....x..x..", "....x..x....x..x"))
    enter = dice.whole(0, 3)
    for bar in range(s.bars):
        chord = chords[(bar // 2) % len(chords)]
        s.pattern(bar, 36, "X...X...X...X...")
        if bar >= enter // 2:
            s.pattern(bar, 46, "..x...x...x...x.", 0.7)
        if bar >= enter:
            s.pattern(bar, 39, "....X.......X...", 0.8)
            s.pattern(bar, 42, "x.o.x.o.x.o.x.oo", 0.55)
        s.line(bass, bar, line, [bass_of(chord), bass_of(chord), bass_of(chord) + 12], 0.22, 0.9)
        if bar >= enter:
            for place, letter in enumerate(stabs):
                if letter == "x":
                    s.chord(keys, 4 * bar + place / 4, 0.2, voiced(chord, 58), 0.7)
        if bar % 8 == 7:
            fill(s, bar)


@style(bpm=(126, 142), loose=(0.0, 1.0))
def techno(s: Score) -> None:
    """Kick, rumble between the kicks, a ticking hat, one stab that repeats out of step."""
    dice = s.dice
    s.kit(dice.pick((24, 25)), 115)
    rumble, stab = s.part(38, 90), s.part(dice.pick((81, 90, 62, 80)), 70)
    root = 28 + dice.whole(0, 9)
    every = dice.pick((3, 5, 6))
    count = 0
    for bar in range(s.bars):
        s.pattern(bar, 36, "X...X...X...X...")
        s.pattern(bar, 42, dice.pick(("..x...x...x...x.", "x.xxx.xxx.xxx.xx")), 0.6)
        if bar % 4 >= 2:
            s.pattern(bar, 39, "....x.......x...", 0.6)
        if bar % 8 >= 4:
            s.pattern(bar, 51, "x.x.x.x.x.x.x.x.", 0.45)
        s.line(rumble, bar, ".xxx.xxx.xxx.xxx", [root, root, root + dice.pick((0, 0, 1))], 0.2, 0.75)
        for step in range(16):
            if count % every == 0:
                s.chord(stab, 4 * bar + step / 4, 0.15, [root + 36, root + 39, root + 43], 0.55)
            count += 1


@style(bpm=(108, 124))
def disco(s: Score) -> None:
    """Off-beat open hats, octave bass, strings above, chanking guitar."""
    dice = s.dice
    s.kit(dice.pick((0, 8)), 100)
    bass, strings, guitar = s.part(33, 100), s.part(48, 80), s.part(28, 85, 90)
    chords = progression(dice, MINOR)
    for bar in range(s.bars):
        chord = chords[bar % len(chords)]
        low = bass_of(chord, 31)
        s.pattern(bar, 36, "X...X...X...X...")
        s.pattern(bar, 38, "....X.......X...", 0.9)
        s.pattern(bar, 46, "..X...X...X...X.", 0.75)
        s.pattern(bar, 42, "x...x...x...x...", 0.6)
        s.line(bass, bar, "x.x.x.x.x.x.x.x.", [low, low + 12], 0.3, 0.9)
        for place in dice.pick(((2, 3, 6, 10, 11, 14), (0, 3, 6, 7, 10, 13), (2, 6, 7, 10, 14, 15))):
            s.chord(guitar, 4 * bar + place / 4, 0.12, voiced(chord, 62), 0.6)
        if bar % 2 == 0:
            s.chord(strings, 4 * bar, 7.5, voiced(chord, 65), 0.6)
        if bar % 4 == 3:
            fill(s, bar, 0.5)


def _foggy(dice: object, treatment: object) -> None:
    treatment.room, treatment.decay = 0.7, 2.5  # type: ignore[attr-defined]


@style(bpm=(114, 124), loose=TIGHT, treat=_foggy)
def dub_techno(s: Score) -> None:
    """A muffled kick under chords that echo every three sixteenths."""
    dice = s.dice
    s.kit(25, 100)
    chordal, bass = s.part(dice.pick((4, 90, 89)), 95), s.part(38, 80)
    chord = progression(dice, MODAL)[0]
    strike = dice.pick((2.0, 2.5, 1.5, 3.25))
    for bar in range(s.bars):
        s.pattern(bar, 35, "x...x...x...x...")
        s.pattern(bar, 42, "..o...o...o...o.", 0.6)
        if bar % 2:
            s.pattern(bar, 37, dice.pick(("......x.........", "..........x.....", "....x.......x...")), 0.5)
        if dice.chance(0.8):
            for echo in range(5):
                s.chord(chordal, 4 * bar + strike + 0.75 * echo, 0.3, voiced(chord, 55), 0.75 * 0.72**echo)
        s.line(bass, bar, dice.pick(("x.........x.....", "x......x........")), [bass_of(chord, 29)], 0.6, 0.7)


@style(bpm=(96, 132), loose=TIGHT)
def electro(s: Score) -> None:
    """A sparse machine beat, a kick that comes early, a robot bass."""
    dice = s.dice
    s.kit(25, 115)
    bass, lead = s.part(dice.pick((38, 87, 39)), 95), s.part(dice.pick((80, 81, 82)), 70)
    chords = progression(dice, MODAL)
    kick = dice.pick(("X.....X...X.....", "X..X......X..X..", "X.....X....X..X."))
    line = dice.pick(("x..x..x.x..x..x.", "x.xx..x...xx..x.", "xx.x.xx.x..x.x.x"))
    for bar in range(s.bars):
        chord = chords[(bar // 4) % len(chords)]
        low = bass_of(chord, 33)
        s.pattern(bar, 36, kick)
        s.pattern(bar, 38, "....X.......X...")
        s.pattern(bar, 42, dice.pick(("x.xxx.x.x.xxx.x.", "x.x.x.x.x.x.x.xx")), 0.5)
        if bar % 4 == 3:
            s.pattern(bar, 56, "x..x..x..x..x...", 0.5)
        s.line(bass, bar, line, [low, low + 12, low, low + 10], 0.2, 0.85)
        if bar % 8 >= 4:
            s.line(lead, bar, "x...x..x..x.....", voiced(chord, 72), 0.25, 0.6)


@style(bpm=(140, 164), loose=(0.0, 3.0))
def trap(s: Score) -> None:
    """Counted quickly, felt slowly: one snare a bar on three, hats that roll, triplets, a sub that slides in."""
    dice = s.dice
    s.kit(25, 115)
    sub, bell = s.part(38, 110), s.part(dice.pick((98, 11, 10, 88)), 80)
    chords = progression(dice, MINOR)
    for bar in range(s.bars):
        chord = chords[(bar // 2) % len(chords)]
        for place in dice.pick(((0, 1.5), (0, 3.5), (0, 1, 3.5), (0, 2.5))):
            s.drum(4 * bar + place, 36, 0.95)
            s.note(sub, 4 * bar + place, 0.9, bass_of(chord, 26), 0.9)
        s.drum(4 * bar + 2, dice.pick((38, 39)), 0.9)
        for beat in range(4):
            steps = dice.pick((2, 2, 2, 2, 4, 3))
            for step in range(steps):
                s.drum(4 * bar + beat + step / steps, 42, 0.65 - 0.25 * (step % 2))
        if dice.chance(0.3):
            s.drum(4 * bar + 3.5, 46, 0.6)
        tune(s, bell, bar, bar + 1, chords[bar // 2 % len(chords) :], MINOR_SCALE, 72, 0.6, 0.45, SLOW_CELLS)


@style(bpm=(160, 175), loose=(0.0, 4.0))
def drum_and_bass(s: Score) -> None:
    """The broken beat at 160 to 175, snares on two and four, a slow bass under it."""
    dice = s.dice
    s.kit(dice.pick((0, 8, 16)), 110)
    bass, pad = s.part(dice.pick((38, 87, 39)), 105), s.part(dice.pick((89, 50, 90)), 75)
    chords = progression(dice, MINOR)
    enter = dice.pick((0, 0, 4))
    for bar in range(s.bars):
        chord = chords[(bar // 2) % len(chords)]
        if bar >= enter:
            s.pattern(
                bar,
                36,
                dice.pick(("X.........X.....", "X.X.......X.....", "X.........XX....", "X.....X...X.....")),
            )
            s.pattern(bar, 38, dice.pick(("....X.......X...", "....X..o.o..X...", "....X..o....X..o")))
        s.pattern(bar, 42, dice.pick(("x.x.x.x.x.x.x.x.", "xxx.xxx.x.xxx.x.")), 0.55)
        if bar % 2 == 0:
            s.chord(pad, 4 * bar, 7.8, voiced(chord, 60), 0.55)
        low = bass_of(chord, 29)
        s.line(
            bass,
            bar,
            dice.pick(("x.....x....x....", "x..x........x...", "......x...x...x.")),
            [low, low, low + 3],
            0.7,
        )
        if bar % 8 == 7:
            fill(s, bar, 2)


@style(bpm=(125, 138), swing=(0.25, 0.54, 0.62), loose=(0.0, 4.0))
def two_step(s: Score) -> None:
    """Garage: no kick on two and four's halves, shuffled hats, chopped organ."""
    dice = s.dice
    s.kit(24, 105)
    bass, organ = s.part(38, 100), s.part(dice.pick((16, 17, 4)), 85)
    chords = progression(dice, MINOR)
    for bar in range(s.bars):
        chord = chords[bar % len(chords)]
        s.pattern(bar, 36, dice.pick(("X.........X.....", "X......x..X.....", "X.........x..x..")))
        s.pattern(bar, 38, "....X.......X...", 0.9)
        s.pattern(bar, 37, dice.pick((".......o......o.", "...o.....o......", "................")), 0.7)
        s.pattern(bar, 42, "..xo..xo..xo..xx", 0.6)
        s.pattern(bar, 46, dice.pick(("......x...x.....", "..x.......x.....")), 0.5)
        low = bass_of(chord, 31)
        s.line(bass, bar, dice.pick(("x..x......x..x..", "...x..x...x....x")), [low, low + 12, low + 7], 0.3)
        for place in dice.pick(((3, 6, 11), (2, 5, 10, 13), (0, 3, 7, 14))):
            s.chord(organ, 4 * bar + place / 4, 0.18, voiced(chord, 60), 0.65)


@style(bpm=(98, 124), loose=(1.0, 6.0))
def breakbeat(s: Score) -> None:
    """A chopped funk break with ghost notes, horns, a sparse bass."""
    dice = s.dice
    s.kit(dice.pick((0, 8)), 110)
    bass, horns = s.part(33, 100), s.part(61, 80)
    chords = progression(dice, MODAL)
    for bar in range(s.bars):
        chord = chords[(bar // 2) % len(chords)]
        s.pattern(bar, 36, dice.pick(("X.X.......XX....", "X.X...X...X..X..", "X..X....x.X.....")))
        s.pattern(
            bar,
            38,
            dice.pick(("....X..,.,..X..,", "....X..,.,..X.,.", "....X..,.,....X.", ".,..X..,.x..X...")),
        )
        s.pattern(bar, 42, dice.pick(("x.x.x.x.x.x.x.x.", "x.x.x.x.x.xxx.x.")), 0.65)
        low = bass_of(chord, 30)
        s.line(
            bass, bar, dice.pick(("x..x..x...x.....", "x.x....x..x..x..")), [low, low + 10, low + 12], 0.35
        )
        if bar % 4 in (2, 3):
            for place in dice.pick(((6, 7), (3, 10), (14,))):
                s.chord(horns, 4 * bar + place / 4, 0.2, voiced(chord, 62), 0.75)
        if bar % 4 == 3:
            fill(s, bar)
