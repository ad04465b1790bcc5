"""What one pulsed piece is: its metre, clock, harmony and sections."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .clock import Clock, choose_tempo, make_clock
from .dice import Dice
from .harmony import Harmony, make_harmony


@dataclass
class Plan:
    """The frame every player of a piece shares; positions are in beats."""

    seed: int
    seconds: float
    bar: int  # beats a bar
    compound: bool  # three eighths a beat
    groups: tuple[int, ...]  # how the bar's beats are grouped, e.g. (3, 2)
    bpm: float
    clock: Clock
    harmony: Harmony
    human: bool  # played rather than programmed
    bars: int
    metre: str
    sections: list[tuple[int, int]]  # (first bar, end bar)
    leaning: float  # how much likelier than usual players choose off-beat figures

    @property
    def eighth(self) -> float:
        """Length of an eighth in beats."""
        return 1 / 3 if self.compound else 0.5

    @property
    def sixteenth(self) -> float:
        """Length of a sixteenth in beats."""
        return self.eighth / 2

    @property
    def finest(self) -> float:
        """The shortest step a player would use at this tempo (at most about 11 a second)."""
        return self.sixteenth if self.sixteenth * 60 / self.bpm > 0.088 else self.eighth

    def steps(self, step: float) -> list[float]:
        """Positions of every step within one bar."""
        return [i * step for i in range(round(self.bar / step))]

    def weight(self, at: float) -> float:
        """Metrical weight of a position: 1 bar line, then groups, beats, eighths, sixteenths."""
        place = at % self.bar
        if place < 1e-6 or self.bar - place < 1e-6:
            return 1.0
        beat = round(place)
        if abs(place - beat) < 1e-6:
            starts = np.cumsum(self.groups)[:-1]
            return 0.8 if beat in starts else 0.6
        part = place / self.eighth
        return 0.35 if abs(part - round(part)) < 1e-6 else 0.15


METRES: dict[str, tuple[int, bool, tuple[tuple[int, ...], ...], float]] = {
    "4/4": (4, False, ((2, 2),), 0.68),
    "3/4": (3, False, ((3,),), 0.11),
    "6/8": (2, True, ((2,),), 0.06),
    "12/8": (4, True, ((2, 2),), 0.05),
    "2/4": (2, False, ((2,),), 0.05),
    "5/4": (5, False, ((3, 2), (2, 3)), 0.03),
    "7/4": (7, False, ((4, 3), (3, 4), (2, 2, 3)), 0.02),
}


def make_plan(seed: int, seconds: float, human: bool, swung: bool = False) -> Plan:
    """Draw the frame of one piece."""
    dice = Dice(seed, "plan")
    metre = dice.weighted({name: row[3] for name, row in METRES.items()})
    bar, compound, groupings, _ = METRES[metre]
    bpm = choose_tempo(dice, compound)
    clock = make_clock(dice, bpm, seconds + 12, bar, human)
    if not compound and (swung or dice.chance(0.16)):
        clock.pair = 1.0 if bpm > 105 or dice.chance(0.6) else 0.5
        clock.swing = dice.pick((2 / 3, dice.between(0.53, 0.7)))
    bars = int(np.searchsorted(clock.beats, seconds + 8) // bar) + 1
    sections, start = [], 0
    while start < bars:
        end = start + dice.pick((2, 4, 8, 3, 6), (0.2, 0.45, 0.25, 0.05, 0.05))
        sections.append((start, end))
        start = end
    return Plan(
        seed=seed,
        seconds=seconds,
        bar=bar,
        compound=compound,
        groups=dice.pick(groupings),
        bpm=bpm,
        clock=clock,
        harmony=make_harmony(dice, bar),
        human=human,
        bars=bars,
        metre=metre,
        sections=sections,
        leaning=Dice(seed, "leaning").pick((1.0, 6.0), (0.75, 0.25)),
    )
