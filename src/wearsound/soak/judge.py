"""The independent judge: what lamps, motors and loudspeakers got, against the limits that a wearer is promised.

Nothing here asks a guard, nor is any line a guard's. Light is counted from bytes (`testing.flash_counter`), current
from the garment's data sheets, duty from the frames as a board holds them, peaks by eightfold oversampling. All times
are monotonic seconds. [one thread]
"""

from __future__ import annotations

import math
import struct
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from wearsound.core import F32, F64, Index
from wearsound.testing import flash_counter

FLASHES = 3
"""In any second."""
DUTY = {10.0: 0.5, 600.0: 0.3}
"""Of an actuator, at the most, over so many seconds."""
PEAK = -1.0
"""dBTP."""
HOLDS = 250
"""Milliseconds for which a frame of vibration may hold."""
DARK, STILL = 1.1, 0.1
"""Seconds after a panic in which light is dark, and motors are still (20 ms, and what is under way)."""
KEPT = 20
"""Breaches that are told; all are counted."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A limit was broken at `when`: `limit` names it, `said` is a sentence."""

    when: float
    limit: str
    said: str


class Book:
    """What all judges write into: breaches, and the worst figure of each limit."""

    def __init__(self) -> None:
        self.breaches: list[Breach] = []
        self.broken = 0
        self.worst: dict[str, float] = {}
        self._until: dict[str, float] = {}

    def met(self, limit: str, figure: float) -> None:
        """A figure of a limit; the largest is kept."""
        self.worst[limit] = max(figure, self.worst.get(limit, -math.inf))

    def broke(self, when: float, limit: str, said: str) -> None:
        """A limit was broken; within a second of the same one it is the same breach."""
        if when < self._until.get(limit, -math.inf):
            return
        self._until[limit] = when + 1.0
        self.broken += 1
        if len(self.breaches) < KEPT:
            self.breaches.append(Breach(when, limit, said))


class Hand:
    """When a panic holds: `panicked` from the moment it was told, and since when the show has run without a pause."""

    def __init__(self) -> None:
        self._from = math.inf
        self._awake = -math.inf

    def panic(self, when: float) -> None:
        """Told to be dark and still at `when`, until `resume`. [any thread]"""
        self._from = when

    def resume(self) -> None:
        """Told to play again. [any thread]"""
        self._from = math.inf

    def wake(self, when: float) -> None:
        """The show stood still or was away until `when`, and could not hear. [any thread]"""
        self._awake = when

    def over(self, when: float, seconds: float) -> bool:
        """Whether it was panicked for so long at `when` and could have known."""
        return when - max(self._from, self._awake) > seconds


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


class SoundJudge:
    """A meter at a loudspeaker: numbers that are none, and true peaks, of each device that was opened by itself."""

    CHUNK, EDGE = 48_000, 64
    """Samples that are read at once; and at a cut, which a meter takes for a peak, those that are not read."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._streams: dict[tuple[int, int], tuple[int, list[F32]]] = {}
        self._oversampled: Callable[[F64], F64] | None = None
        self.missing = 0
        """Samples that did not come."""
        self.last = self.sounded = -math.inf
        """When any came last, and any that were not silent."""

    def take(self, when: float, stream: tuple[int, int], first: int, samples: F32) -> None:
        """Samples of a device came."""
        self.last = when
        if not np.isfinite(samples).all():
            self._book.broke(when, "finite", "a loudspeaker got numbers that are none")
            samples = np.nan_to_num(samples)
        if samples.any():
            self.sounded = when
        following, parts = self._streams.get(stream, (first, []))
        if following != first:
            self.missing += max(0, first - following)
            self._read(when, parts)
            parts = []
        parts.append(samples)
        if sum(len(part) for part in parts) >= self.CHUNK:
            self._read(when, parts)
            parts = [np.concatenate(parts)[-4 * self.EDGE :]]
        self._streams = {
            **{key: kept for key, kept in list(self._streams.items())[-3:] if key != stream},
            stream: (first + len(samples), parts),
        }

    def look(self, now: float) -> None:
        """Read what waits."""
        for _, parts in self._streams.values():
            self._read(now, parts)

    def _read(self, when: float, parts: list[F32]) -> None:
        wave = np.concatenate(parts).astype(np.float64) if parts else np.zeros((0, 2))
        if len(wave) <= 2 * self.EDGE:
            return
        if self._oversampled is None:
            from scipy.signal import resample_poly

            def oversampled(wave: F64) -> F64:
                found: F64 = resample_poly(wave, 8, 1, axis=0, window=("kaiser", 12.0))
                return found

            self._oversampled = oversampled
        up = np.abs(self._oversampled(wave))[8 * self.EDGE : -8 * self.EDGE]
        peak = 20.0 * math.log10(max(float(up.max()), 1e-12))
        self._book.met("dBTP", peak)
        if peak > PEAK:
            self._book.broke(when, "loudness", f"a true peak of {peak:+.2f} dB, above {PEAK:g}")
