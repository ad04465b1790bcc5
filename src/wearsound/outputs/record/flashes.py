"""How often light flashed, by the general and red flash definitions of WCAG 2.3.1: a fact of a render.

A swing is a change of relative luminance by 10 % of the maximum or more whose darker end is below
80 %, or a change of (R-G-B) x 320 by 20 or more; two opposing swings are a flash. This counts what
left; keeping it low is the guard's work. It limits nothing and certifies nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from wearsound.core import F64, U8

SWING = 0.1
DARK = 0.8
_RED = SWING * 320 / 20  # brings the red measure to the scale of luminance

_LINEAR = (np.arange(256) / 255.0) ** 2.2


class FlashMeter:
    """Counts swings of every zone and of the area-weighted whole, one light frame after another."""

    def __init__(self, areas: Sequence[float], rate: int) -> None:
        weights = np.asarray(areas, np.float64)
        self._weights = weights / max(float(weights.sum()), 1e-9)
        series = 2 * (len(weights) + 1)  # luminance of the zones and the whole, then red
        self._dark = np.repeat([DARK, np.inf], series // 2)
        self._ring = np.zeros((rate, series), np.int64)
        self._frames = 0
        self._recent = np.zeros(series, np.int64)
        self._worst_swings = np.zeros(series, np.int64)
        self._low = np.zeros(series)
        self._high = np.zeros(series)
        self._direction = np.zeros(series, np.int64)

    @property
    def worst(self) -> NDArray[np.int64]:
        """The most flashes in any one second so far (n_zones + 1,): the zones, then the whole."""
        luminance, red = (self._worst_swings // 2).reshape(2, -1)
        return np.maximum(luminance, red)

    def add(self, lit: U8) -> None:
        """Take one light frame, uint8 (n_zones, 3), RGB, gamma 2.2."""
        red, green, blue = _LINEAR[lit].T
        luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
        zones = np.stack([luminance, _RED * np.maximum(red - green - blue, 0.0)])
        whole = (zones * self._weights).sum(axis=1, keepdims=True)
        self._add(np.concatenate([zones, whole], axis=1).ravel())

    def _add(self, values: F64) -> None:
        if self._frames == 0:
            self._low[:] = values
            self._high[:] = values
        # Since the last swing `low` and `high` hold the extremes; the next swing must go the other way.
        np.minimum(self._low, values, out=self._low)
        np.maximum(self._high, values, out=self._high)
        # A hair of tolerance: 0.6 - 0.5 is a little less than 0.1 in binary.
        up = (self._direction <= 0) & (values - self._low >= SWING - 1e-9) & (self._low < self._dark)
        down = (self._direction >= 0) & (self._high - values >= SWING - 1e-9) & (values < self._dark)
        swung = up | down
        self._direction = np.where(up, 1, np.where(down, -1, self._direction))
        self._low = np.where(swung, values, self._low)
        self._high = np.where(swung, values, self._high)

        slot = self._frames % len(self._ring)
        self._recent += swung - self._ring[slot]
        self._ring[slot] = swung
        np.maximum(self._worst_swings, self._recent, out=self._worst_swings)
        self._frames += 1


def flashes(lit: U8, rate: int, areas: Sequence[float] | None = None) -> list[int]:
    """The most flashes in any second of lit uint8 (m, n_zones, 3): of each zone, then of the whole."""
    meter = FlashMeter(areas if areas is not None else [1.0] * lit.shape[1], rate)
    for frame in lit:
        meter.add(frame)
    return [int(count) for count in meter.worst]
