"""How cloth hangs that the bass line moves: a lane of three numbers made from a simulation, without audio."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from wearsound.analysis.gain import GRID, RANGE
from wearsound.analysis.hem import COLUMNS, REST, Hem
from wearsound.analysis.lows import shares
from wearsound.core import F64, Block, Clock, Spec

LANE = "drape"
"""What its features are called by: `drape.swing`."""

EVERY, PHASE = 4, 1
"""It moves on every fourth hop, when the tempo is looked at; between, its features glide."""
SIZE = 512
"""Window of the low lane, 85 ms."""
BASS = (40.0, 160.0)
"""Hz."""
FAINT, FULL = 0.25, 0.8
"""Of the bass as a feature 0..1: where it begins to push, and where it pushes fully."""

SLOW_SECONDS = 0.4
"""What has sounded for so long is no new note: it widens but pushes no more to a side."""
FOLLOW_SECONDS = 0.03
CALM = 0.02
"""A slow load below which the folds end their turn and stop."""
NOTE, ARMED = 0.12, 0.04
"""How far over the slow load a note begins, and under what the next can."""
PUSH, BLOW = 4.5, 1.0
UNEVEN = 0.5
FOLDS = 2
"""Folds round the hem: as many bulges."""
FOLD_RATE = 4.0
"""Radians a second at which they travel."""


class Drape:
    """A hanging hem (`hem.Hem`) whose load follows the bass of a lane, 40 to 160 Hz after its gain.

    The bass blows from within, unevenly: the bulges travel round. Each new note also pushes sideways, as long as
    it is new, and the next one to the other side, as a skirt swings on one and two. A steady drone only billows.
    Left alone it swings at 0.9 Hz with a damping of 0.22 and comes to rest: below 0.03 within 3 s, still within 5;
    the folds end their turn and stop where they began. One step, 21 ms, late.
    """

    specs = (
        Spec(
            "swing", "", -1.0, 1.0, 0.001, "how far the cloth's lower edge swings; each bass note pushes it"
        ),
        Spec("width", "", 0.0, 1.0, 0.001, "how much wider than hanging: the bass blows it open"),
        Spec("fold", "", 0.0, 1.0, 0.001, "where its folds are on their way round; 0 where it rests"),
    )
    latency = 0.0

    def prepare(self, clock: Clock) -> None:
        """Find memory and tables. [main thread]"""
        seconds = EVERY * clock.hop / clock.sample_rate
        self._hem = Hem(seconds)
        weights = shares(*BASS, SIZE, clock.sample_rate / 8)
        self._n_bins = int(np.flatnonzero(weights)[-1]) + 1
        self._weights = weights[: self._n_bins]
        self._slow_weight = clock.coefficient(SLOW_SECONDS / EVERY)
        self._weight = clock.coefficient(FOLLOW_SECONDS / EVERY)
        self._turn = round(FOLD_RATE * seconds / (2.0 * math.pi), 9)
        turns = np.arange(COLUMNS) * (FOLDS * 2.0 * math.pi / COLUMNS)
        self._crests: F64 = np.stack([np.cos(turns), np.sin(turns)]).round(12) * UNEVEN
        self.reset()

    def reset(self) -> None:
        """State to its start. [engine thread]"""
        self._hem.reset()
        self._load = self._slow = 0.0
        self._side = 1.0
        self._armed = True
        self._fold = 0.0
        self._before = self._now = (0.0, 0.0, 0.0)
        self._part = EVERY

    def process(self, block: Block, spectra: Any, out: F64) -> None:
        """Write (n_hops, 3) values. [engine thread]"""
        looks = spectra.looks(EVERY, PHASE)
        power = spectra.low_power(SIZE, EVERY, PHASE) if looks else ()
        if block.gap:
            self._part = EVERY
        for hop in range(block.n_hops):
            if hop in looks:
                gain = spectra.gain
                bass = power[(hop - looks.start) // EVERY][: self._n_bins] * self._weights
                self._look(float(np.add.reduce(bass)), float(gain.offsets[hop, 0, 0]), float(gain.fade[hop]))
                self._part = 0
            self._part = min(EVERY, self._part + 1)
            share = self._part / EVERY
            swing, width, fold = (a + (b - a) * share for a, b in zip(self._before, self._now, strict=True))
            out[hop] = swing, width, fold % 1.0

    def _look(self, power: float, offset: float, fade: float) -> None:
        """One step of the simulation."""
        bass = (10.0 / RANGE * math.log10(max(power, 1e-12)) + offset) * fade
        over = (min(FULL, max(FAINT, bass)) - FAINT) / (FULL - FAINT)
        wanted = math.floor(over * over * GRID + 0.5) / GRID
        self._load = _glide(self._load, wanted, self._weight)
        self._slow = _glide(self._slow, self._load, self._slow_weight)
        new = max(0.0, self._load - self._slow)
        if self._armed and new > NOTE:
            self._armed, self._side = False, -self._side
        elif new < ARMED:
            self._armed = True
        hem, turn = self._hem, 2.0 * math.pi * self._fold
        here, there = round(math.cos(turn), 9), round(math.sin(turn), 9)
        hem.step(
            PUSH * self._side * new, BLOW * self._load, 1.0 + here * self._crests[0] + there * self._crests[1]
        )
        fold = self._fold + self._turn
        if self._slow < CALM:
            fold = min(fold, 1.0) if self._fold else 0.0
        self._before = (*self._now[:2], self._fold)
        self._now = (_bounded(_shed(hem.side), -1.0), _bounded(_shed(hem.wide), 0.0), fold)
        self._fold = fold % 1.0


def _glide(value: float, to: float, weight: float) -> float:
    """One step of a one-pole towards `to`, which it reaches exactly."""
    value += weight * (to - value)
    return to if abs(to - value) < 1e-4 else value


def _shed(value: float) -> float:
    """Less by what counts as rest, so that coming to rest is no jump."""
    return math.copysign(max(0.0, abs(value) - REST), value) if value else 0.0


def _bounded(value: float, low: float) -> float:
    return min(1.0, max(low, value))
