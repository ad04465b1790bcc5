"""Whether names of machines are known to this network, asked all at once and never waited for long."""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Iterable

PATIENCE = 3.0
"""Seconds for all names together: a resolver without a network takes much longer."""


def unknown_hosts(hosts: Iterable[str], seconds: float = PATIENCE) -> set[str]:
    """Those of `hosts` that stand for no address, or for none in time. [any thread]"""
    waiting = {host for host in hosts if not _is_address(host)}
    found: set[str] = set()

    def ask(host: str) -> None:
        try:
            socket.getaddrinfo(host, None, type=socket.SOCK_DGRAM)
        except (OSError, UnicodeError):
            return
        found.add(host)

    # Daemons: a resolver that hangs must not keep the program from ending.
    askers = [threading.Thread(target=ask, args=(host,), daemon=True) for host in waiting]
    for asker in askers:
        asker.start()
    for i, asker in enumerate(askers):
        asker.join(seconds if i == 0 else 0.05)
    return waiting - found


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True
