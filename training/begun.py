"""What somebody switches on: hiss, a record, music, a held chord, talk; quiet before and after, and nobody moves.

Such a sound begins as a stroke does and then goes on; whoever was never shown one takes it for a hand. Ranges are
guesses, rounded outwards.
"""

from __future__ import annotations

import numpy as np

from benchmarks.hearing.dice import Dice
from benchmarks.movement.plate import RATE, one_pole_low
from benchmarks.movement.truth import Truth
from training.nuisances import KINDS
from wearsound import chance
from wearsound.core import F64

SWITCHED = ("hiss", "hiss", "record", "music", "held", "held", "talk", "buzz", "breath")


def begun(seed: int) -> tuple[F64, Truth]:
    """Sound (n,) at RATE, +-1, and a truth in which nothing happens."""
    dice = Dice(seed, "begun")
    seconds = dice.uniform(10.0, 15.0)
    count = round(seconds * RATE)
    wave, now, number = np.zeros(count), dice.uniform(0.8, 2.5), 0
    while now < seconds - 1.5:
        length = min(seconds - 0.5 - now, 1.0 * 12.0 ** dice.uniform())
        n, name = round(length * RATE), dice.pick(SWITCHED)
        cup = dice.cup(f"{name} {number}")
        part = _held(n, cup) if name == "held" else KINDS[name][3](n, cup)
        at = np.arange(n) / RATE
        edge = np.minimum(1.0, at / (0.002 * 300.0 ** cup.uniform())) * np.minimum(1.0, at[::-1] / 0.02)
        top = float(np.percentile(np.abs(part), 99.9))
        from_hop = round(now * RATE)
        wave[from_hop : from_hop + n] += (
            part * edge * 10.0 ** (cup.uniform(-40.0, -3.0) / 20.0) / max(1e-12, top)
        )
        now, number = now + length + dice.uniform(0.3, 2.5), number + 1
    hiss = chance.noises(seed, "begun/floor", count) * 10.0 ** (dice.uniform(-86.0, -60.0) / 20.0)
    out: F64 = np.rint(np.clip(wave + hiss, -1.0, 1.0) * 32767.0) / 32768.0
    return out, Truth(seconds, [], [], [], {})


def _held(count: int, dice: Dice) -> F64:
    """A chord or a bass: detuned partials through a filter, that beat, swell, tremble, and hiss a little."""
    t = np.arange(count) / RATE
    root, bright = 40.0 * 12.0 ** dice.uniform(), dice.uniform(0.6, 2.2)
    out = np.zeros(count)
    for ratio in (1.0, dice.pick((1.5, 1.2, 1.25, 2.0)), dice.pick((1.0, 2.0, 3.0))):
        hertz = root * ratio * (1.0 + dice.uniform(-0.006, 0.006))
        for k in range(1, dice.whole(4, 24)):
            if k * hertz < 14_000.0:
                out += np.sin(2.0 * np.pi * (k * hertz * t + dice.uniform())) / k**bright
    swell = 1.0 - dice.uniform(0.0, 0.7) * (0.5 + 0.5 * np.cos(2.0 * np.pi * (dice.uniform(0.1, 8.0) * t)))
    noise = one_pole_low(np.asarray(chance.noises(dice.seed, f"{dice.name}/hiss", count)), 6000.0)
    held: F64 = out * swell / max(1e-12, float(np.std(out))) + dice.uniform(0.0, 0.3) * noise / np.std(noise)
    return held
