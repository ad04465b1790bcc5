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
    with path.open("ab") as file:
        _hold(file.fileno(), wait)
        try:
            yield
        finally:
            # Who waited for it holds a file without a name then, and finds done what was to be done.
            path.unlink(missing_ok=True)


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


def _hold(file: int, wait: bool) -> None:
    if os.name == "posix":
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
