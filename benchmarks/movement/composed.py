"""The same scripts in the sound of the built-in track's composer: the other generator, for comparison and for pieces."""

from __future__ import annotations

import numpy as np

from benchmarks.hearing.dice import Dice
from benchmarks.movement import script as scripts
from benchmarks.movement.plate import RATE
from benchmarks.movement.script import Fall, Script
from wearsound.core import F64
from wearsound.sources.composer import body
from wearsound.sources.composer.body import Stroke
from wearsound.sources.composer.grain import between, fill, place
from wearsound.sources.composer.spectrum import noise_loop


def composed(script: Script, seed: int) -> F64:
    """A contact microphone's take (n,) of a script, out of the composer's steps, strokes, taps and floor."""
    bus = fill(body._floor(seed), round(script.seconds * RATE)).copy()
    rustle = noise_loop(seed, "demo.rustle", 163_840, body._cloth)
    rustle = rustle * (0.3 + 0.7 * body._grit(seed, 110, 163_840))
    for i, fall in enumerate(script.falls):
        place(bus, fall.time, body._step(seed, i), 0.5 * between(0.85, 1.15, seed, "demo.step.level", i))
        body._place_rustle(bus, rustle, seed, 2 * i, fall.time - 0.035, 0.30, 0.045)
        body._place_rustle(bus, rustle, seed, 2 * i + 1, fall.time + 0.46 * fall.period, 0.22, 0.034)
    slow, fast = body._rub_noises(seed)
    for i, (start, end) in enumerate(script.strokes):
        place(bus, start, body._rub(seed, i, Stroke(start, end - start), slow, fast), 0.034)
    for i, time in enumerate(script.taps):
        place(bus, time, body._tap(seed, i), 0.30 * between(0.8, 1.2, seed, "demo.tap.level", i))
    return np.rint(np.clip(bus, -1.0, 1.0) * 32767.0) / 32768.0


def long_walk(rest: float = 10.0) -> Script:
    """A minute: still, walk (104 a minute), rub, seven taps, walk (116) with a rub inside; still from second 50.

    `rest` are the seconds of stillness at its end.
    """
    script, dice = Script(disturbed=0.0), Dice(7, "long walk")
    _even(script, dice, 4.0, 23.0, 104.0)
    _strokes(script, dice, 24.0, 29.9)
    script.taps = [31.8, 32.25, 33.1, 34.0, 34.6, 35.4, 35.85]
    _even(script, dice, 37.8, 49.6, 116.0)
    _strokes(script, dice, 42.0, 45.5)
    script.seconds = 50.0 + rest
    return script


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


def _even(script: Script, dice: Dice, start: float, end: float, cadence: float) -> None:
    """As the composer walks: a period that remembers 85 % of itself, the feet 12 ms apart in habit."""
    period, drift, time, foot = 60.0 / cadence, 0.0, start, 0
    while time < end:
        script.falls.append(Fall(time + (0.012 if foot % 2 else 0.0), foot % 2, "walk", period))
        drift = 0.85 * drift + dice.normal(0.008)
        time += period + drift
        foot += 1


def _strokes(script: Script, dice: Dice, start: float, end: float) -> None:
    """As the composer rubs: 220 to 440 ms, turning points of 20 to 70 ms."""
    time = start
    while time < end - 0.25:
        length = dice.uniform(0.22, 0.44)
        script.strokes.append((time, time + length))
        time += length + dice.uniform(0.02, 0.07)
