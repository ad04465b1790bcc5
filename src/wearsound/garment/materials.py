"""What a fabric does in its own time with what is sent to it."""

from __future__ import annotations

import numpy as np

from wearsound.core import F64
from wearsound.garment.document import Garment

ROOM = 22.0
"""Degrees C."""


class Cloth:
    """The fabrics of a garment; implements contracts.Cloth. [engine thread]"""

    def __init__(self, garment: Garment) -> None:
        self._n = len(garment.zones)
        self.reset()

    @property
    def dyed(self) -> F64:
        """How far each zone shows its dye, (n_zones,), 0..1."""
        return self._dyed

    @property
    def warm(self) -> F64:
        """How warm each zone is at the skin, (n_zones,), degrees C."""
        return self._warm

    def reset(self) -> None:
        """At rest, at the temperature of the room."""
        self._dyed = np.zeros(self._n)
        self._warm = np.full(self._n, ROOM)

    def step(self, drive: F64) -> None:
        """One light frame passes with `drive` (n_zones,), 0..1, at its wires."""
        self._dyed = drive.copy()
