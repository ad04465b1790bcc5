"""OSC in: one socket and one thread that reads it; nothing of it ever makes the engine wait."""

from __future__ import annotations

import logging
import selectors
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from wearsound import faults
from wearsound.core import Event
from wearsound.osc.allow import Welcome
from wearsound.osc.bind import Bind
from wearsound.osc.bundle import Bundles, Message
from wearsound.osc.packet import MAX_DATAGRAM
from wearsound.osc.tree import Tree
from wearsound.sensed import Sensor
from wearsound.sources.osc_in.answers import Answers
from wearsound.sources.osc_in.bucket import Buckets
from wearsound.sources.osc_in.meaning import Meaning
from wearsound.sources.osc_in.port import Port
from wearsound.sources.osc_in.reception import Counts, Reception
from wearsound.sources.osc_in.reserve import BEGIN, LOOK_AGAIN, Reserve
from wearsound.sources.osc_in.subscribers import LAPSE, Subscribers
from wearsound.sources.osc_in.turn import TURN, Turn

log = logging.getLogger(__name__)

WHO, TAKEN, BROKE = "OSC in", "WS-O30", "WS-O31"
RETRY = 5.0
"""Seconds until a port that was taken is tried again."""

MOST_AT_ONCE = 256
"""Datagrams read before what was held for a moment, and the wish to leave, are looked at again."""

LOOK_EVERY = 8
"""Datagrams read between two looks at how full the system's buffer is; a look costs half as much as reading one."""

MOST_TROUBLES = 20
"""Errors of the socket in a row after which it is given up and taken anew."""


