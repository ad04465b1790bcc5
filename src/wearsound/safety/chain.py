"""Everything between what is played and what may leave of light and heat, in one order: the last hand.

Heat, current, flashes. The current guard comes before the flash guard, for the flash guard only ever takes light
away: so both promises hold exactly. The other way round, current that comes and goes with the music would dim and
brighten what the flash guard had let through, and that flashes.
"""

from __future__ import annotations

from collections.abc import Sequence

from wearsound.contracts import Cloth
from wearsound.core import F64, Clock
from wearsound.garment.document import Garment
from wearsound.garment.sewn import Sewn
from wearsound.safety.current import Budget, CurrentGuard
from wearsound.safety.flash import FlashGuard, finite
from wearsound.safety.heat import HeatCap


class Safety:
    """Flashes, current and heat of one garment; implements contracts.Guard. [engine thread]"""

    def __init__(self, garment: Garment, body: Sewn, clock: Clock, budgets: Sequence[Budget] = ()) -> None:
        """`budgets` are the pixels of each output that bears no more than so many mA; PatchError if none can be met."""
        self._heat = HeatCap(garment)
        self._current = CurrentGuard(garment, body, budgets)
        self._flash = FlashGuard(body.zone, body.area, clock, body.place, body.figure)
        self.reset()

    @property
    def slots(self) -> tuple[int, ...]:
        """Ticks at which the slots that still count were opened, oldest first."""
        return self._flash.slots

    @property
    def ma(self) -> float:
        """What the garment draws in the last frame, mA."""
        return self._ma

    @property
    def held(self) -> dict[str, float]:
        """In what share of the light frames flashes, current and heat were held back."""
        return {what: round(frames / max(self._frames, 1), 4) for what, frames in self._held.items()}

    def reset(self) -> None:
        """Dark, cold, nothing counted."""
        self._flash.reset()
        self._ma = 0.0
        self._frames = 0
        self._held = {"flash": 0, "current": 0, "heat": 0}

    def limit(self, tick: int, light: F64, drive: F64, cloth: Cloth) -> tuple[F64, F64]:
        """What may leave at `tick` of linear RGB (n_pixels, 3) and of the drive (n_zones,) of the fabric."""
        drive, hot = self._heat.limit(finite(drive), cloth.warm)
        light, drive, strong = self._current.limit(finite(light), drive)
        light = self._flash.limit(tick, light)
        self._ma = self._current.ma(light, drive)
        self._frames += 1
        for what, was in (("flash", self._flash.held), ("current", strong), ("heat", hot)):
            self._held[what] += was
        return light, drive
