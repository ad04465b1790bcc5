"""Where the actuators of one line of what is felt are, as patterns see it: the steps of a wave, the stations of a walk.

The order of two touches on the body can be told where they are about 34 ms apart (studies of tactual onset order with
50 and 250 Hz; that a torso needs no more is a guess); before that they are one movement at best. A round has therefore
at most so many steps that each lasts that long in the shortest round: actuators that would come closer come together.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from wearsound import chance
from wearsound.core import F64, Index
from wearsound.felt import Over
from wearsound.garment.sites import Sites

SHORTEST: Final[dict[Over, float]] = {"beat": 0.25, "bar": 0.75}
"""Seconds of a round at 240 beats a minute, in bars of three (of two they go in pairs)."""
STEPS: Final[dict[Over, int]] = {"beat": 6, "bar": 16}
"""Most steps of a round: 41.7 ms each in the shortest beat, and still 34.7 where `Moment` hurries by a fifth; 46.9 in
the shortest bar, and a sixteenth in a bar of four."""

SIDE_BY_SIDE: Final = 0.04
"""Of the whole height or the whole way round: so far apart, two are still side by side; less than 3 cm on a jacket."""


class Places:
    """Of the `chosen` actuators (all, in the garment's order, where None): `n` of them, and float64 (n,) each

    `level` 0..`levels`-1 from the lowest to the highest, `around` 0..`arounds`-1 round the body from the wearer's
    left side across the front, `ring` 0..`rings`-1 from the middle outwards, `walk` 0..`walks`-1 along the garment's
    walk; `side` 0 at the left .. 1 at the right. `third` (n,) 0, 1 or 2 at chance, `slots` of a round for drops.
    """

    def __init__(self, sites: Sites, over: Over = "bar", chosen: Index | None = None, seed: int = 0) -> None:
        if chosen is None:
            chosen = np.arange(len(sites.zone))
        most = STEPS[over]
        self.n, self.seed, self.slots = len(chosen), seed, most
        up, across = _spread(sites.up[chosen]), sites.across[chosen]
        ways = np.stack([2.0 * up - 1.0, across]) if self.n else np.zeros((2, 0))
        self.level, self.levels = _steps(up, most)
        self.around, self.arounds = _steps(sites.around[chosen], most)
        self.ring, self.rings = _steps(_spread(np.sqrt((ways * ways).sum(axis=0))), most)
        rank = _rank(sites.walk[chosen])
        self.walks = max(1, min(most, self.n))
        self.walk: F64 = np.floor(rank * self.walks / max(1, self.n))
        flat = self.n > 0 and float(np.ptp(across)) < 0.1
        # Two fifths of the way out it is all on one side: a sleeve must not make the trunk the middle.
        self.side: F64 = rank % 2 if flat else np.clip(2.5 * _spread(across) - 0.75, 0.0, 1.0)
        shuffled = _rank(chance.uniforms(seed, "rain.third", len(sites.zone))[chosen])
        self.third: F64 = shuffled % 3


def _spread(values: F64) -> F64:
    """From 0 to 1; in the middle where all are one."""
    span = float(np.ptp(values)) if len(values) else 0.0
    return (values - values.min()) / span if span > 1e-9 else np.full(len(values), 0.5)


def _rank(values: F64 | Index) -> F64:
    """The place of each in their order, from 0; the first of equals first."""
    rank = np.zeros(len(values))
    rank[np.argsort(values, kind="stable")] = np.arange(len(values))
    return rank


def _steps(values: F64, most: int) -> tuple[F64, int]:
    """Which step each is in, of values 0..1, and how many steps there are: those side by side are in one, and where
    that were too many steps those close together are too."""
    close = SIDE_BY_SIDE
    while True:
        step, count = _together(values, close)
        if count <= most:
            return step, count
        close = min(1.25 * close, 1.0 / most)


def _together(values: F64, close: float) -> tuple[F64, int]:
    step = np.zeros(len(values))
    first, count = 0.0, 0
    for i in np.argsort(values, kind="stable").tolist():
        if not count or values[i] - first > close:
            first, count = float(values[i]), count + 1
        step[i] = count - 1
    return step, max(1, count)
