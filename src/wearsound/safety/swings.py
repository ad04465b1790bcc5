"""Swings: how often each of many measures rises by a tenth, and how far it may rise without a permission.

A *measure* is a number that is proportional to light, 0 and up, on a scale where a change of STEP counts as half
a flash. Each may *swing* (rise by STEP or more above its lowest since it last fell) three times in any second,
and each time only when it is granted: until then it waits at HELD above its low. A granted measure rises as it
likes for as long as the grant is open; after that it goes on by HELD a frame, until it has fallen by FALL. A grant
that was not used to its full step while it was open must be asked for again, and is then used at once: no swing
can be saved up.

*Slow* measures, means of many things that swell, keep a grant that they did not use in time: they too go on by HELD a
frame. Such a swing counts in the second in which it rises (`_last` holds its newest rise), not when it was granted,
so three in any second stay three. Nor can it wait for long: one that `rests` has not risen for a second is over, and
the next rise must be granted anew.

The margins between HELD, FALL and STEP are for bytes: whoever reads the light as 8 bits with gamma 2.2 finds a
luminance wrong by .0043 at most, and the red measure by .0115, at either end of a swing.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wearsound.core import F32, Clock
from wearsound.safety.slots import SLOTS

Index = NDArray[np.intp]
Mask = NDArray[np.bool_]

STEP = 0.1
"""The change of relative luminance that counts (WCAG 2.3.1)."""
HELD, HELD_RED = 0.09, 0.07
"""How far anything may rise without a grant."""
FALL, FALL_RED = 0.08, 0.06
"""A fall that ends a swing: a little less than what counts."""
CROSS, CROSS_RED = 0.11, 0.125
"""A rise that has surely been seen as one."""

_OLD, _NEVER = -(1 << 30), 1 << 62


class Swings:
    """`red` (count,) says which measures are red ones, `slow` (count,) which are slow. [one thread]

    Of the first `rests` measures a swing is over once it has not risen for a second.
    """

    def __init__(self, red: Mask, clock: Clock, slow: Mask, rests: int = 0) -> None:
        self._held = np.where(red, HELD_RED, HELD).astype(np.float32)
        self._fall = np.where(red, FALL_RED, FALL).astype(np.float32)
        self._cross = np.where(slow, 0.0, np.where(red, CROSS_RED, CROSS)).astype(np.float32)
        self._second = clock.ticks(1.0)
        self._rests = rests
        self.reset()

    def reset(self) -> None:
        """All dark, nothing swung."""
        count = len(self._held)
        self.values = np.zeros(count, np.float32)
        """What really left last."""
        self._low = np.zeros(count, np.float32)
        self._high = np.zeros(count, np.float32)
        self._up = np.zeros(count, bool)  # granted, and not fallen since
        self._on = np.zeros(count, bool)  # of these, who goes on after the grant
        self._asks = np.zeros(count, np.float32)  # of the others, what they must want to be granted again
        self._last = np.full((SLOTS, count), _OLD, np.int64)  # ticks of the newest rise of the last swings
        self._fast: list[list[Any]] = []  # by when to be used, until when it is open, by whom
        self._ceilings = np.zeros(count, np.float32)
        self._work, self._ticks = np.zeros(count, np.float32), np.zeros(count, np.int64)

    def distrust(self) -> None:
        """Nobody knows what was before tick 0: as if everything had swung as often as it may, just then."""
        self._last[:] = 0

    def inherit(self, old: Swings, same: Index, here: Index, newest: NDArray[np.int64]) -> None:
        """Go on from where `old` is: our measures `here` are its measures `same`.

        Of every one of ours, known or not, the last swings are taken to be no older than `newest` (SLOTS, count).
        Grants that are still open end.
        """
        for grant in old._fast:
            if grant[0] < _NEVER:
                old._judge(grant[2])
        for ours, its in (
            (self._low, old._low),
            (self._high, old._high),
            (self._up, old._up),
            (self._on, old._on),
            (self._asks, old._asks),
            (self.values, old.values),
        ):
            ours[here] = its[same]
        self._last = newest

    @property
    def last(self) -> NDArray[np.int64]:
        """Ticks of the newest rise of the last swings of each measure, (SLOTS, count), the newest first. Ours."""
        return self._last

    def ceilings(self, tick: int, frames: float = 1.0) -> F32:
        """How far each may go at `tick` without a new grant; infinite while its grant is open. Ours: do not keep.

        `frames` is how many light frames have passed since the last call.
        """
        for grant in self._fast:
            if tick >= grant[0]:
                self._judge(grant[2])
                grant[0] = _NEVER
                grant[2] = grant[2].compress(self._on.take(grant[2]))
        self._fast = [grant for grant in self._fast if tick < grant[1] and len(grant[2])]
        if self._rests:
            rests = self._rests
            goes_on = self._last[0, :rests] >= tick - self._second
            self._on[:rests] &= goes_on
            self._up[:rests] &= goes_on
        np.add(self._low, self._held, out=self._ceilings)
        if frames != 1.0:
            self._ceilings[self._on] += (np.float32(frames - 1.0) * self._held)[self._on]
        for _, _, which in self._fast:
            self._ceilings[which.compress(self._up.take(which))] = np.inf
        return self._ceilings

    def may(self, which: Index | slice, tick: int, wanted: F32) -> Mask:
        """Who of `which` has a swing left in this second, or may go on with one, if it wants `wanted`."""
        up = self._up[which]
        found: Mask = wanted >= self._asks[which]
        found |= self._on[which]
        found &= up
        free = self._last[-1][which] < tick - self._second
        found |= np.greater(free, up, out=free)
        return found

    def grant(self, which: Index, tick: int, by: int, until: int) -> None:
        """Let `which` rise as they like until the tick `until`, if they have risen by a full step before `by`."""
        new = which.compress(~self._up.take(which))
        for k in range(SLOTS - 1, 0, -1):
            self._last[k][new] = self._last[k - 1].take(new)
        self._last[0][new] = tick
        self._high[new] = self._low.take(new)
        self._up[new] = True
        self._fast.append([by, max(by, until), which])
        self._ceilings[which] = np.inf

    def hurry(self, tick: int) -> None:
        """What was granted and not used must be asked for again from `tick` on."""
        for grant in self._fast:
            grant[0] = min(grant[0], tick) if grant[0] < _NEVER else _NEVER

    def falling(self, wanted: F32, some: slice = slice(None)) -> Mask:
        """Whose swing ends if what is wanted leaves, of `some` or all."""
        found: Mask = np.subtract(self._high[some], wanted[some], out=self._work[some]) >= self._fall[some]
        found &= self._up[some]
        return found

    def track(self, tick: int, values: F32) -> None:
        """Remember what really left (kept, not copied)."""
        up, low, high, last = self._up, self._low, self._high, self._last[0]
        rose = values > high
        rose &= up
        np.maximum(high, values, out=high)
        # Where it rose `tick`, elsewhere what no tick is below: quicker than a mask that is noise.
        ticks = np.multiply(rose.view(np.int8), np.int64(tick - _OLD), out=self._ticks)
        ticks += np.int64(_OLD)
        np.maximum(last, ticks, out=last)
        fallen = self.falling(values)
        np.minimum(low, values, out=low)
        up ^= fallen
        # While a swing goes on its low point follows it; the next one starts where it ended. No measure is below 0.
        fallen |= self._on
        np.maximum(low, np.multiply(values, fallen, out=self._work), out=low)
        self._on &= up
        self.values = values

    def _judge(self, which: Index) -> None:
        """Who has used a grant may go on, who has not must ask again."""
        which = which.compress(self._up.take(which) > self._on.take(which))
        low, values, cross = self._low.take(which), self.values.take(which), self._cross.take(which)
        used = self._high.take(which) - low >= cross
        self._on[which] = used
        self._asks[which] = low + cross
        self._low[which] = np.where(used, values, np.maximum(low, values - self._held.take(which)))
