"""Who asked to be told of changes: bounded, and forgotten unless they ask again."""

from __future__ import annotations

from dataclasses import dataclass

LAPSE = 60.0
"""Seconds after which a subscriber who has not asked again is forgotten."""

MOST = 16
"""Subscribers."""

MOST_A_HOST = 4
"""Subscribers on one host, so that one machine cannot take all places."""


@dataclass(slots=True)
class Subscriber:
    """`source` is the port it asked from, `port` where it listens; `until` in monotonic seconds."""

    host: str
    source: int
    port: int
    until: float
    lost: int = 0

    def is_hand(self, by: str) -> bool:
        """Whether `by` ("osc host:port") is this subscriber itself: it knows what it did."""
        return by in (f"osc {self.host}:{self.source}", f"osc {self.host}:{self.port}")


class Subscribers:
    """Changed by the door's thread alone; `living` may be asked by any, because nothing in it ever changes size."""

    def __init__(self, lapse: float = LAPSE) -> None:
        self._lapse = lapse
        self._all: tuple[Subscriber, ...] = ()

    def living(self, now: float) -> tuple[Subscriber, ...]:
        """Those who have not lapsed, oldest asking first. [any thread]"""
        everybody = self._all
        return tuple(s for s in everybody if s.until > now) if everybody else everybody

    def add(self, host: str, source: int, port: int, now: float) -> bool:
        """Take or renew (the same host and port); False where there is no place left. [door's thread]"""
        others = tuple(s for s in self.living(now) if (s.host, s.port) != (host, port))
        if len(others) >= MOST or sum(s.host == host for s in others) >= MOST_A_HOST:
            return False
        self._all = (*others, Subscriber(host, source, port, now + self._lapse))
        return True

    def remove(self, host: str, source: int, port: int | None) -> None:
        """Let go of the one that listens on `port`; without a port of what asked from `source`, else of all of
        this host's. [door's thread]
        """
        mine = [s for s in self._all if s.host == host]
        if port is not None:
            mine = [s for s in mine if s.port == port]
        else:
            mine = [s for s in mine if s.source == source] or mine
        self._all = tuple(s for s in self._all if s not in mine)

    def port_of(self, host: str, source: int, now: float) -> int | None:
        """Where this sender subscribed, None if it did not: another program of its host may have."""
        mine = [s for s in self.living(now) if s.host == host and source in (s.source, s.port)]
        return mine[-1].port if mine else None
