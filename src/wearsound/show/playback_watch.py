"""Whether light that is played again keeps to three flashes a second, as the file's bytes will be seen.

The flash guard of a live show cannot be run a second time: what it holds back by a hair would be held back again, and
no honest render would leave as it is. So this counts, and a frame that would be a fourth rise within a second does not
leave: the one before stays. What it counts is what the guard promises (`safety.flash`): every pixel, every zone, the
whole, and quarters that hang together, in luminance and in red, none of them exempt because it is bright; and a
quarter of the area that rises together, wherever it is.
"""

from __future__ import annotations

import numpy as np

from wearsound.core import LIGHT_RATE, U8
from wearsound.garment.sewn import Sewn
from wearsound.outputs.record.flashes import QUARTER, SWING, measures
from wearsound.safety.places import Places
from wearsound.safety.slots import SLOTS

_TOGETHER = 3
"""Light frames in which pixels rise together: 50 ms."""
_HAIR = 1e-6


class FlashWatch:
    """Of one garment; begins in the dark. A call a light frame. [engine thread]"""

    def __init__(self, body: Sewn) -> None:
        self._places = Places(body.zone, body.area, body.place, body.figure)
        self._area = body.area / body.area.sum()
        self._n = body.n_pixels
        count = 2 * (self._n + self._places.n_sets)
        self._low = np.zeros(count)
        self._high = np.zeros(count)
        self._rising = np.zeros(count, bool)
        # Who rose in each frame of the last second: all of these, then a quarter that rose together, by both measures.
        self._ring = np.zeros((LIGHT_RATE, count + 2), np.uint8)
        self._recent = np.zeros(count + 2, np.int16)
        self._crowd = np.zeros((_TOGETHER, 2))
        self._frame = 0
        self._hurried = 0.0

    def hurry(self, frames: float) -> None:
        """So many of the frames that come pass in no time of the room: none of them is a sixtieth of a second."""
        self._hurried += frames

    def passes(self, pixels: U8) -> bool:
        """Whether uint8 (n_pixels, 3), gamma 2.2, may leave in this light frame; if not, what left before stays."""
        row, beside = self._next()
        each = measures(pixels).reshape(2, -1)
        means = self._places.means(self._places.cells(each.astype(np.float32)))
        values = np.concatenate([each, means], axis=1).ravel()
        low, high = np.minimum(self._low, values), np.maximum(self._high, values)
        up = ~self._rising & (values - low >= SWING - _HAIR)
        crowd = (up.reshape(2, -1)[:, : self._n] * self._area).sum(axis=1)
        together = self._crowd.sum(axis=0) + crowd >= QUARTER - _HAIR
        rose = np.concatenate([up, together])
        if (self._recent[rose] >= SLOTS).any():
            return False
        down = self._rising & (high - values >= SWING - _HAIR)
        self._rising ^= up | down
        turned = up | down
        self._low, self._high = np.where(turned, values, low), np.where(turned, values, high)
        self._crowd[beside] += crowd
        self._crowd[:, together] = 0.0
        self._ring[row] += rose
        self._recent += rose
        return True

    def _next(self) -> tuple[int, int]:
        """The rows of the ring and of the crowd for this frame; those of the frame before where no time has passed."""
        if self._hurried > 0.0:
            self._hurried -= 1.0
        else:
            self._frame += 1
            self._recent -= self._ring[self._frame % LIGHT_RATE]
            self._ring[self._frame % LIGHT_RATE] = 0
            self._crowd[self._frame % _TOGETHER] = 0.0
        return self._frame % LIGHT_RATE, self._frame % _TOGETHER
