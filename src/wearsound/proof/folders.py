"""What is to be checked: folders by name, and folders full of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from wearsound.errors import MissingError, PatchError, WearsoundError
from wearsound.outputs.record.folder import REPORT, SHOW
from wearsound.outputs.record.show_file import TAKE
from wearsound.proof.table import GOLDEN
from wearsound.proof.verdict import Kind, Result, Verdict

OURS = (SHOW, REPORT, TAKE, GOLDEN)
"""Whoever holds one of these means to be checked."""


def named(folders: Sequence[str | Path]) -> list[Path]:
    """Each folder that is to be checked, in order: a folder of renders, takes and goldens stands for what lies in it.

    A MissingError where there is nothing: a golden that is not there is never made by a check.
    """
    found: list[Path] = []
    for folder in map(Path, folders):
        if folder.exists() and not folder.is_dir():
            raise PatchError(f"{folder} is a file: name the folder of a golden, a render or a take")
        if not folder.is_dir():
            raise MissingError(
                f"{folder} is not there, and a check makes nothing: `wearsound render SHOW AUDIO --to {folder} "
                "--golden` makes a golden"
            )
        if _ours(folder):
            found.append(folder)
            continue
        inside = sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
        if not any(map(_ours, inside)):
            raise MissingError(
                f"{folder} holds no render, golden or take: `wearsound render SHOW AUDIO --to {folder / 'NAME'} "
                "--golden` makes a golden"
            )
        found += inside
    return list(dict.fromkeys(found))


def checked(folder: Path, check: Callable[[Path], Result]) -> Result:
    """What `check` says of a folder. That it cannot be checked is a result too: the others are checked all the same."""
    if not _ours(folder):
        said = f"{folder} is no golden, render or take any more: put it back, or remove the folder"
        return _nothing(folder, said, "missing", MissingError.exit_code)
    try:
        return check(folder)
    except WearsoundError as error:
        return _nothing(
            folder, str(error), "missing" if isinstance(error, MissingError) else "bad", error.exit_code
        )


def _nothing(folder: Path, said: str, kind: Kind, code: int) -> Result:
    return Result(folder, "nothing", (Verdict("show", kind, said, lines=(said,)),), code=code)


def _ours(folder: Path) -> bool:
    return any((folder / name).is_file() for name in OURS)
