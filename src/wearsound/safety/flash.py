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
  within 80 ms, begin in a *slot* (`slots`), of which there are three in any second. Antiphase halves, chequerboards and
  groups of a quarter that take turns share these three. Light that travels along a filament does not: at any moment
  only a few percent of the area begin to rise. Blue, which is ours and not the standard's, needs no slot.

A rise that is held back waits just under what would count and goes on with the next slot: its excess becomes a
slower swing, not black. A pixel may not save up one that was allowed (`swings`): it uses it within 80 ms or asks again,
and goes on by at most 9 % a light frame afterwards. A zone, a quarter or the whole may be slower, as a bass that
swells is: allowed once, by every measure, its mean goes on by as much a frame, outside of the slots too, until it
falls or has not risen for a second. It counts in the second in which it rises.

Not bounded: what is under a tenth; red so faint that it has no hue in a byte; small groups, each less than a fifth
of the area, that take turns: every pixel of them keeps to three swings, no more than a fifth rises at once, and the
mean of any *connected* quarter keeps to three, but a set of pixels picked by hand from all over the garment may see
more. Where colours mix from afar, light that goes out can make what is left look redder: then the set is
darkened as one. This limits the flash rate; it is no medical certificate.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wearsound.core import F32, F64, Clock
from wearsound.safety.measures import energy, measure
from wearsound.safety.places import Places, shares
from wearsound.safety.slots import WINDOW, Slots
from wearsound.safety.swings import CROSS, CROSS_RED, HELD, HELD_RED, Index, Mask, Swings

TOGETHER = 0.2 + 1e-9
"""The share of the garment's area that may begin to rise within 80 ms without a slot."""
_CLOSES = 0.1
"""A slot closes when this share of the area has fallen again: up, down and up need two slots."""
_JOINS = 0.05
"""Seconds for which pixels may join a slot, and must have risen by a full step in it."""
_ROUNDS = 3
_NONE, _FAINT, _ONE = np.float32(1e-30), np.float32(1e-9), np.float32(1)
_ANY = np.array(np.inf, np.float32)
_GAPS = np.array([[CROSS_RED - HELD_RED], [CROSS - HELD], [CROSS_RED - HELD_RED], [CROSS - HELD]], np.float32)


