"""The flash guard: at most three flashes in any second, for each zone and for the whole garment.

WCAG 2.3.1 counts a flash as a pair of opposing changes of relative luminance of at least 10 %. A
pair needs a rise, so the guard limits rises only: falls always pass, dark is always allowed. A rise
of 10 % or more needs a *swing slot*. At most three slots open in a second; a slot stays open for
80 ms so that zones which move together share it. Without a slot a zone holds just under the step
that would count, and rises with the next slot: the excess becomes a slower swing, not black.

Bare light is far brighter than the standard's screens, so its "darker state below 0.80" exemption
is not used: every swing counts. A saturated red counts as its red-flash measure or its luminance,
whichever is larger. This limits the flash rate; it is no medical certificate.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from wearsound.core import F64, Clock

STEP = 0.1
"""The change of relative luminance that counts (WCAG 2.3.1)."""
HELD = 0.09
"""How far anything may rise without a slot."""
SLOTS = 3
WINDOW = 0.08
"""Seconds a slot stays open for others to share."""
_RED = 1.6  # a red-flash difference of 20 (of 320 times R-G-B) weighs as much as a luminance step of .1


def swing(light: F64) -> F64:
    """What counts of linear RGB (..., 3): relative luminance, or the red measure if that is larger."""
    red, green, blue = light[..., 0], light[..., 1], light[..., 2]
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return np.maximum(luminance, _RED * (red - green - blue))


class Swings:
    """Hands out swing slots, in ticks, to a number of things that shine. [one thread]"""

    def __init__(self, count: int, clock: Clock) -> None:
        self._count = count
        self._window = clock.ticks(WINDOW)
        self._second = clock.ticks(1.0) + self._window
        self._opened: deque[int] = deque(maxlen=SLOTS)
        self.reset()

    @property
    def slots(self) -> tuple[int, ...]:
        """Ticks at which the latest slots opened, oldest first."""
        return tuple(self._opened)

    def reset(self) -> None:
        """All dark, no slot used."""
        self._opened.clear()
        self._low = np.zeros(self._count)
        self._high = np.zeros(self._count)
        self._rising = np.zeros(self._count, dtype=bool)
        self._swung = np.full(self._count, -1)

    def ceilings(self, tick: int, wanted: F64) -> F64:
        """How far each may go at `tick`, given what it wants; infinite for whoever may swing."""
        asks = ~self._rising & (wanted > self._low + HELD)
        if asks.any() and self._slot(tick):
            # One swing a slot: who has swung in this one waits for the next.
            granted = asks & (self._swung < self._opened[-1])
            self._rising |= granted
            self._high = np.where(granted, self._low, self._high)
            self._swung = np.where(granted, self._opened[-1], self._swung)
        return np.where(self._rising, np.inf, self._low + HELD)

    def track(self, values: F64) -> None:
        """Remember what really left."""
        self._high = np.maximum(self._high, values)
        fallen = self._rising & (values <= self._high - STEP)
        self._rising &= ~fallen
        # While a permitted rise goes on, its low point follows it: the next swing starts from there.
        self._low = np.where(self._rising | fallen, values, np.minimum(self._low, values))

    def _slot(self, tick: int) -> bool:
        if self._opened and tick - self._opened[-1] < self._window:
            return True
        if len(self._opened) == SLOTS and tick - self._opened[0] <= self._second:
            return False
        self._opened.append(tick)
        return True


class FlashGuard:
    """The last hand on the light of one garment: its zones and their area-weighted sum. [engine thread]"""

    def __init__(self, areas: F64, clock: Clock) -> None:
        self._areas = areas / areas.sum()
        self._swings = Swings(len(areas) + 1, clock)  # the last one is the whole garment
        self.reset()

    @property
    def slots(self) -> tuple[int, ...]:
        """Ticks at which the latest slots opened, oldest first."""
        return self._swings.slots

    def reset(self) -> None:
        """Dark, and no slot used."""
        self._swings.reset()
        self._before = np.zeros(len(self._areas))

    def limit(self, tick: int, light: F64) -> F64:
        """What may leave of linear RGB (n_zones, 3), 0..1, at `tick`; hue is kept, nothing is added."""
        out = np.clip(np.nan_to_num(light, nan=0.0, posinf=1.0), 0.0, 1.0)
        zones = swing(out)
        ceilings = self._swings.ceilings(tick, self._with_whole(zones))
        allowed = np.minimum(zones, ceilings[:-1])
        allowed = self._hold_whole(allowed, float(ceilings[-1]))
        out *= np.where(zones > 0, allowed / np.maximum(zones, 1e-12), 1.0)[:, None]
        self._before = swing(out)
        self._swings.track(self._with_whole(self._before))
        return out

    def _with_whole(self, zones: F64) -> F64:
        return np.append(zones, (zones * self._areas).sum())

    def _hold_whole(self, zones: F64, ceiling: float) -> F64:
        """Slow every rising zone by one share, so that the whole stays below its own ceiling."""
        total = float((zones * self._areas).sum())
        if total <= ceiling:
            return zones
        fixed = np.minimum(zones, self._before)
        base = float((fixed * self._areas).sum())
        share = min(1.0, max(0.0, (ceiling - base) / max(total - base, 1e-12)))
        return fixed + share * (zones - fixed)
