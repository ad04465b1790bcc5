"""What becomes of one datagram: allow list, buckets, strict reader, time tags, meaning, event or answer.

In this order, so that a stranger's bytes cost almost nothing and nobody's bytes can hang anything.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from wearsound import faults
from wearsound.core import Event
from wearsound.osc.address import is_here
from wearsound.osc.allow import Welcome
from wearsound.osc.packet import IMMEDIATELY, BadPacket, Message, read
from wearsound.osc.pattern import is_pattern
from wearsound.sources.osc_in.answers import OWN, Answers
from wearsound.sources.osc_in.bucket import MAX_SENDERS, PATTERN_TOKENS, Buckets, tokens
from wearsound.sources.osc_in.due import AHEAD, Due, seconds_ahead
from wearsound.sources.osc_in.meaning import Meaning, Refused
from wearsound.sources.osc_in.reserve import HANDS
from wearsound.sources.osc_in.turn import Turn

DEAF = 0.005
"""Seconds for which nothing more is read from a sender whose bucket is empty: to look into it for each of 50,000
datagrams a second would cost as much as to read them."""

MOST_PATTERNS = 16
"""Patterns in one datagram, so that none takes more than a few milliseconds; each may mean 64 addresses."""

SECOND = 2**32
"""Of a time tag."""

MALFORMED, TOO_MUCH, REFUSED, STRANGER, UNANSWERED, CLOCK, OURS = (
    "WS-O26", "WS-O27", "WS-O28", "WS-O29", "WS-O33", "WS-O34", "WS-E14",
)  # fmt: skip
CODES = {
    "too much": TOO_MUCH,
    "value": REFUSED,
    "read only": REFUSED,
    "pattern": REFUSED,
    "unknown": REFUSED,
    "stranger": STRANGER,
    "own": STRANGER,
    "answer": UNANSWERED,
    "socket": UNANSWERED,
}
"""By why something was refused; what is not here could not be read."""


@dataclass(slots=True)
class Counts:
    """Since the beginning; written by the door's thread, read from any (take `dict(refused)` before going through it).

    `received` datagrams; `unread`, those that the system dropped while too many waited (where it tells: Linux);
    `served` messages; `late` messages whose time tag had passed when they came; `lost` events the engine had no room
    for; `refused` by reason, in messages, or datagrams where they were not read.
    """

    received: int = 0
    unread: int = 0
    served: int = 0
    late: int = 0
    lost: int = 0
    refused: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class _Held:
    message: Message
    host: str
    port: int


class Reception:
    """`put` gives an event to the engine and says whether there was room. [door's thread]"""

    def __init__(
        self,
        put: Callable[[Event], bool],
        welcome: Welcome,
        buckets: Buckets,
        meaning: Meaning,
        answers: Answers,
        turn: Turn,
    ) -> None:
        self.counts = Counts()
        self.heard_at = 0.0
        """Monotonic time of the last good message, 0 before any."""
        self._put = put
        self._welcome = welcome
        self._buckets = buckets
        self._meaning = meaning
        self._answers = answers
        self._turn = turn
        self._hands = Buckets()
        self._deaf: dict[str, float] = {}
        self._deaf_to_all = 0.0
        self._due: Due[_Held] = Due()

    def unheard(self, begin: bytearray, sender: Any) -> bool:
        """Whether a datagram that begins so is not to be looked at, from one who has said too much; then it is counted.

        Asked of every datagram before it is copied, so that a flood is drained for little. A hand is always heard.
        """
        now = time.monotonic()
        deaf = now < self._deaf_to_all or now < self._deaf.get(sender[0], 0.0)
        if not deaf or begin in HANDS:
            return False
        self.counts.received += 1
        self.counts.refused["too much"] += 1
        return True

    def take(self, datagram: bytes, sender: Any) -> None:
        """Everything one datagram does. Never raises."""
        try:
            self._take(datagram, sender[0], sender[1])
        except Exception:
            self._fault(datagram[:32])

    def _take(self, datagram: bytes, host: str, port: int) -> None:
        now = time.monotonic()
        self.counts.received += 1
        if not port or not self._welcome(host):
            self.refuse("stranger", f"{host} is not on the allow list", now)
        elif not self._may(datagram, host, now):
            self.refuse("too much", f"{host} sends more than is read", now)
        elif port == self._answers.own_port and is_here(host):
            self.refuse("own", "a datagram of our own came back", now)
        else:
            self._read(datagram, host, port, now)

    def _may(self, datagram: bytes, host: str, now: float) -> bool:
        """Whether the sender has tokens left; for hands every sender has a purse of its own."""
        if datagram.startswith(HANDS):
            return self._hands.allow(host, now, tokens(len(datagram)))
        if self._buckets.allow(host, now, tokens(len(datagram))):
            return True
        self._be_deaf(host, now)
        return False

    def _be_deaf(self, host: str, now: float) -> None:
        """What comes from this sender for a moment is not looked at; from nobody's, where all have said too much."""
        if self._buckets.empty:
            self._deaf_to_all = now + DEAF
        if len(self._deaf) >= MAX_SENDERS:
            self._deaf.clear()
        self._deaf[host] = now + DEAF

    def _read(self, datagram: bytes, host: str, port: int, now: float) -> None:
        try:
            messages = read(datagram)
        except BadPacket as bad:
            self.refuse(bad.reason, f"{host}: {bad}; it began with {datagram[:32]!r}", now)
            return
        if sum(is_pattern(message.address) for message in messages) > MOST_PATTERNS:
            self.refuse("pattern", f"{host}: more than {MOST_PATTERNS} patterns in one datagram", now)
            return
        for message in messages:
            at_once = message.time <= IMMEDIATELY or self._meaning.is_sample(message.address)
            if at_once or not self._hold(message, host, port, now):
                self._serve(message, host, port, now)

    def wait(self) -> float | None:
        """Seconds until a held message is due, None for none held."""
        return self._due.wait(time.monotonic())

    def play_due(self) -> None:
        """Serve the held messages whose time has come, a handful at once."""
        for held in self._due.ready(time.monotonic()):
            self._serve(held.message, held.host, held.port, time.monotonic())

    def refuse(self, reason: str, sentence: str, now: float) -> None:
        """Count it, and say it where nothing of the kind was said lately; an empty sentence is only counted."""
        self.counts.refused[reason] += 1
        if sentence:
            self._say(CODES.get(reason, MALFORMED), sentence)

    def _say(self, code: str, sentence: str) -> None:
        """One fault a code, whoever sends and whatever: nobody can fill a log with new ones."""
        faults.begin(code, "OSC in", f"OSC in: {sentence}", lapse=faults.MOMENT, news=False)

    def _hold(self, message: Message, host: str, port: int, now: float) -> bool:
        """Whether a message is for later, and kept."""
        wall = time.time()  # noqa: TID251 - a time tag is a time of day; it decides when, never what
        ahead = seconds_ahead(message.time, wall)
        if ahead <= 0:
            self.counts.late += 1
            return False
        if ahead > AHEAD:
            self._say(
                CLOCK, f"{host} sends for {ahead:.1f} s from now: its clock differs by that; played at once"
            )
            return False
        return self._due.hold(now + ahead, _Held(message, host, port))

    def _serve(self, message: Message, host: str, port: int, now: float) -> None:
        """Do what one message says, now."""
        try:
            stamp = None if message.time <= IMMEDIATELY else message.time / SECOND
            self._do(message, host, port, now, stamp)
        except Refused as refused:
            self.refuse(refused.reason, str(refused), now)
        except Exception:
            self._fault(message.address)
        else:
            self.counts.served += 1
            self.heard_at = now
        self._turn.rest_if_over()

    def _fault(self, at: bytes | str) -> None:
        """A fault of ours must not shut the door: it is counted, and said with its trace. [in an except]"""
        self.counts.refused["fault"] += 1
        sentence = f"OSC in: a fault in wearsound at {at!r}"
        faults.begin(OURS, "OSC in", sentence, lapse=faults.MOMENT, trace=True)

    def _do(self, message: Message, host: str, port: int, now: float, stamp: float | None) -> None:
        address, args = message.address, message.args
        if address in OWN:
            self._answers.serve(address, args, host, port, now)
            return
        if is_pattern(address) and not self._buckets.allow(host, now, PATTERN_TOKENS):
            self._be_deaf(host, now)
            raise Refused("too much", f"{host} sends more patterns than are looked up")
        meant = self._meaning.of(address, args, f"osc {host}:{port}", now, stamp)
        if meant.answers:
            self._answers.tell(meant.answers, host, port, now)
        for event in meant.events:
            if not self._put(event):
                self.counts.lost += 1
