"""The files of a render as they lie on disk: are they still what the report says?"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from wearsound.outputs.record.content import file_digest, npz_digest

FILES: Mapping[str, tuple[str, Callable[[Path], str] | None]] = {
    "features": ("features.npz", npz_digest),
    "osc": ("osc.jsonl", file_digest),
    "light": ("light.npz", npz_digest),
    "vibration": ("vibration.wav", None),
    "sound": ("sound.wav", None),
    "picture": ("frames.txt", None),
}
"""Of each layer its file, and what gives the hash of its content back, where that is quick."""


def spoilt(folder: Path, facts: Mapping[str, Any]) -> list[str]:
    """A line for each file of a render that is gone, empty, or holds something else than when it was made."""
    lines = []
    for layer, was in facts.get("content", {}).items():
        name, digest = FILES.get(layer, ("", None))
        path = folder / name
        if not name:
            continue
        if not path.is_file():
            lines.append(f"{path} is not there any more")
            continue
        try:
            same = digest(path) == was if digest is not None else path.stat().st_size > 0
        except (
            OSError,
            ValueError,
            EOFError,
            KeyError,
            RuntimeError,
            MemoryError,
            SyntaxError,
            BadZipFile,
            zlib.error,
        ):
            same = False
        if not same:
            lines.append(f"{path} is not what it was when it was rendered")
    return lines
