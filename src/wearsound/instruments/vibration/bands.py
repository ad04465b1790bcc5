"""Bands of a lane: the sound of each, and how strongly it sounds at every sample."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

import numpy as np

from wearsound.cascade import Cascade
from wearsound.core import BANDS, F64, MAX_HOPS, Clock
from wearsound.felt import HIGHEST_SOUND
from wearsound.instruments.filters import band_pass, smoothing
from wearsound.instruments.vibration.lane import Lane

STEEPEST, LATEST = 5, 0.035
"""Order of a band's edges: as steep as it can be, up to 30 dB an octave, without coming later than that many seconds.
A band a place: half an octave outside it is 25 dB down. [20, 45] Hz is 33 ms late, [45, 160] 9: strokes wait for none.
"""

TWO_PHASE_BELOW = HIGHEST_SOUND
"""Hz: a band that begins below is measured from two phases, without ripple and without waiting for a period."""

QUICK = 80.0
"""Hz: how fast an envelope may move (4 ms late): faster than skin tells flutter from roughness."""

PITCH_SECONDS = 0.02
"""Seconds in which the pitch of a band as a whole follows."""

SILENCE = 1e-9
"""Sum of squares of a hop below which nothing turns: -115 dBFS."""


class Bands:
    """`amplitude` (n_bands, n): the peak of each band, of a steady sine. Valid until the next `take`. [engine thread]

    `hz`, by band, of those that are `pitched`: (n_hops,) Hz at which a low band turns as a whole, between its voices by
    their strength; 0 in silence. `shares` (n_bands,): amplitude of each in music, of the whole's root mean square.
    """

    def __init__(
        self, edges: Sequence[tuple[float, float]], clock: Clock, pitched: Collection[int] = ()
    ) -> None:
        self._rate, self._hop = clock.sample_rate, clock.hop
        self._weight = clock.coefficient(PITCH_SECONDS)
        self.shares = np.array([_share(*each) for each in edges])
        low = [each[0] < TWO_PHASE_BELOW for each in edges]
        for i in pitched:
            if not low[i]:
                raise ValueError(
                    f"a band from {edges[i][0]:g} Hz; only one from below {TWO_PHASE_BELOW:g} Hz has a pitch"
                )
        self._pitched = tuple(pitched)
        # The rows of low bands come first, two each, then one of each of the others.
        order = [i for i in range(len(edges)) if low[i]] + [i for i in range(len(edges)) if not low[i]]
        self._n_low = sum(low)
        self._order = np.array(order, np.intp)
        self._row: list[int] = [0] * len(edges)
        self._filters: list[tuple[Cascade, slice, bool]] = []
        row = 0
        for i in order:
            rows = 2 if low[i] else 1
            self._row[i] = row
            filters = Cascade(band_pass(*edges[i], _order(*edges[i]), clock), rows)
            self._filters.append((filters, slice(row, row + rows), low[i]))
            row += rows
        self._smooth = Cascade(smoothing(QUICK, clock), len(edges))
        self._memory: F64 = np.zeros(row * MAX_HOPS * clock.hop)
        self._rows: F64 = self._memory[:0].reshape(row, 0)
        self.amplitude: F64 = np.zeros((len(edges), 0))
        self.reset()

    def reset(self) -> None:
        """Nothing was heard."""
        for filters, _, _ in self._filters:
            filters.reset()
        self._smooth.reset()
        self._turns = [(band, _Turn()) for band in self._pitched]
        self.hz: dict[int, F64] = {}

    def take(self, lane: Lane) -> None:
        """Hear what the lane took."""
        n, n_rows = len(lane.mono), len(self._rows)
        rows = self._rows = self._memory[: n_rows * n].reshape(n_rows, n)
        for filters, which, low in self._filters:
            rows[which] = lane.pair if low else lane.mono
            filters.run(rows[which])
        power = rows * rows
        many = 2 * self._n_low
        squares: F64 = np.empty((len(self._order), n))
        np.add(power[:many:2], power[1:many:2], out=squares[: self._n_low])
        np.multiply(power[many:], 2.0, out=squares[self._n_low :])
        self._smooth.run(squares)
        np.sqrt(np.maximum(squares, 0.0, out=squares), out=squares)
        self.amplitude = np.empty_like(squares)
        self.amplitude[self._order] = squares
        for band, turn in self._turns:
            row = self._row[band]
            self.hz[band] = self._turning(turn, rows[row : row + 2])

    def sound(self, band: int) -> F64:
        """(n,): the band itself."""
        sound: F64 = self._rows[self._row[band]]
        return sound

    def _turning(self, turn: _Turn, pair: F64) -> F64:
        """Hz (n_hops,) of a band in two phases (2, n)."""
        both = np.concatenate([turn.last, pair], axis=1)
        turn.last = both[:, -1:].copy()
        (first, second), (now, then) = both[:, :-1], both[:, 1:]
        turned = (first * then - second * now).reshape(-1, self._hop).sum(axis=1)
        sounded = (first * now + second * then).reshape(-1, self._hop).sum(axis=1)
        hz = np.zeros(len(turned))
        for i, (angle, sound) in enumerate(zip(turned.tolist(), sounded.tolist(), strict=True)):
            turn.turned += (angle - turn.turned) * self._weight
            turn.sounded += (sound - turn.sounded) * self._weight
            if turn.sounded > SILENCE:
                hz[i] = abs(turn.turned) / turn.sounded
        return hz * (self._rate / (2.0 * math.pi))


class _Turn:
    """What is carried to read one band's pitch."""

    def __init__(self) -> None:
        self.last: F64 = np.zeros((2, 1))
        self.turned = self.sounded = 0.0


def _order(low: float, high: float) -> int:
    """A Butterworth band of order n and width B is late by 0.65 n / (pi B), nearly."""
    return max(2, min(STEEPEST, int(LATEST * math.pi * (high - low) / 0.65)))


def _share(low: float, high: float) -> float:
    """How much of music's amplitude lies between, by its slope of -4.5 dB an octave; 0.6 in the bass band."""

    def power(low: float, high: float) -> float:
        return 1.0 / math.sqrt(low) - 1.0 / math.sqrt(high)

    return 0.6 * math.sqrt(2.0) * math.sqrt(power(low, high) / power(*BANDS["bass"]))
