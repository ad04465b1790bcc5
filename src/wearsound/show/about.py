"""One line about each gallery file and trusted sketch, read without running anything."""

from __future__ import annotations

import ast
import hashlib
from pathlib import Path

from wearsound import gallery
from wearsound.errors import PatchError
from wearsound.garment.palette import SUFFIX, load_palette
from wearsound.toml_file import read_toml

THUMBS, RATINGS = "thumbs", "ratings.toml"
"""Beside the gallery's patches: a picture of each, and how they were rated."""


def about(kind: str) -> list[dict[str, object]]:
    """[{"name", "about", "path"}] of every file of a kind, in order of name."""
    found = gallery.files(kind)
    if kind == "sketch":
        from wearsound.show.trust import trusted

        found |= {name: Path(entry["path"]) for name, entry in trusted().items() if name not in found}
    return [
        {"name": name, "about": line_about(path), "path": str(path), **_more(kind, path)}
        for name, path in sorted(found.items())
    ]


def _more(kind: str, path: Path) -> dict[str, object]:
    """What a listing tells beside: a palette's colours; a patch's picture, and how often it flashes in a second."""
    if kind == "palette":
        try:
            return {"colours": list(load_palette(path).colours)}
        except PatchError:
            return {"colours": []}
    return rated(path) if kind == "patch" else {}


def rated(path: Path) -> dict[str, object]:
    """`thumbnail` and `flashes` of a gallery patch, made by docs/make_pictures.py; left out where there is none.

    A rating counts for the very patch it was made of: of one that was edited since, nothing is told.
    """
    folder = path.parent / THUMBS
    known: dict[str, object] = {}
    if (picture := folder / f"{path.stem}.jpg").is_file():
        known["thumbnail"] = str(picture)
    try:
        rating = read_toml(folder / RATINGS).get(path.stem)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except (OSError, PatchError):
        return known
    if isinstance(rating, dict) and rating.get("patch") == digest:
        known["flashes"] = rating.get("flashes")
    return known


def line_about(path: Path) -> str:
    """The first line of a program's docstring, what a TOML file says, a palette's colours; or why it cannot be read."""
    try:
        if path.suffix == ".py":
            tree = ast.parse(path.read_text(encoding="utf-8"))
            return (ast.get_docstring(tree) or "").partition("\n")[0]
        if path.suffix == SUFFIX:
            palette = load_palette(path)
            names = ", ".join(swatch.name for swatch in palette.swatches)
            return f"{palette.about}: {names}" if palette.about else names
        table = read_toml(path)
    except (OSError, ValueError, SyntaxError, RecursionError, MemoryError, PatchError) as error:
        return f"(cannot be read: {error})"
    return str(table.get("about") or table.get("title") or "")
