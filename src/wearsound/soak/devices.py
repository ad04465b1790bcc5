"""Virtual devices of a soaked show: music instead of a room, and a loudspeaker whose samples go to a judge.

Both are fed by the clock as a sound card is, by a thread of their own.
"""

from __future__ import annotations

import os
import socket
import struct
import threading
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from wearsound.core import F32, F64
from wearsound.errors import DeviceError

HEAD = struct.Struct(">4sIIQ")
"""Of a datagram of sound: SOUND, the process, the number of its device, the number of its first sample."""
SOUND = b"WSnd"
CHUNK = 512
LATE = 0.2
"""Seconds behind the clock after which a device begins anew, as one whose machine has slept."""
RATE = 48_000


class Music:
    """One channel of music from a file of samples, round and round; implements `testing.sources.Sounds`."""

    def __init__(self, path: Path) -> None:
        self._samples = np.load(path, mmap_mode="r")

    def samples(self, start: int, count: int, rate: int = RATE) -> F64:
        """Samples `start` to `start + count`. [any thread]"""
        found: F64 = self._samples.take(np.arange(start, start + count), mode="wrap").astype(np.float64)
        return found


def write_music(path: Path, seconds: float = 60.0) -> None:
    """The built-in track as samples that many processes can share, once a soak."""
    from wearsound.core import Clock
    from wearsound.show.source import open_recording

    clock = Clock(sample_rate=RATE)
    source = open_recording("demo", seconds=seconds)
    blocks = [block.samples.mean(axis=1) for block in source.blocks(clock)]
    np.save(path, np.concatenate(blocks).astype(np.float32))


class Outlet:
    """A loudspeaker that sends what it is given to 127.0.0.1:`port`; implements `outputs.line.Outlet`."""

    title = "virtual loudspeaker"
    latency = 0.02
    _numbers = count(1)

    def __init__(
        self,
        channels: int,
        sample_rate: int,
        fill: Callable[[F32], None],
        port: int,
        dead: Callable[[], bool],
    ) -> None:
        """`dead`: whether it asks for nothing now; DeviceError if it is so from the start."""
        if dead():
            raise DeviceError(f"{self.title} is not there; plug it in again")
        self._head = (SOUND, os.getpid(), next(self._numbers))
        self._fill, self._dead = fill, dead
        self._channels, self._rate = channels, sample_rate
        self._to = ("127.0.0.1", port)
        self._closing = threading.Event()
        threading.Thread(target=self._play, name="virtual loudspeaker", daemon=True).start()

    def close(self) -> None:
        """Ask for nothing any more; twice is fine. [any thread]"""
        self._closing.set()

    def _play(self) -> None:
        """[a thread of its own]"""
        out = np.zeros((CHUNK, self._channels), np.float32)
        played, began, first = 0, time.monotonic(), 0
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as to:
            while not self._closing.is_set():
                due = began + (played - first) / self._rate
                now = time.monotonic()
                if now - due > LATE:
                    began, first = now, played
                self._closing.wait(max(0.0, due - now))
                if self._dead():
                    self._closing.wait(0.05)
                    continue
                self._fill(out)
                head = HEAD.pack(*self._head, played)
                to.sendto(head + out[:, :2].astype("<f4").tobytes(), self._to)
                played += CHUNK


def sound_of(datagram: bytes) -> tuple[tuple[int, int], int, F32] | None:
    """Of an Outlet's datagram: (process, device), the first sample's number, samples (n, 2); None if it is none."""
    if len(datagram) < HEAD.size or datagram[:4] != SOUND or (len(datagram) - HEAD.size) % 8:
        return None
    _, process, number, first = HEAD.unpack_from(datagram)
    samples: Any = np.frombuffer(datagram, "<f4", offset=HEAD.size).reshape(-1, 2)
    return (process, number), first, samples
