"""The flash guard: at most three flashes in any second.

WCAG 2.3.1 counts a flash as a pair of opposing changes of relative luminance of at least 10 %, or of saturated red
(`measures`). A pair needs a rise, so the guard limits rises only: falls always pass, dark is always allowed, hue is
kept and nothing is ever added. Bare light is far brighter than the standard's screens, so its exemption of a
"darker state below 0.80" is not used: every swing counts.

Bounded, in any second, by each of the measures:

* **every pixel** swings three times at most;
* **every zone, the whole garment, and quarters of it that hang together** (`places`): the area-weighted mean swings
  three times at most, whether the mean of what its pixels measure or, for red, the measure of its mean colour;
* **who rises together**: rises of zones, of the whole, and of pixels that together are more than a fifth of the area
  within 80 ms, need a *slot* (`slots`), of which there are three in any second. Antiphase halves, chequerboards and
  groups of a quarter that take turns share these three. Light that travels along a filament does not: at any moment
  only a few percent of the area begin to rise. Blue, which is ours and not the standard's, needs no slot.

A rise that is held back waits just under what would count and goes on with the next slot: its excess becomes a
slower swing, not black. One that was allowed may not be saved up (`swings`): it is used within 80 ms, and goes on by
at most 9 % a light frame afterwards.

Not bounded: what is under a tenth; red so faint that it has no hue in a byte; small groups, each less than a fifth
of the area, that take turns: every pixel of them keeps to three swings, no more than a fifth rises at once, and the
mean of any *connected* quarter keeps to three, but a set of pixels picked by hand from all over the garment may see
more. Where colours mix from afar, light that goes out can make what is left look redder: then the set is
darkened as one. This limits the flash rate; it is no medical certificate.
"""

from __future__ import annotations

import numpy as np

from wearsound.core import F32, F64, Clock
from wearsound.safety.measures import measure
from wearsound.safety.places import Places
from wearsound.safety.slots import WINDOW, Slots
from wearsound.safety.swings import CROSS, CROSS_RED, HELD, HELD_RED, Index, Mask, Swings

TOGETHER = 0.2 + 1e-9
"""The share of the garment's area that may begin to rise within 80 ms without a slot."""
_CLOSES = 0.1
"""A slot closes when this share of the area has fallen again: up, down and up need two slots."""
_JOINS = 0.05
"""Seconds for which pixels may join a slot, and must have risen by a full step in it."""
_ROUNDS = 3
_GAPS = np.array([[CROSS_RED - HELD_RED], [CROSS - HELD], [CROSS_RED - HELD_RED], [CROSS - HELD]], np.float32)


