"""The flash guard: at most three flashes in any second, for each zone and for the whole garment.

WCAG 2.3.1 counts a flash as a pair of opposing changes of relative luminance of at least 10 %. A
pair needs a rise, so the guard limits rises only: falls always pass, dark is always allowed. A rise
of 10 % or more needs a *swing slot*. At most three slots are used in a second; a slot stays open for
80 ms so that zones which move together share it, and is in use for as long as somebody rises on it.
Without a slot a zone holds just under the step that would count, and rises with the next slot: the
excess becomes a slower swing, not black.

Luminance and saturated red are counted apart, as the standard does: light may swing in one while it
stands still in the other. Bare light is far brighter than the standard's screens, so its "darker
state below 0.80" exemption is not used: every swing counts. This limits the flash rate; it is no
medical certificate.
"""

from __future__ import annotations

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
    """What counts of linear RGB (..., 3): (2, ...), relative luminance and the red-flash measure."""
    red, green, blue = light[..., 0], light[..., 1], light[..., 2]
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return np.stack([luminance, np.maximum(_RED * (red - green - blue), 0.0)])


class Swings:
    """Hands out swing slots, in ticks, to a number of measures of things that shine. [one thread]"""

    def __init__(self, count: int, clock: Clock) -> None:
        self._count = count
        self._window = clock.ticks(WINDOW)
        self._second = clock.ticks(1.0) + self._window
        self.reset()

    @property
    def slots(self) -> tuple[int, ...]:
        """Ticks at which the slots that still count were opened, oldest first."""
        return tuple(self._used)

    def reset(self) -> None:
        """All dark, no slot used."""
        self._used: dict[int, int] = {}  # when a slot was opened: when somebody last rose on it
        self._newest = -1
        self._tick = 0
        self._low = np.zeros(self._count)
        self._high = np.zeros(self._count)
        self._rising = np.zeros(self._count, dtype=bool)
        self._swung = np.full(self._count, -1)

    def ceilings(self, tick: int, wanted: F64) -> F64:
        """How far each may go at `tick`, given what it wants; infinite for whoever may swing."""
        self._tick = tick
        asks = ~self._rising & (wanted > self._low + HELD)
        if asks.any() and self._slot(tick):
            # One swing a slot: who has swung in this one waits for the next.
            granted = asks & (self._swung < self._newest)
            self._rising |= granted
            self._high = np.where(granted, self._low, self._high)
            self._swung = np.where(granted, self._newest, self._swung)
        return np.where(self._rising, np.inf, self._low + HELD)

    def track(self, values: F64) -> None:
        """Remember what really left."""
        for slot in set(self._swung[self._rising & (values > self._high)].tolist()):
            self._used[slot] = self._tick
        self._high = np.maximum(self._high, values)
        fallen = self._rising & (values <= self._high - STEP)
        self._rising &= ~fallen
        # While a permitted rise goes on, its low point follows it: the next swing starts from there.
        self._low = np.where(self._rising | fallen, values, np.minimum(self._low, values))

    def _slot(self, tick: int) -> bool:
        if self._used and tick - self._newest < self._window:
            return True
        counting = {slot: used for slot, used in self._used.items() if tick - used <= self._second}
        if len(counting) >= SLOTS:
            return False
        # Who still stands on a slot that counts no more must ask again: a rise cannot be saved up.
        self._rising &= np.isin(self._swung, list(counting))
        self._used = counting | {tick: tick}
        self._newest = tick
        return True


class FlashGuard:
    """The last hand on the light of one garment: its zones and their area-weighted sum. [engine thread]"""

    def __init__(self, areas: F64, clock: Clock) -> None:
        self._areas = areas / areas.sum()
        # Of both measures: every zone, then the whole garment.
        self._swings = Swings(2 * (len(areas) + 1), clock)
        self.reset()

    @property
    def slots(self) -> tuple[int, ...]:
        """Ticks at which the slots that still count were opened, oldest first."""
        return self._swings.slots

    def reset(self) -> None:
        """Dark, and no slot used."""
        self._swings.reset()
        self._before = np.zeros((2, len(self._areas)))

    def limit(self, tick: int, light: F64) -> F64:
        """What may leave of linear RGB (n_zones, 3), 0..1, at `tick`; hue is kept, nothing is added."""
        out = np.clip(np.nan_to_num(light, nan=0.0, posinf=1.0), 0.0, 1.0)
        wanted = swing(out)
        ceilings = self._swings.ceilings(tick, self._with_whole(wanted)).reshape(2, -1)
        share = _share(ceilings[:, :-1], wanted)
        share = self._hold_whole(share, wanted, ceilings[:, -1])
        out *= share[:, None]
        self._before = swing(out)
        self._swings.track(self._with_whole(self._before))
        return out

    def _with_whole(self, zones: F64) -> F64:
        whole = (zones * self._areas).sum(axis=-1, keepdims=True)
        return np.concatenate([zones, whole], axis=1).ravel()

    def _hold_whole(self, share: F64, wanted: F64, ceilings: F64) -> F64:
        """Slow every rising zone alike, so that the whole stays below its own ceilings."""
        fixed = np.minimum(share, _share(self._before, wanted))
        base = (wanted * fixed * self._areas).sum(axis=-1)
        total = (wanted * share * self._areas).sum(axis=-1)
        room = np.clip((ceilings - base) / np.maximum(total - base, 1e-12), 0.0, 1.0)
        rise = float(np.where(total > ceilings, room, 1.0).min())
        return fixed + rise * (share - fixed)


def _share(limits: F64, wanted: F64) -> F64:
    """The largest factor 0..1 a zone at which neither of its measures exceeds its limit."""
    ratio = np.where(wanted > 0, limits / np.maximum(wanted, 1e-12), 1.0)
    least: F64 = ratio.min(axis=0)
    return np.minimum(1.0, least)
