"""The judge of light: flashes from the bytes that left (`testing.flash_counter`), mA by the garment's data sheets."""

from __future__ import annotations

import math
from collections import deque

import numpy as np

from wearsound.core import F64, Index
from wearsound.soak.book import Book, Hand
from wearsound.testing import flash_counter

FLASHES = 3
"""In any second."""
DARK = 1.1
"""Seconds after a panic in which light is dark."""


class LightJudge:
    """A display of DDP that shows each pixel of a garment; flashes, current, darkness in a panic.

    `area` (n_pixels,) and `zone` as the flash counter takes them, of the pixels that are `sewn`; `full` mA of a channel
    of each pixel at full, `idle` mA of all in the dark, `most` what may be drawn.
    """

    RATE = 100
    """Looks a second at what is shown: no frame leaves sooner than 13 ms after another but darkness."""
    CHUNK, LEAD = 8.0, 3.0
    """Seconds that are counted at once, and that are counted again before them: a second begins anywhere."""

    def __init__(
        self,
        book: Book,
        hand: Hand,
        *,
        area: F64,
        zone: Index,
        sewn: Index,
        full: F64,
        idle: float,
        most: float,
    ) -> None:
        self._book, self._hand = book, hand
        self._area, self._zone, self._sewn = area, zone, sewn
        self._full, self._idle, self._most = full, idle, most
        self._pieces: list[bytes] = []
        self._shown: deque[tuple[float, F64]] = deque()
        self._counted = -math.inf
        self.frames = 0
        self.torn = 0
        """Frames of which a piece did not come."""
        self.last = -math.inf
        self.changed = -math.inf
        """When a frame came last, and one that was not as the one before."""

    def take(self, when: float, packet: bytes) -> None:
        """A datagram came."""
        self._pieces.append(packet)
        if not packet[0] & 0x01:
            return
        pieces, self._pieces = self._pieces, []
        frame = flash_counter.ddp_frames(pieces)[0]
        if len(frame) != len(self._full):
            self.torn += 1
            return
        light = flash_counter.linear(frame)
        self.frames += 1
        self.last = when
        if not self._shown or not np.array_equal(light, self._shown[-1][1]):
            self.changed = when
        self._shown.append((when, light))
        self._frame(when, light)

    def _frame(self, when: float, light: F64) -> None:
        drawn = self._idle + float((light.sum(axis=1) * self._full).sum())
        self._book.met("mA", drawn)
        if drawn > self._most * (1 + 1e-9):
            self._book.broke(when, "current", f"light drew {drawn:.1f} mA, more than {self._most:g}")
        if light.any() and self._hand.over(when, DARK):
            self._book.broke(when, "dark", f"light left more than {DARK:g} s after a panic")

    def look(self, now: float, *, all_: bool = False) -> None:
        """Count what is due at `now`; `all_`: whatever there is."""
        if not self._shown:
            return
        if self._counted == -math.inf:
            self._counted = self._shown[0][0]
        while now - self._counted >= self.CHUNK or (all_ and now > self._counted):
            end = min(now, self._counted + self.CHUNK)
            self._count(self._counted - self.LEAD, end)
            self._counted = end
            while len(self._shown) > 1 and self._shown[1][0] <= end - self.LEAD:
                self._shown.popleft()

    def _count(self, start: float, end: float) -> None:
        """Flashes from `start` to `end`: a display holds what it was told last."""
        times = np.array([when for when, _ in self._shown])
        looks = np.arange(math.floor(start * self.RATE), math.floor(end * self.RATE)) / self.RATE
        looks = looks[looks >= times[0]]
        if len(looks) < 2:
            return
        at = np.searchsorted(times, looks, side="right") - 1
        used, at = np.unique(at, return_inverse=True)
        frames = np.stack([self._shown[int(k)][1] for k in used])
        found = flash_counter.count(frames[at][None, :, self._sewn], self._area, self._zone, self.RATE)
        worst = int(found.worst[0])
        self._book.met("flashes", worst)
        if worst > FLASHES:
            self._book.broke(end, "flashes", f"{worst} flashes within a second: {found.says()}")
