"""Copies of files as they were when a show last played well with them, kept in the user's state folder.

By path, the newest few of each, bounded, and each checked by its own hash: a damaged one is none. Copies are data; of a
sketch, which is a program, there is only one whose very text has played here before.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from wearsound import folders
from wearsound.toml_file import MAX_BYTES, read_small

if TYPE_CHECKING:
    from wearsound.show.load import Show

EACH, MOST = 4, 200
"""How many copies are kept of one path, and of all together."""

_NAMED = re.compile(r"(?:no file ')?(.+?\.(?:toml|py|gpl))(?![\w.])")
"""The file that a sentence is about: it begins with it."""


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy: the file itself, and when it was last good, in seconds since 1970."""

    path: Path
    when: float

    @property
    def said(self) -> str:
        """When, as people say it: "14:03", with its day where that is not today."""
        then, now = time.localtime(self.when), time.localtime()
        return time.strftime("%H:%M" if then[:3] == now[:3] else "%d %b %H:%M", then)


def files_of(show: Show) -> dict[str, Path]:
    """The files that a show is made of, by kind: what is kept, and what is watched while it plays."""
    named = {
        "patch": show.patch_path,
        "palette": show.palette_path,
        "garment": show.garment_path,
        "rig": show.rig_path,
        "sketch": show.sketch_path,
    }
    return {kind: path for kind, path in named.items() if path is not None}


def keep_show(show: Show) -> None:
    """Keep every file of a show that plays, as it was when it was read. Nothing happens where that cannot be.

    [any thread that may wait for a disk]
    """
    read = getattr(show, "kept", {})
    for kind, path in files_of(show).items():
        data = read.get(kind)
        if data is None:
            try:
                data = path.read_bytes()
            except OSError:
                continue
        keep(path, data)


def keep(path: Path, data: bytes, when: float | None = None) -> None:
    """Keep `data` as what was good at `path`. Nothing happens where that cannot be. [as `keep_show`]"""
    if len(data) > MAX_BYTES or ours(path):
        return
    with contextlib.suppress(OSError, RuntimeError):
        place, digest = _place(path), hashlib.sha256(data).hexdigest()
        moment = round(1000 * (_now() if when is None else when))
        now = place / f"{moment:015}-{digest}"
        before = next((old for old in _listed(place) if old.name.endswith(digest)), None)
        if before is not None and read_small(before / path.name) == data:
            before.rename(now)
        else:
            folders.write_whole(now / path.name, data)
        _drop(_listed(place)[EACH:])
        _drop(sorted(_all(), key=lambda old: old.name, reverse=True)[MOST:])


def copies(path: Path) -> list[Copy]:
    """What was good at `path`, the newest first, those alone that are whole. [any thread]"""
    found = []
    with contextlib.suppress(OSError, RuntimeError):
        for old in _listed(_place(path)):
            moment, _, digest = old.name.partition("-")
            data = read_small(old / path.name)
            if data is not None and moment.isdigit() and hashlib.sha256(data).hexdigest() == digest:
                found.append(Copy(old / path.name, int(moment) / 1000))
    return found


def newest(path: Path) -> Copy | None:
    """The latest that was good, None if there is none. [any thread]"""
    return next(iter(copies(path)), None)


def hint(sentence: str) -> str:
    """The end of an error's sentence: that a copy of the file it is about could play, "" where there is none."""
    for line in sentence.split("\n"):
        named = _NAMED.match(line)
        copy = newest(Path(named[1])) if named is not None else None
        if named is not None and copy is not None and read_small(copy.path) != read_small(Path(named[1])):
            return f" (--safe plays the copy of {copy.said})"
    return ""


def _now() -> float:
    return time.time()  # noqa: TID251  (the hour that is said, not a show's time)


def _home() -> Path:
    return folders.state() / "last-good"


def _place(path: Path) -> Path:
    """The folder of one path, which may be gone: links are not followed."""
    return _home() / hashlib.sha256(os.path.abspath(path).encode()).hexdigest()[:24]


def ours(path: Path) -> bool:
    """Whether a file is one of the copies: those are neither copied nor written into."""
    return _home() in Path(os.path.abspath(path)).parents


def _listed(place: Path) -> list[Path]:
    """The copies of one path, the newest first."""
    return sorted(place.iterdir(), key=lambda old: old.name, reverse=True) if place.is_dir() else []


def _all() -> list[Path]:
    return [old for place in _home().iterdir() if place.is_dir() for old in place.iterdir()]


def _drop(old: Iterable[Path]) -> None:
    for folder in old:
        shutil.rmtree(folder, ignore_errors=True)
        with contextlib.suppress(OSError):
            folder.parent.rmdir()  # only if it was the last