class FlashGuard:
    """The last hand on the light of one garment. [engine thread]"""

    def __init__(
        self, zone: Index, area: F64, clock: Clock, place: F64 | None = None, figure: Index | None = None
    ) -> None:
        """Of every pixel its zone's number, its area, and where known its place and figure (`garment.sewn`)."""
        n = len(zone)
        self._n = n
        self._zone = zone
        self._area = area / area.sum()
        self._places = Places(zone, area, place, figure)
        k = self._places.n_sets
        self._sets = 4 * k
        # In this order: luminance, red, blue, and red of the mean colour of every set; saturated red, luminance, red
        # and blue of every pixel.
        red = np.concatenate(
            [np.repeat([False, True, False, True], k), np.repeat([True, False, True, False], n)]
        )
        blue = np.concatenate(
            [np.repeat([False, False, True, False], k), np.repeat([False, False, False, True], n)]
        )
        slow = blue.copy()
        slow[: 4 * k] = True
        self._swings = Swings(red, clock, slow=slow)
        self._shared = np.tile(np.arange(k) < self._places.n_shared, 4) & ~blue[: 4 * k]
        self._slots = Slots(clock)
        self._window, self._joins = clock.ticks(WINDOW), clock.ticks(_JOINS)
        self._room = (np.zeros(4 * k + 5 * n, np.float32), np.zeros(4 * k + 5 * n, np.float32))
        self._saturated = np.zeros(n, np.float32)
        self.reset()

    @property
    def slots(self) -> tuple[int, ...]:
        """Ticks at which the slots that still count were opened, oldest first."""
        return self._slots.opened

    def reset(self) -> None:
        """Dark, and no slot used."""
        self._swings.reset()
        self._slots.reset()
        self._alone: list[tuple[int, F64]] = []  # ticks and areas that began without a slot, by measure
        self._fallen = 0.0  # the area that fell since the newest slot was opened
        self._newest = -1
        self.held = False
        """Whether the last frame was held back."""

    def limit(self, tick: int, light: F64) -> F64:
        """What may leave of linear RGB (n_pixels, 3), 0..1, at `tick`; hue is kept, nothing is added."""
        out = finite(light)
        self._slots.pass_to(tick)
        room = self._room[0]
        measure(out, self._pixels(room), self._saturated)
        self._sum(room)
        wanted = room[: self._sets + 4 * self._n]
        ceilings = self._swings.ceilings(tick)
        if self._close(tick, wanted):
            ceilings = self._swings.ceilings(tick)
        self._ask_for_sets(tick, wanted, ceilings)
        self.held = False
        # Sets first: a pixel that its set holds back need not ask.
        for hold in (self._hold_sets, self._hold_pixels, self._hold_mixed):
            share = hold(tick, wanted, ceilings)
            if share is not None:
                self.held = True
                out *= share[:, None]
                pixels = self._pixels(room)
                pixels *= share
                self._saturated *= share
                np.minimum(self._saturated, np.float32(1), out=pixels[0])
                self._sum(room)
        self._swings.track(tick, wanted)
        self._room = self._room[::-1]
        return out

    def _pixels(self, room: F32) -> F32:
        return room[self._sets :].reshape(5, self._n)

    def _sum(self, room: F32) -> None:
        """Of the measures of all pixels the means of the sets."""
        means = room[: self._sets].reshape(4, -1)
        means[:] = self._places.means(self._places.cells(self._pixels(room)[1:]))
        np.maximum(means[3], np.float32(0), out=means[3])

    def _ask_for_sets(self, tick: int, wanted: F32, ceilings: F32) -> None:
        over = wanted[: self._sets] > ceilings[: self._sets]
        if not over.any():
            return
        which = np.flatnonzero(over)
        which = which[self._swings.may(which, tick, wanted[which])]
        alone = which[~self._shared[which]]
        if len(alone):
            self._swings.grant(alone, tick, tick + self._window, tick + self._window)
        shared = which[self._shared[which]]
        if len(shared) and self._slots.take(tick):
            self._swings.grant(shared, tick, self._slots.until, self._slots.until)

    def _hold_pixels(self, tick: int, wanted: F32, ceilings: F32) -> F32 | None:
        """A factor a pixel at which none exceeds its ceilings; None for 1 everywhere."""
        n, swings, first = self._n, self._swings, self._sets
        values, limits = wanted[first : first + 4 * n].reshape(4, n), ceilings[first:].reshape(4, n)
        over = values > limits
        if not over.any():
            return None
        left = swings.may(slice(first, first + 4 * n), tick, values.ravel()).reshape(4, n)
        blue = np.flatnonzero(over[3] & left[3])
        if len(blue):
            swings.grant(first + 3 * n + blue, tick, tick + self._window, tick + self._window)
            over[3, blue] = False
        left |= ~over
        who = over[0] | over[1] | over[2] | over[3]
        asking = np.flatnonzero(who & left[0] & left[1] & left[2] & left[3])
        asking, by = self._granted(tick, asking, over, values, limits)
        if len(asking):
            rows, columns = np.nonzero(over[:, asking])
            swings.grant(first + rows * n + asking[columns], tick, by, tick + self._window)
            who[asking] = False
            if not who.any():
                return None
        share = np.ones(n, np.float32)
        for row, light in enumerate((self._saturated, *values[1:])):
            held = np.flatnonzero(over[row] & who)
            share[held] = np.minimum(share[held], limits[row, held] / light[held])
        return share

    def _granted(self, tick: int, asking: Index, over: Mask, values: F32, limits: F32) -> tuple[Index, int]:
        """Who of the pixels `asking` may rise now, and by when it must have risen by a full step."""
        if not len(asking):
            return asking, tick
        if self._slots.is_open(tick) and tick < self._slots.opened[-1] + self._joins:
            return asking, self._slots.until
        # Without a slot a rise is granted when it can be used to its full step at once.
        full = (values[:, asking] >= limits[:, asking] + _GAPS) | ~over[:, asking]
        full[2] |= self._saturated[asking] == 0.0  # nobody counts red that is not saturated
        ready = asking[full[0] & full[1] & full[2] & full[3]]
        self._alone = [entry for entry in self._alone if tick - entry[0] < self._window]
        used = sum((area for _, area in self._alone), np.zeros(3))
        # By each measure for itself: one and the same pixel may turn red first and bright later.
        areas = np.where(over[:3, ready], self._area[ready], 0.0)
        areas[2, self._saturated[ready] == 0.0] = 0.0
        area = areas.sum(axis=1)
        if (used + area > TOGETHER).any():
            if self._slots.take(tick) and self._slots.opened[-1] == tick:
                return asking, self._slots.until
            # The zones that ask for least come first: what travels need not wait for what strobes.
            zones = self._zone[ready]
            n_zones = int(self._zone.max()) + 1
            by_zone = np.stack([np.bincount(zones, weights=row, minlength=n_zones) for row in areas])
            order = np.argsort(by_zone.sum(axis=0), kind="stable")
            fits = np.zeros(n_zones, bool)
            fits[order] = (used[:, None] + np.cumsum(by_zone[:, order], axis=1) <= TOGETHER).all(axis=0)
            ready, areas = ready[fits[zones]], areas[:, fits[zones]]
            area = areas.sum(axis=1)
        self._alone.append((tick, area))
        return ready, tick + 1

    def _hold_sets(self, tick: int, wanted: F32, ceilings: F32) -> F32 | None:
        """Slow whoever rises in a set alike, so that its mean stays below its own ceilings; None for nobody."""
        places = self._places
        limits = ceilings[: self._sets].reshape(4, -1)[:3]
        means = wanted[: self._sets].reshape(4, -1)[:3]
        if (means <= limits).all():
            return None
        rows = wanted[self._sets + self._n :].reshape(3, self._n)
        before = self._swings.values[self._sets + self._n :].reshape(3, self._n)
        ratio = before / np.maximum(rows, np.float32(1e-9))
        stays = np.minimum(np.minimum(np.minimum(ratio[0], ratio[1]), ratio[2]), np.float32(1))
        base = places.means(places.cells(rows * stays))
        room = (limits - base) / np.maximum(means - base, np.float32(1e-9))
        room = np.where(means > limits, np.clip(room, 0, 1), np.float32(1)).min(axis=0)
        share: F32 = np.minimum(stays + places.spread(places.least(room)) * (1 - stays), np.float32(1))
        return share

    def _hold_mixed(self, tick: int, wanted: F32, ceilings: F32) -> F32 | None:
        """Darken a set whose mixed colour would turn red too often; if that does not help, darken everything."""
        places = self._places
        limits = ceilings[: self._sets].reshape(4, -1)[3]
        if (wanted[: self._sets].reshape(4, -1)[3] <= limits).all():
            return None
        cells = places.cells(self._pixels(self._room[0])[4:])
        share = np.ones(cells.shape[1], np.float32)
        for turn in range(_ROUNDS + 1):
            mixed = places.means(cells)[0]
            over = mixed > limits
            if not over.any():
                break
            # A hair less, for the sums are rounded.
            factors = np.where(over, limits / np.maximum(mixed, np.float32(1e-9)) * np.float32(0.9999), 1)
            factors = factors.astype(np.float32)
            least = places.least(factors) if turn < _ROUNDS else np.full(cells.shape[1], factors.min())
            cells *= least
            share *= least
        return places.spread(share)

    def _close(self, tick: int, wanted: F32) -> bool:
        """What falls in this frame has fallen before anybody may rise in it: whether the open slot closes for it."""
        if not self._slots.is_open(tick):
            return False
        if self._slots.opened[-1] != self._newest:
            self._newest, self._fallen = self._slots.opened[-1], 0.0
        falling = self._swings.falling(wanted)[self._sets :].reshape(4, -1)[:3]
        self._fallen += float(self._area[np.logical_or.reduce(falling)].sum())
        if self._fallen <= _CLOSES:
            return False
        self._slots.close(tick)
        self._swings.hurry(tick)
        return True


def finite(light: F64) -> F64:
    """A copy of light as it can be: 0..1, and no light where it is no number."""
    out = np.clip(light, 0.0, 1.0)
    if not np.isfinite(out.sum()):
        np.nan_to_num(out, copy=False, nan=0.0)
    return out
