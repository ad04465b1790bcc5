"""What is wrong in a show right now: a line when it begins, a line when it is over, and a code to look it up by.

A part that breaks says `begin`, as often as it meets the fault, and `end` once it has recovered: the log hears of the
first, of one in AGAIN seconds while it lasts, and of the end. docs/faults.md says of every code what happens then.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

log = logging.getLogger(__name__)

AGAIN = 60.0
"""Seconds between two lines about a fault that lasts."""
AT_ONCE = 16
"""Lines of one code that may come in a hurry; then it is one in AGAIN seconds: with the lines that say that it is over
some 150 in the first hour, and 120 in every other, whatever comes and goes."""
TRACES = 3
"""Of these, how many may bring a trace: each is some twenty lines."""
MOST = 64
"""Faults that are kept apart; beyond that those of one code are one, so that nobody can fill a memory with them."""
MOMENT = 10.0
"""Seconds after which a fault that nobody can end (a wrong message) is over, if it is not met again."""

_OTHERS = "others"


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault that is there now: `code` (WS-A01), whom it befell, the sentence, and since when (monotonic seconds)."""

    code: str
    who: str
    said: str
    since: float


@dataclass(slots=True)
class _Known:
    """A fault that is there, and what the log knows of it."""

    fault: Fault
    met: float
    lapse: float
    times: int = 0
    said_at: float = -math.inf


@dataclass(slots=True)
class _Pen:
    """How many lines of a code may be written still."""

    left: float
    filled: float

    def write(self, now: float) -> bool:
        """Whether there is ink for one more."""
        self.left = min(AT_ONCE, self.left + (now - self.filled) / AGAIN)
        self.filled = now
        if self.left < 1.0:
            return False
        self.left -= 1.0
        return True


class Faults:
    """The faults of one process. [any thread but the audio thread]"""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._there: dict[tuple[str, str], _Known] = {}
        self._pens: dict[str, _Pen] = {}
        self._lock = threading.Lock()

    def begin(
        self,
        code: str,
        who: str,
        said: str,
        *,
        lapse: float = math.inf,
        news: bool = True,
        trace: bool = False,
    ) -> None:
        """`who` has met a fault, for the first time or again; `said` is the sentence: what, and what happens now.

        It is over at `end`, or when it was not met for `lapse` seconds. Another sentence than the last is said at once
        if that is `news`. `who` and `said` must hold what came from outside by `repr`. `trace`: with the exception that
        is being handled, unless several came before.
        """
        now = self._now()
        lines = self._lapsed(now)
        with self._lock:
            key = (code, who) if (code, who) in self._there or len(self._there) < MOST else (code, _OTHERS)
            known = self._there.get(key)
            if known is None:
                known = self._there[key] = _Known(Fault(code, key[1], said, now), now, lapse)
            other = said != known.fault.said
            if other:
                known.fault = Fault(code, key[1], said, known.fault.since)
            known.times += 1
            known.met = now
            # Nobody can end what several have in common.
            known.lapse = lapse if key[1] == who else min(lapse, MOMENT)
            line, pen = "", self._pens.setdefault(code, _Pen(AT_ONCE, now))
            if ((other and news) or now - known.said_at >= AGAIN) and pen.write(now):
                lasts = now - known.fault.since
                still = "" if known.said_at == -math.inf or lasts < AGAIN else f" still, for {lasts:.0f} s:"
                known.said_at = now
                line = f"{code}{still} {said}"
                trace = trace and pen.left >= AT_ONCE - TRACES
        for over in lines:
            log.warning("%s", over)
        if line:
            log.warning("%s", line, exc_info=trace)

    def end(self, code: str, who: str, said: str = "") -> bool:
        """It has recovered, and whether it had met that fault at all; `said`, how it is now."""
        now = self._now()
        with self._lock:
            known = self._there.pop((code, who), None)
        if known is None:
            return False
        if known.said_at != -math.inf:
            log.warning("%s", _over(known, now - known.fault.since, said or who))
        return True

    def drop(self, who: str) -> None:
        """Whoever has left on purpose has no faults any more, and nobody says so."""
        with self._lock:
            for key in [key for key in self._there if key[1] == who]:
                del self._there[key]

    def now(self) -> tuple[Fault, ...]:
        """What is wrong now, the oldest first."""
        for over in self._lapsed(self._now()):
            log.warning("%s", over)
        with self._lock:
            return tuple(known.fault for known in self._there.values())

    def forget(self) -> None:
        """Nothing is wrong any more, and nobody says so: for a show that ends."""
        with self._lock:
            self._there.clear()
            self._pens.clear()

    def _lapsed(self, now: float) -> list[str]:
        """Take away what was not met for its time; what is to be said of it."""
        with self._lock:
            over = [key for key, known in self._there.items() if now - known.met > known.lapse]
            gone = [self._there.pop(key) for key in over]
        # Of what was met once a line has said all.
        return [
            _over(known, known.met - known.fault.since, known.fault.who)
            for known in gone
            if known.times > 1 and known.said_at != -math.inf
        ]


def _over(known: _Known, seconds: float, said: str) -> str:
    more = f", met {known.times:,} times" if known.times > 1 else ""
    return f"{known.fault.code} is over after {seconds:.1f} s: {said}{more}"


_OURS = Faults()
begin, end, drop, now, forget = _OURS.begin, _OURS.end, _OURS.drop, _OURS.now, _OURS.forget
"""Of this process, as a log is: whoever breaks has no show at hand to tell."""
