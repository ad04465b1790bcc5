"""sACN, streaming DMX over IP: data, synchronisation and universe discovery datagrams.

ANSI E1.31-2018. Numbers are big-endian; lengths carry the flags 0x7000. A data datagram has always 512 slots here:
older receivers want them. [any thread]
"""

from __future__ import annotations

import struct
import uuid

PORT = 5568
LAST_UNIVERSE = 63999
DISCOVERY = 64214
"""The universe at which sources list what they send, every DISCOVERY_EVERY seconds."""
DISCOVERY_EVERY = 10.0
TERMINATED = 0x40
"""The option that ends a stream; said three times."""

_NAME = b"ASC-E1.17\0\0\0"
_SLOTS = 512
_A_PAGE = 512
_ROOT = struct.Struct(">HH12sHI16s")
_DATA = struct.Struct(">HI64sBHBBHHBBHHHB")
_SYNC = struct.Struct(">HIBHH")
_LIST = struct.Struct(">HI64sIHIBB")


def cid(*words: str) -> bytes:
    """Who sends, 16 bytes: the same for the same machine and the same words, so that no ghost of a source stays."""
    named = "/".join((f"{uuid.getnode():012x}", *words))
    return uuid.uuid5(uuid.NAMESPACE_URL, f"wearsound:{named}").bytes


def named(text: str) -> bytes:
    """A source name: UTF-8, cut to 63 bytes at a whole character, for a zero ends it."""
    return text.encode()[:63].decode(errors="ignore").encode()


def data(
    universe: int,
    sequence: int,
    slots: bytes,
    sender: bytes,
    name: bytes,
    *,
    priority: int = 100,
    sync: int = 0,
    options: int = 0,
) -> bytes:
    """One universe of at most 512 `slots`; `sender` is its `cid`, `sync` the universe that shows it, 0 for at once."""
    if not 1 <= universe <= LAST_UNIVERSE or len(slots) > _SLOTS:
        raise ValueError(f"universe {universe} with {len(slots)} slots")
    head = _DATA.pack(
        _length(638 - 38), 2, name, priority, sync, sequence, options, universe,
        _length(638 - 115), 2, 0xA1, 0, 1, _SLOTS + 1, 0,
    )  # fmt: skip
    return _root(638, 4, sender) + head + slots.ljust(_SLOTS, b"\0")


def sync(universe: int, sequence: int, sender: bytes) -> bytes:
    """What came for this synchronisation universe is shown now."""
    return _root(49, 8, sender) + _SYNC.pack(_length(49 - 38), 1, sequence, universe, 0)


def discovery(universes: list[int], sender: bytes, name: bytes) -> list[bytes]:
    """The list of all universes that are sent, in as many pages as it takes."""
    every = sorted(universes)
    pages = [every[at : at + _A_PAGE] for at in range(0, len(every), _A_PAGE)] or [[]]
    made = []
    for number, page in enumerate(pages):
        size = 120 + 2 * len(page)
        head = _LIST.pack(_length(size - 38), 2, name, 0, _length(size - 112), 1, number, len(pages) - 1)
        made.append(_root(size, 8, sender) + head + struct.pack(f">{len(page)}H", *page))
    return made


def group(universe: int) -> str:
    """The multicast address of a universe."""
    return f"239.255.{universe >> 8}.{universe & 0xFF}"


def _root(size: int, vector: int, sender: bytes) -> bytes:
    return _ROOT.pack(0x0010, 0, _NAME, _length(size - 16), vector, sender)


def _length(size: int) -> int:
    return 0x7000 | size
