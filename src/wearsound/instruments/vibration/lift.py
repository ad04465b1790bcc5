"""What is weaker than its wearer feels is lifted to where it is felt, softly and not from nothing.

`least` of an actuator is a drive (`wearsound calibrate vibration` finds it). An envelope from 0 to 1 then runs from
there to full; below FADES it still goes to nothing, so that what ends does end.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wearsound.core import F64, Clock
from wearsound.garment.motor_kinds import motion
from wearsound.garment.structure import Actuator

FADES = 0.05
"""Envelope from which a note is lifted all the way."""


class Lift:
    """The lift of every actuator; those without a `least` are left as they are."""

    def __init__(self, actuators: Sequence[Actuator], clock: Clock) -> None:
        self._least = np.array([_envelope(actuator) for actuator in actuators])
        self.idle = not self._least.any()
        self._rising: F64 = (np.arange(1, clock.hop + 1) / clock.hop)[:, None]
        self.reset()

    def reset(self) -> None:
        """As after silence."""
        self._gain: F64 = np.ones(len(self._least))

    def hop(self, wave: F64, size: F64) -> tuple[F64, F64]:
        """One hop of `wave` (hop, n) and where its envelope ends, `size` (n,) 0..1, lifted; gains never jump."""
        if self.idle:
            return wave, size
        lifted = size + self._least * (1.0 - size) * np.minimum(size / FADES, 1.0)
        gain = np.where(size > 0, lifted / np.where(size > 0, size, 1.0), 1.0)
        raised: F64 = wave * (self._gain + (gain - self._gain) * self._rising)
        self._gain = gain
        return raised, lifted


def _envelope(actuator: Actuator) -> float:
    """The envelope at which an actuator is driven as hard as its `least`."""
    if actuator.kind == "phone":
        return 0.0
    share = min(actuator.least / motion(actuator).full, 0.95)
    return share * share if actuator.kind == "erm" else share
