"""Strokes: when something is struck in a band, to the millisecond and before the hop is over."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from wearsound.cascade import Cascade
from wearsound.core import F64, Clock
from wearsound.instruments.filters import band_pass

Edges = tuple[float, float]

STEP = 64
"""Samples to a step: 1.3 ms at 48 kHz."""
KICKS_BELOW = 100.0
"""Hz: in a band that begins below, a stroke is a kick drum."""
SWEEP = (130.0, 300.0)
"""Hz: where a kick's pitch begins. Its upper end tells it from a bass note; its lower end is the bass note's."""
ABOVE = (550.0, 1000.0)
"""Hz: what rises here as well is a stab or a snare and no kick."""
VETO = 4.0
"""A kick's sweep rises so much further than what is above it."""

FALL = 0.008
"""Seconds in which the quick envelope falls to a third: it bridges half a period of the lowest pitch in a band."""
BED_UP, BED_DOWN = 0.30, 0.10
"""Seconds of the slow envelope, what goes on in the band all the time."""
OVER_BED, OVER_NARROW_BED, NARROW = 3.0, 4.2, 600.0
"""Times the bed, and Hz of width below which a band is narrow: its noise is 3.5 times its own mean once in minutes
(Rayleigh) and more while it swells; wider ones waver less."""
OVER_PAST = 1.8
"""Times the most of what was just before, PAST_TO to PAST_FROM seconds ago: a swell is not so steep."""
PAST_FROM, PAST_TO = 0.045, 0.008
OVER_WONT, STANDS_OUT = 0.3, 0.6
"""Times the latest strokes, where it rises and by when it is confirmed: what is weaker is a ghost beside them, and the
stronger wins."""
WONT, REMEMBERED = 2.0, 10.0
"""Seconds in which the latest strokes are forgotten to a third, as a threshold and as what a strength is told by."""
FAINT = 0.003
"""Amplitude (rms): what is weaker in the band is silence, -50 dBFS."""
CONFIRM = 2
"""Steps that a rise must last; what it reached by then is its strength."""
APART = 0.100
"""Seconds between two accents on one band or spot: what comes sooner is masked by what went before."""
GRID = 2.0**20
"""Whatever decides is rounded, so that a last bit does not."""


class _Weights(NamedTuple):
    """Of one step."""

    fall: float
    up: float
    down: float
    forget: float
    remember: float


class Strokes:
    """Onsets in `band` (Hz), causal, on a grid of STEP samples; a low band's are kicks. [engine thread]

    A quick envelope (rms of a step, its peaks held some milliseconds) against a slow one and against what was just
    before. It tells CONFIRM steps after it has risen: 4 ms after a clean start, 5 to 6 in music.
    """

    def __init__(self, band: Edges, clock: Clock) -> None:
        rate = clock.sample_rate
        self._step = math.gcd(STEP, clock.hop)
        kick = band[0] < KICKS_BELOW
        self._over_bed = OVER_NARROW_BED if kick or band[1] - band[0] < NARROW else OVER_BED
        edges = [SWEEP, ABOVE] if kick else [(band[0], min(band[1], 0.45 * rate))]
        self._filters = [Cascade(band_pass(*pair, 2, clock)) for pair in edges]
        step = self._step / rate
        self._weights = _Weights(
            round(math.exp(-step / FALL), 9),
            round(1.0 - math.exp(-step / BED_UP), 9),
            round(1.0 - math.exp(-step / BED_DOWN), 9),
            round(math.exp(-step / WONT), 9),
            round(math.exp(-step / REMEMBERED), 9),
        )
        self._past = round(PAST_FROM / step)
        self._gap = round(PAST_TO / step)
        self._apart = math.ceil(APART / step)
        self.reset()

    def reset(self) -> None:
        """Silence was heard. [engine thread]"""
        for filters in self._filters:
            filters.reset()
        self._quick = [0.0] * len(self._filters)
        self._bed = [0.0] * len(self._filters)
        self._history = [[0.0] * self._past for _ in self._filters]
        self._wont = self._most = 0.0
        self._since = self._apart
        self._rising = 0
        self._from = [0.0] * len(self._filters)

    def find(self, samples: F64) -> list[tuple[int, float]]:
        """The strokes of a block (n,), whole hops: (sample, strength 0..1), at least APART seconds apart."""
        found: list[tuple[int, float]] = []
        for k, levels in enumerate(self._levels(samples)):
            strength = self._look(levels)
            if strength > 0.0:
                found.append((k * self._step, strength))
        return found

    def _levels(self, samples: F64) -> list[tuple[float, ...]]:
        """The rms of each step in each filter."""
        columns = []
        for filters in self._filters:
            passed = samples[None].copy()
            filters.run(passed)
            steps = passed.reshape(-1, self._step)
            power = np.einsum("ij,ij->i", steps, steps) / self._step
            columns.append((np.rint(np.sqrt(power) * GRID) / GRID).tolist())
        return list(zip(*columns, strict=True))

    def _look(self, levels: tuple[float, ...]) -> float:
        """One step: the strength of the stroke that it confirms, 0 where there is none."""
        weights = self._weights
        past = [max(history[: self._past - self._gap]) for history in self._history]
        for i, level in enumerate(levels):
            quick = max(level, self._quick[i] * weights.fall)
            bed = self._bed[i]
            self._bed[i] = bed + (weights.up if quick > bed else weights.down) * (quick - bed)
            self._quick[i] = quick
            self._history[i].append(quick)
            del self._history[i][0]
        self._wont *= weights.forget
        self._most *= weights.remember
        self._since += 1
        quick = self._quick[0]
        if self._rising:
            self._rising += 1
            if self._rising <= CONFIRM:
                return 0.0
            self._rising = 0
            return self._confirm()
        least = max(FAINT, self._over_bed * self._bed[0], OVER_PAST * past[0], OVER_WONT * self._wont)
        if quick > least and self._since >= self._apart - CONFIRM:
            self._rising = 1
            self._from = past
        return 0.0

    def _confirm(self) -> float:
        """Whether a rise that has lasted is a stroke, and how strong."""
        rises = [quick - before for quick, before in zip(self._quick, self._from, strict=True)]
        if len(rises) > 1 and rises[0] < VETO * rises[1]:
            return 0.0
        if rises[0] < STANDS_OUT * self._wont:
            return 0.0
        self._since = 0
        self._wont = max(self._wont, rises[0])
        self._most = max(self._most, rises[0])
        return math.floor(64.0 * rises[0] / self._most + 0.5) / 64.0
