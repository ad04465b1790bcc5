"""DDP, the Distributed Display Protocol: pixels in datagrams of 1440 bytes, shown at the last one's push.

3waylabs, "Distributed Display Protocol (DDP)", 2020: a head of ten bytes, numbers big-endian. [any thread]
"""

from __future__ import annotations

import struct

PORT = 4048
ROOM = 1440
"""Bytes of pixels a datagram: 480 of three, 360 of four channels."""
LAST_SEQUENCE = 15
"""Numbers go from 1 to this and round; 0 would mean that there are none."""

_HEAD = struct.Struct(">BBBBIH")
_VERSION_1, _PUSH = 0x40, 0x01
_RGB, _RGBW = 0x0B, 0x1B
_DISPLAY = 1


def packets(data: bytes, sequence: int, white: bool = False) -> list[bytes]:
    """The datagrams of one frame; `data` are all its bytes, three a pixel, or four with `white`.

    One `sequence` (1..15) for a whole frame: WLED drops what is numbered shortly before the last push, so that
    numbers that go on within a frame of many datagrams would lose some of them.
    """
    kind = _RGBW if white else _RGB
    made = []
    for at in range(0, max(1, len(data)), ROOM):
        piece = data[at : at + ROOM]
        push = _PUSH if at + ROOM >= len(data) else 0
        made.append(_HEAD.pack(_VERSION_1 | push, sequence, kind, _DISPLAY, at, len(piece)) + piece)
    return made
