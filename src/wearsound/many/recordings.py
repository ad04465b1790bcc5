"""What is to be rendered: every recording below a folder, each with a name of its own for what comes of it."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import NoReturn

from wearsound.errors import AudioError, MissingError, WearsoundError, reason
from wearsound.outputs.record.folder import is_render
from wearsound.outputs.record.show_file import is_take
from wearsound.show.source import RECORDINGS

_LONGEST = 80
"""Octets of a result's name that are for people."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A file, or the folder of a take, at `path`; `source` is its path from the folder that was given, with `/`, and
    with what cannot be printed spelt out.
    """

    path: Path
    source: str

    @property
    def name(self) -> str:
        """The folder of its result."""
        return result_name(self.source)


def result_name(source: str) -> str:
    """What people know it by, and twelve digits of a hash of its whole path.

    It depends on nothing else: `a/song.wav`, `b/song.wav` and `a/song.mp3` have three names, also where large and small
    letters are the same, and none of them changes when another recording comes or goes.
    """
    stem = re.sub(r"\W+", "-", PurePosixPath(source).stem).strip("-_")
    short = stem.encode()[:_LONGEST].decode(errors="ignore") or "recording"
    return f"{short}-{hashlib.sha256(source.encode()).hexdigest()[:12]}"


def recordings(folder: Path, without: Path) -> list[Recording]:
    """Every recording and take below `folder`, in order of its path.

    Left out are hidden files and folders, renders (their sound is no recording) and the folder `without`. MissingError
    if `folder` is not there, AudioError if it holds none or is a take itself, WearsoundError if it cannot be read.
    """
    if not folder.is_dir():
        raise MissingError(f"{folder} is no folder: name the one that holds the recordings")
    if is_take(folder):
        raise AudioError(f"{folder} is a take, one recording: name the folder that it lies in")
    found = [Recording(path, _told(path.relative_to(folder))) for path in _walk(folder, without)]
    if not found:
        endings = " ".join(sorted(RECORDINGS))
        raise AudioError(f"{folder} holds no recording: put some there ({endings}), or takes")
    known: dict[str, Recording] = {}
    for each in sorted(found, key=lambda recording: recording.source):
        twin = known.setdefault(each.name, each)
        if twin is not each:
            raise WearsoundError(f"{twin.path} and {each.path} would share a folder: rename one of them")
    return list(known.values())


def _told(path: Path) -> str:
    """For a terminal, a page and a file in UTF-8, whatever a disk allows."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in path.as_posix())


def _walk(folder: Path, without: Path) -> Iterator[Path]:
    apart = Path(os.path.abspath(without))
    for place, folders, files in os.walk(folder, onerror=_unreadable):
        here = Path(place)
        seen = [here / name for name in folders if not name.startswith(".")]
        seen = [path for path in seen if Path(os.path.abspath(path)) != apart and not is_render(path)]
        takes = [path for path in seen if is_take(path)]
        folders[:] = [path.name for path in seen if path not in takes]
        yield from takes
        for name in files:
            path = here / name
            if not name.startswith(".") and path.suffix.lower() in RECORDINGS and path.is_file():
                yield path


def _unreadable(error: OSError) -> NoReturn:
    said = f"{error.filename} cannot be read ({reason(error)}): let it be read, or move it away"
    raise WearsoundError(said)
