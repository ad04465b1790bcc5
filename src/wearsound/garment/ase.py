"""A palette as an Adobe swatch exchange file (.ase), which Illustrator, Photoshop and Affinity open.

Big-endian: `ASEF`, version 1.0, a count of blocks; here one group that holds every colour. A block is its kind, its
length in bytes and its content: a name in UTF-16 that ends in NUL and is counted with it, then for a colour the
model, three floats 0..1 and its type (2: a normal colour). After descriptions of the format by those who read it;
Adobe published none.
"""

from __future__ import annotations

import struct

from wearsound.garment.palette import Palette

_GROUP, _COLOUR, _END = 0xC001, 0x0001, 0xC002
_NORMAL = 2


def ase(palette: Palette) -> bytes:
    """The bytes of the file; names keep what UTF-16 can say. [any thread]"""
    blocks = [_block(_GROUP, _name(palette.name))]
    for swatch in palette.swatches:
        red, green, blue = (value / 255 for value in swatch.rgb)
        colour = struct.pack(">4s3fH", b"RGB ", red, green, blue, _NORMAL)
        blocks.append(_block(_COLOUR, _name(swatch.name) + colour))
    blocks.append(_block(_END, b""))
    return struct.pack(">4sHHI", b"ASEF", 1, 0, len(blocks)) + b"".join(blocks)


def _block(kind: int, content: bytes) -> bytes:
    return struct.pack(">HI", kind, len(content)) + content


def _name(name: str) -> bytes:
    text = (name + "\0").encode("utf-16-be", "replace")
    return struct.pack(">H", len(text) // 2) + text
