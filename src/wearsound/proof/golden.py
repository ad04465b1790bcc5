"""A golden: what a show was, in a small folder that is kept beside the art and checked in CI.

`show.toml` as a render's, `report.json` with its facts and why and when it was made, `golden.npz` with its compact
layers, and `thumbs/`. It is only ever made by somebody who asked for it.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec

from wearsound.errors import MissingError, WearsoundError
from wearsound.outputs.record.folder import REPORT, SHOW, RenderFolder, foreign_pictures
from wearsound.outputs.record.report import Report
from wearsound.outputs.record.show_file import PARTS, ShowFile, locate, part, read_show, write_show
from wearsound.proof.compact import compact
from wearsound.proof.pictures import THUMBS, keep_some, names
from wearsound.proof.table import GOLDEN, read_tables, write_tables

MEMBERS = frozenset({SHOW, REPORT, GOLDEN, THUMBS})
FPS, SIZE = 10, (320, 180)
"""Pictures a second and their size where nobody says: small, for they are drawn at every check."""


def make_golden(
    to: Path, play: Callable[[Path], Report], actuators: Sequence[str], reason: str = ""
) -> tuple[Report, int]:
    """Make the golden `to` of what `play` renders into a folder: its report, and how many bytes the golden takes.

    `actuators` are the garment's. A WearsoundError where something is there already.
    """
    refuse_any(to)
    with tempfile.TemporaryDirectory(prefix="wearsound-golden-") as there:
        made = Path(there) / "render"
        report = play(made)
        size = write_golden(made, to, report.facts, actuators, reason, refuse_any)
    return replace(report, folder=to), size


def is_golden(folder: Path) -> bool:
    """Whether a folder is a golden, or was one."""
    return (folder / GOLDEN).is_file() or _table(folder) is not None


def reason_of(said: str) -> str:
    """What a person says of a golden, one line of at most 500 characters; else a WearsoundError."""
    said = said.strip()
    if len(said) > 500 or not said.isprintable():
        raise WearsoundError("a reason is one line of at most 500 characters")
    return said


def about(folder: Path) -> tuple[str, str]:
    """Why and when (YYYY-MM-DD) a golden was made; two empty words if it does not say."""
    table = _table(folder) or {}
    return str(table.get("reason", "")), str(table.get("date", ""))


def refuse_spoilt(folder: Path, *, pictured: bool) -> None:
    """MissingError or PatchError, before anything is rendered, where a golden lacks what it is compared by."""
    read_tables(folder / GOLDEN)
    if pictured and not names(folder):
        raise MissingError(
            f"{folder / THUMBS} holds no picture any more: put it back, or make the golden again"
        )


def refuse_any(to: Path) -> None:
    """Raise a WearsoundError unless nothing is in the way of a new golden."""
    if to.is_symlink() or (to.exists() and (not to.is_dir() or any(to.iterdir()))):
        raise WearsoundError(
            f"{to} is there already, and a golden is never replaced unasked: `wearsound check {to} --update "
            "--reason WHY` replaces it"
        )


def refuse_others(to: Path) -> None:
    """Raise a WearsoundError if a golden also holds what is not of a golden."""
    foreign = sorted(path.name for path in to.iterdir() if path.name not in MEMBERS)
    foreign += foreign_pictures(to, THUMBS)
    if foreign:
        raise WearsoundError(f"{to} is a golden but also holds {foreign[0]!r}: move that away first")


def write_golden(
    made: Path,
    to: Path,
    facts: dict[str, Any],
    actuators: Sequence[str],
    reason: str,
    refuse: Callable[[Path], None],
    expect: dict[str, Any] | None = None,
) -> int:
    """Make the golden `to` of the whole render `made`; how many bytes it takes.

    `facts` are those of the render, `actuators` its vibration's channels, `reason` what a person says of it,
    `expect` what the golden before expected. A WearsoundError if `refuse` says so or the disk is full.
    """
    with RenderFolder(to, refuse) as folder:
        write_tables(folder / GOLDEN, compact(made, facts, facts["content"], actuators))
        if (made / THUMBS).is_dir():
            keep_some(made, folder)
        table = {
            "facts": facts,
            "golden": {"reason": reason, "date": time.strftime("%Y-%m-%d", time.gmtime())},
        }
        text = json.dumps(table, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False)
        (folder / REPORT).write_text(text + "\n", encoding="utf-8")
        file = moved(read_show(made), made, to, expect or {})
        write_show(folder, msgspec.structs.replace(file, frames=False))  # a golden keeps none of them
        return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def moved(file: ShowFile, old: Path, new: Path, expect: dict[str, Any]) -> ShowFile:
    """A show.toml of the folder `old` as it reads in `new`: the same files by other paths."""
    parts: dict[str, Any] = {}
    for kind in PARTS:
        named = getattr(file, kind)
        parts[kind] = part(kind, locate(kind, named, old), new) if named is not None else None
    return msgspec.structs.replace(file, expect=expect, **parts)


def _table(folder: Path) -> dict[str, Any] | None:
    try:
        table = json.loads((folder / REPORT).read_text(encoding="utf-8")).get("golden")
    except (OSError, ValueError, AttributeError, RecursionError):
        return None
    return table if isinstance(table, dict) else None
