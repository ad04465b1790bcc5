"""A WAV file of 24 bit that turns into RF64 when it outgrows 4 GB.

Own, because it is a page: room for the `ds64` chunk is kept as `JUNK` (EBU Tech 3306), and soundfile
offers RF64 only for all lengths, which fewer programs open.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

HEADER = 80
"""Bytes before the first sample: RIFF 12, ds64 or JUNK 36, fmt 24, data 8."""

WAV_LIMIT = 0xFFFF_FFFF - HEADER
"""The most bytes of samples that a plain WAV file can state."""


class WavFile:
    """PCM 24 in a file that is valid after `close`; values are int32 in -2**23 .. 2**23 - 1."""

    def __init__(self, path: Path, sample_rate: int, channels: int, limit: int = WAV_LIMIT) -> None:
        self._sample_rate = sample_rate
        self._channels = channels
        self._limit = limit
        self._bytes = 0
        self._file: BinaryIO | None = path.open("wb")
        self._file.write(self._header())

    def write(self, pcm: NDArray[np.int32]) -> None:
        """Add (n, channels) samples."""
        assert self._file is not None
        octets = np.ascontiguousarray(pcm, "<i4").view(np.uint8).reshape(-1, 4)[:, :3]
        self._file.write(octets.tobytes())
        self._bytes += octets.size

    def close(self) -> None:
        """State the sizes and close; twice is fine."""
        file, self._file = self._file, None
        if file is None:
            return
        with file:
            if self._bytes % 2:
                file.write(b"\0")
            file.seek(0)
            file.write(self._header())

    def _header(self) -> bytes:
        frame = 3 * self._channels
        data, padded = self._bytes, self._bytes + self._bytes % 2
        riff = HEADER - 8 + padded
        rate = self._sample_rate
        fmt = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, self._channels, rate, rate * frame, frame, 24)
        if data <= self._limit:
            start = struct.pack("<4sI4s4sI28x", b"RIFF", riff, b"WAVE", b"JUNK", 28)
            return start + fmt + struct.pack("<4sI", b"data", data)
        top = 0xFFFF_FFFF
        start = struct.pack("<4sI4s4sI", b"RF64", top, b"WAVE", b"ds64", 28)
        start += struct.pack("<QQQI", riff, data, data // frame, 0)
        return start + fmt + struct.pack("<4sI", b"data", top)
