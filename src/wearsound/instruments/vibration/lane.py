"""One lane of sound as vibration hears it: clean, in two phases, and how loud it has been of late."""

from __future__ import annotations

import math

import numpy as np

from wearsound.cascade import Cascade
from wearsound.core import F64, MAX_HOPS, Block, Clock
from wearsound.instruments.filters import all_pass

LOUDEST = 8.0
"""Samples beyond this (18 dB over full scale) are broken, not loud."""

COSINE, SINE = (12.279395, 187.440611), (55.484241, 846.947246)
"""Hz: poles of two all-passes whose phases stay 90 degrees apart within 3.3 from 20 to 520 Hz (found by search)."""

RISE, FALL = 0.3, 20.0
"""Seconds in which the recent loudness follows what is louder, and what is quieter (an artist's choice)."""

FLOOR, BEGINS = 1e-5, 2e-3
"""Mean square: what is below -50 dBFS is not made more of, and a show is taken to begin at -27 dBFS."""

TYPICAL = 0.2
"""Root mean square of loud music, -14 dBFS."""

HUSH = 1e-18
"""What filters are fed in silence, -360 dBFS: numbers so small that processors slow down never come about."""


class Lane:
    """`mono` (n_hops * hop,): the mean of its channels. `pair` (2, n_hops * hop): the same in two phases that are 90
    degrees apart, if `low`. `reference` (n_hops + 1,): the amplitude that loud music has of late, at the start and at
    the end of each hop. Valid until the next `take`.
    """

    def __init__(self, name: str, clock: Clock, *, low: bool) -> None:
        self._name, self._clock, self._low = name, clock, low
        self._rise, self._fall = clock.coefficient(RISE), clock.coefficient(FALL)
        self._phases = [Cascade(all_pass(poles, clock)) for poles in (COSINE, SINE)] if low else []
        self._mono_all: F64 = np.zeros(MAX_HOPS * clock.hop)
        self._pair_all: F64 = np.zeros(2 * MAX_HOPS * clock.hop)
        self._hush = HUSH * (1.0 - 2.0 * (np.arange(clock.hop) % 5 % 2))
        self.mono, self.pair, self.reference = (
            self._mono_all[:0],
            self._pair_all[:0].reshape(2, 0),
            np.zeros(1),
        )
        self.reset()

    def reset(self) -> None:
        """Nothing was heard."""
        self._power = BEGINS
        self._before = _reference(BEGINS)
        for phase in self._phases:
            phase.reset()

    def inherit(self, old: Lane) -> None:
        """What was loud of late is known; its phases begin anew."""
        self._power, self._before = old._power, old._before

    def take(self, block: Block) -> None:
        """Hear a block; a lane that the input does not have is silent. [engine thread]"""
        hop = self._clock.hop
        size = block.n_hops * hop
        mono = self.mono = self._mono_all[:size]
        columns = block.lanes.get(self._name, ())
        mono[:] = 0.0
        for column in columns:
            mono += block.samples[:, column]
        if len(columns) > 1:
            mono *= 1.0 / len(columns)
        rows = mono.reshape(block.n_hops, hop)
        totals = np.add.reduce(rows * rows, axis=1).tolist()
        # Not >, so that NaN is caught too: it is neither.
        if not all(total <= LOUDEST * LOUDEST for total in totals):
            mono[~(np.abs(mono) <= LOUDEST)] = 0.0
            totals = np.add.reduce(rows * rows, axis=1).tolist()
        self.reference = np.empty(block.n_hops + 1)
        self.reference[0] = self._before
        for i, total in enumerate(totals):
            way = total / hop - self._power
            self._power += way * (self._rise if way > 0.0 else self._fall)
            self.reference[i + 1] = _reference(self._power)
        self._before = float(self.reference[-1])
        rows += self._hush
        if self._low:
            self.pair = self._pair_all[: 2 * size].reshape(2, size)
            self.pair[:] = mono
            for phase, row in zip(self._phases, self.pair, strict=True):
                phase.run(row[None])


def _reference(power: float) -> float:
    """Three quarters of the way (in dB) from loud music's amplitude to what was heard of late: a quiet mix is felt
    almost as a loud one, and louder is still more. By roots alone, which every machine gives alike."""
    quarter = math.sqrt(math.sqrt(max(power, FLOOR)))
    return quarter * math.sqrt(quarter) * math.sqrt(math.sqrt(TYPICAL))
