"""Current: what the garment draws, and how far a frame must be dimmed for battery, wires and outputs to bear it.

An LED's mean current is proportional to its duty, and that to linear light: a pixel draws its idle current and, for
each channel, so much times its light (`Strand.ma`, per channel at full). Controller and heaters come on top. What
exceeds a limit is scaled as a whole frame, never channel by channel: hue and the balance between zones stay. An
estimate from data sheets, no fuse: a branch needs its own.

A pixel without a filament is no pixel of the garment (a lamp of the room may take its colour) and draws nothing here.
Electrochromic cells draw a few mA while they change; they are counted in full and never dimmed, for what they are
told is a colour and not a power.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from wearsound.core import F64
from wearsound.errors import PatchError
from wearsound.garment.document import Garment, Strand
from wearsound.garment.materials import drive_ma
from wearsound.garment.sewn import Sewn
from wearsound.safety.swings import Index

Budget = tuple[Index, float]
"""The pixels that an output feeds, each as often as it feeds a lamp with it, and the most mA that it bears."""

# A byte is rounded, so light may leave brighter than asked for by half a byte: by 2.2 * 0.5 / 255 * L ** 0.545, which
# is never more than this much of its square root.
_ROUNDED = 0.0044


class CurrentGuard:
    """Keeps a garment within its battery's and its outputs' limits. [engine thread]"""

    def __init__(self, garment: Garment, body: Sewn, budgets: Sequence[Budget] = ()) -> None:
        """PatchError where what draws in the dark alone exceeds a limit."""
        battery = garment.battery
        strands = {strand.name: strand for strand in garment.strands}
        self._ma = np.zeros(body.n_pixels)
        idle = np.zeros(body.n_pixels)
        for name, wire in body.wires.items():
            strand = strands.get(name, Strand(name=name, filaments=(name,)))
            self._ma[wire], idle[wire] = strand.ma, strand.idle_ma
        self._drive_ma = drive_ma(garment)
        self._heated = np.array([zone.fabric == "thermochromic" for zone in garment.zones])
        self._idle = float(idle.sum()) + battery.idle_ma
        self.most_ma = battery.most_ma
        at_rest = self._idle + float(self._drive_ma[~self._heated].sum())
        self._room = self.most_ma - at_rest
        if self._room < 0:
            raise PatchError(
                f"{garment.path}: battery.most_ma: {self.most_ma:g} mA is less than the {at_rest:.0f} mA that "
                f"{garment.title!r} draws in the dark: give it a stronger battery, fewer pixels, or their true idle_ma"
            )
        self._budgets: list[Budget] = []
        for pixels, most in budgets:
            at_rest = float(idle[pixels].sum())
            if at_rest > most:
                raise PatchError(
                    f"{garment.path}: {len(pixels)} pixels draw {at_rest:.0f} mA in the dark, more than the most_ma = "
                    f"{most:g} of the output that feeds them: raise it, or feed them by two outputs"
                )
            self._budgets.append((pixels, most - at_rest))

    def ma(self, light: F64, drive: F64) -> float:
        """What the garment draws with linear RGB (n_pixels, 3) and drive (n_zones,), mA."""
        return float(self._idle + (light.sum(axis=1) * self._ma).sum() + (self._drive_ma * drive).sum())

    def bears(self, light: F64, drive: F64) -> bool:
        """Whether light that no byte will round any more (it comes from bytes) keeps every limit as it is."""
        glow = light.sum(axis=1) * self._ma
        heat = float((self._drive_ma * drive)[self._heated].sum())
        if float(glow.sum()) + heat > self._room:
            return False
        return all(float(glow[pixels].sum()) <= most for pixels, most in self._budgets)

    def limit(self, light: F64, drive: F64) -> tuple[F64, F64, bool]:
        """Light and drive as far as they may leave, and whether anything was dimmed. Both are finite, 0..1."""
        glow = light.sum(axis=1) * self._ma
        heat = float((self._drive_ma * drive)[self._heated].sum())
        rough = np.sqrt(light).sum(axis=1) * self._ma * _ROUNDED
        factor = _factor(float(glow.sum()) + heat, float(rough.sum()), self._room)
        shine = factor
        for pixels, most in self._budgets:
            shine = min(shine, _factor(float(glow[pixels].sum()), float(rough[pixels].sum()), most))
        if shine < 1.0:
            light = light * shine
        if factor < 1.0:
            drive = np.where(self._heated, drive * factor, drive)
        return light, drive, shine < 1.0


def _factor(sum_: float, rough: float, most: float) -> float:
    """The largest factor f 0..1 of light at which f * sum_ + sqrt(f) * rough <= most."""
    if sum_ + rough <= most:
        return 1.0
    root = (math.sqrt(rough * rough + 4.0 * sum_ * most) - rough) / (2.0 * sum_) if sum_ > 0 else 0.0
    return min(1.0, root * root)
