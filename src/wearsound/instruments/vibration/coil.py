"""Voice coils, exciters, piezos: the waveform itself, without what is heard and not felt.

What is asked is taken down to rated drive, what is more than that bends softly, and then everything from 1 kHz up is
at least 44 dB down (Chebyshev II, order 5; 0.8 dB at 500 Hz, 0.8 ms late), the overtones of the bending too. Below
20 Hz it fades: a constant voltage heats a coil and moves nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wearsound.cascade import Cascade
from wearsound.core import F64, Clock
from wearsound.garment.motor_kinds import Motion
from wearsound.instruments.filters import ends_at, high_pass

ENDS = 1000.0
"""Hz: above it skin feels nothing and ears do."""
DOWN = 44.0
"""dB, at least, from there up."""
BEGINS = 20.0
"""Hz."""
HEADROOM = 0.08
"""What bending may add to rated drive: a tone bent into a square of that is 4 / pi as strong, just under 1."""
_QUIET = 1e-7


class CoilDrive:
    """Some of them."""

    def __init__(self, own: Sequence[Motion], clock: Clock) -> None:
        sections = [high_pass(BEGINS, 2, clock), ends_at(ENDS, DOWN, 5, clock)]
        self._filter = Cascade(np.concatenate(sections), len(own))
        self._full = np.array([each.full for each in own])
        self.reset()

    def reset(self) -> None:
        """Still."""
        self._filter.reset()
        self._rests = True

    def hop(self, wave: F64, env: F64, hz: F64) -> tuple[F64, F64, F64]:
        """One hop of drive, its level at the end and its pitch."""
        level = self._full * env
        pitch = np.where(level > 0, hz, 0.0)
        if self._rests and not wave.any():
            return wave, level, pitch
        bent = self._bent(wave * self._full)
        driven = np.ascontiguousarray(bent.T)
        self._filter.run(driven)
        memory = self._filter.memory
        quiet = (np.abs(memory).max(axis=(1, 2)) < _QUIET) & ~wave.any(axis=0)
        memory[quiet] = 0.0
        self._rests = bool(quiet.all())
        return np.minimum(np.maximum(driven, -1.0, out=driven), 1.0, out=driven).T, level, pitch

    def _bent(self, wave: F64) -> F64:
        """As it is up to rated drive; beyond, it nears HEADROOM more and never gets there."""
        over = (np.abs(wave) - self._full) / HEADROOM
        if over.max() <= 0:
            return wave
        over = np.maximum(over, 0.0)
        within = np.clip(wave, -self._full, self._full)
        bent: F64 = within + np.sign(wave) * HEADROOM * (over / (1.0 + over))
        return bent
