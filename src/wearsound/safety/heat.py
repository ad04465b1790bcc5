"""Heat: no heated zone gets warmer than skin may bear for long, 43 degrees C (ISO 13732-1, contact of 10 min and more).

The cloth's own model says how warm a zone is at the skin (`contracts.Cloth.warm`), but what it knows stands in the
garment file: a room that is too cold there, or a thread that is too slow, would let it burn. So a cautious model runs
beside it, in a room of at least ROOM, of a thread that heats and cools as unfavourably as the usual one at least, and
the warmer of the two counts. From TAPER below the cap on, the drive is limited in proportion to what is left, so it
comes to rest below the cap and does not hunt: where full drive would bring the zone to a higher temperature, taper
and heater balance each other somewhere in between. At the cap, and where a model gives no number,
there is no heat. A model is no sensor: a heater needs a thermal fuse too.
"""

from __future__ import annotations

import numpy as np

from wearsound.core import F64
from wearsound.garment import thermochromic
from wearsound.garment.document import Garment
from wearsound.garment.materials import times

CAP = 43.0
"""Degrees C at the skin that are never passed."""
TAPER = 4.0
"""Degrees C below the cap at which the drive begins to be limited."""
ROOM = 25.0
"""Degrees C that the room has at least, whatever the garment file says: worn under another coat, or in a full hall."""
_REST = 0.5
"""Degrees C below the cap at which there is no drive any more: the model counts in steps of a light frame."""


class HeatCap:
    """Limits the drive of the heated zones of one garment. [engine thread]"""

    def __init__(self, garment: Garment) -> None:
        self._heated = np.array([zone.fabric == "thermochromic" for zone in garment.zones])
        self._names = [zone.name for zone in garment.zones if zone.fabric == "thermochromic"]
        self._away: dict[str, float] = {}
        said = [times(zone) for zone in garment.zones if zone.fabric == "thermochromic"]
        self._thread = thermochromic.Leuco(
            [(min(heat, thermochromic.HEAT), max(cool, thermochromic.COOL)) for heat, cool in said],
            max(garment.ambient, ROOM),
        )
        self.reset()

    @property
    def warm(self) -> F64:
        """How warm each zone is by the cautious model, (n_zones,), degrees C; -inf where nothing is heated."""
        return self._warm

    def reset(self) -> None:
        """As warm as the room."""
        self._thread.reset()
        self._away = {}
        self._note()

    def inherit(self, old: HeatCap) -> None:
        """Go on from where `old` is, by the names of zones.

        A zone that comes anew is as warm as the warmest; one that is not there any more is remembered as warm as it
        was, and so it is if it comes back.
        """
        known = old._away | dict(zip(old._names, old._thread.warm.tolist(), strict=True))
        theirs = {name: place for place, name in enumerate(old._names)}
        names = list(enumerate(self._names))
        self._thread.inherit(old._thread, [(place, theirs[name]) for place, name in names if name in theirs])
        warmest = max(known.values(), default=ROOM)
        for place, name in names:
            if name not in theirs:
                self._thread.heat([place], known.get(name, warmest))
        self._away = {name: warm for name, warm in known.items() if name not in self._names}
        self._note()

    def step(self, drive: F64) -> None:
        """One light frame passes with `drive` (n_zones,), 0..1, in the threads."""
        if len(self._thread.warm):
            self._thread.step(drive[self._heated])
            self._note()

    def _note(self) -> None:
        self._warm = np.full(len(self._heated), -np.inf)
        self._warm[self._heated] = self._thread.warm

    def limit(self, drive: F64, warm: F64) -> tuple[F64, bool]:
        """The drive (n_zones,) 0..1 that may leave at `warm` (n_zones,) degrees C, and whether it was limited.

        `warm` is what the cloth's own model says; the cautious one counts where it is warmer.
        """
        if not self._heated.any():
            return drive, False
        warmer = np.maximum(np.nan_to_num(warm, nan=CAP, posinf=CAP), self._warm)
        room = np.clip((CAP - _REST - warmer) / (TAPER - _REST), 0.0, 1.0)
        limited = np.where(self._heated, np.minimum(drive, room), drive)
        return limited, bool((limited < drive).any())
