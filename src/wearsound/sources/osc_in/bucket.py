"""How much each sender may say a second: token buckets, asked before a datagram is parsed."""

from __future__ import annotations

from collections import OrderedDict

SENDER_RATE = 6_000
"""Tokens a second for one sender, and as many saved up: a burst. A busy desk or sensor board needs 5,000."""

TOTAL_RATE = 10_000
"""Tokens a second for all senders together, and as many saved up: about a quarter of a core. What the door has no
time for waits in the system's buffer, and when that is full a panic is lost like everything else."""

LARGEST = 128
"""Tokens that the longest datagram costs."""

MAX_SENDERS = 256
"""Senders remembered; beyond that the one silent for longest is forgotten, and starts afresh."""

TOKEN_BYTES = 64
"""Bytes of a datagram that cost one token: a message of eight floats."""

PATTERN_TOKENS = 50
"""What a message whose address is a pattern costs besides, asked after the parse and before the look-up:
some 100 us among 200 addresses, as much as parsing 30 messages. A sender may move 120 patterns a second."""


def tokens(n_bytes: int) -> int:
    """What a datagram of `n_bytes` costs: 1 up to TOKEN_BYTES, 128 for one of 8 KiB.

    The number of messages is known only after the parse, and one datagram may hold 256 of them: counted
    as one, a sender of full bundles could have a million messages a second read. Bytes are known before.
    """
    return max(1, -(-n_bytes // TOKEN_BYTES))


class _Bucket:
    """`rate` tokens a second, of which at most one second's worth is saved up; full at first."""

    __slots__ = ("_rate", "_seen", "left")

    def __init__(self, rate: int, now: float) -> None:
        self._rate = rate
        self._seen = now
        self.left = float(rate)

    def fill(self, now: float) -> None:
        """Add what came in since the last look; a clock that steps back changes nothing."""
        if now > self._seen:
            self.left = min(float(self._rate), self.left + self._rate * (now - self._seen))
            self._seen = now


class Buckets:
    """A bucket for each sender and one for all; a sender's refused datagrams cost the others nothing."""

    def __init__(self) -> None:
        self._total: _Bucket | None = None
        self._senders: OrderedDict[str, _Bucket] = OrderedDict()

    def __len__(self) -> int:
        """How many senders are remembered, at most MAX_SENDERS."""
        return len(self._senders)

    @property
    def empty(self) -> bool:
        """Whether all senders together have said so much that a long datagram has no room. [one thread]"""
        return self._total is not None and self._total.left <= LARGEST

    def allow(self, sender: str, now: float, n: int = 1) -> bool:
        """Whether a datagram that costs `n` >= 1 tokens may be read; if so, they are taken. [one thread]

        `n` is `tokens(len(datagram))` or PATTERN_TOKENS, not a count of datagrams or messages. `sender` is
        the host alone: a port is free to change. `now` is in monotonic seconds.
        """
        total = self._total
        if total is None:
            total = self._total = _Bucket(TOTAL_RATE, now)
        bucket = self._senders.get(sender)
        if bucket is None:
            if len(self._senders) >= MAX_SENDERS:
                self._senders.popitem(last=False)
            bucket = self._senders[sender] = _Bucket(SENDER_RATE, now)
        else:
            self._senders.move_to_end(sender)
        total.fill(now)
        bucket.fill(now)
        if bucket.left < n or total.left < n:
            return False
        bucket.left -= n
        total.left -= n
        return True
