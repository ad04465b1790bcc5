"""What leaves for a microcontroller: amplitudes of 8 bits that end by themselves, as a datagram or an OSC message.

The values are those of the DRV2605 and DRV2605L (TI, SLOS825 and SLOS854) in real-time playback, ready for register
0x02: signed by default, -127..127, where a negative one brakes; or unsigned, 0..255, for a chip with DATA_FORMAT_RTP
set (bit 3 of 0x1D). -128 is never sent. docs/vibration-wire.md is the layout for who builds a receiver. [any thread]
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

from wearsound.felt import LIFETIME

MAGIC = b"WV"
VERSION = 1
UNSIGNED = 0x01
"""The flag of values 0..255."""
LIFE_MS = 120
"""How long a frame holds: more than twenty lost ones at a frame a hop, and half of what is allowed at the most."""
MOST_MS = round(1000 * LIFETIME)
"""No frame may say more, and no receiver may hold one for longer."""
ADDRESS = "/wear/drive"

_HEAD = struct.Struct(">2sBBHBB")


def signed(level: float) -> int:
    """An amplitude -1..1 as -127..127."""
    return max(-127, min(127, round(127.0 * level)))


def unsigned(level: float) -> int:
    """An amplitude as 0..255; what would brake is still."""
    return max(0, min(255, round(255.0 * level)))


def datagram(
    values: Sequence[int], sequence: int, *, life_ms: int = LIFE_MS, positive: bool = False
) -> bytes:
    """One frame of 1..64 values; `sequence` any whole number, `life_ms` 0..250, `positive`: they are unsigned."""
    _check(values, life_ms)
    head = _HEAD.pack(MAGIC, VERSION, UNSIGNED * positive, sequence & 0xFFFF, life_ms, len(values))
    return head + bytes(value & 0xFF for value in values)


def osc(values: Sequence[int], sequence: int, *, life_ms: int = LIFE_MS) -> bytes:
    """The same as `/wear/drive sequence life_ms value...`, all of them int32."""
    _check(values, life_ms)
    tags = ",ii" + "i" * len(values)
    numbers = struct.pack(f">{2 + len(values)}i", sequence & 0xFFFF, life_ms, *values)
    return _padded(ADDRESS) + _padded(tags) + numbers


def _check(values: Sequence[int], life_ms: int) -> None:
    if not 0 <= life_ms <= MOST_MS or not 1 <= len(values) <= 64:
        raise ValueError(f"{len(values)} values for {life_ms} ms")


def _padded(text: str) -> bytes:
    raw = text.encode()
    return raw + bytes(4 - len(raw) % 4)
