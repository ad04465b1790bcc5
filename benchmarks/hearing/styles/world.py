"""Rhythms that put the beat where a back-beat listener does not look for it."""

from __future__ import annotations

from benchmarks.hearing.score import Score
from benchmarks.hearing.styles.harmony import (
    MINOR,
    PELOG,
    POP,
    SLENDRO,
    bass_of,
    progression,
    voiced,
)
from benchmarks.hearing.styles.style import style

CLAVES = ("x..x..x...x.x...", "..x.x...x..x..x.", "x..x...x..x.x...", "..x.x...x..x...x")


@style(bpm=(106, 124), loose=(2.0, 8.0))
def clave(s: Score) -> None:
    """Afro-Cuban: clave, congas, cascara, a bass that plays before the bar, a montuno."""
    dice = s.dice
    s.kit(0, 95)
    bass, piano = s.part(32, 105), s.part(0, 90)
    chords = progression(dice, MINOR)
    key = dice.pick(CLAVES)
    for bar in range(s.bars):
        chord, after = chords[bar % len(chords)], chords[(bar + 1) % len(chords)]
        tones = voiced(chord, 62)
        s.pattern(bar, 75, key, 0.85)
        s.pattern(bar, 62, "..x...x...x...x.", 0.5)
        s.pattern(bar, 64, "......xx......xx", 0.75)
        s.pattern(bar, 63, "....x.......x...", 0.75)
        s.pattern(bar, 70, "x.xxx.xxx.xxx.xx", 0.35)
        if bar % 4 >= 2:
            s.pattern(bar, 56, "x...x...x...x...", 0.5)
        low = bass_of(chord, 33)
        for place, pitch in ((1.5, low + 7), (3.0, bass_of(after, 33))):
            s.note(bass, 4 * bar + place, 0.9, pitch, 0.9)
        for place, number in zip((0, 2, 3, 5, 7, 8, 10, 11, 13, 15), range(10), strict=True):
            pitch = tones[number % len(tones)]
            s.chord(piano, 4 * bar + place / 4, 0.2, [pitch, pitch + 12], 0.65)


@style(bpm=(92, 118), loose=(2.0, 8.0))
def samba(s: Score) -> None:
    """Low drum on two, shakers in sixteenths, tamborim off the beat."""
    dice = s.dice
    s.kit(0, 95)
    surdo, guitar = s.part(117, 110), s.part(24, 85)
    chords = progression(dice, POP)
    stroke = dice.pick(("x.x..x.x.x.x..x.", ".x.x.xx.x.x.x.x.", "x.xx.x.xx.x.x.x."))
    for bar in range(s.bars):
        chord = chords[bar % len(chords)]
        for beat in range(4):
            s.note(surdo, 4 * bar + beat, 0.6, 36 if beat % 2 else 41, 0.95 if beat % 2 else 0.5)
        s.pattern(bar, 70, "XooxXooxXooxXoox", 0.5)
        s.pattern(bar, 77, stroke, 0.7)
        if bar >= 2:
            s.pattern(bar, 38, "x.,x,.x,x.,x,.x,", 0.55)
            for place in dice.pick(((0, 3, 6, 10, 13), (2, 5, 7, 10, 14))):
                s.chord(guitar, 4 * bar + place / 4, 0.3, voiced(chord, 57), 0.6, roll=0.01)


