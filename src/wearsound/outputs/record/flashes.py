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
from wearsound.garment.colour import LINEAR

SWING = 0.1
DARK = 0.8
QUARTER = 0.25
"""Of the area: what flashes together from there on is a flash of the field (ITU-R BT.1702, WCAG)."""
_TOGETHER = 0.05
_RED = SWING * 320 / 20  # brings the red measure to the scale of luminance

Counts = NDArray[np.int64]


class SwingCounter:
    """Counts swings of `count` things, luminance first and then red: 2 * count series. A frame at a time.

    A second is a second of time: frames have numbers at `rate`, and some may be missing (a take with a gap).
    """

    def __init__(self, count: int, rate: int) -> None:
        series = 2 * count
        self._dark = np.repeat([DARK, np.inf], count)
        self._ring = np.zeros((rate, series), bool)
        self._next = 0
        self.recent = np.zeros(series, np.int64)
        """Swings within the last second."""
        self._low = np.zeros(series)
        self._high = np.zeros(series)
        self._direction = np.zeros(series, np.int8)

    def add(self, values: F64, number: int | None = None) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Take one frame of values (2 * count,), its `number` if not the next one; who swung up, and who down."""
        number = self._next if number is None else number
        for missing in passed(self._next, number, len(self._ring)):
            self.recent -= self._ring[missing]
            self._ring[missing] = False
        if self._next == 0:
            self._low[:] = values
            self._high[:] = values
        # Since the last swing `low` and `high` hold the extremes; the next swing must go the other way.
        np.minimum(self._low, values, out=self._low)
        np.maximum(self._high, values, out=self._high)
        # A hair of tolerance: 0.6 - 0.5 is a little less than 0.1 in binary.
        up = (self._direction <= 0) & (values - self._low >= SWING - 1e-9) & (self._low < self._dark)
        down = (self._direction >= 0) & (self._high - values >= SWING - 1e-9) & (values < self._dark)
        swung = up | down
        self._direction[up], self._direction[down] = 1, -1
        self._low[swung] = self._high[swung] = values[swung]
        slot = number % len(self._ring)
        self.recent += swung
        self.recent -= self._ring[slot]
        self._ring[slot] = swung
        self._next = number + 1
        return up, down


class FlashMeter:
    """Counts swings of every zone and of the area-weighted whole, one light frame after another."""

    def __init__(self, areas: Sequence[float], rate: int) -> None:
        weights = np.asarray(areas, np.float64)
        self._weights = weights / max(float(weights.sum()), 1e-9)
        self._swings = SwingCounter(len(weights) + 1, rate)
        self._worst_swings = np.zeros(2 * (len(weights) + 1), np.int64)

    @property
    def now(self) -> tuple[int, int]:
        """The most general and the most red flashes of any zone or the whole in the last second."""
        general, red = (self._swings.recent // 2).reshape(2, -1)
        return int(general.max()), int(red.max())

    @property
    def by_measure(self) -> tuple[Counts, Counts]:
        """The most general and the most red flashes in any one second so far, each as `worst`."""
        general, red = (self._worst_swings // 2).reshape(2, -1)
        return general, red

    @property
    def worst(self) -> Counts:
        """The most flashes in any one second so far (n_zones + 1,): the zones, then the whole."""
        return np.maximum(*self.by_measure)

    def add(self, lit: U8, number: int | None = None) -> None:
        """Take one light frame, uint8 (n_zones, 3), RGB, gamma 2.2, and its number if it is not the next one."""
        zones = measures(lit)
        whole = (zones * self._weights).sum(axis=1, keepdims=True)
        self._swings.add(np.concatenate([zones, whole], axis=1).ravel(), number)
        np.maximum(self._worst_swings, self._swings.recent, out=self._worst_swings)


class QuarterMeter:
    """Counts flashes of the worst quarter of the area, from every pixel's own swings.

    Once as flashes that a quarter of the area has each in the same second, wherever it is; once as swings in which a
    quarter takes part within 50 ms. The larger of the two is told.
    """

    def __init__(self, areas: F64, rate: int) -> None:
        """`areas` (n_pixels,) in any unit."""
        self._areas = areas / areas.sum()
        self._swings = SwingCounter(len(areas), rate)
        self._within = max(1, round(_TOGETHER * rate))
        # Of luminance and red: how much area swung up and down in the last frames, and the swings of the quarter.
        self._together = np.zeros((self._within, 2, 2))
        self._turned = np.zeros((rate, 2), bool)
        self._direction = [0, 0]
        self._worst = np.zeros(2, np.int64)
        self._now = [0, 0]
        self._next = 0

    @property
    def now(self) -> tuple[int, int]:
        """General and red flashes in the last second."""
        return self._now[0], self._now[1]

    @property
    def worst(self) -> tuple[int, int]:
        """The most general and the most red flashes in any one second so far."""
        return int(self._worst[0]), int(self._worst[1])

    def add(self, pixels: U8, number: int | None = None) -> None:
        """Take one light frame, uint8 (n_pixels, 3), RGB, gamma 2.2, and its number if it is not the next one."""
        number = self._next if number is None else number
        swung = self._swings.add(measures(pixels).ravel(), number)
        for missing in passed(self._next, number, len(self._turned)):
            self._turned[missing] = False
        for missing in passed(self._next, number, self._within):
            self._together[missing] = 0.0
        row, second = number % self._within, number % len(self._turned)
        self._next = number + 1
        for way, some in enumerate(swung):
            self._together[row, way] = (some.reshape(2, -1) * self._areas).sum(axis=1)
        area = self._together.sum(axis=0)
        self._turned[second] = False
        for measure in range(2):
            for way, sign in ((0, 1), (1, -1)):
                if area[way, measure] >= QUARTER - 1e-9 and self._direction[measure] != sign:
                    self._direction[measure] = sign
                    self._turned[second, measure] = True
                    self._together[:, :, measure] = 0.0
                    break
            each = self._swings.recent.reshape(2, -1)[measure] // 2
            shared = int(each.max(initial=0))
            while shared and self._areas[each >= shared].sum() < QUARTER - 1e-9:
                shared -= 1
            self._now[measure] = max(shared, int(self._turned[:, measure].sum()) // 2)
            self._worst[measure] = max(self._worst[measure], self._now[measure])


def passed(first: int, number: int, size: int) -> list[int]:
    """The rows of a ring of `size` rows that frames from `first` to before `number` would have had, each once."""
    return [k % size for k in range(max(first, number - size), number)]


def measures(lit: U8) -> F64:
    """Relative luminance and the scaled red measure of bytes (n, 3): (2, n)."""
    red, green, blue = LINEAR[lit].T
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return np.stack([luminance, _RED * np.maximum(red - green - blue, 0.0)])


def flashes(lit: U8, rate: int, areas: Sequence[float] | None = None) -> list[int]:
    """The most flashes in any second of lit uint8 (m, n_zones, 3): of each zone, then of the whole."""
    meter = FlashMeter(areas if areas is not None else [1.0] * lit.shape[1], rate)
    for frame in lit:
        meter.add(frame)
    return [int(count) for count in meter.worst]
