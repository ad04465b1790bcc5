"""`wearsound osc monitor`: every message as it comes in, readable even in a flood, and a sum at the end."""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

from wearsound.errors import PatchError
from wearsound.osc.packet import MAX_ADDRESS, Arg, BadPacket, Message, read
from wearsound.osc.pattern import BadPattern, is_pattern, matches
from wearsound.show.osc_listen import Came, datagrams, listening

LINES_A_SECOND = 40
"""More than that nobody reads: the rest of the second is counted."""

MOST_ADDRESSES = 2000
"""Addresses and senders that are counted apart."""

OTHERS = "(other addresses)"


def run(options: argparse.Namespace) -> int:
    """Print until Ctrl-C or --seconds, then a sum by address."""
    shown = _Filter(options.filter)
    with listening(options.host, options.port) as made:
        host, number = made.getsockname()[:2]
        page = _Page(options.json)
        if not options.json:
            where = " (this machine only)" if host.startswith("127.") else ""
            print(f"listening at {host}:{number}{where}; Ctrl-C ends it", flush=True)
        try:
            for came in datagrams(made, options.seconds):
                if came is None:
                    page.turn(time.monotonic())
                    continue
                _take(came, page, shown)
        except KeyboardInterrupt:
            pass
        page.end(time.monotonic())
    return 0


def _take(came: Came, page: _Page, shown: _Filter) -> None:
    try:
        messages = read(came.datagram)
    except BadPacket as error:
        page.bad(came, error)
        return
    for message in messages:
        if shown(message.address):
            page.message(came, message)


class _Filter:
    """An address means itself and all below it; a pattern what it matches."""

    def __init__(self, text: str) -> None:
        self._text = text.rstrip("/")
        self._known: dict[str, bool] = {}
        if text and not text.startswith("/"):
            raise PatchError(f"--filter {text!r}: an address begins with /, such as /wear/zone or /*/chest/*")
        try:
            matches(text[:MAX_ADDRESS], [])
        except BadPattern as error:
            raise PatchError(f"--filter {text!r}: {error}") from None

    def __call__(self, address: str) -> bool:
        if not self._text or address == self._text:
            return True
        if not is_pattern(self._text):
            return address.startswith(self._text + "/")
        if address not in self._known:
            if len(self._known) >= MOST_ADDRESSES:
                self._known.clear()
            self._known[address] = bool(matches(self._text, [address]))
        return self._known[address]


