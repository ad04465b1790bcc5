"""Thermochromic cloth: leuco dye on a thread that is heated, and how warm it must be for how much colour.

A heated thread warms as `C dT/dt = P - (T - ambient) / R`: towards `ambient + FULL_RISE * drive`, with one time
constant while it is heated from within and a longer one while it cools through cloth and air. The dye is coloured
when cold and colourless when warm, along a sigmoid round CLEARS_AT; warming clears it later than cooling brings it
back (hysteresis), as a play of +-HYSTERESIS / 2 between the temperature and what the dye feels.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from wearsound.core import F64, LIGHT_RATE

AMBIENT = 22.0
"""Degrees C of a room of which nothing is said."""
CLEARS_AT = 31.0
"""Degrees C at which half the dye is clear; skin is warmer than that in places, a jacket's outside is not."""
WIDTH = 2.5
"""Degrees C from 10 % to 90 % clear."""
HYSTERESIS = 1.5
"""Degrees C between clearing and coming back."""
HEAT, COOL = 8.0, 35.0
"""Seconds to 63 % of a step of warmth up, and down."""
FULL_RISE = 26.0
"""Degrees C over ambient in the end, at full drive: hotter than skin may bear, which `safety` prevents."""

_GRID = 512
_SPAN = 8.0
_SLOPE = WIDTH / (2 * math.log(9))
_MOST, _LEAST = 0.99, 0.02
_LOW = CLEARS_AT - _SPAN


def _sigmoid(felt: float) -> float:
    share = 1 / (1 + math.exp(-(felt - CLEARS_AT) / _SLOPE))
    return 0.0 if share < 1e-3 else 1.0 if share > 1 - 1e-3 else round(share, 6)


# How clear the dye is, a step of 1 / _GRID degrees C.
_CLEAR = np.array([_sigmoid(_LOW + i / _GRID) for i in range(int(2 * _SPAN * _GRID) + 1)])

_STEPS = 1000
# What the dye must feel, degrees C, for each thousandth of clearing that is wanted: the sigmoid read backwards, cut
# off where it would ask for ever more warmth for nothing.
_WANTED = np.array(
    [
        round(CLEARS_AT + _SLOPE * math.log(share / (1 - share)), 4)
        for share in np.clip(np.arange(_STEPS + 1) / _STEPS, _LEAST, _MOST).tolist()
    ]
)


def clear(felt: F64) -> F64:
    """How clear (0..1) dye is that feels so many degrees C."""
    codes = np.rint((felt - _LOW) * _GRID).astype(np.intp)
    share: F64 = np.take(_CLEAR, codes, mode="clip")
    return share


def duty(wanted: F64, rising: F64, ambient: float) -> F64:
    """The heater's drive 0..1 whose steady warmth clears the dye as far as `wanted` (0..1).

    `rising` is true where it comes from the cold side, false where from the warm one. Nothing wanted is no heat.
    """
    code = np.rint(wanted * _STEPS).astype(np.intp)
    felt = np.take(_WANTED, code, mode="clip")
    warm = felt + np.where(rising, HYSTERESIS / 2, -HYSTERESIS / 2)
    share = np.clip((warm - ambient) / FULL_RISE, 0.0, 1.0)
    # Below the least that can be seen the heat itself fades out, not the wish: no step in the drive.
    return share * np.minimum(wanted / _LEAST, 1.0)


def settles(ambient: float, heat: float = HEAT, cool: float = COOL) -> float:
    """Seconds to 90 % of a full change in a room of `ambient` degrees C, the slower of there and back.

    `heat` and `cool` are the thread's seconds to 63 % of a step of warmth, up and down.
    """
    hot = float(_WANTED[-1]) + HYSTERESIS / 2
    # Cooling begins from where heating ends, and what the dye feels lags behind by the play.
    up = CLEARS_AT + WIDTH / 2 + HYSTERESIS / 2
    down = CLEARS_AT - WIDTH / 2 - HYSTERESIS / 2
    if ambient >= down:
        return math.inf
    return max(
        heat * math.log((hot - ambient) / (hot - up)),
        cool * math.log((hot - ambient) / (down - ambient)),
    )


class Leuco:
    """Heated zones in a room of `ambient` degrees C; `times` are the seconds (up, down) of each. [engine thread]"""

    def __init__(self, times: Sequence[tuple[float, float]], ambient: float) -> None:
        self._n, self._ambient = len(times), ambient
        self._heat, self._cool = (
            np.array([round(1 - math.exp(-1 / (pair[way] * LIGHT_RATE)), 12) for pair in times])
            for way in (0, 1)
        )
        self.reset()

    def reset(self) -> None:
        """As warm as the room."""
        self.warm = np.full(self._n, self._ambient)
        self._felt = self.warm
        self.clear = clear(self._felt)

    def inherit(self, old: Leuco, same: Sequence[tuple[int, int]]) -> None:
        """Go on from where `old` is; `same` are pairs of zones, ours and its. No zone is cooler than the room."""
        here, there = [i for i, _ in same], [i for _, i in same]
        self.warm, self._felt = self.warm.copy(), self._felt.copy()
        self.warm[here] = np.maximum(old.warm[there], self._ambient)
        self._felt[here] = old._felt[there]
        self.clear = clear(self._felt)

    def heat(self, zones: Sequence[int], warm: float) -> None:
        """Zones of which nothing is known are taken for so warm."""
        self.warm[list(zones)] = max(warm, self._ambient)

    def step(self, drive: F64) -> None:
        """One light frame passes with `drive` (n,), 0..1, in the thread."""
        way = self._ambient + FULL_RISE * drive - self.warm
        self.warm = self.warm + way * np.where(way > 0, self._heat, self._cool)
        half = HYSTERESIS / 2
        self._felt = np.minimum(np.maximum(self._felt, self.warm - half), self.warm + half)
        self.clear = clear(self._felt)
