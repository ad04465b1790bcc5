"""One at a time, also where another process, or another machine that sees the same folder, would do the same."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def alone(path: Path, *, wait: bool) -> Iterator[None]:
    """Hold the file `path`, which is made and goes again; the system lets go of it when a process dies.

    `wait` until nobody holds it, else BlockingIOError. OSError if it cannot be made. [any thread]
    """
    while True:
        with path.open("ab") as file:
            _hold(file.fileno(), wait)
            if not _is(path, file.fileno()):
                continue  # whoever held it took it away with it: the next one made another
            try:
                yield
            finally:
                path.unlink(missing_ok=True)
            return


def let_go(path: Path) -> bool:
    """Whether nobody holds `path`, or it is not there. [any thread]"""
    try:
        with path.open("rb") as file:
            _hold(file.fileno(), wait=False)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


def _is(path: Path, file: int) -> bool:
    """Whether the file that is open is the one that has that name."""
    try:
        return os.path.samestat(os.fstat(file), os.stat(path))
    except FileNotFoundError:
        return False


def _hold(file: int, wait: bool) -> None:
    if os.name == "posix":
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
