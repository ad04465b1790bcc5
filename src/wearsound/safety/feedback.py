"""Feedback guard: when a microphone hears the speakers and begins to howl, all is ducked, and its pitch is notched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from wearsound.core import F32, F64, Clock
from wearsound.safety.howl import Howl, Looks
from wearsound.safety.notch import HOLD, Notch

DUCK = 0.25
"""-12 dB."""
DOWN, STAYS, BACK = 0.01, 0.6, 4.0
"""Seconds: down to DUCK, there, and up again."""
NOTCHES = 4
NEAR = 1.12
"""What is no farther than this ratio (two semitones) is the same howl again."""
_SOFT = 0.01


class Feedback:
    """Guards what the voices that listen to `lanes` play. `count` is how often it stepped in. [engine thread]"""

    def __init__(self, lanes: Sequence[str], clock: Clock) -> None:
        self._clock, self._lanes = clock, tuple(lanes)
        self._looks = Looks(len(self._lanes), clock)
        self._howls = [Howl(clock) for _ in self._lanes]
        self._rows: F64 = np.zeros((1 + len(self._lanes), clock.hop))
        self._ramp: F64 = np.arange(1, clock.hop + 1) / clock.hop
        self._down, self._up = (clock.hop / (s * clock.sample_rate) * (1.0 - DUCK) for s in (DOWN, BACK))
        self._stays = clock.ticks(STAYS)
        self.reset()

    def reset(self) -> None:
        """Nothing howled."""
        self.count = 0
        self.ducked = 0
        """Hops that were not let through whole."""
        self._notches: list[Notch] = []
        self._level, self._left, self._soft = 1.0, 0, 0
        self.lose()

    def inherit(self, old: Feedback) -> None:
        """Go on from where `old` is: what is held down and notched, and what was seen of the lanes that both have."""
        self.count, self.ducked = old.count, old.ducked
        self._notches, self._level, self._left, self._soft = old._notches, old._level, old._left, old._soft
        if self._lanes == old._lanes:
            self._looks, self._howls = old._looks, old._howls
            return
        pairs = [(i, old._lanes.index(lane)) for i, lane in enumerate(self._lanes) if lane in old._lanes]
        for ours, its in pairs:
            self._howls[ours] = old._howls[its]
        self._looks.inherit(old._looks, [(0, 0), *((1 + ours, 1 + its) for ours, its in pairs)])

    def lose(self) -> None:
        """Hops were lost: what was seen before is not what comes."""
        self._looks.reset()
        self._soft = 0
        for howl in self._howls:
            howl.reset()

    def hold(self, wave: F64) -> None:
        """Notch and duck one hop (2, hop), in place, where something howled."""
        if self._notches:
            for notch in self._notches:
                notch.dip(wave)
            self._notches = [notch for notch in self._notches if not notch.gone]
        if self._level == 1.0 and not self._left:
            return
        before = self._level
        if self._left:
            self._left -= 1
            self._level = max(DUCK, before - self._down)
        else:
            self._level = min(1.0, before + self._up)
        self.ducked += 1
        wave *= before + (self._level - before) * self._ramp

    def look(self, tick: int, played: F64, samples: F32, lanes: Mapping[str, tuple[int, ...]]) -> None:
        """One hop has left as `played` (2, hop); `samples` (hop, n_channels) came in with it."""
        rows = self._rows
        np.add(played[0], played[1], out=rows[0])
        rows[0] *= 0.5
        for row, lane in enumerate(self._lanes, 1):
            columns, mean = lanes.get(lane, ()), rows[row]
            mean[:] = 0.0
            for column in columns:
                mean += samples[:, column]
            if len(columns) > 1:
                mean *= 1.0 / len(columns)
        self._looks.take(rows)
        self._soft = 0 if float(rows[0].max()) > _SOFT else self._soft + 1
        if tick % Looks.EVERY != Looks.EVERY - 1 or self._left:
            return
        if self._soft > 8:  # nothing that could howl for as long as is looked at
            for howl in self._howls:
                howl.reset()
            return
        power = self._looks.power()
        for howl, heard in zip(self._howls, power[1:], strict=True):
            hz = howl.look(power[0], heard)
            if hz is not None:
                self._catch(hz)

    def _catch(self, hz: float) -> None:
        self.count += 1
        self._left = self._stays
        for howl in self._howls:
            howl.reset()
        for notch in self._notches:
            if max(hz, notch.hz) <= NEAR * min(hz, notch.hz):
                notch.renew(2.0 * notch.hold)
                return
        self._notches = [*self._notches[1 - NOTCHES :], Notch(hz, self._clock, HOLD)]
