"""Scripts in the sound of the built-in walk's composer: the other generator, to compare with, and for pieces."""

from __future__ import annotations

import numpy as np

from benchmarks.hearing.dice import Dice
from benchmarks.movement import script as scripts
from benchmarks.movement.plate import RATE
from benchmarks.movement.script import Script
from wearsound.core import F64
from wearsound.sources.composer.body import Stroke, play_body
from wearsound.sources.composer.walk import compose_walk


def composed(script: Script, seed: int) -> F64:
    """A contact microphone's take (n,) of a script, out of the composer's steps, strokes, taps and floor."""
    strokes = tuple(Stroke(start, end - start) for start, end in sorted(script.strokes))
    steps = tuple(sorted(fall.time for fall in script.falls))
    bus = play_body(seed, steps, strokes, tuple(sorted(script.taps)), round(script.seconds * RATE))
    return np.rint(np.clip(bus, -1.0, 1.0) * 32767.0) / 32768.0


def built_in_walk(seed: int = 7, rest: float = 0.0) -> F64:
    """The composer's own walk (n,), still from second 50, and `rest` more seconds of stillness and hum."""
    walk = compose_walk(seed).samples[:, 0].astype(np.float64)
    more = play_body(seed, (), (), (), round(rest * RATE)) if rest else np.zeros(0)
    return np.concatenate([walk, more])


def any_walk(seed: int, seconds: float = 45.0, rest: float = 0.0) -> Script:
    """Some mixture of walking, rubbing and tapping in any order, then `rest` seconds of stillness."""
    script, dice = Script(disturbed=0.15), Dice(seed, "any walk")
    now = dice.uniform(1.0, 3.0)
    while now < seconds - 4.0:
        length = min(dice.uniform(4.0, 14.0), seconds - now)
        kind = dice.pick(("walk", "walk", "walk and rub", "rub", "tap"))
        if kind.startswith("walk"):
            scripts.walk(script, dice, now, now + length, dice.pick(("walk", "walk", "up", "shuffle")))
        if kind == "walk and rub":
            scripts.rub(script, dice, now + 0.3 * length, now + 0.7 * length)
        if kind == "rub":
            scripts.rub(script, dice, now, now + length)
        if kind == "tap":
            scripts.tap(script, dice, now, now + 0.6 * length)
            length *= 0.7
        now += length + dice.uniform(0.4, 2.5)
    script.seconds = seconds + 1.0 + rest
    return script
