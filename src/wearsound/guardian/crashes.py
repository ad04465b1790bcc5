"""What is known of a crash, in the state folder: where every thread was, if the engine could still say so."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

from wearsound import folders

KEPT = 20
"""Files; the oldest go."""


def folder() -> Path:
    """Where they lie; it may not exist."""
    return folders.state() / "crashes"


def new(number: int) -> str:
    """The path of an empty file for start `number` of this process's engines, "" where none can be made."""
    stem = time.strftime("%Y-%m-%d-%H%M%S")
    path = folder() / f"crash-{stem}-{os.getpid()}-{number}.txt"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        old = sorted(path.parent.glob("crash-*.txt"), key=lambda file: file.name)
        for file in old[:-KEPT]:
            file.unlink(missing_ok=True)
    except (OSError, RuntimeError):
        return ""
    return str(path)


def add(path: str, line: str) -> None:
    """A line at its end; nothing happens where that cannot be."""
    with contextlib.suppress(OSError):
        if path:
            with open(path, "a", encoding="utf-8") as file:
                file.write(f"{line}\n")


def drop(path: str) -> None:
    """It was none."""
    with contextlib.suppress(OSError):
        if path:
            os.unlink(path)
