"""Where patches, sketches, garments, palettes and rigs that came with wearsound are found.

In a clone (also installed editable) they are the top level's own folders, so that an edit shows; in
an installed package they are the copies that the wheel carries.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path

from wearsound.errors import PatchError

KINDS = {
    "patch": ("patches", ".toml"),
    "garment": ("patches/garments", ".toml"),
    "palette": ("patches/palettes", ".gpl"),
    "rig": ("patches/rigs", ".toml"),
    "sensor": ("patches/sensors", ".toml"),
    "sketch": ("sketches", ".py"),
    "example": ("examples", ".py"),
}

MOST = 40
"""No more names in a sentence than a person reads."""


def root() -> Path:
    """The folder that holds `patches/` and `sketches/`."""
    package = Path(__file__).resolve().parent
    clone = package.parent.parent
    if (clone / "pyproject.toml").is_file() and (clone / "patches").is_dir():
        return clone
    return package / "gallery_files"


def files(kind: str) -> dict[str, Path]:
    """Every gallery file of a kind, by name, in order of name."""
    folder, suffix = KINDS[kind]
    return {path.stem: path for path in sorted((root() / folder).glob(f"*{suffix}"))}


def find(kind: str, name: str) -> Path:
    """The gallery file called `name`; a PatchError with the nearest name if there is none."""
    known = files(kind)
    if name in known:
        return known[name]
    raise PatchError(f"no {kind} called {name!r} in the gallery{suggest(name, known)}")


def suggest(name: str, known: Iterable[str]) -> str:
    """The end of an error sentence: the nearest name, else what exists."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    near = near or difflib.get_close_matches(name.lower(), names, n=1, cutoff=0.6)
    if near:
        return f"; did you mean {near[0]!r}?"
    if not names:
        return "; there are none"
    if len(names) > MOST:
        return f"; there are {len(names)}, from {names[0]} to {names[-1]}"
    return "; there is " + ", ".join(names)
