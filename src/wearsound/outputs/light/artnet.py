"""Art-Net 4: ArtDmx, a universe of up to 512 slots a datagram, and ArtSync, which shows them all at once.

Artistic Licence, "Specification for the Art-Net 4 Ethernet Communication Protocol". The opcode is little-endian, the
length big-endian; a port address has 15 bits (net 7, sub-net 4, universe 4). [any thread]
"""

from __future__ import annotations

import struct

PORT = 6454
LAST_UNIVERSE = 32767
LAST_SEQUENCE = 255
"""Numbers go from 1 to this and round; 0 would switch ordering off."""

_NAME = b"Art-Net\0"
_DMX, _SYNC = 0x5000, 0x5200
_VERSION = 14
_START = struct.Struct("<8sH")
_DMX_HEAD = struct.Struct(">HBBBBH")


def dmx(universe: int, sequence: int, data: bytes) -> bytes:
    """One ArtDmx: `data` of 1 to 512 bytes; an odd number is filled up, for only even ones are allowed."""
    if not 0 <= universe <= LAST_UNIVERSE or not 0 < len(data) <= 512:
        raise ValueError(f"universe {universe} with {len(data)} slots")
    if len(data) % 2:
        data += b"\0"
    head = _DMX_HEAD.pack(_VERSION, sequence, 0, universe & 0xFF, universe >> 8, len(data))
    return _START.pack(_NAME, _DMX) + head + data


def sync() -> bytes:
    """One ArtSync: what came before it is shown now."""
    return _START.pack(_NAME, _SYNC) + struct.pack(">HBB", _VERSION, 0, 0)
