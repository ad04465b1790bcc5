"""Duty: how much an actuator may do in ten seconds and in ten minutes, counted exactly and bent in good time.

The duty of a window is the mean, over all its hops, of how far the actuator was driven: the larger of the wave's
largest magnitude in the hop and of the level told, 1 being the most that is ever put on it. So it is 100 % on for half
the time, or half on all the time. Everything counts from nothing on, and braking too: there is no threshold to stay
under, no average to hide in and no sign to hide behind. The mean of the squares, which is what warms coil and skin, is
never more than it, and both limits are below what any kind bears for ever (`garment.motor_kinds`: 0.7 at the least).

Sums of whole numbers over the hops that leave and enter a window: they cannot drift. When KNEE of a window's budget is
left the gain falls in proportion to it, so the limit is never reached. A window forgets all at once what leaves it, and
would let drive that is always full come and go every ten seconds; so long before, a mean that forgets slowly (SOFT)
bends the gain the same way, and music bows and is not chopped.

Hops that were lost are no rest: for LIFETIME the last drive counts on (a driver may hold it so long), and the time
after that counts neither way.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from wearsound.core import F64, Clock
from wearsound.felt import LIFETIME

LIMITS = ((10.0, 0.5), (600.0, 0.3))
"""Seconds, and the duty that is never passed in them. Ours: no standard says so for what is worn."""
KNEE = 0.1
"""The share of a window's budget that is left when the gain begins to fall."""
SOFT = ((4.0, 0.4), (180.0, 0.27))
"""Seconds in which a mean forgets 63 %, and where the gain would be nothing: what keeps clear of the windows' ends."""
SOFT_KNEE = 0.3
"""The same share of these."""
_FULL = 1 << 15
"""A hop at full drive, as counted."""
_SPARE = 64
"""Counts that are never spent: what rounding up may cost."""


class Duty:
    """The budgets of `n` actuators. [engine thread]"""

    def __init__(self, n: int, clock: Clock) -> None:
        self._n = n
        hops = [seconds * clock.sample_rate / clock.hop for seconds, _ in LIMITS]
        self._windows = [math.ceil(h) for h in hops]
        shares = [share for _, share in LIMITS]
        budgets = [
            math.floor(share * math.floor(h)) * _FULL - _SPARE for h, share in zip(hops, shares, strict=True)
        ]
        soft = [most for _, most in SOFT]
        self._budget = np.array([*budgets, *soft], float)[:, None]
        knees = np.array([KNEE] * len(LIMITS) + [SOFT_KNEE] * len(SOFT))[:, None]
        self._bend = 1.0 / (knees * self._budget)
        self._forget = np.array([clock.coefficient(seconds) for seconds, _ in SOFT])[:, None]
        self._hold = clock.ticks(LIFETIME)
        self.reset()

    def reset(self) -> None:
        """Nothing done. Sums are whole numbers, exact in a float64."""
        # Actuators lead: what one has done lies together, and is quickly handed on (`inherit`). It is filled, so that
        # its memory is found now and not on the engine thread.
        self._done: NDArray[np.uint16] = np.full((self._n, self._windows[-1]), 0, np.uint16)
        self._at = 0
        self._used: F64 = np.zeros((len(self._budget), self._n))
        self._sums, self._means = self._used[: len(LIMITS)], self._used[len(LIMITS) :]
        self._last: NDArray[np.uint16] = np.zeros(self._n, np.uint16)
        self._drove: F64 = np.zeros(self._n)

    def inherit(self, past: Sequence[tuple[Duty, int]]) -> None:
        """What each of our actuators has done is what that of another body, by its number, has done."""
        for ours, (duty, its) in enumerate(past):
            done, at = duty._done[its], duty._at
            self._done[ours, : len(done) - at] = done[at:]
            self._done[ours, len(done) - at :] = done[:at]
            self._used[:, ours] = duty._used[:, its]
            self._last[ours], self._drove[ours] = duty._last[its], duty._drove[its]
        self._at = 0

    def most_used(self) -> int:
        """The number of the actuator that has done the most."""
        return int(self._used[len(LIMITS) - 1].argmax())

    def gain(self) -> F64:
        """How much of its drive each may have in the next hop, (n,) 0..1."""
        left: F64 = ((self._budget - self._used) * self._bend).min(axis=0)
        return np.minimum(np.maximum(left, 0.0), 1.0)

    def spend(self, amplitude: F64) -> None:
        """One hop passes, in which each was driven by so much, (n,) 0..1."""
        self._drove = amplitude
        self._last = np.ceil(amplitude * _FULL).astype(np.uint16)
        self._pass()

    def lose(self, gap: int) -> None:
        """So many hops were lost: the last drive may have gone on for LIFETIME."""
        for _ in range(min(gap, self._hold)):
            self._pass()

    def _pass(self) -> None:
        at, whole = self._at, self._windows[-1]
        for window, sums in zip(self._windows, self._sums, strict=True):
            sums -= self._done[:, at - window]  # a window's first hop; negative numbers count from the end
            sums += self._last
        self._done[:, at] = self._last
        self._means += (self._drove - self._means) * self._forget
        self._at = (at + 1) % whole