@style(bpm=(96, 140), loose=(2.0, 8.0), bar=4)
def gamelan(s: Score) -> None:
    """Interlocking bronze: a slow melody, two players who fill it with every other note, gongs."""
    dice = s.dice
    scale = dice.pick((PELOG, SLENDRO))
    bones, first, second, gong = s.part(11, 95), s.part(12, 85, 40), s.part(108, 85, 90), s.part(14, 100)
    base = 60 + dice.whole(-3, 3)
    cycle = [dice.whole(0, 4) for _ in range(8)]

    def pitch(degree: int) -> int:
        return base + scale[degree % 5] + 12 * (degree // 5)

    for bar in range(s.bars):
        if bar % 4 == 0:
            s.note(gong, 4 * bar, 8.0, base - 24, 0.9)
        elif bar % 2 == 0:
            s.note(gong, 4 * bar, 4.0, base - 17, 0.6)
        for beat in range(4):
            degree = cycle[(4 * bar + beat) % 8]
            s.note(bones, 4 * bar + beat, 1.2, pitch(degree), 0.7)
            for step in range(2):
                if bar < 2 and step % 2:
                    continue
                part, up = ((first, 5), (second, 6))[step % 2]
                s.note(part, 4 * bar + beat + step / 2, 0.4, pitch(degree + up + step // 2), 0.6)


@style(bpm=(98, 124), loose=(2.0, 8.0), bar=4)
def hand_drums(s: Score) -> None:
    """Two hand drummers in sixteen, tabla-like: a cycle with open and closed halves; a sitar's drone."""
    dice = s.dice
    s.kit(0, 105)
    sitar = s.part(104, 75)
    low = 36 + dice.whole(0, 11)
    bols = dice.pick(("X.xxX.xxX.xxX.xx", "X..xx.x.X.x.xx.x", "X.x.xx.xx.xX.x.x"))
    for bar in range(s.bars):
        closed = bar % 4 == 2
        s.pattern(bar, 61 if closed else 60, bols, 0.8)
        s.pattern(
            bar,
            64,
            "................" if closed else dice.pick(("x.......x..x....", "x..x....x.......")),
            0.9,
        )
        if bar % 2:
            s.pattern(bar, 65, dice.pick(("..x..x..x..x..xx", ".......x......xx", "..xx..xx..xx..xx")), 0.5)
        for place, step in ((0, 12), (1.5, 12), (2.0, 7), (3.0, 12)):
            if dice.chance(0.7):
                s.note(sitar, 4 * bar + place, 1.5, low + step, 0.5)


@style(bpm=(104, 128), loose=(2.0, 7.0))
def dembow(s: Score) -> None:
    """Three against two over a steady kick; a lead off the beat."""
    dice = s.dice
    s.kit(dice.pick((24, 25)), 110)
    bass, pluck = s.part(38, 100), s.part(dice.pick((45, 108, 12, 24)), 85)
    chords = progression(dice, MINOR)
    for bar in range(s.bars):
        chord = chords[bar % len(chords)]
        tones = voiced(chord, 64)
        s.pattern(bar, 36, "X...X...X...X...", 0.95)
        s.pattern(bar, 38, "...X..X....X..X.", 0.85)
        s.pattern(bar, 42, "x.x.x.x.x.x.x.x.", 0.45)
        s.line(bass, bar, "x..x..x.x..x..x.", [bass_of(chord, 31)], 0.3, 0.9)
        s.line(
            pluck,
            bar,
            dice.pick(("..x..x.x..x..x..", "x..x..x..x..x...")),
            [*tones, tones[0] + 12],
            0.25,
            0.7,
        )


@style(bpm=(58, 84), bar=2, loose=(2.0, 8.0))
def bell_twelve(s: Score) -> None:
    """West African twelve: the standard bell over drums that can be felt in two ways (six eighths, slow)."""
    dice = s.dice
    s.kit(0, 100)
    kalimba = s.part(108, 85)
    base = 60 + dice.whole(0, 9)
    for bar in range(s.bars):
        half = ("x.x.xx", ".x.x.x")[bar % 2]
        s.pattern(bar, 56, half, 0.75)
        s.pattern(bar, 70, "xooxoo", 0.45)
        s.pattern(bar, 64, "x..x..", 0.85)
        s.pattern(bar, 63, dice.pick((".xx.xx", "..x..x", ".x..xx")), 0.65)
        if bar >= 2:
            s.pattern(bar, 62, dice.pick(("x.xx.x", ".xx.x.", "x..x.x")), 0.6)
            pitches = [base + step for step in (0, 7, 4, 12, 9, 7)]
            s.line(kalimba, bar, dice.pick(("x.xx.x", "xxxx.x", ".x.xx.")), pitches, 0.3, 0.65)
