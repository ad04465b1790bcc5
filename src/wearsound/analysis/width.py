"""How wide a stereo lane is."""

from __future__ import annotations

from typing import Any

import numpy as np

from wearsound.analysis.turns import glide
from wearsound.core import F64, MAX_HOPS, Block, Clock, Spec

AUDIBLE = 1e-5
"""Mean square of either side (-47 dB) above which it is listened to. The lane's gate is not asked: it
hears the sum, which sides out of phase do not have."""
SILENCE_SECONDS = 2.0
SMOOTH_SECONDS = 0.15
REST_SECONDS = 0.5


class Width:
    """Power of the sides' difference over that of sum and difference: the mid/side ratio of engineers.

    0 where both channels are the same (or there is only one), 0.5 where they have nothing in common or
    only one plays, 1 where one is the other turned over. Powers are smoothed over 150 ms, which is the
    latency; held while both sides are quieter than -47 dB, gliding to 0 once they were for 2 s. Of more
    than two channels the first two.
    """

    specs = (Spec("width", "", 0.0, 1.0, 0.001, "stereo: 0 mono, 0.5 two different sides, 1 out of phase"),)
    latency = 0.0

    def prepare(self, clock: Clock) -> None:
        """Find memory and tables. [main thread]"""
        self._hop = clock.hop
        self._smooth = clock.coefficient(SMOOTH_SECONDS)
        self._quiet_for_silence = clock.ticks(SILENCE_SECONDS)
        self._audible = AUDIBLE * 4.0 * clock.hop
        self._rest = clock.coefficient(REST_SECONDS)
        self._both: F64 = np.zeros((MAX_HOPS, clock.hop))
        self.reset()

    def reset(self) -> None:
        """State to its start. [engine thread]"""
        self._sum = self._difference = self._width = 0.0
        self._quiet = 0

    def process(self, block: Block, spectra: Any, out: F64) -> None:
        """Write (n_hops, 1) values. [engine thread]"""
        channels = spectra.channels
        if channels.shape[1] < 2:
            out[:] = 0.0
            return
        sides = channels.reshape(block.n_hops, self._hop, -1)
        left, right, both = sides[:, :, 0], sides[:, :, 1], self._both[: block.n_hops]
        powers = []
        for combine in (np.add, np.subtract):
            combine(left, right, out=both)
            np.multiply(both, both, out=both)
            powers.append(np.add.reduce(both, axis=1).tolist())
        for i, (total, difference) in enumerate(zip(*powers, strict=True)):
            self._follow(total, difference)
            out[i, 0] = self._width

    def _follow(self, total: float, difference: float) -> None:
        # Four mean squares of a side, whatever the sides have in common: the two add up to both sides twice.
        self._quiet = 0 if total + difference >= self._audible else self._quiet + 1
        if not self._quiet:
            self._sum += self._smooth * (total - self._sum)
            self._difference += self._smooth * (difference - self._difference)
            self._width = self._difference / (self._sum + self._difference)
        elif self._quiet >= self._quiet_for_silence:
            self._sum = self._difference = 0.0
            self._width = glide(self._width, 0.0, self._rest)
