"""One line about each gallery file and trusted sketch, read without running anything."""

from __future__ import annotations

import ast
from pathlib import Path

from wearsound import gallery
from wearsound.errors import PatchError
from wearsound.toml_file import read_toml


def about(kind: str) -> list[dict[str, object]]:
    """[{"name", "about", "path"}] of every file of a kind, in order of name."""
    found = gallery.files(kind)
    if kind == "sketch":
        from wearsound.show.trust import trusted

        found |= {name: Path(entry["path"]) for name, entry in trusted().items() if name not in found}
    return [
        {"name": name, "about": line_about(path), "path": str(path)} for name, path in sorted(found.items())
    ]


def line_about(path: Path) -> str:
    """The first line of a program's docstring, or what a TOML file says; what is wrong if it cannot be read."""
    try:
        if path.suffix == ".py":
            tree = ast.parse(path.read_text(encoding="utf-8"))
            return (ast.get_docstring(tree) or "").partition("\n")[0]
        table = read_toml(path)
    except (OSError, ValueError, SyntaxError, RecursionError, MemoryError, PatchError) as error:
        return f"(cannot be read: {error})"
    return str(table.get("about") or table.get("title") or "")
