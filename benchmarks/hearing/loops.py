"""Real loops, alone or under a synthesiser's chords and bass; their beats are known, their onsets are not."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks.hearing import synth, treat
from benchmarks.hearing.dice import Dice
from benchmarks.hearing.score import Score
from benchmarks.hearing.styles.harmony import MINOR, bass_of, progression, voiced
from benchmarks.hearing.tempo import Tempo, steady
from benchmarks.hearing.truth import Truth, late
from wearsound.core import F64

FOLDER = Path(__file__).with_name("loops")
BEATS = {
    "perc1": 4,
    "perc2": 4,
    "mehackit1": 4,
    "electric": 4,
    "industrial": 2,
    "weirdo": 8,
    "safari": 16,
    "tabla": 16,
    "3d_printer": 16,
}
"""Beats a loop: a bar of four, but `industrial` half a one."""
SECONDS = 28.0


def make(name: str, layered: bool, seed: int) -> tuple[F64, Truth]:
    """One piece: the loop at a speed of its own (1 to 1.22), perhaps with chords and bass."""
    dice = Dice(seed, f"loop/{name}/{layered}")
    speed = dice.uniform(1.0, 1.22)
    turn = _at_speed(name, speed)
    period = len(turn) / synth.RATE / BEATS[name]
    count = int(SECONDS / period)
    start = round(synth.LATE_SECONDS * synth.RATE)
    sound = np.zeros((round(SECONDS * synth.RATE), 2))
    for place in range(start, len(sound), len(turn)):
        part = turn[: len(sound) - place]
        sound[place : place + len(part)] += part[:, None]
    sound = treat.to_loudness(sound, -20.0)
    if layered:
        sound = sound * 0.8 + treat.to_loudness(_company(dice, 60.0 / period, count), -21.0)
    treatment = treat.usual(dice.cup("treat"))
    beats = [number * period for number in range(count)]
    known = Truth(f"{'layered' if layered else 'loop'}", SECONDS, tempo=round(60.0 / period, 3))
    known.beats, known.downbeats = late(beats), late(beats[::4])
    known.treatment = {"loop": name, "speed": round(speed, 4), **treatment.as_json()}
    return treat.treated(sound, treatment, seed), known


def _at_speed(name: str, speed: float) -> F64:
    """The loop (n,) played quicker or slower, like tape."""
    import soundfile
    from scipy.signal import resample

    mono, rate = soundfile.read(FOLDER / f"{name}.ogg")
    if rate != synth.RATE:
        raise ValueError(f"{name}.ogg has {rate} samples a second, not {synth.RATE}")
    out: F64 = resample(mono, round(len(mono) / speed))
    return out


def _company(dice: Dice, bpm: float, beats: int) -> F64:
    """Chords and a bass line at the loop's tempo."""
    bars = beats // 4
    score = Score(dice.cup("notes"), Tempo(steady(bpm), beats + 4.0), 4, bars + 1, loose=0.004)
    chordal = score.part(dice.pick((4, 0, 26, 16)), 80)
    bass = score.part(dice.pick((33, 38, 32)), 100)
    chords = progression(dice, MINOR)
    line = dice.pick(("x..x..x.x..x..x.", "x.......x...x...", "x...x...x...x...", "x.....x.x.x...x."))
    places = dice.pick(((0, 6), (0, 3, 6, 10), (2, 6, 10, 14), (0,)))
    for bar in range(bars):
        chord = chords[bar % len(chords)]
        low = bass_of(chord, 31)
        score.line(bass, bar, line, [low, low, low + 7], 0.4, 0.85)
        for place in places:
            score.chord(chordal, 4 * bar + place / 4, 0.5, voiced(chord, 57), 0.65)
    sound = synth.play(score.notes, score.programs, score.volumes, score.pans, SECONDS)
    return sound.astype(np.float64)
