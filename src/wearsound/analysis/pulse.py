"""Where in the beat we are, and how fast: a belief over (tempo, phase) that only knows the past."""

from __future__ import annotations

import math

import numpy as np

from wearsound.analysis.gain import GRID
from wearsound.core import F64

SLOWEST, FASTEST = 54.0, 216.0
"""Beats a minute."""
LIKELY, LIKELY_OCTAVES = 118.0, 0.5
"""Centre and width (standard deviation) of the prior over tempo."""
PREFERRED_OCTAVES = 0.2
"""Width of the prior about a tempo that a hand has asked for."""
BEAT_SECONDS = 0.022
"""A beat is heard at the start of its period for so long, whatever the tempo, lest slow ones be punished."""
STEADINESS = 50.0
"""A tempo may change at a beat, with weight exp(-STEADINESS * |new / old - 1|)."""
REACH = 4
PREFERENCE = 0.5
"""The prior to this power is felt again at each beat, or whatever fills the gaps would double the tempo."""
EXPECTED = 0.7
NEWS = 0.03
"""Belief a second that begins anew, at any tempo and any moment, so that another phase can win."""


class Pulse:
    """A hidden Markov model over (tempo, phase) with a causal forward pass.

    States are every whole number of steps that a beat may last, times the steps of that beat; a step
    moves every state on by one, so tempo changes only at a beat (bar pointer: Whiteley, Cemgil &
    Godsill 2006; the state space of Krebs, Boeck & Widmer 2015). After `step`: `tempo` beats a step,
    `phase` 0..1 (0 = on the beat), `sureness` 0..1.
    """

    def __init__(self, steps_per_second: float) -> None:
        periods = np.arange(
            math.ceil(60.0 * steps_per_second / FASTEST), math.floor(60.0 * steps_per_second / SLOWEST) + 1
        )
        self._periods = periods.astype(np.float64)
        self._starts = np.concatenate(([0], np.cumsum(periods)[:-1]))
        self._ends = np.cumsum(periods) - 1
        n_states = int(self._ends[-1]) + 1
        self._period_list: list[int] = periods.tolist()
        self._start_list: list[int] = [*self._starts.tolist(), n_states]
        self._tempi = 60.0 * steps_per_second / self._periods
        self._lengths = periods
        self._steps_per_second = steps_per_second
        heard = max(1, round(BEAT_SECONDS * steps_per_second))
        self._after_beat = np.concatenate([self._starts + i for i in range(1, heard)] or [self._starts[:0]])
        turns = np.concatenate([np.arange(p) / p for p in periods]) * (2.0 * np.pi)
        # What the belief is summed with: east, north, and as it is.
        self._circle = np.stack([np.round(np.cos(turns), 9), np.round(np.sin(turns), 9), np.ones(n_states)])
        self._any_moves = _moves(self._periods)
        padded = np.zeros(len(periods) + 2 * REACH)
        self._last, self._shifted = padded[REACH:-REACH], _shifted(padded)
        self._moved, self._begun = np.zeros_like(self._any_moves), np.zeros(len(periods))
        self._belief, self._next = np.zeros(n_states), np.zeros(n_states)
        self.reset()

    def reset(self) -> None:
        """Believe the prior: any phase, likely tempi first."""
        self.prefer(0.0)
        self._belief[:] = self._start
        self._sum = 1.0
        self.tempo = 0.0
        self.phase = 0.0
        self.sureness = 0.0

    def prefer(self, tempo: float) -> None:
        """From now on think tempi near `tempo` (beats a step) likely; 0 for those that music usually has."""
        centre, width = LIKELY, LIKELY_OCTAVES
        if tempo > 0.0:
            centre, width = tempo * 60.0 * self._steps_per_second, PREFERRED_OCTAVES
        octaves = np.log2(self._tempi / centre) / width
        prior = np.exp(-0.5 * octaves * octaves)
        self._moves = self._any_moves * np.round(prior**PREFERENCE, 9)
        self._prior = np.round(prior / prior.sum(), 9)
        self._start = np.repeat(self._prior / self._periods, self._lengths)
        self._news = self._prior * (NEWS / self._steps_per_second)

    def expect(self, tempo: float, phase: float) -> None:
        """After a break: believe a tempo (beats a step) and phase, without being certain."""
        group = int(np.abs(self._periods * tempo - 1.0).argmin())
        period, start = self._period_list[group], self._start_list[group]
        self._belief[:] = self._start * (1.0 - EXPECTED)
        for away, share in ((-1, 0.25), (0, 0.5), (1, 0.25)):
            self._belief[start + (round(phase * period) + away) % period] += EXPECTED * share
        self._sum = 1.0

    def step(self, evidence: float) -> None:
        """Move on by one step; `evidence` says how much likelier what was heard is on a beat than off."""
        new, scale = self._next, 1.0 / self._sum
        np.multiply(self._belief[:-1], scale, out=new[1:])
        np.multiply(self._belief.take(self._ends), scale, out=self._last)
        np.multiply(self._shifted, self._moves, out=self._moved)
        begun = np.add.reduce(self._moved, axis=0, out=self._begun)
        begun += self._news
        if evidence != 1.0:
            begun *= evidence
            new[self._after_beat] *= evidence
        new[self._starts] = begun
        self._belief, self._next = new, self._belief
        tempi = np.add.reduceat(new, self._starts)
        self._sum = float(np.add.reduce(tempi))
        self._read(tempi)

    def _read(self, tempi: F64) -> None:
        """The best tempo with its neighbours, and the phase they agree on."""
        share = np.rint(tempi * (GRID / self._sum))
        best = int(share.argmax())
        low, high = max(0, best - 2), min(len(share), best + 3)
        near = share[low:high].tolist()
        weight = sum(near)
        if weight <= 0.0:
            return
        slower, periods = 0.0, self._period_list[low:high]
        for part, period in zip(near, periods, strict=True):
            slower += part * period
        self.tempo = weight / slower
        first, last = self._start_list[low], self._start_list[high]
        x, y, mass = np.add.reduce(self._circle[:, first:last] * self._belief[first:last], axis=1).tolist()
        self.phase = math.floor(math.atan2(y, x) / (2.0 * math.pi) * GRID + 0.5) / GRID % 1.0
        agreement = math.sqrt(x * x + y * y) / mass
        self.sureness = math.floor(agreement * weight + 0.5) / GRID


def _moves(periods: F64) -> F64:
    """Weights (2 * REACH + 1, n) of coming to each tempo from its neighbours in the padded row."""
    n = len(periods)
    moves = np.zeros((2 * REACH + 1, n))
    for source in range(n):
        targets = np.arange(max(0, source - REACH), min(n, source + REACH + 1))
        weights = np.exp(-STEADINESS * np.abs(periods[targets] / periods[source] - 1.0))
        weights /= weights.sum()
        for target, weight in zip(targets, weights, strict=True):
            moves[source - target + REACH, target] = round(float(weight), 9)
    return moves


def _shifted(padded: F64) -> F64:
    """Row d is the last states as seen from REACH - d tempi away."""
    n = len(padded) - 2 * REACH
    step = padded.itemsize
    rows: F64 = np.ndarray((2 * REACH + 1, n), np.float64, padded, 0, (step, step))
    return rows
