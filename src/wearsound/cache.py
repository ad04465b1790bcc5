"""Things that take seconds to make and can be made again, kept in the user's cache folder.

The folder may be missing, full, read-only or damaged: then there is nothing in it, and that is all.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable
from pathlib import Path

from wearsound import folders

_DIGEST = 32


def read(kind: str, key: str) -> bytes | None:
    """What was kept under a key, if it is there and whole. [any thread]"""
    try:
        data = _path(kind, key).read_bytes()
    except (OSError, RuntimeError):
        return None
    digest, kept = data[:_DIGEST], data[_DIGEST:]
    return kept if hashlib.sha256(kept).digest() == digest else None


def keep(kind: str, key: str, data: bytes, most: int) -> None:
    """Keep `data`, and of its kind only the `most` newest; nothing happens where that cannot be. [any thread]"""
    with contextlib.suppress(OSError, RuntimeError):
        path = _path(kind, key)
        folders.write_whole(path, hashlib.sha256(data).digest() + data)
        kept = sorted(path.parent.glob("*.kept"), key=lambda old: old.stat().st_mtime)
        for old in kept[:-most]:
            old.unlink(missing_ok=True)


def edition(sources: Iterable[Path], *also: object) -> str:
    """A short key that changes with any line of the code that makes a thing, and with `also`."""
    digest = hashlib.sha256(repr(also).encode())
    for path in sources:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:32]


def _path(kind: str, key: str) -> Path:
    return folders.cache() / kind / f"{key}.kept"
