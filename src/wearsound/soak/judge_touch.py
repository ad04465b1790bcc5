"""The judge of vibration: duty from the frames as a board holds them."""

from __future__ import annotations

import math
import struct
from collections import deque

import numpy as np

from wearsound.core import F64
from wearsound.soak.book import Book, Hand

DUTY = {10.0: 0.5, 600.0: 0.3}
"""Of an actuator, at the most, over so many seconds."""
HOLDS = 250
"""Milliseconds for which a frame of vibration may hold."""
STILL = 0.1
"""Seconds after a panic in which motors are still: 20 ms, and what is under way."""


class TouchJudge:
    """A board as docs/vibration-wire.md says: each motor is driven by what it was told last, as long as that holds."""

    BIN = 0.05
    """Seconds in which drive is added up."""
    _HEAD = struct.Struct(">2sBBHBB")

    def __init__(self, book: Book, hand: Hand, names: tuple[str, ...]) -> None:
        self._book, self._hand, self._names = book, hand, names
        n = len(names)
        self._value: F64 = np.zeros(n)
        self._from = self._until = -math.inf
        self._bin = 0
        self._sum: F64 = np.zeros(n)
        self._bins: deque[F64] = deque()
        self._totals = {seconds: np.zeros(n) for seconds in DUTY}
        self.frames = 0
        self.last = self.moved = -math.inf
        """When a frame came last, and one that drove anything."""

    def take(self, when: float, packet: bytes) -> None:
        """A datagram came."""
        magic, version, _, _, life, count = self._HEAD.unpack_from(packet)
        values = np.frombuffer(packet, np.int8, offset=self._HEAD.size)[: len(self._names)].astype(np.float64)
        if (magic, version) != (b"WV", 1) or count != len(packet) - self._HEAD.size:
            self._book.broke(when, "vibration", "a frame was not as docs/vibration-wire.md says")
            return
        if life > HOLDS:
            self._book.broke(when, "dead-man", f"a frame was to hold for {life} ms, more than {HOLDS}")
        self._book.met("holds ms", life)
        driven = np.zeros(len(self._names))
        driven[: len(values)] = np.abs(values) / 127.0
        if driven.any():
            self.moved = when
            if self._hand.over(when, STILL):
                self._book.broke(when, "still", f"motors were driven more than {STILL:g} s after a panic")
        self._pass(when)
        self._value, self._until = driven, when + life / 1000.0
        self._from = max(self._from, when)
        self.frames += 1
        self.last = when

    def look(self, now: float) -> None:
        """Time has passed."""
        if self._from > -math.inf:
            self._pass(now)
            self._from = max(self._from, now)

    def _pass(self, now: float) -> None:
        """Add up what was driven since the last frame, bin by bin."""
        if self._from == -math.inf:
            self._bin = int(now / self.BIN)
            return
        at = self._from
        while at < now:
            edge = (self._bin + 1) * self.BIN
            end = min(edge, now)
            self._sum += self._value * max(0.0, min(end, self._until) - at)
            at = end
            if end == edge:
                self._close(edge)

    def _close(self, when: float) -> None:
        self._bins.append(self._sum)
        for seconds, most in DUTY.items():
            length = round(seconds / self.BIN)
            total = self._totals[seconds]
            total += self._sum
            if len(self._bins) > length:
                total -= self._bins[-1 - length]
            duty = total / seconds
            worst = int(duty.argmax())
            self._book.met(f"duty {seconds:g} s", float(duty[worst]))
            if duty[worst] > most + 1e-9:
                said = f"{self._names[worst]} was driven {duty[worst]:.1%} of {seconds:g} s, more than {most:.0%}"
                self._book.broke(when, "duty", said)
        if len(self._bins) > round(max(DUTY) / self.BIN):
            self._bins.popleft()
        self._bin += 1
        self._sum = np.zeros(len(self._names))
