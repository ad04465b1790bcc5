"""Sentences about what strangers send: of each kind one a minute, however much comes."""

from __future__ import annotations

import logging
from dataclasses import dataclass

EVERY = 60.0
"""Seconds between two sentences of one kind."""

MOST_KINDS = 64
"""Kinds kept apart; beyond that all share one, so that nobody can fill a log with new ones."""


@dataclass(slots=True)
class _Kind:
    at: float
    held_back: int = 0


class Said:
    """Says a sentence unless one of its kind was said within the minute, then counts it. [one thread]"""

    def __init__(self, log: logging.Logger) -> None:
        self._log = log
        self._kinds: dict[str, _Kind] = {}

    def say(self, kind: str, text: str, now: float) -> None:
        """`text` must already hold what came from outside by `repr`. `now` in monotonic seconds."""
        known = self._kinds.get(kind)
        if known is None:
            if len(self._kinds) >= MOST_KINDS:
                kind = ""
                known = self._kinds.get(kind)
            if known is None:
                self._kinds[kind] = _Kind(now)
                self._log.warning("%s", text)
                return
        if now - known.at < EVERY:
            known.held_back += 1
            return
        more = f" ({known.held_back} more like it since)" if known.held_back else ""
        known.at, known.held_back = now, 0
        self._log.warning("%s%s", text, more)
