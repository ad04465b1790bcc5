"""LRAs: a sine at their own resonance times an envelope, kicked where it rises and braked where it falls.

Left to itself an LRA nears a new amplitude in its own time constant, 2.3 of it to 90 %. So the drive is what its model
says lets the amplitude arrive one hop after this one, as far as drive and ramp reach: above rated at a start, phase
flipped (a negative level) at an end. Only the amplitude is free: pitch becomes rhythm and strength.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wearsound.core import F64, Clock
from wearsound.garment.motor_kinds import Motion
from wearsound.garment.motor_models import answer
from wearsound.instruments.vibration.ramp import Ramp

STILL = 0.02
"""Of rated swing: what is left of a note is not braked further, since no model is true to the last."""


class LraDrive:
    """Some of them."""

    def __init__(self, own: Sequence[Motion], clock: Clock) -> None:
        self._hz = np.array([each.hz for each in own])
        self._full = np.array([each.full for each in own])
        self._weights = answer(np.array([each.tau for each in own]), clock.hop / clock.sample_rate)
        self._turn = self._hz / clock.sample_rate
        self._hop = clock.hop
        angle = 2.0 * np.pi * (np.arange(1, clock.hop + 1)[:, None] * self._turn)
        self._sin, self._cos = np.round(np.sin(angle), 15), np.round(np.cos(angle), 15)
        self._ramp = Ramp(len(own), clock)
        self.reset()

    def reset(self) -> None:
        """Still."""
        self._swing: F64 = np.zeros(len(self._hz))
        self._phase: F64 = np.zeros(len(self._hz))
        self._ramp.reset()

    def hop(self, wave: F64, env: F64, hz: F64) -> tuple[F64, F64, F64]:
        """One hop of drive, its level at the end and its pitch."""
        kept, begins, ends = self._weights
        was = self._ramp.level / self._full
        arrives = env - kept * (kept * self._swing + begins * was)
        wanted = arrives / (kept * ends + 1.0 - kept)
        wanted = np.where((env == 0) & (np.abs(self._swing) < STILL), 0.0, wanted)
        level = self._ramp.reach(wanted * self._full)
        swing = kept * self._swing + begins * was + ends * (level / self._full)
        self._swing = np.where((np.abs(swing) < 1e-6) & (level == 0), 0.0, swing)
        driven = (level != 0) | (was != 0)
        sine = self._sines(bool(driven.any()))
        return self._ramp.draw(level) * sine, level, np.where(driven, self._hz, 0.0)

    def _sines(self, driven: bool) -> F64 | float:
        """One hop, each at its own resonance, 0 if none is driven.

        The phase runs on all the same: it is known at any sample of a show, and who reads a wave later can tell a
        brake from a kick (`show.lra_levels`).
        """
        start = 2.0 * np.pi * self._phase
        self._phase = np.round((self._phase + self._hop * self._turn) % 1.0, 12)
        if not driven:
            return 0.0
        sines: F64 = np.sin(start) * self._cos + np.cos(start) * self._sin
        return sines
