"""A disk that is full, for tests: writing below one folder fails with ENOSPC once so many bytes were written."""

from __future__ import annotations

import builtins
import contextlib
import errno
import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock


class Disk:
    """What `full_disk` gives: `room` bytes are left on it; a test may make more."""

    def __init__(self, room: int) -> None:
        self.room = room

    def take(self, wanted: int) -> int:
        """So many of the `wanted` bytes have room, at least one; OSError where none has."""
        if self.room <= 0 < wanted:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        given = min(wanted, self.room)
        self.room -= given
        return given


class _File(io.FileIO):
    """A file on such a disk."""

    def __init__(self, path: Any, mode: str, disk: Disk) -> None:
        super().__init__(path, mode)
        self._disk = disk

    def write(self, data: Any, /) -> int:
        view = memoryview(data).cast("B")
        return super().write(view[: self._disk.take(len(view))])


@contextlib.contextmanager
def full_disk(folder: Path, room: int = 0) -> Iterator[Disk]:
    """Files that Python opens below `folder` share `room` bytes; what a library in C opens by itself is not met.

    As on a real full disk, the last write that has room may be cut, files that are there can be read, and what is
    deleted makes no room here.
    """
    disk, real, below = Disk(room), io.open, Path(os.path.abspath(folder))

    def open_there(file: Any, mode: str = "r", buffering: int = -1, *more: Any, **how: Any) -> Any:
        ours = not isinstance(file, int) and below in Path(os.path.abspath(os.fspath(file))).parents
        if not ours or not set(mode) & set("wax+"):
            return real(file, mode, buffering, *more, **how)
        raw = _File(file, mode.replace("b", "").replace("t", ""), disk)
        if buffering == 0:
            return raw
        buffered = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
        return buffered if "b" in mode else io.TextIOWrapper(buffered, *more, **how)

    with mock.patch.object(io, "open", open_there), mock.patch.object(builtins, "open", open_there):
        yield disk
