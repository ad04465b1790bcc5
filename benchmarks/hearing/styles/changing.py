"""Pieces that do not go on as they began: steps, ramps, breaks, long beginnings without drums."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.hearing.dice import Dice
from benchmarks.hearing.score import DRUMS, Score
from benchmarks.hearing.styles import band, club
from benchmarks.hearing.styles.style import style
from benchmarks.hearing.tempo import ramped, stepped

Curve = tuple[Callable[[float], float], list[tuple[float, float]]]
LONG = (30.0, 40.0)
PLAIN = (0.2, 0.2, 0.0)
"""Few layers: it is the step that is asked for."""


def _step_to(ratio: float, at_seconds: float) -> Callable[[Dice, float, float], Curve]:
    def curve(dice: Dice, bpm: float, bar: float) -> Curve:
        beat = bar * round(at_seconds * bpm / 60.0 / bar)
        return stepped(bpm, [(beat, bpm * ratio)]), [(beat, bpm * ratio)]

    return curve


def _ramp(dice: Dice, bpm: float, bar: float) -> Curve:
    start = 8.0 * bpm / 60.0
    return ramped(bpm, bpm * dice.pick((0.75, 0.82, 1.2, 1.3)), start, start + 12.0 * bpm / 60.0), []


@style(bpm=(100, 100.001), loose=(0.0, 3.0), seconds=LONG, curve=_step_to(1.4, 16.0), layers=PLAIN)
def step_up(s: Score) -> None:
    """A groove at 100 that goes on at 140."""
    s.dice.pick((club.house, band.rock, club.techno, band.punk))(s)


@style(bpm=(126, 142), loose=(0.0, 3.0), seconds=LONG, curve=_step_to(1 / 1.3, 16.0), layers=PLAIN)
def step_down(s: Score) -> None:
    """The same the other way."""
    s.dice.pick((club.house, band.rock, club.disco))(s)


@style(bpm=(92, 120), loose=(1.0, 5.0), seconds=LONG, curve=_step_to(1.12, 15.0))
def small_step(s: Score) -> None:
    """One song into the next: 12 % faster."""
    s.dice.pick((band.soul, club.disco, band.funk))(s)


@style(bpm=(96, 128), loose=(1.0, 5.0), seconds=LONG, curve=_ramp)
def ramp(s: Score) -> None:
    """Twelve seconds of getting faster or slower."""
    s.dice.pick((club.house, band.rock, band.soul, club.electro))(s)


@style(bpm=(112, 136), loose=(0.0, 4.0), seconds=LONG)
def dropout(s: Score) -> None:
    """The drums go out for 4 to 8 s; a pad may stay, or nothing."""
    s.dice.pick((club.house, club.techno, club.disco, club.drum_and_bass))(s)
    start = s.dice.uniform(12.0, 16.0)
    end = start + s.dice.uniform(4.0, 8.0)
    whole = s.dice.chance(0.4)
    s.notes = [
        note for note in s.notes if not start <= note.start < end or (not whole and note.channel != DRUMS)
    ]


@style(bpm=(100, 132), loose=(1.0, 6.0), seconds=LONG)
def late_drums(s: Score) -> None:
    """Half a piece without drums."""
    s.dice.pick((club.house, band.rock, band.hip_hop, band.funk))(s)
    start = s.dice.uniform(10.0, 18.0)
    s.notes = [note for note in s.notes if note.channel != DRUMS or note.start >= start]
