"""What a window process says to its engine: records of one length, through a pipe."""

from __future__ import annotations

import json
import struct
from typing import Any

RECORD_BYTES = 512
"""Small enough that POSIX writes a record into a pipe whole or not at all."""


def pack_record(address: str, *args: Any) -> bytes:
    """One record of RECORD_BYTES: length, then `["/wear/key", "t"]`; a long sentence is cut."""
    for limit in (RECORD_BYTES, 400, 200, 100):
        cut = [a[: limit - 1] + "…" if isinstance(a, str) and len(a) > limit else a for a in args]
        body = json.dumps([address, *cut], ensure_ascii=False).encode()
        if len(body) <= RECORD_BYTES - 2:
            break
    else:
        raise ValueError(f"{address} does not fit into a record of {RECORD_BYTES} bytes")
    return struct.pack(f"<H{RECORD_BYTES - 2}s", len(body), body)


class Records:
    """Puts whole records together from whatever pieces a pipe delivers; what is malformed is counted."""

    def __init__(self) -> None:
        self._left = b""
        self.malformed = 0

    def feed(self, data: bytes) -> list[tuple[str, tuple[Any, ...]]]:
        """(address, args) of every record completed by `data`."""
        data = self._left + data
        whole = len(data) // RECORD_BYTES * RECORD_BYTES
        self._left = data[whole:]
        found = []
        for at in range(0, whole, RECORD_BYTES):
            length = int.from_bytes(data[at : at + 2], "little")
            try:
                address, *args = json.loads(data[at + 2 : at + 2 + length])
            except (ValueError, TypeError):
                address = None
            if length > RECORD_BYTES - 2 or not isinstance(address, str) or not address.startswith("/"):
                self.malformed += 1
            else:
                found.append((address, tuple(args)))
        return found
