"""A third and last generator of takes: whoever was tuned on the other two is judged by somebody it never met.

Nothing here was made from the other generators, nor from the ear: forces with two humps, modes drawn at random,
minimum-jerk strokes over threads, raised-cosine taps, and a drawn microphone. 30 takes of 20 s, seeds fixed; what is
drawn is wider than a demonstration would be. It was never used for tuning, and each look is written to stranger.log.
"""

from __future__ import annotations

import numpy as np

from benchmarks.hearing.dice import Dice
from benchmarks.movement import stranger_feet as feet
from benchmarks.movement import stranger_hands as hands
from benchmarks.movement import stranger_wire as wires
from benchmarks.movement.stranger_feet import Fall, Tread
from benchmarks.movement.stranger_hands import Stroke, Touch
from benchmarks.movement.stranger_parts import RATE
from benchmarks.movement.stranger_wire import Wire
from benchmarks.movement.takes import Take
from benchmarks.movement.truth import Truth
from wearsound.core import F64

HALF = "stranger"
SECONDS = 20.0
MANY = {"walk": 6, "rub": 4, "tap": 4, "walk and rub": 5, "walk and tap": 4, "mixed": 5, "nothing": 2}
FIRST_SEED = 90001

Acts = tuple[list[Fall], list[float], list[Stroke]]


def all_takes() -> list[Take]:
    """The 30 takes in a fixed order, each with a seed (a person, a coat, a microphone) of its own."""
    kinds = [kind for kind, many in MANY.items() for _ in range(many)]
    return [Take(HALF, kind, FIRST_SEED + 17 * number) for number, kind in enumerate(kinds)]


def made(take: Take) -> tuple[F64, Truth]:
    """Sound (n,) at RATE, full scale +-1 and as if of 16 bits, and what is true of it."""
    dice = Dice(take.seed, f"stranger {take.kind}")
    cloth = list(hands.CLOTHS)[take.seed % len(hands.CLOTHS)]  # in turn, so that each is in every kind
    tread, touch = feet.drawn_tread(dice.cup("tread")), hands.drawn_touch(cloth, dice.cup("touch"))
    wire = wires.drawn_wire(dice.cup("wire"))
    falls, taps, strokes = drawn_acts(take.kind, dice.cup("acts"))
    wave = feet.walked(tread, falls, SECONDS, dice.cup("feet"))
    wave += hands.tapped(touch, taps, SECONDS, dice.cup("taps"))
    wave += hands.rubbed(touch, strokes, SECONDS, dice.cup("rubs"))
    share = 10 ** (dice.uniform(-32.0, -16.0) / 20) * touch.rub
    wave += share * wires.swish([(f.time, f.period) for f in falls], touch.low[1], SECONDS, dice.cup("swish"))
    loudest = _loudest(tread, touch, wire, dice.cup("loudest"))
    said = dice.chance(0.35)
    others = wires.breath(SECONDS, dice.cup("breath"))
    if said:
        others += wires.talk(SECONDS, dice.cup("talk"))
    if dice.chance(0.4):
        others += wires.cable(SECONDS, dice.cup("cable"))
    wave = wires.coloured(wire, wave) + loudest * others
    sound = wires.taken(wire, wave, loudest, dice.cup("taken"))
    conditions = _conditions(take.kind, wire, touch, falls, said)
    steps, rubs = sorted(fall.time for fall in falls), [stroke.span for stroke in strokes]
    return sound, Truth(SECONDS, steps, sorted(taps), sorted(rubs), conditions)


def drawn_acts(kind: str, dice: Dice) -> Acts:
    """Who does what when: the feet, the taps and the strokes of one take."""
    start, last = dice.uniform(0.5, 2.5), SECONDS - 1.5

    def walks(a: float, b: float) -> list[Fall]:
        return feet.drawn_falls(dice.cup(f"walk {a:.3f}"), a, b)

    def rubs(a: float, b: float) -> list[Stroke]:
        return hands.drawn_strokes(dice.cup(f"rub {a:.3f}"), a, b)

    def taps(a: float, b: float) -> list[float]:
        return hands.drawn_taps(dice.cup(f"tap {a:.3f}"), a, b)

    falls: list[Fall] = []
    touches: list[float] = []
    strokes: list[Stroke] = []
    if kind in ("walk", "walk and rub", "walk and tap"):
        falls = walks(start, last)
    if kind in ("rub", "walk and rub"):
        strokes = rubs(start + dice.uniform(0.0, 3.0), last)
    if kind in ("tap", "walk and tap"):
        touches = taps(start + dice.uniform(0.0, 3.0), last)
    if kind == "mixed":
        now = start
        while now < last - 2.0:
            end = min(last, now + dice.uniform(2.5, 6.0))
            act = dice.pick(("walk", "rub", "tap", "walk+rub", "walk+tap", "rub+tap"))
            falls += walks(now, end) if "walk" in act else []
            strokes += rubs(now + 0.2, end) if "rub" in act else []
            touches += taps(now + 0.3, end) if "tap" in act else []
            # A stop in the walk may overrun its stretch by a step; the next one begins after the last foot is down.
            now = max([end, *(fall.time + fall.period for fall in falls)]) + dice.uniform(0.2, 1.5)
    return falls, touches, strokes


def _loudest(tread: Tread, touch: Touch, wire: Wire, dice: Dice) -> float:
    """What this wearer's step, tap and rub reach at this microphone: the gain is set by the loudest of them."""
    many = round(1.2 * RATE)

    def reached(piece: F64) -> float:
        whole = np.zeros(many)
        whole[: min(many, len(piece))] = piece[:many]
        return float(np.percentile(np.abs(wires.coloured(wire, whole)), 99.8))

    step = feet.fall_sound(tread, Fall(0.0, 0.55, 0, 1.0), dice.cup("step"))
    tap = hands.tap_sound(touch, 1.0, dice.cup("tap"))
    rub = hands.stroke_sound(touch, Stroke(0.0, 0.4, 40.0, 1.0), dice.cup("rub"))
    return max(1e-9, *(reached(piece) for piece in (step, tap, rub)))


def _conditions(kind: str, wire: Wire, touch: Touch, falls: list[Fall], said: bool) -> dict[str, str]:
    gait = float(np.median([fall.period for fall in falls])) if falls else 0.0
    corner = wire.corner
    return {
        "kind": kind,
        "corner": "below 30 Hz" if corner < 30.0 else "30-200 Hz" if corner < 200.0 else "above 200 Hz",
        "pace": "none" if not falls else "slow" if gait > 0.65 else "brisk" if gait < 0.48 else "usual",
        "cloth": touch.cloth,
        "gain": "low" if wire.gain < -4.0 else "high" if wire.gain > 4.0 else "good",
        "hum": "loud" if wire.hum > -56.0 else "soft",
        "noise": "loud" if wire.noise > -68.0 else "soft",
        "talk": "talks" if said else "silent",
    }
