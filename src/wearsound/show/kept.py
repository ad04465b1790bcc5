"""What a take keeps of a show, and how it is found again: the file itself where it is still the same, else the copy.

A take may come from a stranger: copies are plain files of bounded size inside the take, or they are refused.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from wearsound.errors import MissingError, PatchError, StirredError
from wearsound.mapping.document import read_patch
from wearsound.outputs.record.content import file_digest
from wearsound.outputs.record.show_file import Part, changed_parts, locate, part
from wearsound.outputs.record.take_shows import KEPT, KINDS, SHOWS, KeptShow, copy_name
from wearsound.show.kept_words import WORDS, KeptWords
from wearsound.show.last_good import files_of
from wearsound.toml_file import MAX_BYTES, read_lines, read_small, utf8

if TYPE_CHECKING:
    from wearsound.show.load import Show


def keep(show: Show) -> Show:
    """The show with the bytes of its files; a StirredError where one was saved while it was read. [any thread]"""
    found: dict[str, bytes] = {}
    for kind, path in _paths(show).items():
        data = read_small(path) if path is not None else None
        if data is not None:
            found[kind] = data
    garment = found.get("garment")
    if garment is not None and hashlib.sha256(garment).hexdigest() != show.garment.digest:
        raise StirredError(f"{show.garment_path}: was saved while it was read; run it again")
    patch = found.get("patch")
    if patch is not None and read_patch(utf8(patch, show.patch_path), show.patch_path) != show.patch:
        raise StirredError(f"{show.patch_path}: was saved while it was read; run it again")
    return replace(show, kept=found)


def kept_show(show: Show, folder: Path, hears: tuple[str, ...]) -> KeptShow:
    """What a take `folder` keeps of a show; `hears` is what its sketch and rig asked of the ear. [any thread]"""
    from wearsound.show.hears import learned

    parts = {kind: _named(kind, path, show.kept.get(kind), folder) for kind, path in _paths(show).items()}
    return KeptShow(show.patch.title, show.seed, hears, learned(show.rig), parts, show.kept)


def read_kept(folder: Path, number: int) -> KeptWords | None:
    """What a take says of a show, None where it keeps none of that number; a PatchError says what is wrong with it."""
    path = folder / SHOWS / str(number) / KEPT
    if not _own(folder, path):
        return None
    return WORDS.document_of(path, *read_lines(path))


def copy_of(folder: Path, number: int, kind: str, named: Part) -> Path | None:
    """The copy of a file that a take keeps, None for none; a PatchError for what is no plain file of its own."""
    path = folder / SHOWS / str(number) / kind / copy_name(kind, named)
    return path if _own(folder, path) else None


def file_of(folder: Path, number: int, kind: str, named: Part) -> Path:
    """The file of a show of a take: where it was, if it is still the same or no copy is there, else the copy.

    MissingError, or a PatchError from the gallery, if there is neither.
    """
    copy = copy_of(folder, number, kind, named)
    if copy is None:
        return Path(locate(kind, named, folder))
    if named.sha256:
        try:
            there = Path(locate(kind, named, folder))
            if there.stat().st_size <= MAX_BYTES and file_digest(there) == named.sha256:
                return there
        except (OSError, MissingError, PatchError):
            pass
    return copy


def changed_files(folder: Path, number: int, parts: Mapping[str, Part | None]) -> list[str]:
    """A line for each file of a show that is not what it was, and of which no copy is there."""
    lines = []
    for kind, named in parts.items():
        if named is None:
            continue
        copy = copy_of(folder, number, kind, named) if kind in KINDS else None
        if copy is None:
            try:
                lines += changed_parts({kind: named}, folder)
            except (MissingError, PatchError) as error:
                lines.append(str(error))
        elif (
            named.sha256
            and file_of(folder, number, kind, named) == copy
            and file_digest(copy) != named.sha256
        ):
            lines.append(f"{kind} {copy} has changed")
    return [f"{line} since the take" if line.endswith("changed") else line for line in lines]


def files_kept(folder: Path, number: int, words: KeptWords) -> dict[str, bytes]:
    """The bytes of every copy of a show, by kind."""
    found = {}
    for kind, named in words.parts().items():
        copy = copy_of(folder, number, kind, named) if named is not None else None
        if copy is not None:
            found[kind] = copy.read_bytes()
    return found


def _paths(show: Show) -> dict[str, Path | None]:
    found = files_of(show)
    return {kind: found.get(kind) for kind in KINDS}


def _named(kind: str, path: Path | None, data: bytes | None, folder: Path) -> Part | None:
    """A part with the hash of what was read, whatever lies there by now."""
    if path is None:
        return None
    if not path.is_file():  # moved since; where it was is still its name
        there = (
            os.path.relpath(path, folder) if path.anchor == folder.anchor or not path.anchor else str(path)
        )
        there = Path(there).as_posix()
        named: Part | None = Part(there if there.startswith((".", "/")) else f"./{there}")
    else:
        named = part(kind, path, folder)
    assert named is not None
    return Part(named.file, hashlib.sha256(data).hexdigest()) if data is not None else named


def _own(folder: Path, path: Path) -> bool:
    """Whether a file is there; a PatchError if it, or a folder on the way to it, is a link, or it is no plain file."""
    step = folder
    for name in path.relative_to(folder).parts:
        step = step / name
        if step.is_symlink():
            raise PatchError(f"{step}: is a link, and a take keeps its copies itself; copy the take again")
    if not path.exists():
        return False
    if not path.is_file() or path.stat().st_size > MAX_BYTES:
        raise PatchError(f"{path}: is no file of at most 1 MiB; copy the take again")
    return True
