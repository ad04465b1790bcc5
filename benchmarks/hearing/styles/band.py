"""Music for bands: drums, bass, guitars, keys, somebody who sings."""

from __future__ import annotations

from benchmarks.hearing.score import Score
from benchmarks.hearing.styles.harmony import (
    JAZZ,
    MAJOR_SCALE,
    MINOR,
    MINOR_SCALE,
    MODAL,
    PENTATONIC,
    POP,
    bass_of,
    fill,
    progression,
    tune,
    voiced,
)
from benchmarks.hearing.styles.style import style


@style(bpm=(104, 148), loose=(3.0, 8.0))
def rock(s: Score) -> None:
    """Back beat, eighths in bass and guitar, crash on one, a lead that joins."""
    dice = s.dice
    s.kit(dice.pick((0, 8, 16)), 105)
    bass, guitar, lead = s.part(34, 95), s.part(dice.pick((29, 30, 27)), 80, 40), s.part(30, 70, 90)
    chords = progression(dice, POP + MINOR)
    kick = dice.pick(("X.......X.x.....", "X.....x.X.......", "X..x....X.x....."))
    hat = dice.pick((42, 46, 51))
    for bar in range(s.bars):
        chord = chords[bar % len(chords)]
        low = bass_of(chord, 28)
        s.pattern(bar, 36, kick)
        s.pattern(bar, 38, "....X.......X...")
        s.pattern(bar, hat, "X.x.X.x.X.x.X.x.", 0.7)
        if bar % 8 == 0:
            s.drum(4 * bar, 49, 0.9)
        s.line(bass, bar, "x.x.x.x.x.x.x.x.", [low], 0.45, 0.9)
        for step in range(8):
            if dice.chance(0.85):
                s.chord(
                    guitar, 4 * bar + step / 2, 0.4, [low + 12, low + 19, low + 24], 0.75 - 0.12 * (step % 2)
                )
        if bar % 4 == 3:
            fill(s, bar, dice.pick((1, 2)))
    tune(s, lead, s.bars // 2, s.bars, chords, PENTATONIC, 64, 0.7)


@style(bpm=(80, 100), loose=(3.0, 9.0))
def pop_ballad(s: Score) -> None:
    """Piano eighths, a long voice, strings; drums come late and softly."""
    dice = s.dice
    s.kit(dice.pick((0, 8)), 80)
    piano, voice, strings, bass = (
        s.part(0, 95),
        s.part(dice.pick((53, 73, 71)), 90),
        s.part(49, 70),
        s.part(33, 85),
    )
    chords = progression(dice, POP)
    enter = dice.whole(1, 4)
    for bar in range(s.bars):
        chord = chords[bar % len(chords)]
        pitches = voiced(chord, 55)
        s.line(piano, bar, "x.x.x.x.x.x.x.x.", [pitches[0], *pitches[1:], pitches[0] + 12], 0.6, 0.7)
        s.note(piano, 4 * bar, 3.8, bass_of(chord, 36), 0.65)
        if bar >= enter:
            s.pattern(bar, 36, dice.pick(("x.......x.......", "x......xx.......")), 0.8)
            s.pattern(bar, dice.pick((37, 38)), "....x.......x...", 0.75)
            s.pattern(bar, 42, "x.o.x.o.x.o.x.o.", 0.45)
            s.line(bass, bar, "x.......x.......", [bass_of(chord)], 1.9, 0.75)
            s.chord(strings, 4 * bar, 4.0, voiced(chord, 60), 0.5)
    tune(
        s,
        voice,
        min(2, s.bars - 1),
        s.bars,
        chords,
        MAJOR_SCALE,
        62,
        0.7,
        0.3,
        ("1000", "1010", "0010", "1001"),
    )


@style(bpm=(98, 122), loose=(2.0, 7.0))
def funk(s: Score) -> None:
    """Sixteenths against each other: ghost notes, a slapped bass that leaves out beats, clavinet."""
    dice = s.dice
    s.kit(0, 100)
    bass, clav, horns = s.part(36, 100), s.part(7, 85, 85), s.part(61, 85)
    chord = progression(dice, MODAL)[0]
    low = bass_of(chord, 28)
    kick = dice.pick(("X..x..x....x..x.", "X.x....x.x......", "X..x......x..x.."))
    snare = dice.pick(("....X..,.,..X..,", "....X..,.,.,X...", "....X..,....,..X"))
    slap = dice.pick(("x..x..x..x.x..xx", "x.xx...x..x..x.x", "x......x.xx.x..x", "..x.x..x..xx.x.x"))
    clink = dice.pick(("x.xx.x.xx.x.xx.x", "..x..xx...x..xx.", ".x.xx..x.x.xx..x"))
    for bar in range(s.bars):
        s.pattern(bar, 36, kick)
        s.pattern(bar, 38, snare, 0.95)
        s.pattern(bar, 42, "x.x.x.x.x.x.x.x." if bar % 4 else "xxx.xxxxx.xxx.xx", 0.6)
        s.line(bass, bar, slap, [low, low + 12, low + 10, low, low + 7], 0.2, 0.95)
        if bar >= 2:
            for place, letter in enumerate(clink):
                if letter == "x":
                    s.chord(clav, 4 * bar + place / 4, 0.12, voiced(chord, 60)[:3], 0.6)
        if bar % 4 >= 2 and bar > 3:
            for place in dice.pick(((3, 6), (7, 10, 11), (14,))):
                s.chord(horns, 4 * bar + place / 4, 0.2, voiced((chord[0], (0, 4, 10)), 62), 0.8)


@style(bpm=(94, 108), swing=(0.25, 0.55, 0.66), loose=(3.0, 9.0))
def hip_hop(s: Score) -> None:
    """Swung sixteenths, lazy snare, an electric piano loop."""
    dice = s.dice
    s.kit(dice.pick((0, 8, 25)), 110)
    bass, keys = s.part(dice.pick((33, 38)), 105), s.part(dice.pick((4, 0, 11)), 85)
    chords = progression(dice, JAZZ + MINOR)
    kick = dice.pick(("X..x..x...x.....", "X.x....x..x....x", "X......x.xX....."))
    for bar in range(s.bars):
        chord = chords[bar % len(chords)]
        s.pattern(bar, 36, kick)
        s.pattern(bar, 38, dice.pick(("....X.......X...", "....X.......X..,", "....X..,....X...")))
        s.pattern(bar, 42, dice.pick(("x.x.x.x.x.x.x.x.", "x.xxx.x.x.x.x.xx")), 0.55)
        low = bass_of(chord, 28)
        s.line(bass, bar, kick.replace("X", "x"), [low, low, low + 7, low + 10], 0.4, 0.9)
        for place in dice.pick(((0,), (0, 7), (0, 6, 10), (3, 11))):
            s.chord(keys, 4 * bar + place / 4, 0.9, voiced(chord, 58), 0.65, roll=0.02)


@style(bpm=(66, 84), swing=(0.5, 0.5, 0.6), loose=(2.0, 8.0))
def reggae(s: Score) -> None:
    """One drop: kick and rim on three, the chop on every off-beat, a bass that leaves one alone."""
    dice = s.dice
    s.kit(dice.pick((0, 8)), 100)
    bass, guitar, organ = s.part(33, 110), s.part(27, 85, 90), s.part(16, 70, 40)
    chords = progression(dice, MINOR + POP)
    line = dice.pick(("......x...x.x.x.", "..x.x.....x..xx.", "x.....x.x...x.x."))
    steppers = dice.chance(0.3)
    for bar in range(s.bars):
        chord = chords[bar % len(chords)]
        low = bass_of(chord, 29)
        s.pattern(bar, 36, "x...x...x...x..." if steppers else "........X.......")
        s.pattern(bar, 37, "........X.......", 0.95)
        s.pattern(bar, 42, "x.x.x.x.x.x.x.x." if bar % 2 else "x.x.x.xox.x.x.xo", 0.5)
        for beat in range(4):
            s.chord(guitar, 4 * bar + beat + 0.5, 0.15, voiced(chord, 60), 0.75)
            if bar >= 2:
                s.chord(organ, 4 * bar + beat + 0.5, 0.2, voiced(chord, 64), 0.5)
                s.chord(organ, 4 * bar + beat + 0.75, 0.15, voiced(chord, 64)[:2], 0.35)
        s.line(bass, bar, line, [low, low + 7, low + 12, low + 10], 0.45, 0.95)
        if bar % 4 == 3:
            fill(s, bar, 1)


@style(bpm=(152, 178), loose=(2.0, 7.0))
def ska(s: Score) -> None:
    """Off-beats quick and short, walking bass, horns in front."""
    dice = s.dice
    s.kit(0, 95)
    bass, guitar, horns, piano = s.part(32, 100), s.part(27, 90, 90), s.part(61, 85), s.part(0, 75, 40)
    chords = progression(dice, POP)
    for bar in range(s.bars):
        chord = chords[(bar // 2) % len(chords)]
        low, tones = bass_of(chord, 31), chord[1]
        s.pattern(bar, 38, "....X.......X...", 0.85)
        s.pattern(bar, 36, dice.pick(("........x.......", "....x.......x...")), 0.9)
        s.pattern(bar, 42, "..x...x...x...x.", 0.65)
        walk = [low, low + tones[1], low + tones[2], low + dice.pick((9, 12, tones[1]))]
        s.line(bass, bar, "x...x...x...x...", walk, 0.85, 0.9)
        for beat in range(4):
            s.chord(guitar, 4 * bar + beat + 0.5, 0.15, voiced(chord, 62), 0.85)
            s.chord(piano, 4 * bar + beat + 0.5, 0.15, voiced(chord, 67), 0.6)
    tune(s, horns, 2, s.bars, chords, MAJOR_SCALE, 62, 0.75, 0.35, ("1010", "0010", "1001", "0011", "1000"))


@style(bpm=(112, 134), loose=(2.0, 7.0))
def soul(s: Score) -> None:
    """The snare on every beat, tambourine on the off-beats, a busy electric bass."""
    dice = s.dice
    s.kit(0, 100)
    bass, piano, strings = s.part(33, 105), s.part(0, 80), s.part(48, 70)
    chords = progression(dice, POP)
    line = dice.pick(("x..xx.x.x..xx.x.", "x.x..xx.x.x..xx.", "x...x..xx.x.x..x"))
    for bar in range(s.bars):
        chord = chords[bar % len(chords)]
        low = bass_of(chord, 31)
        s.pattern(bar, 36, "X.x...x.X.x...x.", 0.9)
        s.pattern(bar, 38, "X...X...X...X...", 0.75)
        s.pattern(bar, 54, "....x.......x..." if bar % 2 else "..x.x.x...x.x.x.", 0.6)
        s.line(bass, bar, line, [low, low + 4 if chord[1][1] == 4 else low + 3, low + 7, low + 9], 0.3, 0.95)
        s.line(piano, bar, "x.x.x.x.x.x.x.x.", voiced(chord, 60), 0.4, 0.55)
        if bar % 2 == 0:
            s.chord(strings, 4 * bar, 3.9, voiced(chord, 65), 0.5)
        if bar % 4 == 3:
            fill(s, bar)


@style(bpm=(168, 200), loose=(3.0, 9.0))
def punk(s: Score) -> None:
    """As fast as they can: kick and snare in turn, a wall of guitars."""
    dice = s.dice
    s.kit(16, 100)
    bass, left, right = s.part(34, 95), s.part(30, 75, 20), s.part(29, 70, 108)
    chords = progression(dice, POP + MINOR)
    half = dice.chance(0.4)
    for bar in range(s.bars):
        chord = chords[(bar // 2) % len(chords)]
        low = bass_of(chord, 28)
        slow = half and bar % 8 >= 4
        s.pattern(bar, 36, "X.......x......." if slow else "X...x.x.X...x...")
        s.pattern(bar, 38, "........X......." if slow else "....X.......X...")
        s.pattern(bar, 46 if slow else 51, "x...x...x...x..." if slow else "x.x.x.x.x.x.x.x.", 0.7)
        s.line(bass, bar, "x.x.x.x.x.x.x.x.", [low], 0.45)
        for step in range(8):
            s.chord(left, 4 * bar + step / 2, 0.45, [low + 12, low + 19], 0.8)
            s.chord(right, 4 * bar + step / 2, 0.45, [low + 12, low + 19, low + 24], 0.75)
        if bar % 8 == 7:
            fill(s, bar, 2)


@style(bpm=(118, 150), loose=(3.0, 9.0))
def half_time(s: Score) -> None:
    """The snare on three, heavy and slow, over arpeggios that keep the count."""
    dice = s.dice
    s.kit(8, 105)
    bass, arp, pad = s.part(39, 100), s.part(dice.pick((80, 81, 27, 90)), 75), s.part(50, 60)
    chords = progression(dice, MINOR)
    for bar in range(s.bars):
        chord = chords[(bar // 2) % len(chords)]
        tones = voiced(chord, 60)
        s.pattern(bar, 36, dice.pick(("X.......", "X..x....", "X.....x.")))
        s.pattern(bar, 38, "....X...")
        s.pattern(bar, dice.pick((42, 42, 51)), "x.x.x.x.", 0.6)
        s.line(arp, bar, "xxxxxxxx", [*tones, tones[0] + 12, tones[1]], 0.45, 0.55)
        s.line(bass, bar, dice.pick(("x.....x.", "x..x....", "x...x..x")), [bass_of(chord, 28)], 0.8, 0.9)
        if bar % 2 == 0:
            s.chord(pad, 4 * bar, 7.9, tones, 0.45)


@style(bpm=(86, 106), loose=(2.0, 8.0))
def new_soul(s: Score) -> None:
    """The kick lies off the beat, the snare late, chords slide in before the bar."""
    dice = s.dice
    s.kit(8, 100)
    bass, keys, voice = s.part(33, 105), s.part(4, 90), s.part(dice.pick((65, 53, 26)), 75)
    chords = progression(dice, JAZZ)
    for bar in range(s.bars):
        chord = chords[bar % len(chords)]
        low = bass_of(chord, 28)
        s.pattern(bar, 36, dice.pick(("X..x...x..x....x", "..x....x.X.....x", "X......x..x..x..")), 0.95)
        for beat in (1, 3):
            s.drum(4 * bar + beat + 0.02, dice.pick((38, 39)), 0.8)
        s.pattern(bar, 42, dice.pick(("xox.xox.xox.xoxo", "x.xox.x.xox.x.xo")), 0.5)
        s.chord(keys, 4 * bar - dice.pick((0.0, 0.25, 0.5)), 2.5, voiced(chord, 57), 0.6, roll=0.03)
        s.line(bass, bar, dice.pick(("x..x...x..x....x", "..x....x.x...x..")), [low, low + 7, low + 10], 0.35)
    tune(s, voice, 2, s.bars, chords, MINOR_SCALE, 62, 0.6, 0.4)
