"""Dye: how far each zone's cloth is driven towards its dye, sixty times a second; the fabric takes its own time.

Slow fabric is led by phrases (`phrase.py`) whatever a route's attack says. A cell is told the colour that is wanted;
a heater the share of its power whose steady warmth gives that colour (`garment.thermochromic`). Cloth that cannot
change has no wire.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wearsound.core import F64, LIGHT_RATE, Block, Clock, Spec, index_of
from wearsound.garment import thermochromic
from wearsound.garment.document import Garment
from wearsound.garment.materials import SLOW
from wearsound.instruments.light import ZONE_CONTROLS
from wearsound.instruments.phrase import PhraseMean

TURN = 0.02
"""How far a wish must come back before it counts as coming back: a heater does not switch for less."""


class Dye:
    """Plays `dye` of every zone as the drive of its fabric; `features` are the ear's specs, for the tempo."""

    specs: tuple[Spec, ...] = ZONE_CONTROLS

    def __init__(self, garment: Garment, features: Sequence[Spec] = ()) -> None:
        names = [spec.name for spec in ZONE_CONTROLS]
        fabrics = [zone.fabric for zone in garment.zones]
        self._names = garment.zone_names
        self._zones = np.array([i for i, fabric in enumerate(fabrics) if fabric in SLOW], np.intp)
        self._dye = self._zones * len(names) + names.index("dye")
        self._heated = np.array([fabrics[i] == "thermochromic" for i in self._zones], bool)
        self._ambient = garment.ambient
        self._tempo = index_of(features).get("room.tempo", -1)
        self._mean = PhraseMean(len(self._zones))
        self._clock = Clock()
        self.reset()

    def prepare(self, clock: Clock) -> None:
        """[main thread]"""
        self._clock = clock

    def reset(self) -> None:
        """Nothing was asked yet. [engine thread]"""
        self._mean.reset()
        self._turn = np.zeros(len(self._zones))
        self._rising = np.ones(len(self._zones), bool)

    def inherit(self, old: object) -> None:
        """What was asked of a zone's cloth of late was asked of the zone of that name here. [engine thread]"""
        if not isinstance(old, Dye):
            return
        theirs = {old._names[zone]: i for i, zone in enumerate(old._zones)}
        pairs = [
            (i, theirs[self._names[zone]])
            for i, zone in enumerate(self._zones)
            if self._names[zone] in theirs
        ]
        here, there = [i for i, _ in pairs], [i for _, i in pairs]
        self._mean.inherit(old._mean, here, there)
        self._turn[here] = old._turn[there]
        self._rising[here] = old._rising[there]

    def play(self, block: Block, features: F64, controls: F64, out: F64) -> None:
        """Fill `out` (n_due, n_zones) with the drive 0..1, a row a light frame due. [engine thread]"""
        for row, hop in enumerate(self._clock.due_hops(block.tick, block.n_hops, LIGHT_RATE)):
            tempo = float(features[hop, self._tempo]) if self._tempo >= 0 else 0.0
            wanted = self._mean.step(controls[hop][self._dye], tempo)
            turn = np.minimum(np.maximum(self._turn, wanted - TURN / 2), wanted + TURN / 2)
            self._rising = np.where(turn == self._turn, self._rising, turn > self._turn)
            self._turn = turn
            heat = thermochromic.duty(wanted, self._rising, self._ambient)
            out[row] = 0.0
            out[row, self._zones] = np.where(self._heated, heat, wanted)