class Door:
    """`put` gives an event to the engine and says whether there was room; it is called from the door's thread.

    `host` is the address of this machine to listen on, `allow` who may speak (networks; empty: all; this machine
    always may), `reply_port` where answers go at the sender's host unless it subscribed with another. `retry`
    and `lapse` in seconds.
    """

    def __init__(
        self,
        tree: Tree,
        put: Callable[[Event], bool],
        *,
        host: str = "127.0.0.1",
        port: int = 9000,
        allow: Sequence[str] = (),
        reply_port: int = 9001,
        binds: Sequence[Bind] = (),
        sensors: Sequence[Sensor] = (),
        name: str = "wearsound",
        version: str = "",
        retry: float = RETRY,
        lapse: float = LAPSE,
    ) -> None:
        self._port = Port(host, port, open_to_all=not allow)
        self._retry = retry
        self._subscribers = Subscribers(lapse)
        buckets = Buckets()
        self._answers = Answers(
            tree,
            self._subscribers,
            buckets,
            self._answer,
            reply_port=reply_port,
            name=name,
            version=version,
        )
        self._turn = Turn()
        self._meaning = Meaning(tree, binds, lambda sentence: log.warning("%s", sentence), sensors)
        self._reception = Reception(put, Welcome(allow), buckets, self._meaning, self._answers, self._turn)
        self._bundles = Bundles()  # for `tell` alone, which another thread calls
        self._socket: socket.socket | None = None
        self._wake: socket.socket | None = None
        self._thread: threading.Thread | None = None
        self._leaving = threading.Event()
        self._buffer = bytearray(1 << 16)  # longer than any datagram: Windows makes an error of a cut one
        self._troubles = 0

    @property
    def listening(self) -> bool:
        """Whether it has its port. [any thread]"""
        return self._socket is not None

    @property
    def note(self) -> str:
        """One sentence about the port as it is now. [any thread]"""
        return self._port.note

    @property
    def port(self) -> int:
        """The port it has, 0 while it has none. [any thread]"""
        return self._port.taken

    @property
    def counts(self) -> Counts:
        """What came, and what became of it. [any thread]"""
        return self._reception.counts

    @property
    def heard_at(self) -> float:
        """Monotonic time of the last good message, 0 before any: for a lamp. [any thread]"""
        return self._reception.heard_at

    @property
    def sensed(self) -> Mapping[str, float]:
        """When each sensor's lane was last heard, monotonic seconds; lanes never heard are not there. [any thread]"""
        return self._meaning.sensed

    @property
    def subscribers(self) -> int:
        """How many are told of changes now. [any thread]"""
        return len(self._subscribers.living(time.monotonic()))

    def open(self, *, quiet: bool = False) -> None:
        """Take the port and start the thread; `quiet`: who opens it says by itself that it is taken. [main thread]

        A port that is taken is no error: the log says so, and when it is free later.
        """
        if self._thread is not None:
            return
        self._leaving.clear()
        self._take_port()
        if self._socket is None and not quiet:
            faults.begin(TAKEN, WHO, self.note)
        mine, self._wake = socket.socketpair()
        self._thread = threading.Thread(target=self._run, args=(mine,), name="osc in", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Let go of the port, within a second; twice is fine. [main thread]"""
        thread, self._thread = self._thread, None
        wake, self._wake = self._wake, None
        if thread is None or wake is None:
            return
        self._leaving.set()
        with suppress(OSError):
            wake.send(b"!")
        thread.join(1.0)
        wake.close()

    def tell(self, messages: Sequence[Message], by: str = "") -> None:
        """Send to every subscriber but the one whose hand `by` was; never waits. [engine thread]"""
        listeners = [s for s in self._subscribers.living(time.monotonic()) if not s.is_hand(by)]
        taken = self._socket
        if not listeners or taken is None:
            return
        # A single message goes plain: some receivers cannot read bundles.
        single = len(messages) == 1
        datagrams = [self._bundles.message(messages[0])] if single else self._bundles.of(messages)
        for subscriber in listeners:
            for datagram in datagrams:
                try:
                    taken.sendto(datagram, (subscriber.host, subscriber.port))
                except OSError:  # its buffer full, its host gone, or the door just closed
                    subscriber.lost += 1

    def _answer(self, datagram: bytes, host: str, port: int) -> None:
        """[door's thread]"""
        if self._socket is not None:
            try:
                self._socket.sendto(datagram, (host, port))
            except OSError as error:
                self._reception.refuse(
                    "answer", f"{host}:{port} cannot be answered: {error}", time.monotonic()
                )

    def _take_port(self) -> None:
        self._socket = self._port.take()
        self._answers.own_port = self._port.taken
        self._troubles = 0

    def _run(self, wake: socket.socket) -> None:
        try:
            while not self._leaving.is_set():
                if self._socket is not None:
                    self._listen(self._socket, wake)
                elif not self._leaving.wait(self._retry):
                    self._take_port()
                    if self._socket is None:
                        faults.begin(TAKEN, WHO, self.note)
                        continue
                    for code in (TAKEN, BROKE):
                        faults.end(code, WHO, self.note)
        finally:
            self._let_go()
            wake.close()

    def _let_go(self) -> None:
        taken, self._socket = self._socket, None
        if taken is not None:
            self._port.let_go(taken)

    def _listen(self, taken: socket.socket, wake: socket.socket) -> None:
        """Until it is time to leave, or the socket is broken."""
        reserve, unread = Reserve(taken), self._reception.counts.unread
        with selectors.DefaultSelector() as ready:
            ready.register(taken, selectors.EVENT_READ)
            ready.register(wake, selectors.EVENT_READ)
            while not self._leaving.is_set():
                wait = self._reception.wait()
                ready.select(min(LOOK_AGAIN, LOOK_AGAIN if wait is None else wait) if reserve.on else wait)
                self._turn.begin()
                for n in range(MOST_AT_ONCE):
                    if n % LOOK_EVERY == 0:
                        reserve.look()
                        self._reception.counts.unread = unread + reserve.dropped
                    if not self._read_one(taken):
                        break
                    self._turn.rest_if_over()
                self._reception.play_due()
                if self._troubles > MOST_TROUBLES:
                    faults.begin(
                        BROKE, WHO, f"OSC in: the socket broke; it is taken anew in {self._retry:g} s"
                    )
                    self._let_go()
                    return

    def _read_one(self, taken: socket.socket) -> bool:
        """Take one datagram; False where none waits."""
        try:
            n_bytes, sender = taken.recvfrom_into(self._buffer)
        except (BlockingIOError, InterruptedError):
            return False
        except ConnectionResetError:  # Windows tells so that nobody takes what we sent
            return True
        except OSError as error:
            self._troubles += 1
            self._reception.refuse("socket", str(error), time.monotonic())
            time.sleep(TURN)  # it may go on: nobody is to wait for that
            return False
        self._troubles = 0
        if not self._reception.unheard(self._buffer[: min(n_bytes, BEGIN)], sender):
            self._reception.take(bytes(self._buffer[: min(n_bytes, MAX_DATAGRAM + 1)]), sender)
        return True
