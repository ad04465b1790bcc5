"""What a fabric does in its own time with what is sent to it.

`plain` and `screen` cloth does nothing. An *electrochromic* cell takes its dye in seconds, and remembers: without
power it keeps what it has. *Thermochromic* (leuco) cloth is warmed by a heated thread and loses its own colour
above a threshold, so that the garment file's `dye` is what shows beneath. Every time here is a start value, not a
measured one; `docs/materials.md` says how sure each is.
"""

from __future__ import annotations

import math

import numpy as np

from wearsound.core import F64, LIGHT_RATE, Index
from wearsound.garment import thermochromic
from wearsound.garment.document import Garment, Zone

SLOW = ("electrochromic", "thermochromic")
"""Fabrics that take seconds, and are led by phrases, never by beats."""

ATTACK, RELEASE = 4.0, 9.0
"""Electrochromic: seconds to 63 % of a step towards the dye, and back."""

HOLD = 600.0
"""Seconds for which an electrochromic zone keeps its state without power; then it fades with the same constant."""

_MA = {"electrochromic": 5.0, "thermochromic": 450.0}
_NEAR = 1e-6


def settles(zone: Zone, ambient: float = thermochromic.AMBIENT) -> float | None:
    """Seconds to 90 % of a full change, the slower of there and back; None for what does not change.

    Infinite where the change never ends: a room so warm that thermochromic cloth stays clear. [any thread]
    """
    there, back = times(zone)
    if zone.fabric == "electrochromic":
        return math.log(10) * max(there, back)
    return thermochromic.settles(ambient, there, back) if zone.fabric == "thermochromic" else None


def times(zone: Zone) -> tuple[float, float]:
    """Seconds to 63 % of a change, there and back: of dye, or of a heated thread's warmth. [any thread]"""
    if zone.times is not None:
        return zone.times
    return (thermochromic.HEAT, thermochromic.COOL) if zone.fabric == "thermochromic" else (ATTACK, RELEASE)


def drive_ma(garment: Garment) -> F64:
    """What the fabric of each zone draws at full drive, mA, (n_zones,). [any thread]"""
    return np.array([_MA.get(zone.fabric, 0.0) for zone in garment.zones])


class Cloth:
    """The fabrics of a garment; implements contracts.Cloth. [engine thread]"""

    def __init__(self, garment: Garment) -> None:
        self._n = len(garment.zones)
        self._names = garment.zone_names
        self._ambient = garment.ambient
        self._cells = _numbers(garment, "electrochromic")
        self._heated = _numbers(garment, "thermochromic")
        cells, heated = ([times(garment.zones[i]) for i in which] for which in (self._cells, self._heated))
        self._up, self._down = (np.array([one_pole(pair[way]) for pair in cells]) for way in (0, 1))
        self._fade = one_pole(HOLD)
        self._hold = round(HOLD * LIGHT_RATE)
        self._leuco = thermochromic.Leuco(heated, self._ambient)
        self.reset()

    @property
    def dyed(self) -> F64:
        """How far each zone shows its dye, (n_zones,), 0..1."""
        return self._dyed

    @property
    def warm(self) -> F64:
        """How warm each zone is at the skin, (n_zones,), degrees C: of heated thread as warm as the thread."""
        return self._warm

    def reset(self) -> None:
        """At rest, at the temperature of the room."""
        self._leuco.reset()
        self._unpowered = 0
        self._dyed = np.zeros(self._n)
        self._warm = np.full(self._n, self._ambient)
        self._dyed[self._heated] = self._leuco.clear

    def inherit(self, old: object) -> None:
        """The fabrics of another garment, or of this one as it was, go on in the zones of these names."""
        if not isinstance(old, Cloth):
            return
        self._unpowered = old._unpowered
        self._leuco.inherit(old._leuco, _same(self, self._heated, old, old._heated))
        for ours, its in _same(self, self._cells, old, old._cells):
            self._dyed[self._cells[ours]] = old._dyed[old._cells[its]]
        self._warm[self._heated] = self._leuco.warm
        self._dyed[self._heated] = self._leuco.clear

    def step(self, drive: F64, power: float = 1.0) -> None:
        """One light frame passes with `drive` (n_zones,), 0..1, at its wires; arrays read before stay as they were.

        `power` 0..1 is what the performer's hand lets through, and `drive` is already scaled by it. A heater knows
        only its drive. A cell changes towards the colour wanted as fast as there is power, and keeps its own
        without: no master bleaches it.
        """
        self._dyed, self._warm = self._dyed.copy(), self._warm.copy()
        if len(self._cells):
            self._dyed[self._cells] = self._cell(drive[self._cells], min(1.0, max(0.0, power)))
        if len(self._heated):
            self._leuco.step(drive[self._heated])
            self._warm[self._heated] = self._leuco.warm
            self._dyed[self._heated] = self._leuco.clear

    def _cell(self, drive: F64, power: float) -> F64:
        now = self._dyed[self._cells]
        if power <= 0:
            self._unpowered += 1
            if self._unpowered > self._hold:
                now = now - now * self._fade
            return now
        self._unpowered = 0
        wanted = np.clip(drive / power, 0.0, 1.0)
        way = wanted - now
        now = now + way * np.where(way > 0, self._up, self._down) * power
        # Exactly there in the end, and not for ever on the way.
        return np.where(np.abs(wanted - now) < _NEAR, wanted, now)


def one_pole(seconds: float) -> float:
    """The weight a light frame that reaches 63 % of a step after `seconds`."""
    return round(1 - math.exp(-1 / (seconds * LIGHT_RATE)), 12)


def _same(cloth: Cloth, ours: Index, old: Cloth, its: Index) -> list[tuple[int, int]]:
    """Pairs of places in two lists of zones whose names are the same."""
    theirs = {old._names[zone]: place for place, zone in enumerate(its)}
    names = [cloth._names[zone] for zone in ours]
    return [(place, theirs[name]) for place, name in enumerate(names) if name in theirs]


def _numbers(garment: Garment, fabric: str) -> Index:
    return np.array([i for i, zone in enumerate(garment.zones) if zone.fabric == fabric], np.intp)
