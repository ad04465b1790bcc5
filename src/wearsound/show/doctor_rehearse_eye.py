"""A receiver of DDP on this machine that says how bright it was and how long it waited: the judge of a rehearsal."""

from __future__ import annotations

import itertools
import socket
import threading
import time
from collections import deque

_KEPT = 20_000
"""Frames: five minutes of sixty a second."""
_PUSH = 1
_HEAD = 10


class Eye:
    """`with Eye() as eye`: its port is a free one of 127.0.0.1."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(0.1)
        self.port: int = self._socket.getsockname()[1]
        self._seen: deque[tuple[float, int]] = deque(maxlen=_KEPT)
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._look, name="rehearsal eye", daemon=True)
        self._thread.start()

    def __enter__(self) -> Eye:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Free the port; twice is fine. [any thread]"""
        self._closing.set()
        self._thread.join()
        self._socket.close()

    @property
    def count(self) -> int:
        """Frames so far, as many as are kept. [any thread]"""
        return len(self._seen)

    @property
    def most(self) -> int:
        """The brightest byte of the newest frame, 0 before any. [any thread]"""
        return self._seen[-1][1] if self._seen else 0

    @property
    def last(self) -> float:
        """When the newest frame came, monotonic seconds, 0 before any. [any thread]"""
        return self._seen[-1][0] if self._seen else 0.0

    def longest(self, since: float) -> float:
        """The longest wait for a frame from `since` (monotonic seconds) to now. [any thread]"""
        times = [since, *(when for when, _ in tuple(self._seen) if when > since), time.monotonic()]
        return max(later - earlier for earlier, later in itertools.pairwise(times))

    def _look(self) -> None:
        """[a thread of its own]"""
        most = 0
        while not self._closing.is_set():
            try:
                data = self._socket.recv(65_536)
            except TimeoutError:
                continue
            except OSError:
                return
            most = max(most, max(data[_HEAD:], default=0))
            if data[:1] and data[0] & _PUSH:
                self._seen.append((time.monotonic(), most))
                most = 0
