"""One socket for all datagrams of a target: it never waits, is never connected, and comes back by itself.

Unconnected, since a connected one fails at every second datagram while nobody listens. What cannot be sent is
counted and said once; the next frame tries again.
"""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import socket
import time
from collections.abc import Iterable
from typing import Any

from wearsound import faults
from wearsound.errors import DeviceError, reason
from wearsound.osc.address import is_broadcast
from wearsound.osc.lookup import PATIENCE, Lookup

REBUILD = 1.0
"""Seconds between two new sockets at least, where the network's device has gone."""

LOST, NO_WAY = "WS-N16", "WS-N17"
_GONE = frozenset({errno.ENODEV, errno.EADDRNOTAVAIL, errno.ENXIO, errno.EBADF})
_ROOM = 1 << 20

Datagrams = Iterable[tuple[bytes, Any]]


class Udp:
    """Where the datagrams of one target leave. `via`: the address of this machine that they leave from; `kind`: what
    is sent, in sentences (light, vibration).

    `lost` counts datagrams that could not be sent, `failing` is whether the last frame could not.
    """

    def __init__(self, name: str, host: str, port: int, via: str | None = None, *, kind: str) -> None:
        self.name = name
        self._kind = kind
        self._who = f"{kind} to {name}"
        self.sent = 0
        self.lost = 0
        self.failing = False
        self.address: Any = None
        self._host = host
        self._port = port
        self._via = via
        self._lookup = Lookup(host, port)
        self._family = socket.AF_INET
        self._socket: socket.socket | None = None
        self._rebuilt = 0.0

    def find(self) -> None:
        """Begin to ask for the host, so that `open` need not wait for every target's name in turn. [main thread]"""
        self._lookup.start(PATIENCE)

    def open(self) -> None:
        """Find the host, the only time that its name is asked for, and take a socket; DeviceError if it cannot.

        A name is waited for PATIENCE at most: the show begins without it, and it is tried again aside.
        """
        found = self._lookup.answer(PATIENCE)
        if found is None:
            raise DeviceError(
                f"{self._kind} target {self.name!r}: no host called {self._host!r}: give its IP address"
            )
        self._family, self.address = socket.AddressFamily(found[0]), found[1]
        try:
            self._socket = self._made()
        except OSError as error:
            raise DeviceError(
                f"{self._kind} target {self.name!r}: cannot send from {self._via or 'this machine'} "
                f"({reason(error)}); write an address of this machine as via, or leave it out"
            ) from error
        self.failing = False

    def send(self, datagrams: Datagrams) -> bool:
        """Send them all at once; False if any could not. The rest of a frame is dropped where one fails."""
        taken = self._socket
        if taken is None:
            return False
        waiting = iter(datagrams)
        try:
            for data, address in waiting:
                taken.sendto(data, address)
                self.sent += 1
        except OSError as error:
            self.lost += 1 + sum(1 for _ in waiting)
            self._trouble(error)
            return False
        if self.failing:
            self.failing = False
            for code in (LOST, NO_WAY):
                faults.end(code, self._who)
        return True

    def close(self) -> None:
        """Let go; twice is fine."""
        taken, self._socket = self._socket, None
        if taken is not None:
            taken.close()

    def _trouble(self, error: OSError) -> None:
        self.failing = True
        faults.begin(
            NO_WAY if error.errno in _GONE else LOST,
            self._who,
            f"{self._who} ({self._host}:{self._port}) is being lost: {reason(error)}",
        )
        if error.errno in _GONE and time.monotonic() - self._rebuilt >= REBUILD:
            self._rebuilt = time.monotonic()
            with contextlib.suppress(OSError):  # the address is not back yet: the next frames try again
                made = self._made()
                old, self._socket = self._socket, made
                if old is not None:
                    old.close()

    def _made(self) -> socket.socket:
        made = socket.socket(self._family, socket.SOCK_DGRAM)
        try:
            made.setblocking(False)
            if self._family == socket.AF_INET and is_broadcast(self.address[0]):
                # Only where a rig names such an address: nothing here finds one by itself.
                made.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            with contextlib.suppress(OSError):  # room for a whole frame, where the system allows it
                made.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _ROOM)
            if self._via is not None:
                made.bind((self._via, 0))
                if self._family == socket.AF_INET:
                    out = ipaddress.IPv4Address(self._via).packed
                    made.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, out)
        except (OSError, ValueError) as error:
            made.close()
            raise error if isinstance(error, OSError) else OSError(str(error)) from error
        return made
