"""The set: which takes there are. The halves have the same kinds and no seed in common.

They were fixed before anything was tuned on them; a changed seed is another benchmark.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.hearing.dice import Dice
from benchmarks.movement.feet import Feet, drawn_feet, walk_sound
from benchmarks.movement.handling import rest_sound
from benchmarks.movement.hands import Hands, drawn_hands, rub_sound, rustle_sound, tap_sound
from benchmarks.movement.pickup import Pickup, drawn_pickup, recorded, through_disc
from benchmarks.movement.plate import RATE, peak
from benchmarks.movement.script import KINDS, Script, walk_rub_tap, written
from benchmarks.movement.truth import Span, Truth
from wearsound.core import F64

SEEDS = {"tuning": (1101, 1102, 1103, 1104), "held": (2201, 2202, 2203, 2204)}
HALVES = ("tuning", "held")


@dataclass(frozen=True, slots=True)
class Take:
    """One take of the set, by kind and seed."""

    half: str
    kind: str
    seed: int

    @property
    def name(self) -> str:
        """Unique in the set."""
        return f"{self.half}-{self.kind.replace(' ', '-')}-{self.seed}"


@dataclass(frozen=True, slots=True)
class Person:
    """Who wears the coat, and the microphone in it."""

    feet: Feet
    hands: Hands
    pickup: Pickup


def all_takes(half: str) -> list[Take]:
    """Every take of one half, in a fixed order."""
    return [Take(half, kind, seed) for kind in KINDS for seed in SEEDS[half]]


def made(take: Take) -> tuple[F64, Truth]:
    """Sound (n,) at RATE, full scale +-1 and as if of 16 bits, and what is true of it."""
    dice = Dice(take.seed, take.kind)
    person = _person(dice)
    script = written(take.kind, dice.cup("script"))
    sound = _heard(person, script, dice)
    return sound, _truth(take.kind, person, script)


def calibration(take: Take) -> F64:
    """The same wearer and microphone being calibrated: 2 s still, then walk, rub and tap (walk_rub_tap)."""
    dice = Dice(take.seed, take.kind)
    return _heard(_person(dice), _practice(dice), dice.cup("calibration"))


def played(script: Script, seed: int) -> F64:
    """Any script (n,), worn and recorded by somebody drawn from a seed."""
    dice = Dice(seed, "played")
    return _heard(_person(dice), script, dice)


def _person(dice: Dice) -> Person:
    return Person(
        drawn_feet(dice.cup("feet")), drawn_hands(dice.cup("hands")), drawn_pickup(dice.cup("pickup"))
    )


def _practice(dice: Dice) -> Script:
    return walk_rub_tap(dice.cup("practice"))


def _heard(person: Person, script: Script, dice: Dice) -> F64:
    """A script as it is recorded; gain is set once, by what this wearer's practice reaches."""
    practice = through_disc(person.pickup, _moved(person, _practice(dice), dice.cup("level")))
    wave = through_disc(person.pickup, _moved(person, script, dice.cup("moved")))
    return recorded(person.pickup, wave, max(1e-9, peak(practice, 99.8)), dice.cup("recorded"))


def _moved(person: Person, script: Script, dice: Dice) -> F64:
    """All movement of a script (n,), before the disc."""
    seconds = script.seconds
    out = walk_sound(person.feet, script.falls, seconds, dice.cup("walk"))
    out += rub_sound(person.hands, script.strokes, seconds, dice.cup("rub"))
    out += tap_sound(person.hands, script.taps, seconds, dice.cup("tap"))
    swings: list[Span] = []
    for fall in script.falls:
        start = fall.time + 0.45 * fall.period
        swings.append((start, start + dice.uniform(0.25, 0.5) * fall.period))
    out += rustle_sound(person.hands, swings, seconds, dice.cup("rustle"))
    loud = max(person.feet.level, person.hands.tap)
    return out + rest_sound(seconds, script.disturbed, loud, dice.cup("rest"))


def _truth(kind: str, person: Person, script: Script) -> Truth:
    pickup = person.pickup
    conditions = {
        "kind": kind,
        "input": pickup.input,
        "floor": person.feet.floor,
        "cloth": person.hands.fabric,
        "gain": "low" if pickup.gain < -4.0 else "high" if pickup.gain > 4.0 else "good",
        "hum": "loud" if pickup.hum > -60.0 else "soft",
        "noise": "loud" if pickup.noise > -68.0 else "soft",
    }
    return Truth(
        seconds=script.seconds,
        steps=sorted(fall.time for fall in script.falls),
        taps=sorted(script.taps),
        rubs=sorted(script.strokes),
        conditions=conditions,
    )


def as_columns(sound: F64) -> np.ndarray:
    """Float32 (n, 1), as a recording of one channel."""
    return sound.astype(np.float32)[:, None]


__all__ = ["HALVES", "RATE", "SEEDS", "Take", "all_takes", "as_columns", "calibration", "made", "played"]
