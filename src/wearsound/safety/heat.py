"""Heat: no heated zone gets warmer than skin may bear for long, 43 degrees C (ISO 13732-1, contact of 10 min and more).

The cloth's own model says how warm a zone is at the skin (`contracts.Cloth.warm`). From TAPER below the cap on, the
drive is limited in proportion to what is left, so it comes to rest below the cap and does not hunt: where full
drive would bring the zone to a higher temperature, taper and heater balance each other somewhere in between. At the
cap, and where the model gives no number, there is no heat. A model is no sensor: a heater needs a thermal fuse too.
"""

from __future__ import annotations

import numpy as np

from wearsound.core import F64
from wearsound.garment.document import Garment

CAP = 43.0
"""Degrees C at the skin that are never passed."""
TAPER = 4.0
"""Degrees C below the cap at which the drive begins to be limited."""
_REST = 0.5
"""Degrees C below the cap at which there is no drive any more: the model counts in steps of a light frame."""


class HeatCap:
    """Limits the drive of the heated zones of one garment. [engine thread]"""

    def __init__(self, garment: Garment) -> None:
        self._heated = np.array([zone.fabric == "thermochromic" for zone in garment.zones])

    def limit(self, drive: F64, warm: F64) -> tuple[F64, bool]:
        """The drive (n_zones,) 0..1 that may leave at `warm` (n_zones,) degrees C, and whether it was limited."""
        if not self._heated.any():
            return drive, False
        room = np.clip((CAP - _REST - np.nan_to_num(warm, nan=CAP, posinf=CAP)) / (TAPER - _REST), 0.0, 1.0)
        limited = np.where(self._heated, np.minimum(drive, room), drive)
        return limited, bool((limited < drive).any())