class _Page:
    """What is printed: so many lines a second, the rest as counts."""

    def __init__(self, as_json: bool) -> None:
        self._json = as_json
        self._began = self._second = time.monotonic()
        self._lines = 0
        self._skipped: Counter[str] = Counter()
        self._counts: Counter[str] = Counter()
        self._bad: Counter[str] = Counter()
        self._first: dict[str, float] = {}
        self._last: dict[str, float] = {}
        self._wide = 0

    def message(self, came: Came, message: Message) -> None:
        """One that could be read."""
        name = message.address
        if name not in self._counts and len(self._counts) >= MOST_ADDRESSES:
            name = OTHERS
        self._counts[name] += 1
        self._first.setdefault(name, came.at)
        self._last[name] = came.at
        if not self._room(came.at, name):
            return
        t = came.at - self._began
        if self._json:
            row = {"t": round(t, 3), "from": _sender(came), "address": message.address}
            print(json.dumps(row | {"args": [_plain(arg) for arg in message.args]}), flush=True)
            return
        self._wide = min(48, max(self._wide, len(message.address)))
        said = "  ".join(shown(arg) for arg in message.args)
        print(
            f"{_clock(t)}  {_sender(came):<21}  {message.address:<{self._wide}}  {said}".rstrip(), flush=True
        )

    def bad(self, came: Came, error: BadPacket) -> None:
        """One that could not: why, and how it begins."""
        self._bad[error.reason] += 1
        if not self._room(came.at, f"({error.reason})"):
            return
        t = came.at - self._began
        if self._json:
            row: dict[str, Any] = {
                "t": round(t, 3),
                "from": _sender(came),
                "bad": error.reason,
                "about": str(error),
            }
            print(json.dumps(row | {"bytes": came.datagram[:32].hex()}), flush=True)
            return
        begins = came.datagram[:16].hex(" ") + (" ..." if len(came.datagram) > 16 else "")
        print(f"{_clock(t)}  {_sender(came):<21}  ! {error.reason}: {error}  [{begins}]", flush=True)

    def turn(self, now: float) -> None:
        """A new second, perhaps: what the last one left out is said."""
        if now - self._second < 1.0:
            return
        self._second, self._lines = now, 0
        if not self._skipped:
            return
        total, t = sum(self._skipped.values()), now - self._began
        if self._json:
            print(json.dumps({"t": round(t, 3), "not_shown": total}), flush=True)
        else:
            most = ", ".join(f"{name} {count:,}" for name, count in self._skipped.most_common(3))
            more = f" and {len(self._skipped) - 3} more" if len(self._skipped) > 3 else ""
            print(f"{_clock(t)}  ... {total:,} more in this second: {most}{more}", flush=True)
        self._skipped.clear()

    def end(self, now: float) -> None:
        """The sum: how many of each, and how often."""
        self._second = 0.0
        self.turn(now)
        took = now - self._began
        if self._json:
            print(
                json.dumps({"t": round(took, 3), "sum": dict(self._counts), "bad": dict(self._bad)}),
                flush=True,
            )
            return
        total, bad = sum(self._counts.values()), sum(self._bad.values())
        print(
            f"\n{total:,} messages in {took:.1f} s" + (f", {bad:,} datagrams that are no OSC" if bad else "")
        )
        wide = max((len(name) for name in self._counts), default=0)
        for name, count in self._counts.most_common():
            span = self._last[name] - self._first[name]
            rate = f"{(count - 1) / span:,.1f} a second" if count > 1 and span > 0.05 else ""
            print(f"  {name:<{wide}}  {count:>9,}  {rate}".rstrip())
        for reason, count in self._bad.most_common():
            print(f"  ! {reason:<{max(0, wide - 2)}}  {count:>9,}")
        if not total and not bad:
            print(
                "nothing came: is the sender's host this machine, and its port this one? a firewall may hold it back"
            )

    def _room(self, now: float, name: str) -> bool:
        self.turn(now)
        self._lines += 1
        if self._lines <= LINES_A_SECOND:
            return True
        self._skipped[name if name in self._skipped or len(self._skipped) < MOST_ADDRESSES else OTHERS] += 1
        return False


def shown(arg: Arg) -> str:
    """An argument for people: numbers short, words in quotes with nothing that a terminal would obey."""
    if isinstance(arg, bool):
        return "true" if arg else "false"
    if arg is None:
        return "nil"
    if isinstance(arg, float):
        return f"{arg:.6g}" if arg != int(arg) or abs(arg) >= 1e6 else f"{arg:.1f}"
    if isinstance(arg, str):
        return repr(arg)
    if isinstance(arg, bytes):
        return f"{len(arg)} bytes [{arg[:8].hex(' ')}{' ...' if len(arg) > 8 else ''}]"
    if isinstance(arg, tuple):
        return "[" + "  ".join(shown(part) for part in arg) + "]"
    return str(arg)


def _plain(arg: Arg) -> Any:
    if isinstance(arg, bytes):
        return {"bytes": arg.hex()}
    return [_plain(part) for part in arg] if isinstance(arg, Sequence) and not isinstance(arg, str) else arg


def _sender(came: Came) -> str:
    return f"[{came.host}]:{came.port}" if ":" in came.host else f"{came.host}:{came.port}"


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60:02}:{seconds % 60:06.3f}"
