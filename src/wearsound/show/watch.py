"""Files that are saved while a show plays: noticed by looking at them, four times a second, with nothing installed.

Editors write a new file and rename it, or write in pieces; a disk may go and come back. So a change counts once the
file has stood still between two looks and really says something else.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from wearsound.errors import reason
from wearsound.toml_file import MAX_BYTES

EVERY = 0.25
"""Seconds between two looks."""
GONE = 2.0
"""Seconds after which a file that cannot be read is said to be so."""
THOROUGH = 8
"""Looks after which a file is read again even if it seems the same: some disks count time in seconds."""

Seen = tuple[int, int, int]
"""What a look tells: when it was written (ns), how many bytes, which file it is."""


@dataclass(slots=True)
class _File:
    """One file: its latest look, the digest of what it last said, and for how long it was not to be read."""

    path: Path
    seen: Seen | None = None
    digest: bytes | None = None
    stirred: bool = False
    missing: int = 0
    told: bool = False


class Watch:
    """Looks at the files of a show on a thread of its own. `look_at` says at which; a path may be a link.

    `changed(kinds)` is called with {"patch", "sketch"} once what was saved stands still; `lost(kind, path, why)` once
    for a file that could not be read for 2 s. If that one comes back it counts as changed, whatever it says. Both are
    called on the watch's thread, which looks no further until they return.
    """

    def __init__(
        self,
        changed: Callable[[set[str]], object],
        lost: Callable[[str, Path, str], object] = lambda kind, path, why: None,
        every: float = EVERY,
    ) -> None:
        self._changed, self._lost, self._every = changed, lost, every
        self._files: dict[str, _File] = {}
        self._looks = 0
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def look_at(self, paths: Mapping[str, Path | None], read: Mapping[str, bytes] | None = None) -> None:
        """From now on at these alone, by kind, None for none; of a path that stays all is known. [any thread]

        `read` is what was read of new ones, by kind: what was saved since then is a change.
        """
        with self._lock:
            before = self._files
            self._files = {}
            for kind, path in paths.items():
                if path is None:
                    continue
                known = before.get(kind)
                self._files[kind] = (
                    known
                    if known is not None and known.path == path
                    else _begun(path, (read or {}).get(kind))
                )

    def open(self) -> None:
        """Begin to look. [main thread]"""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="watch", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """No more; twice is fine. [any thread but the watch's]"""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(2.0)

    def look(self) -> None:
        """One look at every file. [the watch's thread; or a test]"""
        self._looks += 1
        with self._lock:
            files = dict(self._files)
        kinds = {kind for kind, file in files.items() if self._look(kind, file)}
        if kinds:
            self._changed(kinds)

    def _run(self) -> None:
        while not self._stop.wait(self._every):
            self.look()

    def _look(self, kind: str, file: _File) -> bool:
        """Whether it has changed and stands still."""
        try:
            seen, why = _seen(file.path), ""
        except (OSError, ValueError) as error:
            seen, why = None, reason(error)
        if seen is not None and seen[1] == 0:
            seen, why = None, "is empty"
        if seen is None:
            return self._is_missing(kind, file, why)
        if seen != file.seen:  # it still moves, or has just begun to
            file.seen, file.stirred = seen, True
            return False
        if not file.stirred and self._looks % THOROUGH:
            return False
        try:
            digest = _digest(file.path)
            seen = _seen(file.path)
        except OSError as error:
            return self._is_missing(kind, file, reason(error))
        if seen != file.seen:
            file.seen, file.stirred = seen, True
            return False
        other = digest != file.digest or file.told
        file.digest, file.stirred, file.missing, file.told = digest, False, 0, False
        return other

    def _is_missing(self, kind: str, file: _File, why: str) -> bool:
        file.seen, file.stirred = None, True
        file.missing += 1
        if file.missing * self._every >= GONE and not file.told:
            file.told = True
            self._lost(kind, file.path, why)
        return False


def _begun(path: Path, read: bytes | None) -> _File:
    """A file as it was read, or else as it is now: what it says already is no change."""
    if read is not None:
        return _File(path, digest=hashlib.sha256(read[: MAX_BYTES + 1]).digest(), stirred=True)
    try:
        return _File(path, _seen(path), _digest(path))
    except (OSError, ValueError):
        return _File(path, stirred=True)


def _seen(path: Path) -> Seen:
    told = path.stat()
    return told.st_mtime_ns, told.st_size, told.st_ino


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.sha256(file.read(MAX_BYTES + 1)).digest()
