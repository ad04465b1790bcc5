"""A UDP port that may be taken by somebody else now: why, by whom, and free later."""

from __future__ import annotations

import errno
import socket
from contextlib import suppress

from wearsound.osc.address import resolved
from wearsound.sources.osc_in.port_owner import port_owner

BUFFER = 1 << 22
"""Bytes asked of the system for datagrams that wait, and half of it where it is refused, and so on. Linux gives
at most `net.core.rmem_max` (208 KiB as it comes, a few hundred datagrams: it counts some 768 bytes for the
shortest), macOS `kern.ipc.maxsockbuf`."""

LEAST_BUFFER = 1 << 16
"""Bytes below which nothing is asked for any more."""


def _widen(made: socket.socket) -> None:
    """Ask for room for what waits; Linux gives what it may, macOS refuses what is too much."""
    asked = BUFFER
    while asked >= LEAST_BUFFER:
        with suppress(OSError):
            made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, asked)
            return
        asked //= 2


class Port:
    """`number` 0 asks the system for any. `note` is one sentence about how it stands. [one thread at a time]"""

    def __init__(self, host: str, number: int, *, open_to_all: bool) -> None:
        self.note = "OSC in: not open"
        self.taken = 0
        """The number it has, 0 while it has none."""
        self._host = host
        self._number = number
        self._open_to_all = open_to_all

    def take(self) -> socket.socket | None:
        """A socket that never waits; None where the port cannot be had, and `note` says why."""
        made = None
        try:
            family, address = resolved(self._host, self._number, socket.SOCK_DGRAM)
            made = socket.socket(family, socket.SOCK_DGRAM)
            made.setblocking(False)
            _widen(made)
            made.bind(address)
        except (OSError, UnicodeError, OverflowError) as error:
            if made is not None:
                made.close()
            self.note = f"OSC in: {self._why(error)}; tried again every few seconds"
            return None
        host, self.taken = made.getsockname()[:2]
        self.note = f"OSC in: listening on {host}:{self.taken}{self._reach(host)}"
        return made

    def let_go(self, made: socket.socket) -> None:
        """Free it."""
        self.taken = 0
        self.note = "OSC in: closed"
        made.close()

    def _reach(self, host: str) -> str:
        if host.startswith("127.") or host == "::1":
            return ""
        if self._open_to_all:
            return (
                ", open to everybody on this network: an allow list in the rig's [door] keeps strangers out"
            )
        return ", open to those on the rig's allow list"

    def _why(self, error: Exception) -> str:
        number = getattr(error, "errno", None)
        if number in (errno.EADDRINUSE, getattr(errno, "WSAEADDRINUSE", None)):
            owner = port_owner(self._number)
            return (
                f"port {self._number} is taken by {owner}: close that, or give the rig's [door] another port"
            )
        if number in (errno.EADDRNOTAVAIL, getattr(errno, "WSAEADDRNOTAVAIL", None)):
            return (
                f"this machine has no address {self._host} now: 127.0.0.1 is always there, 0.0.0.0 means all"
            )
        if number == errno.EACCES:
            return f"port {self._number} is not for us: give the rig's [door] a port from 1024 on"
        return f"{self._host}:{self._number} cannot be taken ({error}): give the rig's [door] another host"
