"""A style: who writes it, how fast it goes, how it is counted, how it is played and recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.hearing.dice import Dice
from benchmarks.hearing.score import Score
from benchmarks.hearing.styles.layers import under
from benchmarks.hearing.tempo import Tempo, breathing, steady
from benchmarks.hearing.treat import Treatment, usual

PLAYED = 6.0
"""Players who slip by so many milliseconds have no click in their ear: their tempo drifts as well."""
DRIFT = 0.04

Compose = Callable[[Score], None]
Curve = Callable[[Dice, float, float], tuple[Callable[[float], float], list[tuple[float, float]]]]
"""(dice, bpm, bar) -> (bpm by beat, tempo steps as (beat, bpm))."""
Treat = Callable[[Dice, Treatment], None]


@dataclass(frozen=True, slots=True)
class Style:
    """`bpm` range, `bar` beats a bar, `swing` (unit, least, most), `loose` the players' spread range in ms.

    `layers` are the chances of soft chords, murmured voices and dark answers under it (`layers.under`).
    """

    name: str
    compose: Compose
    bpm: tuple[float, float]
    bar: int = 4
    swing: tuple[float, float, float] | None = None
    loose: tuple[float, float] = (0.0, 7.0)
    seconds: tuple[float, float] = (25.0, 36.0)
    curve: Curve | None = None
    treat: Treat | None = None
    layers: tuple[float, float, float] = (0.4, 0.4, 0.3)

    def write(self, seed: int) -> tuple[Score, Treatment]:
        """The piece of one seed, and what is done to its sound."""
        dice = Dice(seed, f"style/{self.name}")
        bpm = dice.uniform(*self.bpm)
        if self.curve:
            curve, steps = self.curve(dice, bpm, self.bar)
        elif self.loose[1] >= PLAYED:
            wave = self.bar * dice.pick((2, 3, 4, 6))
            curve, steps = breathing(bpm, dice.uniform(0.01, DRIFT), wave, dice.uniform()), []
        else:
            curve, steps = steady(bpm), []
        tempo = Tempo(curve, 130.0)
        length = dice.uniform(*self.seconds)
        bars = next(bar for bar in range(1, 200) if tempo.seconds(bar * self.bar) >= length)
        bars = max(2, bars)
        score = Score(dice.cup("notes"), tempo, self.bar, bars, loose=dice.uniform(*self.loose) / 1000.0)
        score.steps = [(beat, new) for beat, new in steps if beat < bars * self.bar]
        if self.swing:
            unit, least, most = self.swing
            score.swing = (unit, dice.uniform(least, most))
        self.compose(score)
        under(score, *self.layers)
        treatment = usual(dice.cup("treat"))
        if self.treat:
            self.treat(dice.cup("more"), treatment)
        return score, treatment


REGISTER: dict[str, Style] = {}


def style(
    bpm: tuple[float, float],
    bar: int = 4,
    swing: tuple[float, float, float] | None = None,
    loose: tuple[float, float] = (0.0, 7.0),
    seconds: tuple[float, float] = (25.0, 36.0),
    curve: Curve | None = None,
    treat: Treat | None = None,
    layers: tuple[float, float, float] = (0.4, 0.4, 0.3),
) -> Callable[[Compose], Compose]:
    """Enter the function below as a style of its own name."""

    def enter(compose: Compose) -> Compose:
        name = compose.__name__
        REGISTER[name] = Style(name, compose, bpm, bar, swing, loose, seconds, curve, treat, layers)
        return compose

    return enter
