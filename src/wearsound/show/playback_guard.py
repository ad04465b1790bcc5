"""The last hand on light that is played again: a file proves nothing, so what leaves is limited as it is live.

Current first, flashes last, as in `safety.chain`. What keeps both already, as every honest render does, leaves byte
for byte as it was written.
"""

from __future__ import annotations

import numpy as np

from wearsound.core import U8, Clock
from wearsound.garment.document import Garment
from wearsound.garment.sewn import Sewn
from wearsound.instruments.light import GAMMA, encode
from wearsound.safety.current import CurrentGuard
from wearsound.safety.flash import FlashGuard
from wearsound.show.light_targets import light_budgets
from wearsound.show.rig import Rig

_LIGHT = (np.arange(256) / 255.0) ** GAMMA


class PlaybackGuard:
    """Keeps the battery's and the rig's `most_ma` and the flash rate; PatchError where darkness draws too much already.

    The drive of the fabric is no light, and is not played again.
    """

    def __init__(self, rig: Rig, garment: Garment, body: Sewn, clock: Clock) -> None:
        self._current = CurrentGuard(garment, body, light_budgets(rig, garment, body))
        self._flash = FlashGuard(body.zone, body.area, clock, body.place, body.figure)
        self._still = np.zeros(len(garment.zones))

    def limit(self, tick: int, pixels: U8) -> U8:
        """What may leave at `tick` of the playback's own clock of (n_pixels, 3), gamma 2.2. Once a light frame."""
        wanted = _LIGHT[pixels]
        light = wanted
        if not self._current.bears(wanted, self._still):
            light = self._current.limit(wanted, self._still)[0]
        safe = self._flash.limit(tick, light)
        changed = (safe != wanted).any(axis=1)
        if not changed.any():
            return pixels
        shown = pixels.copy()
        shown[changed] = encode(safe[changed])
        return shown
