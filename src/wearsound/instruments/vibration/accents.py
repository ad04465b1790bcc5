"""Clicks that can be told apart: one accent at a time on one spot of skin."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wearsound.core import F64, Clock, Index, Mask
from wearsound.garment.sites import Sites
from wearsound.instruments.vibration.strokes import APART

NEAR = 4.0
"""Cm: actuators nearer than this on one figure are one spot (two-point distance on back and upper arm: 4 cm)."""

LONG_AGO = -(2**60)


class Accents:
    """Which click of which line reaches which actuator. `wheres` are the actuators of each line. [engine thread]"""

    def __init__(self, places: Sites, wheres: Sequence[Index], clock: Clock) -> None:
        self._hop, self._apart = clock.hop, round(APART * clock.sample_rate)
        away = places.at[:, None] - places.at[None]
        near = (away * away).sum(axis=-1) < NEAR * NEAR
        near &= places.figure[:, None] == places.figure[None]
        np.fill_diagonal(near, True)
        self._near: list[Index] = [np.flatnonzero(row) for row in near]
        self._own, self._wheres = len(wheres), list(wheres)
        self.reset()

    def reset(self) -> None:
        """No accent was felt."""
        del self._wheres[self._own :]
        self._last = np.full(len(self._near), LONG_AGO)
        self._open: list[Mask] = [np.ones(len(where), bool) for where in self._wheres]

    def inherit(self, old: Accents, same: Sequence[tuple[int, int]], leaving: Sequence[int]) -> None:
        """Go on from where `old` is, on the same body; `same` are pairs of lines, ours and its.

        Its lines `leaving` come behind ours for a while: two shows share the skin, and a click of either is judged by
        the one before it, in whatever blocks they come.
        """
        self._last = old._last
        for line, before in same:
            self._open[line] = old._open[before]
        self._wheres += [old._wheres[line] for line in leaving]
        self._open += [old._open[line] for line in leaving]

    def only(self, lines: Sequence[int]) -> None:
        """The others, of those that leave, are no more."""
        self._wheres = [self._wheres[line] for line in lines]
        self._open = [self._open[line] for line in lines]

    def gates(
        self, tick: int, n_hops: int, strokes: Sequence[Sequence[tuple[int, float]]], gains: Sequence[F64]
    ) -> list[F64]:
        """Gates (n_hops or 1, n) 0 or 1 of each line: shut from the hop in which a click begins too soon.

        `strokes`: of each line, (sample of the block, strength). `gains` (n_hops, n) of each line: an actuator that
        plays none of it is left free. Of those that begin together the strongest is felt.
        """
        gates = [opened[None].astype(float) for opened in self._open]
        begins = sorted((at, -strength, line) for line, found in enumerate(strokes) for at, strength in found)
        for at, _, line in begins:
            hop, now = at // self._hop, tick * self._hop + at
            where = self._wheres[line]
            free = now - self._last[where] >= self._apart
            self._open[line] = free
            if len(gates[line]) != n_hops:
                gates[line] = np.repeat(gates[line], n_hops, axis=0)
            gates[line][hop:] = free
            for actuator in where[free & (gains[line][hop] > 0.0)].tolist():
                self._last[self._near[actuator]] = now
        return gates
