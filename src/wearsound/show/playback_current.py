"""What a rig's supplies bear, kept for light that was rendered without that rig."""

from __future__ import annotations

import numpy as np

from wearsound.core import U8
from wearsound.garment.colour import LINEAR, encode
from wearsound.garment.document import Garment
from wearsound.garment.sewn import Sewn
from wearsound.safety.current import CurrentGuard
from wearsound.show.light_targets import light_budgets
from wearsound.show.rig import Rig


class PlaybackCurrent:
    """Dims whole frames until every `most_ma` of a rig is kept; PatchError for one that darkness exceeds already.

    Bytes that need no dimming stay as they are. The drive of the fabric is no light, and not in question here.
    """

    def __init__(self, rig: Rig, garment: Garment, body: Sewn) -> None:
        budgets = light_budgets(rig, garment, body)
        self._guard = CurrentGuard(garment, body, budgets) if budgets else None
        self._still = np.zeros(len(garment.zones))

    def of(self, pixels: U8) -> U8:
        """Pixels (n_pixels, 3), gamma 2.2, as bright as they may leave."""
        if self._guard is None:
            return pixels
        light, _, dimmed = self._guard.limit(LINEAR[pixels], self._still)
        return encode(light) if dimmed else pixels
