"""What was learned is written into the rig file: a bind, a calibration; the person's comments and order stay.

The new text is read and checked before it takes the old one's place, and must say exactly what was meant: whatever
happens on the way, a kill too, the file is the old one or the new one. A rig of the gallery is nobody's own and is
not written to.
"""

from __future__ import annotations

import math
import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from wearsound import gallery
from wearsound.errors import PatchError, WearsoundError
from wearsound.folders import write_whole
from wearsound.show.rig import read_rig
from wearsound.show.rig_edit import Change, edited
from wearsound.show.rig_structure import Bind
from wearsound.toml_file import parsed, read_bounded, utf8

_BOM = b"\xef\xbb\xbf"
_one_at_a_time = threading.Lock()


def learn_bind(path: str | Path, bind: Bind) -> None:
    """Add a bind, in the place of one of the same control: its argument, or its address, is another now.

    PatchError where the rig is not one's own or would not be right, WearsoundError where it cannot be written.
    [any thread]
    """
    with _one_at_a_time:
        raw, data = _own(path)
        binds = data.get("bind", [])
        same = [i for i, entry in enumerate(binds) if _same(entry, bind)]
        at = same[0] if same else len(binds)
        keys: dict[str, Any] = {"from": bind.source, "to": bind.to}
        there = binds[at] if same else {}
        if bind.arg != 0 or "arg" in there:  # only what is not so anyway
            keys["arg"] = bind.arg
        if bind.span != (0.0, 1.0) or "in" in there:
            keys["in"] = [int(end) if end == int(end) else end for end in bind.span]
        _write(path, raw, data, Change(("bind", at), keys, tuple(same[1:])))


def learn_calibration(path: str | Path, of: str, values: Mapping[str, float]) -> None:
    """Keep learned numbers of a thing: new ones are added, those of the same name replaced, others stay.

    Errors as of `learn_bind`. [any thread]
    """
    wrong = [name for name, value in values.items() if not math.isfinite(value)]
    if wrong:
        raise PatchError(f"{path}: {wrong[0]} of {of} came out as {values[wrong[0]]}; calibrate again")
    with _one_at_a_time:
        raw, data = _own(path)
        numbers = {name: float(value) for name, value in values.items()}
        _write(path, raw, data, Change(("calibration", of), numbers))


def _same(entry: Mapping[str, Any], bind: Bind) -> bool:
    if entry["from"] != bind.source:
        return False
    return bool(entry.get("arg", 0) == bind.arg or entry["to"] == bind.to)


def _own(path: str | Path) -> tuple[bytes, dict[str, Any]]:
    """The bytes of a rig that may be written to, and what it says."""
    target = Path(os.path.realpath(path))
    if target in {file.resolve() for file in gallery.files("rig").values()}:
        raise PatchError(
            f"{path}: came with wearsound, so nothing is written into it; copy it with `wearsound new rig "
            f"my-room --from {target.stem}`, then use --rig my-room.toml"
        )
    if target.is_file() and not os.access(target, os.W_OK):
        raise PatchError(f"{path} is read-only, so nothing is written into it: unlock it, or copy it")
    raw = read_bounded(path)
    text = utf8(raw, path)
    read_rig(text, path)  # a broken rig is said as it is, and stays
    return raw, parsed(text, path)[0]


def _write(path: str | Path, raw: bytes, data: dict[str, Any], change: Change) -> None:
    text = utf8(raw, path)
    new = edited(text.replace("\r\n", "\n"), data, change)
    if new is None:
        raise PatchError(
            f"{path}: is written in a way that cannot be added to; write each bind under a [[bind]] of its own, "
            "each calibration under a [calibration.name]: nothing was changed"
        )
    if "\r\n" in text:
        new = new.replace("\n", "\r\n")
    read_rig(new, path)
    target = Path(os.path.realpath(path))  # a link stays one
    try:
        mode = target.stat().st_mode
        write_whole(target, (_BOM if raw.startswith(_BOM) else b"") + new.encode())
        target.chmod(mode & 0o7777)
    except OSError as error:
        raise WearsoundError(
            f"{path} cannot be written ({error.strerror or error}): nothing was learned; check its rights"
        ) from None
