"""Addresses of machines: what a host's name stands for, and whether it is this machine."""

from __future__ import annotations

import socket
from typing import Any


def resolved(host: str, port: int, kind: int) -> tuple[int, Any]:
    """The family and the address that a socket of `kind` (SOCK_DGRAM, SOCK_STREAM) binds or sends to.

    IPv4 first: a name like localhost may mean ::1 as well, where few programs listen or send. OSError where no
    machine is called so; it may wait for the network's names.
    """
    try:
        found = socket.getaddrinfo(host, port, type=kind)
    except (UnicodeError, OverflowError) as error:  # a name too long for any network, a port beyond them all
        raise OSError(str(error)) from error
    family, _, _, _, address = min(found, key=lambda entry: entry[0] != socket.AF_INET)
    return family, address


def is_broadcast(host: str) -> bool:
    """Whether an address (no name) ends as those of everybody in a network do: 192.168.1.255, 255.255.255.255."""
    return host.endswith(".255")


def is_here(host: str) -> bool:
    """Whether `host` is an address of this very machine: only then can a socket be bound to it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind((host, 0))
    except OSError:
        return False
    return True
