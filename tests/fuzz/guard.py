"""Listens to what Python is asked to do while a stranger's file is read: an audit hook that cannot be talked out of it.

Reading must run nothing, import nothing, start nothing, connect to nothing, write nothing, and open nothing but what
lies in the file's own folder, came with wearsound, or is the performer's list of trusted sketches. What a C library
opens for itself is not heard.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from wearsound import folders, gallery

FORBIDDEN = frozenset(
    {
        *(
            "exec",
            "compile",
            "import",
            "code.__new__",
            "function.__new__",
            "pickle.find_class",
            "marshal.loads",
        ),
        *(
            "os.system",
            "os.exec",
            "os.fork",
            "os.forkpty",
            "os.posix_spawn",
            "os.spawn",
            "os.startfile",
            "pty.spawn",
        ),
        *(
            "os.remove",
            "os.rename",
            "os.rmdir",
            "os.mkdir",
            "os.link",
            "os.symlink",
            "os.truncate",
            "os.chmod",
        ),
        *("os.chown", "os.chdir", "os.putenv", "os.unsetenv", "os.kill", "os.utime", "os.mkfifo", "os.mknod"),
        *("mmap.__new__", "webbrowser.open", "urllib.Request", "tempfile.mkstemp", "tempfile.mkdtemp"),
    }
)
"""Nothing of that is reading."""

FAMILIES = (
    "socket.",
    "subprocess.",
    "ctypes.",
    "shutil.",
    "http.",
    "ftplib.",
    "smtplib.",
    "winreg.",
    "msvcrt.",
)
"""Beginnings of what is not reading either."""

LISTING = frozenset({"os.listdir", "os.scandir", "glob.glob", "glob.glob/2"})


class Guard:
    """`watch` what is done on this thread; `breaches` are what must not be done, in words. The hook stays for good."""

    def __init__(self) -> None:
        self.breaches: list[str] = []
        self._homes: tuple[str, ...] = ()
        self._named: frozenset[str] = frozenset()
        self._thread = 0
        package = Path(gallery.__file__).parent
        self._own = tuple(os.path.realpath(place) for place in (package, gallery.root(), folders.config()))
        sys.addaudithook(self._hear)

    @contextmanager
    def watch(self, folder: Path, named: Iterable[str] = ()) -> Iterator[None]:
        """Until the end, on this thread: `folder` may be read, and the files `named` beside it by design."""
        self.breaches = []
        self._homes = (os.path.realpath(folder), *self._own)
        self._named = frozenset(os.path.realpath(name) for name in named)
        self._thread = threading.get_ident()
        try:
            yield
        finally:
            self._thread = 0

    def _hear(self, event: str, args: tuple[Any, ...]) -> None:
        if threading.get_ident() != self._thread:
            return
        thread, self._thread = self._thread, 0  # what is asked for here is our own
        try:
            if event == "open":
                self._opened(*args[:3])
            elif event in LISTING:
                self._listed(event, args[0])
            elif event in FORBIDDEN or event.startswith(FAMILIES):
                self.breaches.append(f"{event} {repr(args)[:120]}")
        finally:
            self._thread = thread

    def _opened(self, path: object, mode: object, flags: object) -> None:
        if isinstance(path, int):
            return
        there = os.path.realpath(os.fsdecode(path))  # type: ignore[arg-type]
        writes = (isinstance(mode, str) and set(mode) & set("wax+")) or (
            isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC)
        )
        if there == os.devnull:
            return
        if writes:
            self.breaches.append(f"written: {there}")
        elif not self._inside(there) and there not in self._named:
            self.breaches.append(f"opened: {there}")

    def _listed(self, event: str, path: object) -> None:
        there = os.path.realpath(os.fsdecode(path) if path is not None else ".")  # type: ignore[arg-type]
        # Neighbours of the file itself are named to whoever mistyped its name.
        if not self._inside(there) and there != os.path.dirname(self._homes[0]):
            self.breaches.append(f"{event}: {there}")

    def _inside(self, there: str) -> bool:
        return any(there == home or there.startswith(home + os.sep) for home in self._homes)
