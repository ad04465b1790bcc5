"""The last hand on vibration: finite numbers, the performer's hand, duty, dose and ramps, always on.

Nothing here can be told to be on: every hop is asked anew, and a hop that does not come drives nothing.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from wearsound.core import F32, F64, Clock
from wearsound.felt import Drive
from wearsound.garment.document import Garment
from wearsound.safety.dose import Dose
from wearsound.safety.duty import Duty
from wearsound.safety.rise import Rise

_MOST_HZ = 1000.0


class VibrationGuard:
    """Implements felt.TouchGuard for one garment. [engine thread]"""

    def __init__(self, garment: Garment, clock: Clock) -> None:
        self._clock = clock
        self._names = [actuator.name for actuator in garment.actuators]
        self._n = len(self._names)
        self._rise = Rise(self._n, clock)
        self._duty = Duty(self._n, clock) if self._n else None
        self._dose = Dose(garment, clock)
        self._rising = (np.arange(1, clock.hop + 1, dtype=np.float32) / np.float32(clock.hop))[:, None]
        self.reset()

    def reset(self) -> None:
        """Still, nothing counted."""
        self._rise.reset()
        self._dose.reset()
        if self._duty is not None:
            self._duty.reset()
        self._next: int | None = None
        self._hand = 0.0
        self._gain: F64 = np.zeros(self._n)
        self._level: F64 = np.zeros(self._n)
        self._wanted: F64 = np.zeros(self._n)
        self._left: F64 = np.zeros(self._n)
        self._away: dict[str, tuple[Duty, int]] = {}

    def inherit(self, old: object) -> None:
        """Go on from where `old`, the guard of another body, is: the wearer is the same. [engine thread]

        The dose goes on, and the duty of every actuator by its name. One that comes anew has done as much as the one
        that did the most; what one that is gone has done is kept as it is, for when it comes back.
        """
        if not isinstance(old, VibrationGuard) or old._clock != self._clock:
            return
        self._dose.inherit(old._dose)
        self._next, self._hand = old._next, old._hand
        known = dict(old._away)
        if old._duty is not None:
            known |= {name: (old._duty, i) for i, name in enumerate(old._names)}
        self._away = {name: past for name, past in known.items() if name not in self._names}
        if self._duty is None or not known:
            return
        most = (old._duty, old._duty.most_used()) if old._duty is not None else next(iter(known.values()))
        self._duty.inherit([known.get(name, most) for name in self._names])
        here = [i for i, name in enumerate(self._names) if name in old._names]
        there = [old._names.index(self._names[i]) for i in here]
        self._rise.inherit(old._rise, here, there)
        for ours, its in (
            (self._gain, old._gain),
            (self._level, old._level),
            (self._wanted, old._wanted),
            (self._left, old._left),
        ):
            ours[here] = its[there]

    def limit(self, tick: int, drive: Drive, hand: F64) -> None:
        """Make of `drive`, in place, what may leave."""
        if self._duty is None:
            return
        hop = self._clock.hop
        _clean(drive.wave, 1.0)
        _clean(drive.level, 1.0)
        _clean(drive.hz, _MOST_HZ)
        np.maximum(drive.hz, 0.0, out=drive.hz)
        if self._next is not None and tick > self._next:
            self._duty.lose(tick - self._next)
            self._dose.lose(tick - self._next)
            self._rise.reset()
            self._level = np.zeros(self._n)
        self._next = tick + len(hand)
        for i, up in enumerate(hand.tolist()):
            up = min(1.0, up) if up > 0 else 0.0  # NaN is not
            self._limit(drive.wave[i * hop : (i + 1) * hop], drive.level[i], drive.hz[i], up, self._duty)

    def _limit(self, wave: F32, level: F64, hz: F64, up: float, duty: Duty) -> None:
        """One hop: `wave` (hop, n), `level` and `hz` (n,), the hand at its end."""
        whole = self._rise.whole
        self._hand += min(whole, max(-whole, up - self._hand))
        kept = duty.gain() * self._dose.gain()
        gain = kept * self._hand
        before, self._gain = self._gain, gain
        if not (before.min() == gain.min() == 1.0):
            wave *= before.astype(np.float32) + (gain - before).astype(np.float32) * self._rising
            level *= gain
        peak = np.abs(wave).max(axis=0).astype(float)
        through = self._rise.limit(wave, peak)
        if through is not None:
            level *= through
        if whole < 1.0:  # else a level may come on within a hop
            reach = self._level + whole
            np.minimum(np.maximum(level, -reach, out=level), reach, out=level)
        self._level = np.abs(level)
        amplitude = np.maximum(peak, self._level)
        duty.spend(amplitude)
        self._dose.add(wave, amplitude, hz)
        self._left += amplitude
        self._wanted += amplitude / np.maximum(kept, 1e-6)  # what it would have been

    def facts(self) -> dict[str, Any]:
        """`dose` (safety.dose.Dose.facts) and `taken`: what share of each actuator's drive duty and dose took."""
        shares = 1.0 - self._left / np.where(self._wanted > 0, self._wanted, 1.0)
        shares = np.where(self._wanted > 0, shares, 0.0).tolist()
        taken = {name: round(abs(share), 4) for name, share in zip(self._names, shares, strict=True)}
        return {"dose": self._dose.facts(), "taken": taken}


def _clean(values: F32 | F64, most: float) -> None:
    """No number that is none, and none beyond +-most, in place."""
    if not values.size or float(np.abs(values).max()) <= most:  # NaN is not
        return
    values[~np.isfinite(values)] = 0.0
    np.clip(values, -most, most, out=values)
