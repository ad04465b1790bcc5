"""Messages in, datagrams out: OSC 1.0 bundles stamped "now", each small enough to stay whole.

python-osc's own type writers make the bytes; its message builders parse back what they built, which
costs ten times as much, so the unchanging half of each message is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

Message = tuple[str, tuple[float | int | str, ...]]
"""What leaves: an address and its arguments. (What comes in is `packet.Message`.)"""

BUNDLE_BYTES = 1400
"""The most bytes of one datagram: under the smallest usual MTU, so that none is cut in two."""


class Bundles:
    """Packs messages into OSC bundles "now" of at most `limit` bytes, in order."""

    def __init__(self, limit: int = BUNDLE_BYTES) -> None:
        from pythonosc.osc_bundle_builder import IMMEDIATELY
        from pythonosc.parsing import osc_types

        self._limit = limit
        self._start = b"#bundle\0" + osc_types.write_date(IMMEDIATELY)
        self._write_string: Callable[[str], bytes] = osc_types.write_string
        self._write: dict[str, Callable[[Any], bytes]] = {
            "i": osc_types.write_int,
            "f": osc_types.write_float,
            "s": osc_types.write_string,
        }
        self._size: Callable[[int], bytes] = osc_types.write_int
        self._heads: dict[tuple[str, str], bytes] = {}

    def of(self, messages: Sequence[Message]) -> list[bytes]:
        """The datagrams of some messages."""
        out: list[bytes] = []
        parts: list[bytes] = []
        length = len(self._start)
        for message in messages:
            element = self.message(message)
            if parts and length + 4 + len(element) > self._limit:
                out.append(self._start + b"".join(parts))
                parts, length = [], len(self._start)
            parts += (self._size(len(element)), element)
            length += 4 + len(element)
        if parts:
            out.append(self._start + b"".join(parts))
        return out

    def message(self, message: Message) -> bytes:
        """One message as bytes: int32, float32 and string arguments."""
        address, args = message
        tags = "".join("s" if isinstance(a, str) else "i" if isinstance(a, int) else "f" for a in args)
        head = self._heads.get((address, tags))
        if head is None:
            head = self._write_string(address) + self._write_string("," + tags)
            self._heads[address, tags] = head
        return head + b"".join(self._write[tag](arg) for tag, arg in zip(tags, args, strict=True))
