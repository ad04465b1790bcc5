"""OSCQuery over HTTP: what a show can be told, as JSON, for whoever may ask. It only answers; nothing is changed.

One thread of its own and at most MOST connections, none of which it ever waits for: who is slow, silent or
too many is let go, and the next good request is served. It knows GET and HEAD of addresses in the tree and
no file. `Host` must be an address or localhost, so that no web page can reach it under a name of its
own (DNS rebinding); no Access-Control header is sent, because the programs that read OSCQuery are not
pages, and pages on the performer's machine have no business here.
"""

from __future__ import annotations

import errno
import os
import selectors
import socket
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from wearsound.errors import DeviceError, reason
from wearsound.osc.address import resolved
from wearsound.osc.allow import Welcome
from wearsound.osc.tree import Tree
from wearsound.outputs.http_request import MOST_REQUEST
from wearsound.outputs.osc_query_answer import Answers

MOST = 8
"""Connections at once. One more, and the oldest of the host that has the most is let go."""

WAITING = 256
"""Connections that the system holds for us: a crowd waits some milliseconds; turned away, it would try for seconds."""

PATIENCE = 5.0
"""Seconds from a connection's first moment to its last."""

SHARE = 4.0
"""For a second of work it rests four: asking can never cost the show more than a fifth of a core."""

_REMEDY = "give the rig's [door] another host or query port"


@dataclass(slots=True)
class _Guest:
    """One connection: what came, what is still to be sent."""

    socket: socket.socket
    host: str
    until: float
    came: bytearray = field(default_factory=bytearray)
    answer: memoryview | None = None


class QueryServer:
    """`host` is where it listens ("127.0.0.1": this machine alone), `allow` who may ask, as networks; empty: all.

    This machine itself may always ask. `osc_port` is where the show's OSC comes in.
    """

    def __init__(
        self, tree: Tree, name: str, host: str, port: int, osc_port: int, allow: Sequence[str] = ()
    ) -> None:
        self.port = port
        """Where it listens once it is open: a `port` of 0 asks the system for any."""
        self.served = 0
        """Requests answered, refusals too."""
        self._host = host
        self._answers = Answers(tree, name, osc_port)
        self._may_ask = Welcome(allow)
        self._guests: dict[int, _Guest] = {}

    def open(self) -> None:
        """Listen, in a thread of its own; DeviceError where the port cannot be had. [main thread]"""
        try:
            family, address = resolved(self._host, self.port, socket.SOCK_STREAM)
            self._door = socket.socket(family, socket.SOCK_STREAM)
        except OSError as error:
            raise DeviceError(
                f"OSCQuery: {self._host} is no address to listen at ({error}): {_REMEDY}"
            ) from None
        try:
            self._door.setblocking(False)
            if os.name == "posix":  # free again at once after a close; elsewhere it would share a port in use
                self._door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._door.bind(address)
            self._door.listen(WAITING)
        except OSError as error:
            self._door.close()
            raise DeviceError(self._why(error)) from None
        self.port = self._door.getsockname()[1]
        self._wake, self._woken = socket.socketpair()
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._door, selectors.EVENT_READ)
        self._selector.register(self._woken, selectors.EVENT_READ)
        self._thread = threading.Thread(target=self._run, name="osc query", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop and free the port; twice, or never opened, is fine. [main thread]"""
        thread = getattr(self, "_thread", None)
        if thread is None:
            return
        with suppress(OSError):
            self._wake.send(b"x")
        thread.join(5)
        self._thread = None  # type: ignore[assignment]
        self._wake.close()

    def _why(self, error: OSError) -> str:
        if error.errno == errno.EADDRINUSE:
            return f"OSCQuery: port {self.port} is taken by another program: close that, or {_REMEDY}"
        return f"OSCQuery: {self._host}:{self.port} cannot be taken ({reason(error)}): {_REMEDY}"

    # Everything below runs in the server's own thread.

    def _run(self) -> None:
        try:
            while self._turn():
                pass
        finally:
            for guest in list(self._guests.values()):
                self._let_go(guest)
            self._selector.close()
            self._door.close()
            self._woken.close()

    def _turn(self) -> bool:
        """Wait for something to happen and see to it; False at the end."""
        began = time.thread_time()
        now = time.monotonic()
        soonest = min((guest.until for guest in self._guests.values()), default=now + 3600)
        for key, _ in self._selector.select(max(0.0, soonest - now)):
            if key.fileobj is self._woken:
                return False
            if key.fileobj is self._door:
                for _ in range(MOST):
                    if not self._welcome():
                        break
            elif (guest := self._guests.get(key.fd)) is not None:  # it may have been let go meanwhile
                self._serve(guest)
        now = time.monotonic()
        for guest in [guest for guest in self._guests.values() if guest.until <= now]:
            self._let_go(guest)
        time.sleep(min(0.25, SHARE * (time.thread_time() - began)))
        return True

    def _welcome(self) -> bool:
        """Take one connection; False where nobody waits."""
        try:
            made, address = self._door.accept()
        except OSError:  # gone again, or no descriptor is left: then the next turn tries once more
            return False
        host = str(address[0])
        if not self._may_ask(host):
            made.close()
            return True
        if len(self._guests) >= MOST:
            hosts = [guest.host for guest in self._guests.values()]
            crowd = max(hosts, key=hosts.count)
            self._let_go(next(guest for guest in self._guests.values() if guest.host == crowd))
        made.setblocking(False)
        guest = _Guest(made, host, time.monotonic() + PATIENCE)
        self._guests[made.fileno()] = guest
        self._selector.register(made, selectors.EVENT_READ)
        self._serve(guest)  # most have asked already
        return True

    def _let_go(self, guest: _Guest) -> None:
        self._guests.pop(guest.socket.fileno(), None)
        with suppress(KeyError, ValueError):
            self._selector.unregister(guest.socket)
        guest.socket.close()

    def _serve(self, guest: _Guest) -> None:
        try:
            if guest.answer is None:
                self._read(guest)
            if guest.answer is not None:
                self._write(guest)
        except (BlockingIOError, InterruptedError):
            pass
        except OSError:
            self._let_go(guest)

    def _read(self, guest: _Guest) -> None:
        came = guest.socket.recv(MOST_REQUEST)
        if not came:
            self._let_go(guest)
            return
        guest.came += came
        end = guest.came.find(b"\r\n\r\n")
        if end < 0 and len(guest.came) <= MOST_REQUEST:
            return
        head = bytes(guest.came[:end]) if 0 <= end <= MOST_REQUEST else None
        guest.answer = memoryview(self._answers.respond(head, str(guest.socket.getsockname()[0])))
        self.served += 1
        self._selector.modify(guest.socket, selectors.EVENT_WRITE)

    def _write(self, guest: _Guest) -> None:
        assert guest.answer is not None
        guest.answer = guest.answer[guest.socket.send(guest.answer) :]
        if guest.answer:
            return
        with suppress(OSError):
            guest.socket.shutdown(socket.SHUT_WR)
        self._let_go(guest)
