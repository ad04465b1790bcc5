"""Receivers of light, written from the protocols' public layouts and stricter than real ones: a wrong size is a fault.

They import nothing of wearsound.
"""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


class Listener:
    """A UDP port of this machine and everything that came there: (monotonic seconds, datagram)."""

    def __init__(self, port: int = 0, host: str = "127.0.0.1") -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
        self.socket.bind((host, port))
        self.socket.settimeout(0.1)
        self.port = self.socket.getsockname()[1]
        self.packets: list[tuple[float, bytes]] = []
        self._ended = False
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        while not self._ended:
            try:
                data = self.socket.recv(65_536)
            except TimeoutError:
                continue
            self.packets.append((time.monotonic(), data))

    def close(self) -> None:
        self._ended = True
        self._thread.join()
        self.socket.close()

    def __enter__(self) -> Listener:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def quiet(self) -> None:
        """Return when nothing has come for a tenth of a second."""
        before = -1
        while before != (before := len(self.packets)):
            time.sleep(0.1)

    def gaps(self) -> np.ndarray:
        """Seconds between datagrams."""
        return np.diff([when for when, _ in self.packets])


def wait_for(there: Callable[[], object], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.005)


@dataclass
class Shown:
    """What a receiver shows after one frame: when, and its bytes."""

    when: float
    data: bytes


def ddp_frames(packets: list[tuple[float, bytes]], channels: int = 3) -> list[Shown]:
    """A display of DDP (3waylabs; WLED's handling): pieces by offset, shown at each push."""
    frames, memory, last, reached = [], bytearray(1 << 20), 0, 0
    for when, packet in packets:
        flags, sequence, kind, target, offset, length = struct.unpack(">BBBBIH", packet[:10])
        assert flags & 0xC0 == 0x40, "version 1"
        assert flags & ~0x41 == 0, "no timecode, no query, no storage"
        assert kind == {3: 0x0B, 4: 0x1B}[channels]
        assert target == 1
        assert len(packet) == 10 + length
        assert length <= 1440
        assert length % channels == 0
        assert 1 <= sequence <= 15
        assert offset == reached, "pieces come in order and none is missing"
        if offset == 0:
            assert sequence == last % 15 + 1
            last = sequence
        # WLED drops what is numbered shortly before the last push.
        assert sequence == last
        memory[offset : offset + length] = packet[10:]
        reached = offset + length
        if flags & 1:
            frames.append(Shown(when, bytes(memory[:reached])))
            reached = 0
    assert reached == 0, "the last frame was shown"
    return frames


@dataclass
class Heard:
    """What WLED's audio sync says in one datagram."""

    when: float
    raw: float
    smooth: float
    peak: int
    counter: int
    bands: tuple[int, ...]
    magnitude: float
    major_hz: float


def wled_heard(packets: list[tuple[float, bytes]]) -> list[Heard]:
    """A receiver of audio sync V2: the header and the exact size, or it is dropped, which here is a fault."""
    found = []
    for when, packet in packets:
        assert len(packet) == 44
        assert packet[:6] == b"00002\0"
        raw, smooth, peak, counter = struct.unpack_from("<ffBB", packet, 8)
        magnitude, major = struct.unpack_from("<ff", packet, 36)
        assert 0 <= raw <= 255
        assert 0 <= smooth <= 255
        assert peak in (0, 1)
        assert 0 <= magnitude < 1024
        assert 0 <= major <= 11025
        found.append(Heard(when, raw, smooth, peak, counter, tuple(packet[18:34]), magnitude, major))
    return found


def sacn_universe(packet: bytes) -> tuple[int, int, int, bytes]:
    """(universe, sequence, options, 512 slots) of a data packet of 638 bytes."""
    assert len(packet) == 638
    assert packet[4:16] == b"ASC-E1.17\0\0\0"
    assert struct.unpack_from(">HI", packet, 16) == (0x726E, 4)
    return struct.unpack_from(">H", packet, 113)[0], packet[111], packet[112], packet[126:]
