"""What the door answers by itself: /wear/ping, /wear/subscribe, /wear/unsubscribe, /wear/dump, and questions.

An answer never amplifies: it goes to the sender's own host alone, costs the sender tokens like a datagram
in, and always carries an argument, so that it can never be a question to another wearsound.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from wearsound.osc.address import is_here
from wearsound.osc.bundle import Bundles, Message
from wearsound.osc.packet import Arg
from wearsound.osc.tree import Tree
from wearsound.osc.value import messages, number
from wearsound.sources.osc_in.bucket import Buckets, tokens
from wearsound.sources.osc_in.meaning import Refused
from wearsound.sources.osc_in.subscribers import MOST, MOST_A_HOST, Subscribers

NAMESPACE = 1
"""Version of the addresses below /wear; it grows when an old address changes its meaning."""

PING = "/wear/ping"
PONG = "/wear/pong"
SUBSCRIBE = "/wear/subscribe"
UNSUBSCRIBE = "/wear/unsubscribe"
DUMP = "/wear/dump"
END = "/wear/dump/end"
OWN = frozenset({PING, PONG, SUBSCRIBE, UNSUBSCRIBE, DUMP, END})
"""Addresses that the door serves by itself: they are no events and no pattern means them."""

MOST_DUMPS = 16
"""Dumps a second to all together, and one a second to each peer: one takes some milliseconds."""

LOWEST_PORT = 1024
"""Below it live the system's own services, which nobody should be able to make us write to."""

Send = Callable[[bytes, str, int], None]


class Answers:
    """`send(datagram, host, port)` never waits; answers go to `reply_port` without a subscription. [one thread]"""

    def __init__(
        self,
        tree: Tree,
        subscribers: Subscribers,
        buckets: Buckets,
        send: Send,
        *,
        reply_port: int,
        name: str,
        version: str,
    ) -> None:
        self.own_port = 0
        """The door's own port: nobody may subscribe the door to itself."""
        self._tree = tree
        self._subscribers = subscribers
        self._buckets = buckets
        self._send = send
        self._reply_port = reply_port
        self._pong: Message = (PONG, (name, version, NAMESPACE))
        self._bundles = Bundles()
        self._dumped: dict[tuple[str, int], float] = {}

    def serve(self, address: str, args: Sequence[Arg], host: str, port: int, now: float) -> None:
        """Do what one of OWN asks for; Refused if it may not be."""
        if address == PING:
            self._answer([self._pong], host, port, now)
        elif address in (PONG, END):
            return  # another wearsound's answer: nothing to do, and above all nothing to answer
        elif address == DUMP:
            self._dump(host, self._port(host, port, now), now)
        elif address == UNSUBSCRIBE:
            self._subscribers.remove(host, port, _port(args))
        else:
            wanted = _port(args)
            self._subscribe(host, port, self._reply_port if wanted is None else wanted, now)

    def tell(self, answers: Sequence[Message], host: str, port: int, now: float) -> None:
        """Answer a question."""
        self._answer(answers, host, port, now)

    def _port(self, host: str, port: int, now: float) -> int:
        return self._subscribers.port_of(host, port, now) or self._reply_port

    def _answer(self, what: Sequence[Message], host: str, port: int, now: float) -> None:
        self._pay_and_send(what, host, self._port(host, port, now), now)

    def _pay_and_send(self, what: Sequence[Message], host: str, to: int, now: float) -> None:
        # A single message goes plain: some receivers cannot read bundles.
        datagrams = [self._bundles.message(what[0])] if len(what) == 1 else self._bundles.of(what)
        if not self._buckets.allow(host, now, sum(tokens(len(datagram)) for datagram in datagrams)):
            raise Refused("too much", f"{host} asks for more than it may hear")
        for datagram in datagrams:
            self._send(datagram, host, to)

    def _dump(self, host: str, to: int, now: float) -> None:
        self._dumped = {peer: at for peer, at in self._dumped.items() if now - at < 1.0}
        if (host, to) in self._dumped or len(self._dumped) >= MOST_DUMPS:
            raise Refused("dump too soon", f"{DUMP} from {host}: once a second is enough")
        self._dumped[host, to] = now
        everything = messages(list(self._tree))
        self._pay_and_send([*everything, (END, (len(everything),))], host, to, now)

    def _subscribe(self, host: str, source: int, to: int, now: float) -> None:
        if not LOWEST_PORT <= to <= 65535:
            raise Refused("subscribe", f"{SUBSCRIBE} from {host}: a port is between {LOWEST_PORT} and 65535")
        if to == self.own_port and is_here(host):
            raise Refused("subscribe", f"{SUBSCRIBE} from {host}: {to} is this door itself")
        if not self._subscribers.add(host, source, to, now):
            raise Refused(
                "subscribe",
                f"{SUBSCRIBE} from {host}: no place left, {MOST} may and {MOST_A_HOST} on one host",
            )
        self._dump(host, to, now)


def _port(args: Sequence[Arg]) -> int | None:
    """The port that the first argument names, None without one; Refused for what is none."""
    if not args or args[0] is None:
        return None
    found = number(args[0])
    if found is None or found != int(found):
        raise Refused("value", f"{SUBSCRIBE} and {UNSUBSCRIBE} take a port; {args[0]!r} came")
    return int(found)
