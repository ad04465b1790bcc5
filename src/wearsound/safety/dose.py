"""Dose: how much vibration a wearer has had in a day, as the law counts it for hands and arms (EU 2002/44/EC).

Acceleration is weighted by frequency (Wh of ISO 5349-1, its filter in ISO 8041-1), squared and added up over time;
A(8) is the steady acceleration that would give as much in eight hours. The action value is 2.5 m/s2, the limit 5. Here
the action value is the most that a session may reach: the gain falls as it comes near.

**For the torso there is no accepted limit.** Hand-arm weights what is felt in the hand; it stands in as a cautious
proxy: all actuators count as if they shook one place, each as hard as its file or its kind says
(`garment.motor_kinds`). What is told of the pitch counts, or, of what follows a wave, what the wave itself says
(`weighting`), whichever is more; where nothing is told, an actuator's own pitch, or UNTOLD if it has none. The day is
the session: what was felt before it is not known.
"""

from __future__ import annotations

import math

import numpy as np

from wearsound.core import F32, F64, Clock
from wearsound.felt import LIFETIME
from wearsound.garment.document import Garment
from wearsound.garment.motor_kinds import FOLLOWS, motion
from wearsound.garment.structure import Actuator
from wearsound.safety.weighting import STEADY, Slow, weight

ACTION, LIMIT = 2.5, 5.0
"""A(8) in m/s2 (EU 2002/44/EC, article 3, hand-arm)."""
DAY = 8 * 3600.0
"""Seconds of the working day that A(8) is told for."""
KNEE = 0.2
"""The share of the day's dose that is left when the gain begins to fall."""
UNTOLD = 40.0
"""Hz that a pitch counts as where neither drive nor file names one: little that is worn shakes slower."""
_GRAVITY = 9.81
_HIGHEST = 512
_FINE = float(1 << 20)
"""Counts a m2/s3: whole numbers do not drift."""
_SPARE = 1 << 12
"""Counts that are never spent: what rounding up may cost."""
_HEAVIEST = 13
"""Hz at which Wh is largest; slower counts as much, so that nothing hides below."""


class Dose:
    """What the wearer of one garment has had since the start. [engine thread]"""

    def __init__(self, garment: Garment, clock: Clock) -> None:
        self._full: F64 = np.array([rms(actuator) for actuator in garment.actuators])
        self._own = np.array([pitch(actuator) for actuator in garment.actuators])
        self._weight = np.array([weight(max(hz, _HEAVIEST)) for hz in range(_HIGHEST)])
        waved = [i for i, actuator in enumerate(garment.actuators) if actuator.kind in FOLLOWS]
        self._waved = np.array(waved, np.intp)
        self._slow = Slow(len(waved), clock)
        self._peak = np.square(self._full[self._waved]) * 2.0
        self._hop = clock.hop / clock.sample_rate
        self._hold = clock.ticks(LIFETIME)
        self._most = int(ACTION * ACTION * DAY * _FINE)
        # Never over, whatever a hop brings: the worst one, and LIFETIME of it after, take a quarter of what is left.
        most = float(np.square(self._full).sum() + STEADY * STEADY * self._peak.sum())
        worst = most * self._hop * (1 + self._hold) * _FINE
        self._worst = 4.0 * worst
        self.reset()

    def reset(self) -> None:
        """Rested."""
        self._slow.reset()
        self._taken = 0
        self._last = 0

    def inherit(self, old: Dose) -> None:
        """The wearer is the same: what was had was had."""
        self._taken, self._last = old._taken, old._last

    def gain(self) -> float:
        """How much of all vibration may go on, 0..1."""
        left = self._most - _SPARE - self._taken
        if left <= 0:
            return 0.0
        cap = math.sqrt(left / self._worst) if self._worst else 1.0
        return min(1.0, left / (KNEE * self._most), cap)

    def add(self, wave: F32, amplitude: F64, hz: F64) -> None:
        """One hop passes: `wave` (hop, n), its `amplitude` (n,) 0..1, the `hz` (n,) told, 0 where that is not known."""
        told = np.where(hz > 0, hz, self._own).astype(np.intp)
        shaken = amplitude * self._full * self._weight.take(told, mode="clip")
        shaken *= shaken
        if len(self._waved):
            mine = wave if len(self._waved) == len(hz) else wave[:, self._waved]
            heard = self._slow.square(mine) * self._peak
            shaken[self._waved] = np.maximum(shaken[self._waved], heard)
        self._last = math.ceil(float(shaken.sum()) * (self._hop * _FINE))
        self._taken += self._last

    def lose(self, gap: int) -> None:
        """So many hops were lost: the last drive may have gone on for LIFETIME."""
        self._taken += min(gap, self._hold) * self._last

    @property
    def a8(self) -> float:
        """A(8) so far, m/s2."""
        return math.sqrt(self._taken / (_FINE * DAY))

    @property
    def share(self) -> float:
        """How much of a day's dose at the action value was had, 0..1: as energy, which adds up."""
        return self._taken / self._most

    def facts(self) -> dict[str, float]:
        """`a8` in m/s2, and its shares: of the dose at the action value, of that at the limit."""
        ratio = (ACTION / LIMIT) ** 2
        return {
            "a8": round(self.a8, 4),
            "of_action": round(self.share, 5),
            "of_limit": round(self.share * ratio, 5),
        }


def rms(actuator: Actuator) -> float:
    """Acceleration at the most that is ever put on it (drive 1), m/s2 rms of a sine.

    Its `g` is what it does at its rated drive, `full` of that (`garment.motor_kinds`). A spinning mass shakes with
    the square of its speed: so much more at most, and never more than in proportion below.
    """
    has = motion(actuator)
    beyond = has.full * has.full if has.kind == "erm" else has.full
    return has.g * _GRAVITY / (beyond * math.sqrt(2.0))


def pitch(actuator: Actuator) -> float:
    """Its own pitch in Hz; UNTOLD for what follows any wave."""
    return UNTOLD if actuator.kind in FOLLOWS else motion(actuator).hz
