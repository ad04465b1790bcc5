"""Everything between what is played and what may leave of light and heat, in one order: the last hand."""

from __future__ import annotations

import numpy as np

from wearsound.contracts import Cloth
from wearsound.core import F64, Clock
from wearsound.garment.sewn import Sewn
from wearsound.safety.flash import FlashGuard


class Safety:
    """Flashes and heat of one garment; implements contracts.Guard. [engine thread]"""

    def __init__(self, body: Sewn, clock: Clock) -> None:
        self._flash = FlashGuard(body.area, clock)
        self.reset()

    @property
    def slots(self) -> tuple[int, ...]:
        """Ticks at which the slots that still count were opened, oldest first."""
        return self._flash.slots

    @property
    def ma(self) -> float:
        """What the garment draws in the last frame, mA."""
        return 0.0

    def reset(self) -> None:
        """Dark, cold, nothing counted."""
        self._flash.reset()

    def limit(self, tick: int, light: F64, drive: F64, cloth: Cloth) -> tuple[F64, F64]:
        """What may leave at `tick` of linear RGB (n_pixels, 3) and of the drive (n_zones,) of the fabric."""
        return self._flash.limit(tick, light), np.clip(drive, 0.0, 1.0)
