"""A host's name, asked for aside: all names of a show are asked at once, and a resolver that hangs holds nobody up."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from typing import Any

from wearsound.osc.address import resolved

PATIENCE = 3.0
"""Seconds for a name: a resolver without a network takes much longer."""


class Lookup:
    """Where datagrams to `host` and `port` go. `start` may come long before `answer`: then nothing is waited for."""

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port
        self._answers: list[tuple[int, Any]] = []
        self._asker: threading.Thread | None = None
        self._until = 0.0

    def start(self, patience: float = PATIENCE) -> None:
        """Ask, on a thread of its own; an asking that is under way goes on. [main thread, mender's thread]"""
        if self._asker is not None:
            return
        self._answers = answers = []
        self._until = time.monotonic() + patience

        def ask() -> None:
            with contextlib.suppress(OSError):
                answers.append(resolved(self._host, self._port, socket.SOCK_DGRAM))

        # A daemon: a resolver that hangs must not keep the program from ending.
        self._asker = threading.Thread(target=ask, name=f"find {self._host}", daemon=True)
        self._asker.start()

    def answer(self, patience: float = PATIENCE) -> tuple[int, Any] | None:
        """Family and address, None where no machine is called so or nobody said in time; the next call asks anew."""
        self.start(patience)
        asker, self._asker = self._asker, None
        assert asker is not None
        asker.join(max(0.0, self._until - time.monotonic()))
        return self._answers[0] if self._answers else None
