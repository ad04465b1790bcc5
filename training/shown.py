"""The takes that the body lane is shown in training, and how each is worn: none is of the yardstick's halves.

Five makers: `wide_bodies` most of all, the physics of `benchmarks.movement` with other wearers, `rough_bodies`, the
built-in track's body, and `begun`, in which nobody moves.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.signal import lfilter

from benchmarks.hearing.dice import Dice
from benchmarks.movement.composed import any_walk, composed
from benchmarks.movement.plate import RATE, one_pole_high, one_pole_low
from benchmarks.movement.script import KINDS
from benchmarks.movement.takes import Take, made
from benchmarks.movement.truth import Truth
from training.begun import begun
from training.rough_bodies import rough
from training.wide_bodies import wide
from wearsound import chance
from wearsound.core import F64

PHYSICS = tuple(range(5001, 5009))
ROUGH = tuple(range(6001, 6007))
COMPOSED = tuple(range(8001, 8025))
WIDE = tuple(range(9001, 9521))
BEGUN = tuple(range(9601, 9641))
"""Seeds. The yardstick has 1101 - 1104 and 2201 - 2204; tests and demos use the composer's 7, 11, 23, 31 and 32."""
JUDGING = tuple(range(9901, 9961))
"""Of `wide_bodies`: nobody learns from them; they and the half for tuning say when it is enough."""


@dataclass(frozen=True, slots=True)
class Job:
    """One take: `maker` "wide", "physics", "rough" or "composed"."""

    maker: str
    kind: str
    seed: int


def jobs() -> list[Job]:
    """All of them, well mixed."""
    out = [Job("physics", kind, seed) for seed in PHYSICS for kind in KINDS]
    out += [Job("rough", kind, seed) for seed in ROUGH for kind in KINDS]
    out += [Job("composed", "any", seed) for seed in COMPOSED]
    out += [Job("wide", "any", seed) for seed in WIDE]
    out += [Job("begun", "any", seed) for seed in BEGUN]
    return sorted(out, key=lambda job: chance.uniform(job.seed, f"order {job.maker} {job.kind}"))


def worn(job: Job) -> tuple[F64, Truth]:
    """Sound (n,) at RATE, +-1, and truth, as that wearer's microphone brings it."""
    if job.maker == "wide":
        return wide(job.seed)
    if job.maker == "begun":
        return begun(job.seed)
    if job.maker == "physics":
        sound, truth = made(Take("training", job.kind, job.seed))
    elif job.maker == "rough":
        sound, truth = rough(job.kind, job.seed)
    else:
        script = any_walk(job.seed, 28.0)
        sound = composed(script, job.seed)
        steps = sorted(fall.time for fall in script.falls)
        truth = Truth(script.seconds, steps, sorted(script.taps), sorted(script.strokes))
    return changed(sound, truth, Dice(job.seed, f"worn {job.maker} {job.kind}"))


def changed(sound: F64, truth: Truth, dice: Dice) -> tuple[F64, Truth]:
    """Another speed, colour, resonance, corner, noise, gain, and clipping; half of all takes stay nearly as made.

    The speed stands for other sampling rates too: 44.1 kHz is 9 % fewer hops a second.
    """
    speed = dice.uniform(0.85, 1.18) if dice.chance(0.5) else 1.0
    count = int(len(sound) / speed)
    wave = np.interp(np.arange(count) * speed, np.arange(len(sound)), sound) if speed != 1.0 else sound.copy()
    before = float(np.max(np.abs(wave)))
    if dice.chance(0.4):
        hertz, tilt = 200.0 * 10.0 ** dice.uniform(), 10.0 ** (dice.uniform(-9.0, 9.0) / 20.0)
        wave = wave + (tilt - 1.0) * one_pole_low(wave, hertz)
    if dice.chance(0.3):
        hertz, wide = 300.0 * 15.0 ** dice.uniform(), dice.uniform(0.7, 5.0)
        turn = 2.0 * math.pi * hertz / RATE
        a = math.sin(turn) / (2.0 * wide)
        band = lfilter([a, 0.0, -a], [1.0 + a, -2.0 * math.cos(turn), 1.0 - a], wave + 1e-18)
        wave = wave + (10.0 ** (dice.uniform(-12.0, 12.0) / 20.0) - 1.0) * np.asarray(band)
    if dice.chance(0.35):
        wave = one_pole_high(wave, 40.0 * 30.0 ** dice.uniform())
    if dice.chance(0.3):
        wave = one_pole_low(wave, 1500.0 * 6.0 ** dice.uniform())
    wave = wave * (before / max(1e-9, float(np.max(np.abs(wave)))))
    gain = dice.uniform(-8.0, 14.0) if dice.chance(0.5) else 0.0
    wave = wave * 10.0 ** (gain / 20.0)
    if dice.chance(0.5):
        level = 10.0 ** (dice.uniform(-84.0, -60.0) / 20.0) * math.sqrt(3.0)
        noise = level * chance.noises(dice.seed, f"{dice.name}/noise", count)
        wave += 2.0 * one_pole_low(noise, 800.0) if dice.chance(0.3) else noise
    wave = np.rint(np.clip(wave, -1.0, 1.0) * 32767.0) / 32768.0
    return wave, Truth(
        truth.seconds / speed,
        [time / speed for time in truth.steps],
        [time / speed for time in truth.taps],
        [(start / speed, end / speed) for start, end in truth.rubs],
        truth.conditions,
    )
