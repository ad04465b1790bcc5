"""A thread that comes by several times a second: receivers want to be told something, also while the engine waits."""

from __future__ import annotations

import threading
from collections.abc import Callable

from wearsound import faults

ROUND = "WS-E13"
STEP = 0.1
"""Seconds between two rounds."""


class Keeper:
    """Calls `round_` every `step` seconds until `stop`; what goes wrong in a round is said, and tried again."""

    def __init__(self, name: str, round_: Callable[[], None], step: float = STEP) -> None:
        self._round = round_
        self._step = step
        self._name = name
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"keep {name}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Return when no round runs any more; twice is fine. [any thread]"""
        self._ended.set()
        if threading.current_thread() is not self._thread:
            self._thread.join(2.0)

    def _run(self) -> None:
        broken = False
        while not self._ended.wait(self._step):
            try:
                self._round()
            except Exception as error:  # the next round may do
                broken = True
                faults.begin(ROUND, self._name, f"{self._name}: {error}")
            else:
                if broken:
                    broken = False
                    faults.end(ROUND, self._name)
