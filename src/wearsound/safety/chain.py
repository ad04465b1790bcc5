"""Everything between what is played and what may leave of light and heat, in one order: the last hand.

Heat, current, flashes. The current guard comes before the flash guard, for the flash guard only ever takes light
away: so both promises hold exactly. The other way round, current that comes and goes with the music would dim and
brighten what the flash guard had let through, and that flashes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

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
        self.budgets = tuple(budgets)
        self._names = garment.zone_names
        self._heat = HeatCap(garment)
        self._current = CurrentGuard(garment, body, budgets)
        self._heated = np.array(
            [i for i, zone in enumerate(garment.zones) if zone.fabric == "thermochromic"], np.intp
        )
        self._area = body.area / body.area.sum()
        self._flash = FlashGuard(body.zone, body.area, clock, body.place, body.figure, body.lamp)
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
    def warm(self) -> F64:
        """How warm each zone could be at the skin, (n_zones,), degrees C: the cautious model's; -inf without heat."""
        return self._heat.warm

    @property
    def taken(self) -> dict[str, float]:
        """What share of the light (R+G+B by area) flashes and current took, and heat of the drive of heated zones."""
        return {
            what: round(1.0 - left / wanted, 4) if wanted else 0.0
            for what, (wanted, left) in self._sums.items()
        }

    def reset(self) -> None:
        """Dark, cold, nothing counted."""
        self._flash.reset()
        self._heat.reset()
        self._ma = 0.0
        self._sums = {"flash": [0.0, 0.0], "current": [0.0, 0.0], "heat": [0.0, 0.0]}

    def distrust(self) -> None:
        """Begin where light was seen before that nobody knows of any more. [before the first block]"""
        self._flash.distrust()

    def hurry(self, ticks: int) -> None:
        """So many of the ticks that come pass in no time, and count for no flash."""
        self._flash.hurry(ticks)

    def inherit(self, old: object) -> None:
        """Go on from where `old`, the guard of another body, is: flashes and heat that were count on."""
        if not isinstance(old, Safety):
            return
        self._flash.inherit(old._flash, self._names, old._names)
        self._heat.inherit(old._heat)
        self._sums, self._ma = old._sums, old._ma

    def limit(self, tick: int, light: F64, drive: F64, cloth: Cloth) -> tuple[F64, F64]:
        """What may leave at `tick` of linear RGB (n_pixels, 3) and of the drive (n_zones,) of the fabric."""
        asked = finite(drive)
        drive, _ = self._heat.limit(asked, cloth.warm)
        if len(self._heated):
            self._add("heat", float(asked[self._heated].sum()), float(drive[self._heated].sum()))
        bright = finite(light)
        light, drive, strong = self._current.limit(bright, drive)
        light = self._flash.dim(tick, light)
        wanted = self._flash.wanted
        self._add("flash", wanted, self._flash.left)
        self._add("current", float((bright.sum(axis=1) * self._area).sum()) if strong else wanted, wanted)
        self._ma = self._current.ma(light, drive)
        self._heat.step(drive)
        return light, drive

    def _add(self, what: str, wanted: float, left: float) -> None:
        sums = self._sums[what]
        sums[0] += wanted
        sums[1] += left
