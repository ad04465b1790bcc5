"""What each actuator can take of what it is asked: the last thing vibration's instrument does.

By kind: a waveform for what follows one, a resonance for an LRA, a voltage for an ERM, slots for a phone. In the drive
1 is the most an actuator is ever given, for a moment; full and steady is `Kind.full` of that (`garment.motor_kinds`),
so that an LRA or ERM has head-room to be kicked and braked. Levels run in straight lines from hop to hop, from 0 to 1
in RAMP at least.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from wearsound.core import F64, Clock, Index
from wearsound.felt import Drive
from wearsound.garment.document import Garment
from wearsound.garment.motor_kinds import FOLLOWS, motion
from wearsound.instruments.vibration.coil import CoilDrive
from wearsound.instruments.vibration.erm import ErmDrive
from wearsound.instruments.vibration.lift import Lift
from wearsound.instruments.vibration.lra import LraDrive
from wearsound.instruments.vibration.mix import columns
from wearsound.instruments.vibration.phone import PhoneDrive
from wearsound.instruments.vibration.steady import Steady

FLOOR = 1e-3
"""Of an envelope: less is nothing (-60 dB; no skin feels it), so that what only ever fades does end."""

_PARTS = ((CoilDrive, FOLLOWS), (LraDrive, {"lra"}), (ErmDrive, {"erm"}), (PhoneDrive, {"phone"}))


class _Part(Protocol):
    def reset(self) -> None: ...
    def hop(self, wave: F64, env: F64, hz: F64) -> tuple[F64, F64, F64]: ...


class Shape:
    """Every actuator of a garment."""

    def __init__(self, garment: Garment, clock: Clock) -> None:
        motions = [motion(actuator) for actuator in garment.actuators]
        self._hop = clock.hop
        self._lift = Lift(garment.actuators, clock)
        steered = np.array([i for i, each in enumerate(motions) if each.kind in ("lra", "erm")], np.intp)
        self._steered = columns(steered) if len(steered) else steered
        self._steady = Steady(len(steered), clock) if len(steered) else None
        self._parts: list[tuple[Index | slice, _Part]] = []
        for part, kinds in _PARTS:
            which = [i for i, each in enumerate(motions) if each.kind in kinds]
            if which:
                own = [motions[i] for i in which]
                self._parts.append((columns(np.array(which, np.intp)), part(own, clock)))

    def reset(self) -> None:
        """Still. [engine thread]"""
        self._lift.reset()
        if self._steady is not None:
            self._steady.reset()
        for _, part in self._parts:
            part.reset()

    def play(self, wave: F64, env: F64, hz: F64, out: Drive) -> None:
        """Fill `out` with what is asked, as far as each can do it. [engine thread]

        Asked: `wave` (n_hops * hop, n_actuators), `env` (the same) 0..1, its envelope, `hz` (n_hops, n_actuators).
        Numbers that are none count as 0.
        """
        hop = self._hop
        wave, env, hz = (_finite(asked) for asked in (wave, env, hz))
        for i in range(len(hz)):
            span = slice(i * hop, (i + 1) * hop)
            size = np.clip(env[span.stop - 1], 0.0, 1.0)
            if self._steady is not None:
                size[self._steered] = self._steady.hop(env[span, self._steered])
            size[size < FLOOR] = 0.0
            heard, size = self._lift.hop(wave[span], size)
            for which, part in self._parts:
                follows = heard[:, which] if isinstance(part, CoilDrive) else heard[:, :0]
                given = part.hop(follows, size[which], hz[i, which])
                out.wave[span, which], out.level[i, which], out.hz[i, which] = given


def _finite(asked: F64) -> F64:
    return asked if np.isfinite(asked).all() else np.nan_to_num(asked, nan=0.0, posinf=0.0, neginf=0.0)
