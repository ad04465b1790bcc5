"""What the engine and the window process share: one slot of numbers.

The slot is shared memory with a fixed numeric layout and a sequence number: the writer never waits
for a reader, a reader takes the newest whole frame or none. Names travel once, at the start;
nothing is ever pickled. Records (keys, panic, trouble) go the other way through a pipe (`records`).
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing import resource_tracker, shared_memory

import numpy as np

from wearsound.core import F64, U8, Frame, Health, Row

LAMP_ABSENT, LAMP_WAITING, LAMP_ALIVE, LAMP_LOST = "", "waiting", "alive", "lost"
"""States of a lamp, in words: the strip that draws them lives in another room."""

_MAX_SLOTS = 8
_HEAD = struct.Struct("<qqqddddqqqq8qq7qd")
_DARK = ("", "panic", "blackout")
_LAMPS = (LAMP_ABSENT, LAMP_WAITING, LAMP_ALIVE, LAMP_LOST)
_BODY = 16


@dataclass(frozen=True, slots=True)
class Told:
    """What the engine says to the window beside the frame.

    `lamps` (osc, out); `cue` and `next_cue`, which of the dress's cues was taken last and which is next, `waiting`,
    which of its scenes waits for its beat, -1 for none; `master` 0..1; whether a take is `recording` and the tempo
    `locked`; `values` float64, what each of the dress's sliders is now; `held` float64 (n_controls,), above 0 where a
    hand holds the control.
    """

    lamps: tuple[str, str] = (LAMP_ABSENT, LAMP_ABSENT)
    cue: int = -1
    next_cue: int = -1
    waiting: int = -1
    master: float = 1.0
    recording: bool = False
    locked: bool = False
    values: F64 = field(default_factory=lambda: np.zeros(0), compare=False)
    held: F64 = field(default_factory=lambda: np.zeros(0), compare=False)


_NOTHING_TOLD = Told()


class Slot:
    """The newest frame, in shared memory: sequence, check word, head, features, controls, held, sliders, felt, dyed,
    warm, touch, lit, pixels.

    Three int64 at the end are the reader's: acknowledged sequence, 1 while it draws, frames drawn; and, for a garment
    with a screen, the colours of its picture with a sequence and a check word of their own.
    The check word finds a torn read also on processors that reorder stores between cores.
    """

    def __init__(
        self,
        n_features: int,
        n_controls: int,
        n_zones: int,
        n_pixels: int,
        name: str = "",
        n_screen: int = 0,
        n_actuators: int = 0,
        n_sliders: int = 0,
    ) -> None:
        """Make a new slot, or attach to the one called `name`. OSError if memory cannot be had."""
        at = _BODY + _HEAD.size
        self._features = slice(at, at := at + 8 * n_features)
        self._controls = slice(at, at := at + 8 * n_controls)
        self._held = slice(at, at := at + 8 * n_controls)
        self._sliders = slice(at, at := at + 8 * n_sliders)
        self._felt = slice(at, at := at + 8 * n_zones)
        self._cloth = slice(at, at := at + 8 * n_zones)
        self._touch = slice(at, at := at + 8 * n_actuators)
        self._lit = slice(at, at := at + 3 * n_zones)
        self._pixels = slice(at, at := at + 3 * n_pixels)
        self._end = at = -(-at // 8) * 8
        self._n_zones, self._n_pixels = n_zones, n_pixels
        words = -(-3 * n_screen // 8)
        self._owner = not name
        if name:
            self._memory = _attach(name)
        else:
            self._memory = shared_memory.SharedMemory(create=True, size=at + 40 + words * 8)
        self.name = self._memory.name
        buffer = self._memory.buf
        assert buffer is not None
        self._buffer: memoryview | None = buffer
        self._sequence = np.frombuffer(buffer, np.int64, 1, 0)
        self._check = np.frombuffer(buffer, np.int64, 1, 8)
        self._words = np.frombuffer(buffer, np.int64, (at - _BODY) // 8, _BODY)
        self._feature_row = np.frombuffer(buffer, np.float64, n_features, self._features.start)
        self._control_row = np.frombuffer(buffer, np.float64, n_controls, self._controls.start)
        self._held_row = np.frombuffer(buffer, np.float64, n_controls, self._held.start)
        self._slider_row = np.frombuffer(buffer, np.float64, n_sliders, self._sliders.start)
        self._felt_row = np.frombuffer(buffer, np.float64, n_zones, self._felt.start)
        self._cloth_rows = np.frombuffer(buffer, np.float32, 2 * n_zones, self._cloth.start).reshape(2, -1)
        self._touch_rows = np.frombuffer(buffer, np.float32, 2 * n_actuators, self._touch.start).reshape(
            -1, 2
        )
        self._lit_rows = np.frombuffer(buffer, np.uint8, 3 * n_zones, self._lit.start).reshape(-1, 3)
        self._pixel_rows = np.frombuffer(buffer, np.uint8, 3 * n_pixels, self._pixels.start).reshape(-1, 3)
        self._reply = np.frombuffer(buffer, np.int64, 3, at)
        self._shown = np.frombuffer(buffer, np.int64, 2 + words, at + 24)
        self._n_screen = n_screen

    def write(self, frame: Frame, scene: int = -1, told: Told = _NOTHING_TOLD) -> int:
        """Publish `frame` and return its sequence number; never waits. [engine thread]"""
        if self._buffer is None:
            return 0
        number = int(self._sequence[0])
        self._sequence[0] = number + 1
        recent = frame.slots[-_MAX_SLOTS:]
        health = frame.health
        head = (frame.tick, frame.number, health.drops, frame.time, health.fps, health.age_ms, frame.ma)
        words = (scene, _DARK.index(frame.dark), *map(_LAMPS.index, told.lamps))
        more = (told.cue, told.next_cue, told.waiting, told.recording, told.locked)
        recent = (*recent, *(0,) * (_MAX_SLOTS - len(recent)), len(recent))
        _HEAD.pack_into(
            self._buffer, _BODY, *head, *words, *recent, *more, frame.frozen, frame.show, told.master
        )
        np.copyto(self._feature_row, frame.features.values)
        np.copyto(self._control_row, frame.controls.values)
        _put(self._held_row, told.held)
        _put(self._slider_row, told.values)
        np.copyto(self._felt_row, frame.felt)
        np.copyto(self._cloth_rows[0], frame.dyed)
        np.copyto(self._cloth_rows[1], frame.warm)
        np.copyto(self._touch_rows, frame.touch)
        np.copyto(self._lit_rows, frame.lit)
        np.copyto(self._pixel_rows, frame.pixels)
        self._check[0] = np.bitwise_xor.reduce(self._words)
        self._sequence[0] = number + 2
        return number + 2

    def read(
        self, after: int, features: dict[str, int], controls: dict[str, int], scenes: Sequence[str], seed: int
    ) -> tuple[int, Frame, Told] | None:
        """The newest frame if its sequence is above `after` and it was whole; else None. [main thread]"""
        if self._buffer is None:
            return None
        number = int(self._sequence[0])
        if number <= after or number & 1:
            return None
        copy = bytes(self._buffer[: self._end])
        words = np.frombuffer(copy, np.int64)
        if int(self._sequence[0]) != number or words[1] != np.bitwise_xor.reduce(words[_BODY // 8 :]):
            return None
        head = _HEAD.unpack_from(copy, _BODY)
        tick, count, drops, time, fps, age_ms, ma, scene, dark, osc, out, *rest = head
        dyed, warm = np.frombuffer(copy[self._cloth], np.float32).reshape(2, -1)
        recent, n_recent = rest[:_MAX_SLOTS], rest[_MAX_SLOTS]
        cue, next_cue, waiting, recording, locked, frozen, show, master = rest[_MAX_SLOTS + 1 :]
        frame = Frame(
            tick=tick,
            number=count,
            time=time,
            features=Row(features, np.frombuffer(copy[self._features], np.float64)),
            controls=Row(controls, np.frombuffer(copy[self._controls], np.float64)),
            lit=np.frombuffer(copy[self._lit], np.uint8).reshape(self._n_zones, 3),
            felt=np.frombuffer(copy[self._felt], np.float64).astype(np.float32),
            health=Health(fps, age_ms, drops),
            seed=seed,
            slots=tuple(recent[:n_recent]),
            scene=scenes[scene] if 0 <= scene < len(scenes) else "",
            dark=_DARK[dark],
            frozen=bool(frozen),
            show=show,
            pixels=np.frombuffer(copy[self._pixels], np.uint8).reshape(self._n_pixels, 3),
            dyed=dyed,
            warm=warm,
            ma=ma,
            touch=np.frombuffer(copy[self._touch], np.float32).reshape(-1, 2),
        )
        values, held = (np.frombuffer(copy[at], np.float64) for at in (self._sliders, self._held))
        lamps = (_LAMPS[osc], _LAMPS[out])
        told = Told(lamps, cue, next_cue, waiting, master, bool(recording), bool(locked), values, held)
        return number, frame, told

    def acknowledge(self, sequence: int) -> None:
        """Say that this frame is on the screen. [main thread of the window process]"""
        self._reply[0] = sequence
        self._reply[2] += 1

    def drawing(self, now: bool) -> None:
        """Say whether somebody's `draw` is running: only then may silence be held against it."""
        self._reply[1] = now

    def reply(self) -> tuple[int, bool, int]:
        """(acknowledged sequence, inside a draw, frames drawn). [engine thread]"""
        acknowledged, drawing, drawn = self._reply.tolist()
        return acknowledged, bool(drawing), drawn

    def show(self, colours: U8) -> None:
        """Tell the engine the colours, uint8 (n_screen, 3), that the picture has there. [main thread of the window]"""
        number = int(self._shown[0])
        self._shown[0] = number + 1
        self._shown[2:].view(np.uint8)[: colours.size] = colours.ravel()
        self._shown[1] = np.bitwise_xor.reduce(self._shown[2:])
        self._shown[0] = number + 2

    def shown(self, after: int) -> tuple[int, U8] | None:
        """The newest colours if their number is above `after` and they were whole; else None. [engine thread]"""
        number = int(self._shown[0])
        if number <= after or number & 1:
            return None
        copy = self._shown.copy()
        if int(self._shown[0]) != number or copy[1] != np.bitwise_xor.reduce(copy[2:]):
            return None
        return number, copy[2:].view(np.uint8)[: 3 * self._n_screen].reshape(-1, 3)

    def unlink(self) -> None:
        """Take the name away once both sides have the memory: nothing can be left behind."""
        if self._owner:
            self._owner = False
            self._memory.unlink()

    def close(self) -> None:
        """Let go of the memory, and of its name; twice is fine."""
        self._buffer = None
        rows = ("_feature_row", "_control_row", "_felt_row", "_held_row", "_slider_row")
        for view in ("_sequence", "_check", "_words", *rows):
            setattr(self, view, np.zeros(1))
        self._cloth_rows = np.zeros((2, 1), np.float32)
        self._touch_rows = np.zeros((1, 2), np.float32)
        self._lit_rows = self._pixel_rows = np.zeros((1, 3), np.uint8)
        self._reply = np.zeros(3, np.int64)
        self._shown = np.zeros(2, np.int64)
        self.unlink()
        self._memory.close()


def _put(row: F64, values: F64) -> None:
    """As many values as there are and have room: a dress may have been changed between two frames."""
    n = min(len(row), len(values))
    row[:n] = values[:n]
    row[n:] = 0.0


def _attach(name: str) -> shared_memory.SharedMemory:
    """Memory that another process owns.

    Before Python 3.13 attaching also registers the name with this process's resource tracker,
    which would unlink the owner's memory when we leave, and complain: so it is not told.
    """
    if sys.version_info >= (3, 13):
        return shared_memory.SharedMemory(name, track=False)
    register = resource_tracker.register
    resource_tracker.register = lambda name, rtype: None
    try:
        return shared_memory.SharedMemory(name)
    finally:
        resource_tracker.register = register
