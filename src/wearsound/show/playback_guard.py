"""The last hand on light that is played again: a file proves nothing, so what leaves is limited as it is live.

Current first, flashes last, as in `safety.chain`. What keeps both already, as every honest render does, leaves byte
for byte as it was written.
"""

from __future__ import annotations

import numpy as np

from wearsound.core import U8
from wearsound.garment.colour import LINEAR, encode
from wearsound.garment.document import Garment
from wearsound.garment.sewn import Sewn
from wearsound.safety.current import CurrentGuard
from wearsound.show.light_targets import light_budgets
from wearsound.show.playback_watch import FlashWatch
from wearsound.show.rig import Rig


class PlaybackGuard:
    """Keeps the battery's and the rig's `most_ma` and the flash rate; PatchError where darkness draws too much already.

    `held` counts frames that did not leave, because they would have flashed too often. The drive of the fabric is no
    light, and is not played again.
    """

    def __init__(self, rig: Rig, garment: Garment, body: Sewn) -> None:
        self.held = 0
        self._current = CurrentGuard(garment, body, light_budgets(rig, garment, body))
        self._watch = FlashWatch(body)
        self._still = np.zeros(len(garment.zones))
        self._shown: U8 = np.zeros((body.n_pixels, 3), np.uint8)

    def hurry(self, frames: float) -> None:
        """So many of the frames that come pass in no time of the room: they come late, and at once."""
        self._watch.hurry(frames)

    def limit(self, pixels: U8) -> U8:
        """What may leave of (n_pixels, 3), gamma 2.2; a call for each light frame of the playback's own clock."""
        light = LINEAR[pixels]
        if not self._current.bears(light, self._still):
            pixels = encode(self._current.limit(light, self._still)[0])
        if self._watch.passes(pixels):
            self._shown = pixels
        else:
            self.held += 1
        return self._shown
