"""Clips of light made to break the flash guard: seed n is always the same clip, looked up by `chance`.

Each is linear light asked for at 60 frames a second of 32 pixels in six zones (`GARMENT`), or of what reaches them
through the performer's master. All but a few would flash too often if nothing stood in their way; a few are near
the limit on purpose.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from wearsound.chance import uniforms
from wearsound.core import LIGHT_RATE

PIXELS = (8, 6, 6, 4, 4, 4)
"""Of each zone."""
N_PIXELS = sum(PIXELS)
N_FRAMES = 270
ZONE = np.repeat(np.arange(len(PIXELS)), PIXELS)
AREAS = (9.0, 7.0, 6.0, 2.0, 4.0, 4.0)
"""Of each zone, dm2."""
AREA = (np.array(AREAS) / np.array(PIXELS))[ZONE] / sum(AREAS)

GARMENT = 'title = "Six strips"\n' + "".join(
    f'[[zone]]\nname = "z{i}"\nlight = [0.55, 0.0, 0]\nlamp = "led"\narea = {AREAS[i]}\n'
    for i in range(len(PIXELS))
)
GARMENT += '[[figure]]\nname = "front"\nat = [640, 200]\n' + "".join(
    f'[[figure.layer]]\nname = "l{i}"\nzone = "z{i}"\nside = "one"\n'
    f"outline = [[{5 * i}, 0, 1], [{5 * i + 4}, 0, 1], [{5 * i + 4}, 40, 1], [{5 * i}, 40, 1]]\n"
    f"filaments = [{{ path = [[{5 * i + 2}, 5], [{5 * i + 2}, 35]], pixels = {PIXELS[i]} }}]\n"
    for i in range(len(PIXELS))
)

WHITE, RED, BLUE, GREEN = np.ones(3), np.array([1.0, 0, 0]), np.array([0, 0, 1.0]), np.array([0, 1.0, 0])
SKY = np.array([0.2, 0.35, 1.0])
"""Full blue alone has a luminance of 0.07, too little for a flash."""
COLOURS = (WHITE, RED, SKY, GREEN, np.array([1.0, 0.1, 0.0]), np.array([0.9, 0.7, 0.4]))


@dataclass(frozen=True)
class Clip:
    """`light` (N_FRAMES, N_PIXELS, 3) as asked for; `master` (N_FRAMES,) 0..1 as a hand turns it, or none."""

    seed: int
    kind: str
    light: np.ndarray
    master: np.ndarray | None = None


class Dice:
    """Numbers of one seed in the order in which they are asked for."""

    def __init__(self, seed: int) -> None:
        self.seed, self.at = seed, 0

    def many(self, count: int) -> np.ndarray:
        self.at += count
        return uniforms(self.seed, "adversary", count, self.at - count)

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * float(self.many(1)[0])

    def whole(self, low: int, high: int) -> int:
        """From `low` to `high`, both possible."""
        return low + int(self.many(1)[0] * (high - low + 1))

    def colour(self) -> np.ndarray:
        return COLOURS[self.whole(0, len(COLOURS) - 1)]


TIME = np.arange(N_FRAMES) / LIGHT_RATE


def _hertz(dice: Dice) -> float:
    """3.5 to 30 Hz, as many slow as fast, a few at the limit."""
    return 3.5 * (30 / 3.5) ** (0.04 + 0.96 * float(dice.many(1)[0]))


def _square(dice: Dice, hertz: float | None = None) -> np.ndarray:
    """(N_FRAMES,) of 0 and 1: any duty, any phase; half of them through a slower camera of 25 to 60 frames."""
    hertz = _hertz(dice) if hertz is None else hertz
    time = TIME
    if dice.between(0, 1) < 0.5:
        rate = dice.between(25, 60)
        time = np.floor(TIME * rate) / rate
    # On and off for a frame at least, or there would be nothing to see at 60 frames a second.
    duty = dice.between(max(0.1, hertz / 60), min(0.9, 1 - hertz / 60))
    return ((time * hertz + dice.between(0, 1)) % 1.0 < duty).astype(float)


def _all(shape: np.ndarray, colour: np.ndarray) -> np.ndarray:
    return shape[:, None, None] * np.ones((1, N_PIXELS, 1)) * colour


def _mix(amount: np.ndarray, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """(N_FRAMES, N_PIXELS, 3) between two colours by (N_FRAMES, N_PIXELS) or (N_FRAMES,)."""
    amount = np.broadcast_to(amount.reshape(N_FRAMES, -1), (N_FRAMES, N_PIXELS))[..., None]
    return amount * one + (1 - amount) * other


def strobe(dice: Dice) -> np.ndarray:
    return _all(_square(dice) * dice.between(0.15, 1), dice.colour())


def shaped(dice: Dice) -> np.ndarray:
    """Sines, saws and their mirror images: slow up and fast down, and the other way."""
    phase = (TIME * min(_hertz(dice), 14.0) + dice.between(0, 1)) % 1.0
    up = dice.between(0.05, 0.95)
    saw = np.where(phase < up, phase / up, (1 - phase) / (1 - up))
    sine = 0.5 - 0.5 * np.cos(2 * np.pi * phase)
    floor = dice.between(0, 0.3)
    return _all(floor + (1 - floor) * (saw if dice.between(0, 1) < 0.6 else sine), dice.colour())


def red_blue(dice: Dice) -> np.ndarray:
    return _mix(_square(dice), RED * dice.between(0.3, 1), BLUE * dice.between(0.3, 1))


def twins(dice: Dice) -> np.ndarray:
    """Colours of one luminance, or of one redness: only one of the two measures moves."""
    if dice.between(0, 1) < 0.5:
        red_, blue = 0.34 * dice.between(0.7, 1), 1.0
        return _mix(_square(dice), RED * red_, BLUE * blue * min(1.0, red_ * 0.2126 / 0.0722))
    return _mix(_square(dice), WHITE, RED * dice.between(0.4, 0.8))


def antiphase(dice: Dice) -> np.ndarray:
    """Zones take turns, so that the sum may stand still."""
    on = _square(dice)[:, None]
    side = ((ZONE + dice.whole(0, 1)) % 2)[None]
    return _mix(np.abs(on - side), dice.colour(), np.zeros(3))


def chequer(dice: Dice) -> np.ndarray:
    """Neighbouring pixels in antiphase: every zone's mean stands still."""
    on = _square(dice)[:, None]
    step = dice.whole(1, 2)
    side = ((np.arange(N_PIXELS) // step) % 2)[None]
    return _mix(np.abs(on - side), dice.colour(), np.zeros(3))


def quarters(dice: Dice) -> np.ndarray:
    """A third of the pixels at a time, round and round: each flashes seldom, somewhere it flashes always."""
    parts = dice.whole(2, 3)
    turn = np.floor(TIME * _hertz(dice) * parts).astype(int)[:, None] % parts
    where = (
        np.arange(N_PIXELS) * parts // N_PIXELS if dice.between(0, 1) < 0.5 else np.arange(N_PIXELS) % parts
    )
    return _mix((turn == where[None]).astype(float), dice.colour(), np.zeros(3))


def walk(dice: Dice) -> np.ndarray:
    """Random walks of every zone or pixel, with walls."""
    own = N_PIXELS if dice.between(0, 1) < 0.4 else len(PIXELS)
    steps = (dice.many(N_FRAMES * own).reshape(N_FRAMES, own) - 0.5) * dice.between(0.6, 2.0)
    paths = np.cumsum(steps, axis=0)
    walls = np.abs((paths + 1.0) % 2.0 - 1.0)
    return _mix(walls if own == N_PIXELS else walls[:, ZONE], dice.colour(), np.zeros(3))


def noise(dice: Dice) -> np.ndarray:
    """Every pixel or zone a colour of its own, held a few frames."""
    own, hold = (N_PIXELS if dice.between(0, 1) < 0.5 else len(PIXELS)), dice.whole(1, 6)
    levels = np.repeat(dice.many((N_FRAMES // hold + 1) * own * 3), 1).reshape(-1, own, 3)
    held = np.repeat(levels > dice.between(0.3, 0.6), hold, axis=0)[:N_FRAMES].astype(float)
    return held if own == N_PIXELS else held[:, ZONE]


def stacked(dice: Dice) -> np.ndarray:
    """Several instruments, each slower than the limit, on top of one another."""
    light = np.zeros((N_FRAMES, N_PIXELS, 3))
    for _ in range(dice.whole(4, 6)):
        pulse = _square(dice, dice.between(2.0, 3.0)) * dice.between(0.4, 0.9)
        light = (
            np.maximum(light, _all(pulse, dice.colour()))
            if dice.between(0, 1) < 0.5
            else light + _all(pulse * 0.5, dice.colour())
        )
    return np.minimum(light, 1.0)


def each_its_own(dice: Dice) -> np.ndarray:
    """Every zone strobes by itself at a rate of its own."""
    zones = np.stack([_square(dice) for _ in PIXELS], axis=1)
    return _mix(zones[:, ZONE], dice.colour(), np.zeros(3))


def saved_up(dice: Dice) -> np.ndarray:
    """A rise too small to notice, a long stand, then a burst; the zones may save up one after another."""
    light = np.zeros((N_FRAMES, N_PIXELS, 3))
    colour, low = dice.colour(), dice.between(0.05, 0.5)
    at = dice.whole(10, 60)
    for zone in range(len(PIXELS)):
        light[at + dice.whole(0, 30) :, zone == ZONE] = low * colour
    burst = dice.whole(130, 180)
    gap, long = dice.whole(6, 12), dice.whole(2, 5)
    for start in range(burst, N_FRAMES - 20, gap):
        some = np.isin(ZONE, np.flatnonzero(dice.many(len(PIXELS)) < 0.7)) | (dice.between(0, 1) < 0.5)
        light[start : start + long, some] = colour
        light[start + long : start + gap, some] = low * colour * dice.whole(0, 1)
    return light


def from_black(dice: Dice) -> np.ndarray:
    """Dark for seconds, then at once what a strobe is."""
    light = strobe(dice)
    light[: dice.whole(60, 140)] = 0.0
    light[dice.whole(200, 230) :] *= dice.whole(0, 1)
    return light


def staircase(dice: Dice) -> np.ndarray:
    """Up in steps just under a tenth, down at once."""
    step, hold = dice.between(0.06, 0.099), 1
    top = dice.whole(3, 11)
    level = (np.arange(N_FRAMES) // hold % (top + 1)) * step
    return _all(np.minimum(level, 1.0), dice.colour())


def near_full(dice: Dice) -> np.ndarray:
    """From just under eight tenths upwards: where the darker end stops counting."""
    low = dice.between(0.5, 0.79)
    return _all(low + (1 - low) * _square(dice), WHITE)


def drifting(dice: Dice) -> np.ndarray:
    """Pixels of one strobe a little apart in time: a wave that is a flash, or nearly one."""
    hertz, spread = min(_hertz(dice), 14.0), dice.between(0.0, 0.6)
    phase = TIME[:, None] * hertz - spread * np.arange(N_PIXELS)[None] / N_PIXELS
    return _mix((phase % 1.0 < 0.5).astype(float), dice.colour(), np.zeros(3))


def broken(dice: Dice) -> np.ndarray:
    """A strobe with numbers in it that are none."""
    light = strobe(dice)
    light[dice.whole(0, 100) :: dice.whole(7, 31), dice.whole(0, N_PIXELS - 1)] = math.nan
    light[dice.whole(0, 100) :: dice.whole(7, 31), dice.whole(0, N_PIXELS - 1)] = math.inf
    return light


def slams(dice: Dice) -> tuple[np.ndarray, np.ndarray]:
    """A hand that beats on the master while light strobes or stands."""
    hand = _square(dice, dice.between(2, 10))
    light = _all(np.ones(N_FRAMES), dice.colour()) if dice.between(0, 1) < 0.2 else strobe(dice)
    return light, hand


KINDS: tuple[Callable[[Dice], np.ndarray | tuple[np.ndarray, np.ndarray]], ...] = (
    *(strobe, shaped, red_blue, twins, antiphase, chequer, quarters, walk, noise, stacked, each_its_own),
    *(saved_up, from_black, staircase, near_full, drifting, broken, slams),
)


def clip(seed: int) -> Clip:
    """The clip of one seed: kinds take turns."""
    kind = KINDS[seed % len(KINDS)]
    made = kind(Dice(seed))
    light, master = made if isinstance(made, tuple) else (made, None)
    return Clip(seed, kind.__name__, light, master)
