"""Lines of JSON through a pipe on which nobody ever waits: what does not fit goes first the next time."""

from __future__ import annotations

import json
import os
from typing import Any

Words = dict[str, Any]
"""What one line says."""

_MOST = 1 << 16


class Teller:
    """The writing end. While a line is on its way no other is taken: whoever tells again tells what is newer then."""

    def __init__(self, descriptor: int) -> None:
        os.set_blocking(descriptor, False)
        self._descriptor = descriptor
        self._left = b""

    def tell(self, words: Words) -> bool:
        """Whether it was taken; False while an older line still waits for room. [one thread, also a signal handler]"""
        if self._push():
            self._left = json.dumps(words).encode() + b"\n"
            self._push()
            return True
        return False

    def close(self) -> None:
        """The reader sees the end; twice is fine."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
        self._descriptor = -1

    def _push(self) -> bool:
        """Whether nothing is left."""
        while self._left:
            try:
                self._left = self._left[os.write(self._descriptor, self._left) :]
            except BlockingIOError:
                return False
            except OSError:  # nobody reads any more
                self._left = b""
        return True


class Hearer:
    """The reading end. `ended`: the other end is closed."""

    def __init__(self, descriptor: int) -> None:
        os.set_blocking(descriptor, False)
        self._descriptor = descriptor
        self._part = b""
        self.ended = False

    def heard(self) -> list[Words]:
        """Every whole line that has come, oldest first; one that is no JSON object is left out. [one thread]"""
        while not self.ended:
            try:
                data = os.read(self._descriptor, _MOST)
            except BlockingIOError:
                break
            except OSError:
                data = b""
            self.ended = not data
            self._part += data
        *lines, self._part = self._part.split(b"\n")
        return [words for line in lines if (words := _read(line)) is not None]

    def close(self) -> None:
        """Twice is fine."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
        self._descriptor, self.ended = -1, True


def _read(line: bytes) -> Words | None:
    """A process that dies does so in the middle of a line, too."""
    try:
        words = json.loads(line)
    except ValueError:
        return None
    return words if isinstance(words, dict) else None
