"""Dye: how far each zone's cloth is asked to take its dye, sixty times a second; the fabric takes its own time."""

from __future__ import annotations

import numpy as np

from wearsound.core import F64, LIGHT_RATE, Block, Clock, Spec
from wearsound.garment.document import Garment
from wearsound.instruments.light import ZONE_CONTROLS


class Dye:
    """Plays `dye` of every zone as the drive of its fabric."""

    specs: tuple[Spec, ...] = ZONE_CONTROLS

    def __init__(self, garment: Garment) -> None:
        names = [spec.name for spec in ZONE_CONTROLS]
        self._dye = np.arange(len(garment.zones)) * len(names) + names.index("dye")
        self._clock = Clock()

    def prepare(self, clock: Clock) -> None:
        """[main thread]"""
        self._clock = clock

    def reset(self) -> None:
        """[engine thread]"""

    def play(self, block: Block, features: F64, controls: F64, out: F64) -> None:
        """Fill `out` (n_due, n_zones) with the drive 0..1, a row a light frame due. [engine thread]"""
        for row, hop in enumerate(self._clock.due_hops(block.tick, block.n_hops, LIGHT_RATE)):
            out[row] = np.clip(controls[hop][self._dye], 0.0, 1.0)
