"""A driver that keeps what is played, zone by zone, for files that are written when the song is over."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from wearsound.core import F32, F64, Clock, Index
from wearsound.felt import Drive
from wearsound.outputs.haptic.clicks import APART, clicks_in
from wearsound.outputs.haptic.played import Played, spaced


class ZoneLog:
    """Implements felt.Driver. `of_zone` are the actuators of each zone that has any, by its name.

    `full` says which level is full strength at pitches in Hz (any shape): an amplitude is a share of that, so that
    what a drive is equalised by for one kind of actuator is no swell and no click on another device. 1 if not given.
    """

    name = "haptic files"

    def __init__(
        self, of_zone: Mapping[str, Index | Sequence[int]], full: Callable[[F64], F64] | None = None
    ) -> None:
        self._full = full
        self._of_zone = {zone: np.asarray(of, np.intp) for zone, of in of_zone.items()}
        self._clock = Clock()
        self.open(self._clock)

    def open(self, clock: Clock) -> None:
        """Begin anew."""
        self._clock = clock
        self._level: list[F32] = []
        self._hz: list[F32] = []

    def drive(self, tick: int, gap: int, drive: Drive) -> None:
        """Keep one block; where hops were lost nothing was played. [engine thread]"""
        if gap:
            nothing = np.zeros((gap, drive.level.shape[1]), np.float32)
            self._level.append(nothing)
            self._hz.append(nothing)
        # Below zero a motor is braked: that is not felt, it ends what is felt.
        self._level.append(np.maximum(drive.level, 0.0).astype(np.float32))
        self._hz.append(drive.hz.astype(np.float32))

    def close(self) -> None:
        """Nothing is held."""

    def played(self) -> list[Played]:
        """Each zone in the garment's order; empty if nothing was heard. The strongest actuator speaks for its zone."""
        if not self._level:
            return []
        times = np.arange(1 + sum(map(len, self._level)), dtype=np.float64) * (
            self._clock.hop / self._clock.sample_rate
        )
        return [self._zone(zone, of, times) for zone, of in self._of_zone.items()]

    def _zone(self, zone: str, of: Index, times: F64) -> Played:
        level, hz = _from_rest(self._level, of), _from_rest(self._hz, of)
        if self._full is not None:
            level = np.minimum(level / self._full(hz), 1.0)
        clicks = [click for i in range(len(of)) for click in clicks_in(times, level[:, i], hz[:, i])]
        strongest, row = level.argmax(axis=1), np.arange(len(level))
        return Played(
            zone,
            times,
            level[row, strongest],
            hz[row, strongest],
            spaced(tuple(clicks), APART),
        )


def _from_rest(kept: list[F32], of: Index) -> F64:
    """What holds of some actuators at the end of each hop, and before the first hop nothing."""
    still = np.zeros((1, len(of)), np.float64)
    return np.concatenate([still, *(part[:, of] for part in kept)])
