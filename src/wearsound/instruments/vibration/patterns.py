"""Patterns: how a line of what is felt moves over the actuators, in time with the music.

A line's strength at the end of each hop is multiplied by its pattern's gain there: between two hops a straight ramp.

Every gain is a function of the turn and the place alone, so grouping cannot matter. Each opens before its time has
come and is full when it has: a stroke on the beat is let through whole. Nothing rises or falls within less than 5 ms,
no step from one place to the next is shorter than 34 ms (the order of two sites can be told from there on), and no
place is struck twice within 100 ms (it would mask itself), up to 240 beats a minute.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from wearsound import chance
from wearsound.core import F64
from wearsound.instruments.vibration.places import Places

Gains = Callable[[F64, Places], F64]


@dataclass(frozen=True, slots=True)
class Pattern:
    """`gains(turn, places)`: `turn` (n_hops,) counts rounds from 0 on and never falls (only rain reads its whole part);
    float64 (n_hops, n) 0..1 for the n actuators of `places`."""

    name: str
    about: str
    gains: Gains


def _smooth(x: F64) -> F64:
    """0 at 0, 1 at 1, level at both ends; beyond them it stays."""
    x = np.clip(x, 0.0, 1.0)
    return x * x * (3.0 - 2.0 * x)


def _swell(turn: F64, at: F64 | float, rise: float, hold: float, fall: float) -> F64:
    """Full from `at` on for `hold`, after a `rise` and before a `fall`, all in turns, of any number of rounds."""
    x = (turn - at + rise) % 1.0
    return np.minimum(_smooth(x / rise), _smooth((rise + hold + fall - x) / fall))


def _away(turn: F64, at: F64) -> F64:
    """How far it is from `turn` to `at` the shorter way round, 0..0.5 turns."""
    return np.abs((turn - at + 0.5) % 1.0 - 0.5)


def _crest(turn: F64, level: F64, count: int) -> F64:
    """A broad crest that reaches one of `count` levels after another and wets the next already."""
    width = min(0.5, max(0.25, 1.5 / count))
    return _smooth(1.0 - _away(turn[:, None], level / count) / width)


def _everywhere(gain: F64, places: Places) -> F64:
    return np.repeat(gain[:, None], places.n, axis=1)


def _follow(turn: F64, places: Places) -> F64:
    return np.ones((len(turn), places.n))


def _pulse(turn: F64, places: Places) -> F64:
    return _everywhere(_swell(turn, 0.0, 0.06, 0.2, 0.34), places)


def _heartbeat(turn: F64, places: Places) -> F64:
    # The second sound of a heart at rest comes after two fifths of its round; it is the softer one.
    first, second = _swell(turn, 0.0, 0.06, 0.08, 0.16), _swell(turn, 0.4, 0.06, 0.06, 0.16)
    return _everywhere(np.maximum(first, 0.62 * second), places)


def _roll(turn: F64, places: Places) -> F64:
    # Equal power: between two places the two squares add up to one, and something between them is felt.
    away = _away(turn[:, None], places.walk / places.walks) * places.walks
    return np.sqrt(_smooth(1.0 - away))


def _chase(turn: F64, places: Places) -> F64:
    step = 1.0 / max(2, places.walks)
    edge = min(0.04, 0.25 * step)
    return _swell(turn[:, None], places.walk * step, edge, step - edge, edge)


def _breathe(turn: F64, places: Places) -> F64:
    return _everywhere(_swell(turn, 0.0, 0.42, 0.04, 0.5), places)


def _rain(turn: F64, places: Places) -> F64:
    """In each slot of a round every third place may be struck, at chance: three slots later at the soonest again."""
    n = places.n
    if not len(turn):
        return np.zeros((0, n))
    run = turn * places.slots
    now = np.floor(run + 0.3).astype(np.int64)
    first = int(now[0]) - 1
    slots = np.arange(first, int(now[-1]) + 1)[:, None]
    dice = chance.uniforms(places.seed, "rain", 3 * n * len(slots), 3 * n * (first + 1))
    wet, force, late = dice.reshape(len(slots), 3, n).transpose(1, 0, 2)
    falls = (places.third == slots % 3) & (wet < min(0.62, 6.0 / max(1, n)))
    force = np.where(falls, 0.45 + 0.55 * force, 0.0)
    gains = np.zeros((len(turn), n))
    for near in (
        -1,
        0,
    ):  # a drop begins 0.3 slots before its time, and is over before the slot after the next
        slot = now + near - first
        since = run[:, None] - (slots[slot] + 0.5 * late[slot])
        drop = force[slot] * np.minimum(_smooth((since + 0.3) / 0.3), _smooth((1.2 - since) / 0.9))
        gains = np.maximum(gains, drop)
    return gains


def _wave(turn: F64, places: Places) -> F64:
    return _crest(turn, places.level, places.levels)


def _fall(turn: F64, places: Places) -> F64:
    return _crest(turn, places.levels - 1.0 - places.level, places.levels)


def _round(turn: F64, places: Places) -> F64:
    return _crest(turn, places.around, places.arounds)


def _bloom(turn: F64, places: Places) -> F64:
    return _crest(turn, places.ring, places.rings)


def _sway(turn: F64, places: Places) -> F64:
    over = _smooth(2.0 * _away(turn, np.zeros(1)))[:, None]
    return np.sqrt((1.0 - places.side) * (1.0 - over) + places.side * over)


PATTERNS: tuple[Pattern, ...] = (
    Pattern("follow", "as the music goes, everywhere at once", _follow),
    Pattern("pulse", "everywhere, full as the round begins and gone before the next", _pulse),
    Pattern("heartbeat", "two knocks everywhere, the second softer, then rest", _heartbeat),
    Pattern("roll", "from place to place round the body, each handing over to the next", _roll),
    Pattern("chase", "from place to place round the body, one at a time", _chase),
    Pattern("breathe", "swells everywhere until the round begins, and ebbs", _breathe),
    Pattern("rain", "drops here and there, never the same twice", _rain),
    Pattern("wave", "climbs from hem to collar", _wave),
    Pattern("fall", "sinks from collar to hem", _fall),
    Pattern("round", "goes round the waist: across the front, back behind", _round),
    Pattern("sway", "from side to side and back", _sway),
    Pattern("bloom", "opens from the middle to the edges", _bloom),
)
"""In the order of the control `ZONE.pattern`, which counts from 0."""

NAMES: tuple[str, ...] = tuple(pattern.name for pattern in PATTERNS)
