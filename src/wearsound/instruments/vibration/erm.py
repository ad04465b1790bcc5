"""ERMs: a voltage that spins a weight, kicked at a start and reversed at an end.

Strength goes as speed squared and pitch as speed, so an ERM is only ever told how strong. Wanted strength becomes a
wanted speed, at least SLOWEST, and the voltage is what its model says brings it there one hop after this one: above
rated at a start (and enough to start at all), nothing while it slows down a little, reversed only to stop.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wearsound.core import F64, Clock
from wearsound.garment.motor_kinds import Motion
from wearsound.garment.motor_models import KEEP, STANDS, START, Spinners
from wearsound.instruments.vibration.ramp import Ramp

SLOWEST = KEEP * 1.2
"""Of rated speed: the slowest that it keeps up, an eighth of its strength."""
STARTS = START * 1.2
"""Of rated voltage: what starts one that is a little stiffer than usual."""
GATE, GATE_OFF = 0.04, 0.02
"""Envelope from which a weight is spun at all, and below which it is stopped."""


class ErmDrive:
    """Some of them."""

    def __init__(self, own: Sequence[Motion], clock: Clock) -> None:
        hz, tau = np.array([each.hz for each in own]), np.array([each.tau for each in own])
        self._full = np.array([each.full for each in own])
        self._model = Spinners(hz, tau, clock.hop / clock.sample_rate)
        self._ramp = Ramp(len(own), clock)
        self.reset()

    def reset(self) -> None:
        """Still."""
        self._model.reset()
        self._ramp.reset()
        self._wanted = np.zeros(len(self._full), bool)

    def hop(self, wave: F64, env: F64, hz: F64) -> tuple[F64, F64, F64]:
        """One hop of drive, its level at the end and the pitch it spins at then."""
        kept, begins, ends = self._model.weights
        speed, was = self._model.speed, self._ramp.level / self._full
        self._wanted = env >= np.where(self._wanted, GATE_OFF, GATE)
        target = np.where(self._wanted, np.maximum(np.sqrt(env), SLOWEST), 0.0)
        pull = (target - kept * (kept * speed + begins * was)) / (kept * ends + 1.0 - kept)
        on = np.maximum(pull, np.where(speed < STANDS, STARTS, 0.0))
        level = self._ramp.reach(np.where(self._wanted, on, np.minimum(pull, 0.0)) * self._full)
        _, spun = self._model.step(was, level / self._full, hz)
        return self._ramp.draw(level), level, np.where((level != 0) | (spun > 0), spun, 0.0)
