"""Which program has a UDP port, where the system can tell."""

from __future__ import annotations

import os
from pathlib import Path

PROC = Path("/proc")


def port_owner(port: int) -> str:
    """ "puredata (process 4711)", or "another program" where only that is known. Linux alone can tell more.

    Other people's programs are not shown to us: then it stays "another program".
    """
    sockets = {f"socket:[{inode}]" for inode in _inodes(port)}
    if sockets:
        for process in PROC.iterdir():
            if process.name.isdecimal() and _has(process, sockets):
                return f"{_name(process)} (process {process.name})"
    return "another program"


def _inodes(port: int) -> list[str]:
    found: list[str] = []
    for table in ("net/udp", "net/udp6"):
        try:
            lines = (PROC / table).read_text(encoding="ascii").splitlines()[1:]
        except (OSError, ValueError):
            continue
        for line in lines:
            words = line.split()
            if len(words) > 9 and int(words[1].rpartition(":")[2], 16) == port:
                found.append(words[9])
    return found


def _has(process: Path, sockets: set[str]) -> bool:
    try:
        return any(os.readlink(entry) in sockets for entry in (process / "fd").iterdir())
    except OSError:  # gone meanwhile, or somebody else's
        return False


def _name(process: Path) -> str:
    try:
        return (process / "comm").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return "a program"
