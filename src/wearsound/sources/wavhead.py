"""How much sound the header of a WAV file promises, to tell a file that was cut short."""

from __future__ import annotations

import struct
from pathlib import Path

_STREAMED = 0xFFFF_F000
"""Programs that write to a pipe cannot know the size and say (nearly) the largest number."""

_MOST_CHUNKS = 256


def promised_bytes(path: Path) -> tuple[int, int] | None:
    """(bytes of sound that are there, bytes that the header promises); None where it does not say."""
    with path.open("rb") as file:
        size = path.stat().st_size
        head = file.read(12)
        if len(head) < 12 or head[:4] != b"RIFF" or head[8:] != b"WAVE":
            return None
        for _ in range(_MOST_CHUNKS):
            chunk = file.read(8)
            if len(chunk) < 8:
                return None
            name, length = struct.unpack("<4sI", chunk)
            if name == b"data":
                there = size - file.tell()
                return (there, length) if there > 0 and length < _STREAMED else None
            file.seek(length + length % 2, 1)
    return None
