"""Datagrams as they come to a UDP port, for looking at: who has the port if it is taken, and which one is free."""

from __future__ import annotations

import errno
import select
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

from wearsound.errors import DeviceError, reason
from wearsound.osc.address import resolved
from wearsound.sources.osc_in.port_owner import port_owner

MOST_AT_ONCE = 500
"""Datagrams between two looks at the clock."""

BUFFER = 1 << 20
"""Bytes asked of the system for what waits."""


class Came(NamedTuple):
    """One datagram: monotonic seconds, who sent it, its bytes."""

    at: float
    host: str
    port: int
    datagram: bytes


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that listens there; a DeviceError names who has the port and one that is free. [main thread]"""
    try:
        family, address = resolved(host, port, socket.SOCK_DGRAM)
        made = socket.socket(family, socket.SOCK_DGRAM)
    except OSError as error:
        raise DeviceError(
            f"{host} is no address of this machine ({error}): use --host 127.0.0.1 or 0.0.0.0"
        ) from None
    with made:
        made.setblocking(False)
        with suppress(OSError):
            made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
        try:
            made.bind(address)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise DeviceError(
                    f"port {port} is taken by {port_owner(port)} (a running show has 9000): close that, or listen "
                    f"elsewhere with --port {_free(family, str(address[0]), port)}"
                ) from None
            raise DeviceError(
                f"{host}:{port} cannot be listened at ({reason(error)}): use --host 127.0.0.1 or 0.0.0.0, and a "
                "--port from 1024 on"
            ) from None
        yield made


def datagrams(made: socket.socket, seconds: float | None = None) -> Iterator[Came | None]:
    """What comes, for `seconds` or for ever; None at least ten times a second, for what else is to be done."""
    end = None if seconds is None else time.monotonic() + seconds
    while (now := time.monotonic()) < (end if end is not None else now + 1):
        wait = 0.1 if end is None else min(0.1, end - now)
        if select.select([made], [], [], max(0.0, wait))[0]:
            for _ in range(MOST_AT_ONCE):
                try:
                    datagram, address = made.recvfrom(65535)
                except BlockingIOError:
                    break
                except OSError:  # what we sent was turned away: that is no fault of what comes
                    continue
                yield Came(time.monotonic(), str(address[0]), int(address[1]), datagram)
        yield None


def _free(family: int, host: str, port: int) -> int:
    """The next port that nobody has."""
    for number in range(port + 1, min(port + 200, 65536)):
        with socket.socket(family, socket.SOCK_DGRAM) as probe, suppress(OSError):
            probe.bind((host, number))
            return number
    return 0