class FlashGuard:
    """The last hand on the light of one garment. [engine thread]"""

    def __init__(
        self,
        zone: Index,
        area: F64,
        clock: Clock,
        place: F64 | None = None,
        figure: Index | None = None,
        lamp: Mask | None = None,
    ) -> None:
        """Of every pixel its zone's number, its area, and where known its place, figure and whether it is a room lamp.

        All as in `garment.sewn`. A fifth or a quarter of the area is that of what is sewn, or that of the lamps.
        """
        n = len(zone)
        self._n = n
        self._zone = zone
        self._area = shares(area, lamp)
        self._places = Places(zone, area, place, figure, lamp)
        k = self._places.n_sets
        self._sets = 4 * k
        self._whole = self._places.n_shared - 1
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
        self._swings = Swings(red, clock, slow, rests=4 * k)
        self._shared = np.tile(np.arange(k) < self._places.n_shared, 4) & ~blue[: 4 * k]
        self._slots = Slots(clock)
        self._window, self._joins = clock.ticks(WINDOW), clock.ticks(_JOINS)
        self._room = (np.zeros(4 * k + 5 * n, np.float32), np.zeros(4 * k + 5 * n, np.float32))
        self._saturated = np.zeros(n, np.float32)
        self._n_zones = int(zone.max()) + 1
        self._work = np.zeros((4, n), np.float32)
        self.reset()

    @property
    def slots(self) -> tuple[int, ...]:
        """Ticks at which the slots that still count were opened, oldest first."""
        return tuple(slot + self._behind for slot in self._slots.opened)

    def reset(self) -> None:
        """Dark, and no slot used."""
        self._swings.reset()
        self._slots.reset()
        self._hurried = self._behind = self._now = 0
        """Ticks that passed in no time, told and taken; and the time without them."""
        self._alone: list[tuple[int, F64]] = []  # ticks and areas that began without a slot, by measure
        self._fallen = np.zeros(len(self._area))  # the areas that fell since the newest slot was opened
        self._newest = -1
        self.held = False
        """Whether the last frame was held back."""
        self.wanted = self.left = 0.0
        """R+G+B of the last frame, the mean by area: what was asked for, and what may leave."""

    def hurry(self, ticks: int) -> None:
        """So many of the ticks that come pass in no time: until they are over none has passed for whoever asks."""
        self._hurried += ticks

    def distrust(self) -> None:
        """What was seen before tick 0 is not known (a crash), so it was bright and has flashed three times: nothing
        rises by a step until a second has passed."""
        self._swings.distrust()
        self._slots.distrust()
        self._alone = [(0, np.ones(3 * len(self._area)))]

    def inherit(self, old: FlashGuard, zones: Sequence[str], theirs: Sequence[str]) -> None:
        """Go on from where `old`, the guard of another body, is: nobody may flash more for having changed.

        `zones` and `theirs` are the names of our zones and its. Slots that were used stay used. A zone of a name that
        both have goes on from where it is, pixel by pixel along its wires, but as if all of it had swung when any of
        it did; what is not known anew begins dark, as if it had swung whenever anything did.
        """
        self._slots.inherit(old._slots)
        self._hurried, self._behind, self._now = old._hurried, old._behind, old._now
        # Whoever began without a slot just now may have been anybody: until that is over nobody else does.
        self._alone = [(tick, np.ones(3 * len(self._area))) for tick, _ in old._alone]
        self._fallen = np.full(len(self._area), float(old._fallen.max()))
        self._newest = old._newest
        here, there, zone_of = self._known(old, zones, theirs)
        was = old._swings.last
        worst = was.max(axis=1)
        newest = np.repeat(worst[:, None], self._sets + 4 * self._n, axis=1)
        rows = was[:, old._sets :].reshape(len(was), 4, old._n)
        pixels = newest[:, self._sets :].reshape(len(was), 4, self._n)
        for ours, its in zone_of.items():
            mine, his = self._zone == ours, old._zone == its
            pixels[:, :, mine] = rows[:, :, his].max(axis=2)[:, :, None]
        newest[:, self._sets :] = pixels.reshape(len(was), -1)
        self._swings.inherit(old._swings, there, here, newest)

    def _known(
        self, old: FlashGuard, zones: Sequence[str], theirs: Sequence[str]
    ) -> tuple[Index, Index, dict[int, int]]:
        """Which of our measures are which of its: ours, its, and the zones that are the same, ours to its."""
        zone_of = {i: theirs.index(name) for i, name in enumerate(zones) if name in theirs}
        zone_sets = {z: k for k, z in enumerate(np.unique(self._zone).tolist())}
        its_sets = {z: k for k, z in enumerate(np.unique(old._zone).tolist())}
        k, its_k = self._places.n_sets, old._places.n_sets
        # The means of what hangs together begin from the mean of the whole.
        sets = np.full(k, old._whole, np.intp)
        pixels: list[Index] = []
        its_pixels: list[Index] = []
        for ours, its in zone_of.items():
            if ours in zone_sets and its in its_sets:
                sets[zone_sets[ours]] = its_sets[its]
            mine, his = (np.flatnonzero(each == z) for each, z in ((self._zone, ours), (old._zone, its)))
            if len(mine) and len(his):
                pixels.append(mine)
                its_pixels.append(his[np.arange(len(mine)) * len(his) // len(mine)])
        known = np.array([z in zone_of for z in zone_sets] + [True] * (k - len(zone_sets)), bool)
        which = np.flatnonzero(known)
        mine = np.concatenate([*pixels, np.zeros(0, np.intp)])
        his = np.concatenate([*its_pixels, np.zeros(0, np.intp)])
        here = [row * k + which for row in range(4)] + [self._sets + row * self._n + mine for row in range(4)]
        there = [row * its_k + sets[which] for row in range(4)] + [
            old._sets + row * old._n + his for row in range(4)
        ]
        return np.concatenate(here), np.concatenate(there), zone_of

    def limit(self, tick: int, light: F64) -> F64:
        """What may leave of linear RGB (n_pixels, 3), 0..1, at `tick`; hue is kept, nothing is added."""
        return self.dim(tick, finite(light))

    def dim(self, tick: int, out: F64) -> F64:
        """`limit`, in place, of light that is `finite` already."""
        self._now = max(self._now, tick - self._hurried)
        self._behind, tick = tick - self._now, self._now
        self._slots.pass_to(tick)
        room = self._room[0]
        measure(out, self._pixels(room), self._saturated, self._work)
        self._sum(room)
        self.wanted = self.left
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
                out *= np.repeat(share, 3).reshape(out.shape)
                pixels = self._pixels(room)
                pixels *= share
                self._saturated *= share
                np.minimum(self._saturated, _ONE, out=pixels[0])
                self._sum(room)
        self._swings.track(tick, wanted)
        self._room = self._room[::-1]
        return out

    def _pixels(self, room: F32) -> F32:
        return room[self._sets :].reshape(5, self._n)

    def _sum(self, room: F32) -> None:
        """Of the measures of all pixels the means of the sets, and of the whole how much light it is."""
        means = room[: self._sets].reshape(4, -1)
        means[:] = self._places.means(self._places.cells(self._pixels(room)[1:]))
        luminance, _, blue, mixed = means[:, self._whole].tolist()
        self.left = energy(luminance, blue, mixed)
        np.maximum(means[3], np.float32(0), out=means[3])

    def _ask_for_sets(self, tick: int, wanted: F32, ceilings: F32) -> None:
        over = wanted[: self._sets] > ceilings[: self._sets]
        if not over.any():
            return
        which = over.nonzero()[0]
        which = which[self._swings.may(which, tick, wanted[which])]
        alone = which[~self._shared[which]]
        if len(alone):
            self._swings.grant(alone, tick, tick + self._window, tick + self._window)
        shared = which[self._shared[which]]
        if len(shared) and self._slots.take(tick):
            # By every measure: what swells reddens first and is bright later, and that is one swing.
            k = self._places.n_sets
            alike = np.unique(shared % k + (k * np.array([[0], [1], [3]])))
            alike = alike[self._swings.may(alike, tick, _ANY)]
            self._swings.grant(alike, tick, self._slots.until, self._slots.until)

    def _hold_pixels(self, tick: int, wanted: F32, ceilings: F32) -> F32 | None:
        """A factor a pixel at which none exceeds its ceilings; None for 1 everywhere.

        Masks over all pixels, and arithmetic with them: quicker than to pick who is meant, where many are.
        """
        n, swings, first = self._n, self._swings, self._sets
        values, limits = wanted[first:].reshape(4, n), ceilings[first:].reshape(4, n)
        over = values > limits
        if not over.any():
            return None
        left = swings.may(slice(first, None), tick, wanted[first:]).reshape(4, n)
        blue = (over[3] & left[3]).nonzero()[0]
        if len(blue):
            swings.grant(first + 3 * n + blue, tick, tick + self._window, tick + self._window)
            over[3, blue] = False
        left |= ~over
        asks = np.logical_and.reduce(left)
        asks &= np.logical_or.reduce(over)
        rises, by = self._granted(tick, asks.nonzero()[0], over, values, limits)
        if len(rises):
            granted = np.zeros(n, bool)
            granted[rises] = True
            theirs = (over & granted).ravel().nonzero()[0]
            theirs += first
            swings.grant(theirs, tick, by, tick + self._window)
            np.greater(over, granted, out=over)
            if not over.any():
                return None
        # The least of limits / light where a limit is exceeded.
        light = np.multiply(values, over, out=self._work)
        np.multiply(self._saturated, over[0], out=light[0])
        np.divide(limits, np.maximum(light, _NONE, out=light), out=light)
        share: F32 = np.minimum.reduce(light)
        return np.minimum(share, _ONE, out=share)

    def _granted(self, tick: int, asking: Index, over: Mask, values: F32, limits: F32) -> tuple[Index, int]:
        """Who of the pixels `asking` may rise now, and by when it must have risen by a full step."""
        if not len(asking):
            return asking, tick
        if self._slots.is_open(tick) and tick < self._slots.opened[-1] + self._joins:
            return asking, self._slots.until
        # Without a slot a rise is granted when it can be used to its full step at once.
        full = values.take(asking, axis=1) >= limits.take(asking, axis=1) + _GAPS
        full |= ~over.take(asking, axis=1)
        unsaturated = self._saturated.take(asking) == 0.0  # nobody counts red that is not saturated
        full[2] |= unsaturated
        chosen = np.logical_and.reduce(full).nonzero()[0]
        if not len(chosen):
            return chosen, tick + 1
        ready = asking.take(chosen)
        self._alone = [entry for entry in self._alone if tick - entry[0] < self._window]
        used = sum((area for _, area in self._alone), np.zeros(3 * len(self._area)))
        # By each measure for itself: one and the same pixel may turn red first and bright later.
        rises = over[:3].take(ready, axis=1)
        areas = np.concatenate([rises * part.take(ready) for part in self._area])
        areas[2::3] *= ~unsaturated.take(chosen)
        area = areas.sum(axis=1)
        if (used + area > TOGETHER).any():
            if self._slots.take(tick) and self._slots.opened[-1] == tick:
                return asking, self._slots.until
            # The zones that ask for least come first: what travels need not wait for what strobes.
            zones = self._zone.take(ready)
            by_zone = np.stack([np.bincount(zones, weights=row, minlength=self._n_zones) for row in areas])
            order = np.argsort(by_zone.sum(axis=0), kind="stable")
            fits = np.zeros(self._n_zones, bool)
            fits[order] = (used[:, None] + np.cumsum(by_zone[:, order], axis=1) <= TOGETHER).all(axis=0)
            fit = fits.take(zones).nonzero()[0]
            ready = ready.take(fit)
            area = areas.take(fit, axis=1).sum(axis=1)
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
        # What stays of each pixel's light if it does not rise.
        ratio = np.maximum(rows, _FAINT, out=self._work[:3])
        np.divide(before, ratio, out=ratio)
        stays = np.minimum.reduce(ratio)
        np.minimum(stays, _ONE, out=stays)
        base = places.means(places.cells(np.multiply(rows, stays, out=ratio)))
        room = (limits - base) / np.maximum(means - base, _FAINT)
        room = np.where(means > limits, np.clip(room, 0, 1), _ONE).min(axis=0)
        share: F32 = places.spread(places.least(room))
        share *= _ONE - stays
        share += stays
        return np.minimum(share, _ONE, out=share)

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
            self._newest = self._slots.opened[-1]
            self._fallen[:] = 0.0
        pixels = slice(self._sets, self._sets + 3 * self._n)
        falling = self._swings.falling(wanted, pixels).reshape(3, -1)
        fallen = np.logical_or.reduce(falling)
        self._fallen += [float(part[fallen].sum()) for part in self._area]
        if (self._fallen <= _CLOSES).all():
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
