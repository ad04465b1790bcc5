"""What each actuator did lately, and how far along its waves are: what rings in the cloth are read from.

Kept on a grid of time, so that a film of 24 pictures a second has the same rings as a window of 60.
"""

from __future__ import annotations

import math

import numpy as np

from wearsound.core import F32, F64

GRID = 60
"""Steps of the grid a second."""

KEPT = 2.2
"""Seconds that are kept: a ring has left the cloth by then."""

ATTACK, RELEASE = 0.020, 0.20
"""Seconds, 63 %: cloth follows at once and runs on a little; drawn by its root (ripples.py) it takes twice as long."""

WAVES, AT = 2.0, 60.0
"""Waves that are drawn a second at AT Hz: a second of the picture shows a thirtieth of a second of that hum. It grows
with the square root of the pitch, as the speed of waves in a bent sheet does: 250 Hz is drawn as 4.1 a second, and
never so fast that 24 pictures a second could not show it."""

SLOWEST, FASTEST = 20.0, 500.0
"""Hz beyond which nothing is drawn slower or faster."""

_UP = round(1 - math.exp(-1 / (GRID * ATTACK)), 9)
_DOWN = round(1 - math.exp(-1 / (GRID * RELEASE)), 9)
_STILL = 1 / 8192


class Wake:
    """`strong` and `turns` of `n` actuators over the last KEPT seconds. [main thread]"""

    def __init__(self, n: int) -> None:
        self._steps = round(KEPT * GRID)
        self._n = n
        self.reset()

    def reset(self) -> None:
        """Still, for ever."""
        self._last: int | None = None
        self._strong: F64 = np.zeros((self._steps, self._n))
        self._turns: F64 = np.zeros((self._steps, self._n))
        self._rate: F64 = np.full(self._n, WAVES)
        self._time = 0.0

    def follow(self, time: float, touch: F32) -> None:
        """A frame at `time` seconds feels `touch` (n, 2); a leap back, or far ahead, starts again.

        After all was still for KEPT it starts again too: so what is drawn does not depend on what came before that.
        """
        if not math.isfinite(time):
            return
        if self.still and not touch.any():
            self._last = None
            return
        step = math.floor(time * GRID)
        if self._last is None or not 0 <= step - self._last < self._steps - 1:
            self.reset()
            self._last = step - 1
        passed = step - (self._last or 0)
        # The newest step is ahead of `time`, so that there is one on either side; it is made again by every frame.
        shift = max(0, passed)
        if shift:
            for kept in (self._strong, self._turns):
                kept[:-shift] = kept[shift:]
        felt = np.clip(np.nan_to_num(touch[: self._n, 0].astype(np.float64)), 0.0, 1.0)
        hz = np.nan_to_num(touch[: self._n, 1].astype(np.float64))
        rate = np.rint(WAVES * np.sqrt(np.clip(hz, SLOWEST, FASTEST) / AT) * 1024) / 1024
        self._rate = np.where((felt > 0) & (hz > 0), rate, self._rate)
        for back in range(shift, -1, -1):
            row, before = -1 - back, -2 - back
            was = self._strong[before]
            now = was + (felt - was) * np.where(felt > was, _UP, _DOWN)
            self._strong[row] = np.where(now < _STILL, 0.0, now)
            self._turns[row] = self._turns[before] + self._rate / GRID
        self._last, self._time = step, time

    @property
    def still(self) -> bool:
        """Whether nothing was felt in all that is kept."""
        return not self._strong.any()

    def at(self, ago: F64, since: F64) -> tuple[F64, F64]:
        """How strong each was `ago` seconds before now and its waves' turn `since` seconds before now, (len, n)."""
        now = self._time * GRID - math.floor(self._time * GRID) + self._steps - 2
        return _between(self._strong, now - ago * GRID), _between(self._turns, now - since * GRID)


def _between(kept: F64, at: F64) -> F64:
    """Rows of `kept` at numbers with parts."""
    at = np.clip(at, 0, len(kept) - 1)
    before = np.minimum(at.astype(np.intp), len(kept) - 2)
    part = (at - before)[:, None]
    mixed: F64 = kept[before] * (1 - part) + kept[before + 1] * part
    return mixed
