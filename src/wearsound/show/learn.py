"""What was learned is written into a person's own file, a rig, a garment or a patch: their comments and order stay.

The new text is read and checked before it takes the old one's place, and must say exactly what was meant: whatever
happens on the way, a kill too, the file is the old one or the new one. A file of the gallery is nobody's own and is
not written to.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wearsound import gallery
from wearsound.errors import PatchError, WearsoundError, reason
from wearsound.folders import write_whole
from wearsound.show.toml_edit import Change, edited
from wearsound.toml_file import parsed, read_bounded, utf8

_BOM = b"\xef\xbb\xbf"
_SHAPE = {
    "rig": "write each bind under a [[bind]] of its own, each calibration under a [calibration.name]",
    "garment": "write each actuator under an [[actuator]] of its own",
    "patch": "write each route under a [[route]] of its own, with its numbers in its own lines",
}


@dataclass(frozen=True, slots=True)
class Own:
    """A file that may be written to: its bytes, what it says, and what reads and checks a text of its kind."""

    path: str | Path
    kind: str
    raw: bytes
    data: dict[str, Any]
    check: Callable[[str, str | Path], object]


def own(path: str | Path, kind: str, example: str, check: Callable[[str, str | Path], object]) -> Own:
    """The file as it is. PatchError if it came with wearsound, may not be written, or is not right itself. [any thread]

    `example` is what a copy of one might be called.
    """
    target = Path(os.path.realpath(path))
    if target in {file.resolve() for file in gallery.files(kind).values()}:
        raise PatchError(
            f"{path}: came with wearsound, so nothing is written into it; copy it with `wearsound new {kind} "
            f"{example} --from {target.stem}`, then use --{kind} {example}.toml"
        )
    if target.is_file() and not os.access(target, os.W_OK):
        raise PatchError(f"{path} is read-only, so nothing is written into it: unlock it, or copy it")
    raw = read_bounded(path)
    text = utf8(raw, path)
    check(text, path)  # a broken file is said as it is, and stays
    return Own(path, kind, raw, parsed(text, path)[0], check)


def rewritten(file: Own, *changes: Change) -> bytes:
    """What the file says after every change; a PatchError where that cannot be. Nothing is written. [any thread]"""
    path, data = file.path, file.data
    text = utf8(file.raw, path)
    new = text.replace("\r\n", "\n")
    for change in changes:
        after = edited(new, data, change)
        if after is None:
            raise PatchError(
                f"{path}: is written in a way that cannot be added to; {_SHAPE[file.kind]}: nothing was changed"
            )
        new, data = after, parsed(after, path)[0]
    if "\r\n" in text:
        new = new.replace("\n", "\r\n")
    file.check(new, path)
    return (_BOM if file.raw.startswith(_BOM) else b"") + new.encode()


def rewrite(file: Own, *changes: Change) -> None:
    """The file after every change, or as it was and an error. [any thread]"""
    path, new = file.path, rewritten(file, *changes)
    target = Path(os.path.realpath(path))  # a link stays one
    try:
        mode = target.stat().st_mode
        write_whole(target, new)
        target.chmod(mode & 0o7777)
    except OSError as error:
        raise WearsoundError(
            f"{path} cannot be written ({reason(error)}): nothing was learned; check its rights"
        ) from None
