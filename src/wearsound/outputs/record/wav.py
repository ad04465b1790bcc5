"""WAV files, 24 bit or 32-bit float, that turn into RF64 when they outgrow 4 GB.

Own, because it is a page: room for the `ds64` chunk is kept as `JUNK` (EBU Tech 3306), and soundfile
offers RF64 only for all lengths, which fewer programs open.
"""

from __future__ import annotations

import struct
from io import RawIOBase
from pathlib import Path
from typing import BinaryIO, Literal

import numpy as np
from numpy.typing import NDArray

from wearsound.core import F32

HEADER = 80
"""Bytes before the first sample: RIFF 12, ds64 or JUNK 36, fmt 24, data 8."""

WAV_LIMIT = 0xFFFF_FFFF - HEADER
"""The most bytes of samples that a plain WAV file can state."""

_PCM, _FLOAT = 1, 3


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
        return header(self._sample_rate, self._channels, 24, self._bytes, self._limit)


class FloatWavFile:
    """32-bit float, bit for bit, in a file that can be read whatever happens: nothing waits in a buffer.

    `state` writes how much there is into the header; call it now and then, `close` does. What was written
    after it is still there for a reader that goes by the file's length.
    """

    def __init__(self, path: Path, sample_rate: int, channels: int, limit: int = WAV_LIMIT) -> None:
        self._sample_rate = sample_rate
        self._channels = channels
        self._limit = limit
        self._bytes = 0
        self._file: RawIOBase | None = path.open("wb", buffering=0)
        self.state()

    def write(self, samples: F32) -> None:
        """Add (n, channels) samples."""
        assert self._file is not None
        data = np.ascontiguousarray(samples, "<f4").tobytes()
        write_all(self._file, data)
        self._bytes += len(data)

    def state(self) -> None:
        """State the size so far."""
        assert self._file is not None
        self._file.seek(0)
        write_all(self._file, header(self._sample_rate, self._channels, 32, self._bytes, self._limit))
        self._file.seek(HEADER + self._bytes)

    def close(self) -> None:
        """State the size and close; twice is fine."""
        file = self._file
        if file is None:
            return
        try:
            self.state()
        finally:
            self._file = None
            file.close()


def write_all(file: RawIOBase, data: bytes) -> None:
    """Every byte, also where the system takes a part at a time; an OSError if the disk is full."""
    left = memoryview(data)
    while left:
        left = left[file.write(left) or 0 :]


def header(
    sample_rate: int, channels: int, bits: Literal[24, 32], data: int, limit: int = WAV_LIMIT
) -> bytes:
    """The 80 bytes before `data` bytes of samples: 24 is PCM, 32 is float; RF64 above `limit` bytes."""
    frame = bits // 8 * channels
    riff = HEADER - 8 + data + data % 2
    kind = _FLOAT if bits == 32 else _PCM
    fmt = struct.pack(
        "<4sIHHIIHH", b"fmt ", 16, kind, channels, sample_rate, sample_rate * frame, frame, bits
    )
    if data <= limit:
        start = struct.pack("<4sI4s4sI28x", b"RIFF", riff, b"WAVE", b"JUNK", 28)
        return start + fmt + struct.pack("<4sI", b"data", data)
    top = 0xFFFF_FFFF
    start = struct.pack("<4sI4s4sI", b"RF64", top, b"WAVE", b"ds64", 28)
    start += struct.pack("<QQQI", riff, data, data // frame, 0)
    return start + fmt + struct.pack("<4sI", b"data", top)
