"""Other processes: whom they started, and what they take of a machine. Linux tells it in /proc."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_KIB = 1024.0


@dataclass(frozen=True, slots=True)
class Size:
    """At `when` (monotonic seconds): resident `mib`, `threads`, `descriptors`, of so many `processes`.

    Memory that several of them share counts once for each.
    """

    when: float
    mib: float
    threads: int
    descriptors: int
    processes: int


def possible() -> bool:
    """Whether this system tells (Linux does)."""
    return sys.platform.startswith("linux") and Path("/proc/self/status").exists()


def children(pid: int) -> Iterator[int]:
    """The processes that one has started, as far as they live."""
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            yield from map(int, path.read_text().split())


def descendants(pid: int) -> Iterator[int]:
    """A process and all that it started, as far as they live."""
    yield pid
    for child in children(pid):
        yield from descendants(child)


def command(pid: int) -> str:
    """The words that a process was started with, "" if it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def find(pid: int, word: str) -> int:
    """The first of `descendants` whose command holds a word, 0 if there is none."""
    return next((each for each in descendants(pid) if word in command(each)), 0)


def has_open(pid: int, word: str) -> bool:
    """Whether a process has a file open whose path holds a word."""
    with contextlib.suppress(OSError):
        for link in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                if word in os.readlink(link):
                    return True
    return False


def send(pid: int, number: signal.Signals) -> None:
    """A signal to a process, if it is there; nothing for process 0."""
    if pid:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def size(*pids: int) -> Size:
    """Of several processes together; what has ended meanwhile counts nothing."""
    mib, threads, descriptors, processes = 0.0, 0, 0, 0
    for each in pids:
        with contextlib.suppress(OSError):
            status = Path(f"/proc/{each}/status").read_text()
            found = {
                name: int(value)
                for name, value in re.findall(r"^(VmRSS|Threads):\s+(\d+)", status, re.MULTILINE)
            }
            descriptors += len(os.listdir(f"/proc/{each}/fd"))
            mib += found.get("VmRSS", 0) / _KIB
            threads += found.get("Threads", 0)
            processes += 1
    return Size(time.monotonic(), mib, threads, descriptors, processes)
