"""What the gallery page shows, in which strip, and whether that strip is still of these files."""

from __future__ import annotations

import hashlib
from pathlib import Path

from wearsound import gallery, load
from wearsound.show.load import Show
from wearsound.toml_file import read_toml

STRIPS = Path(__file__).parent / "pictures" / "gallery"
MADE = "made.toml"
"""Beside the strips: of which files each was made."""


def shows() -> dict[str, Show]:
    """Every patch and then every sketch of the gallery by name, as `wearsound run NAME` plays it."""
    return {name: load(name) for kind in ("patch", "sketch") for name in gallery.files(kind)}


def digest(show: Show) -> str:
    """Of all files that a show is made of: patch, garment, palette, sketch."""
    whole = hashlib.sha256()
    for kind, content in sorted(show.kept.items()):
        whole.update(f"{kind} {len(content)}\n".encode() + content)
    return whole.hexdigest()


def played_to(show: Show) -> str:
    """What is played to it: a patch for a body gets the built-in walk, any other the built-in track."""
    return "walk" if show.patch.lane == "body" else "demo"


def made() -> dict[str, str]:
    """The digest that each strip was made of, by name."""
    path = STRIPS / MADE
    return {name: entry["files"] for name, entry in read_toml(path).items()} if path.is_file() else {}


def write_made(kept: dict[str, str]) -> None:
    """Keep of which files each strip was made."""
    lines = [
        "# Made by docs/make_pictures.py: of which files (the SHA-256 of them all) each strip was rendered."
    ]
    lines += [f'\n[{name}]\nfiles = "{files}"' for name, files in sorted(kept.items())]
    (STRIPS / MADE).write_text("\n".join(lines) + "\n", encoding="utf-8")
