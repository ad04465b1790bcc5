"""Steps a minute: what repeats in a movement, two seconds to a third of a second apart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wearsound.core import F64, Clock

EVERY = 4
"""Hops whose mean is one sample here: 46.9 a second."""
SECONDS = 4.0
"""What is looked at, newest last: two of the slowest periods."""
LOOK = 24
"""Samples between looks: about half a second."""
SLOWEST, FASTEST = 0.5, 3.0
"""Hz; people walk at 1.5 to 2.2 steps a second and run at up to 3."""
SURE = 0.5
"""How like itself a movement must be a period later, -1..1, to have a cadence."""
NEAREST = 0.7
"""Of the best likeness: the shortest period that is so good is the step, longer ones are two steps, three."""
FAINT = 0.3
"""Root mean square of the movement below which nothing repeats but noise, m/s2 (rad/s where there is no acceleration;
a guess: a tenth of a slow walk's)."""


class Cadence:
    """Autocorrelation of a movement in three axes, summed: it does not matter how the sensor hangs."""

    def __init__(self, clock: Clock) -> None:
        self._rate = clock.sample_rate / (clock.hop * EVERY)
        self._n = round(SECONDS * self._rate)
        self._lags = (int(self._rate / FASTEST), round(self._rate / SLOWEST) + 1)
        self._x: F64 = np.zeros((3, self._n))
        self.reset()

    def reset(self) -> None:
        """As before anything moved. [engine thread]"""
        self._x[:] = 0.0
        self._sum = [0.0, 0.0, 0.0]
        self._hops = self._count = 0
        self.steps = 0.0
        """Steps a minute, 0 where nothing repeats. It changes every half second."""

    def hear(self, vector: Sequence[float]) -> None:
        """One hop of the movement passes, its mean near 0. [engine thread]"""
        total = self._sum
        for axis in range(3):
            total[axis] += vector[axis]
        self._hops += 1
        if self._hops < EVERY:
            return
        self._x[:, :-1] = self._x[:, 1:]
        for axis in range(3):
            self._x[axis, -1] = total[axis] / EVERY
            total[axis] = 0.0
        self._hops = 0
        self._count = (self._count + 1) % LOOK
        if self._count == 0:
            self.steps = self._look()

    def _look(self) -> float:
        shortest, longest = self._lags
        length = self._n - longest - 1
        x = self._x - (np.add.reduce(self._x, axis=1) / self._n)[:, None]
        # Row r of `back` is the newest stretch, r samples earlier.
        back = np.lib.stride_tricks.sliding_window_view(x, length, axis=1)[:, ::-1]
        back = back[:, : longest + 2]
        power = np.add.reduce(np.add.reduce(back * back, axis=2), axis=0)
        if power[0] < FAINT * FAINT * length:
            return 0.0
        alike = np.add.reduce(np.add.reduce(back * back[:, :1], axis=2), axis=0)
        alike /= np.sqrt(power * power[0]) + 1e-9
        middle = alike[shortest : longest + 1]
        peaks = (middle >= alike[shortest - 1 : longest]) & (middle > alike[shortest + 1 : longest + 2])
        places = np.flatnonzero(peaks & (middle >= SURE))
        if not len(places):
            return 0.0
        good = places[middle[places] >= NEAREST * middle[places].max()]
        lag = int(good[0]) + shortest
        before, here, after = (float(alike[lag + k]) for k in (-1, 0, 1))
        lag_fine = lag + 0.5 * (before - after) / (before - 2.0 * here + after)
        return 60.0 * self._rate / lag_fine
