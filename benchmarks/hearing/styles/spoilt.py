"""Good music, bad circumstances: vinyl, a loud room, a whisper, a telephone, one microphone far away."""

from __future__ import annotations

from benchmarks.hearing.dice import Dice
from benchmarks.hearing.score import Score
from benchmarks.hearing.styles import alone, band, club, jazz
from benchmarks.hearing.styles.style import style
from benchmarks.hearing.treat import Treatment


def _old(dice: Dice, treatment: Treatment) -> None:
    treatment.crackle, treatment.noise = dice.uniform(14.0, 24.0), 200.0
    treatment.high = dice.uniform(5000.0, 9000.0)


def _far(dice: Dice, treatment: Treatment) -> None:
    treatment.room, treatment.decay = dice.uniform(0.7, 1.0), dice.uniform(1.2, 2.8)
    treatment.noise = dice.uniform(18.0, 30.0)


def _whisper(dice: Dice, treatment: Treatment) -> None:
    treatment.lufs, treatment.noise = dice.uniform(-46.0, -38.0), dice.uniform(22.0, 34.0)


def _loud(dice: Dice, treatment: Treatment) -> None:
    treatment.lufs, treatment.drive, treatment.room = -8.0, dice.uniform(15.0, 24.0), 0.2


def _telephone(dice: Dice, treatment: Treatment) -> None:
    treatment.low, treatment.high, treatment.noise = 300.0, 3400.0, dice.uniform(20.0, 35.0)


@style(bpm=(94, 126), treat=_old)
def vinyl(s: Score) -> None:
    """An old record."""
    s.dice.pick((band.hip_hop, band.soul, jazz.bossa, alone.duo))(s)


@style(bpm=(96, 132), treat=_far)
def far_away(s: Score) -> None:
    """The back of a large hall."""
    s.dice.pick((band.rock, club.house, band.funk, club.disco))(s)


@style(bpm=(104, 130), treat=_whisper)
def whisper(s: Score) -> None:
    """Very quiet, over the noise of the room."""
    s.dice.pick((club.house, band.funk, alone.guitar, band.reggae))(s)


@style(bpm=(104, 138), treat=_loud)
def squashed(s: Score) -> None:
    """Everything at the limit."""
    s.dice.pick((band.rock, club.techno, club.electro, band.soul))(s)


@style(bpm=(98, 128), treat=_telephone)
def telephone(s: Score) -> None:
    """Without bass and without air."""
    s.dice.pick((club.house, band.hip_hop, band.reggae, band.rock))(s)
