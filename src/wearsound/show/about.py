"""One line about each gallery file and trusted sketch, read without running anything."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

from wearsound import gallery


def about(kind: str) -> list[dict[str, object]]:
    """[{"name", "about", "path"}] of every file of a kind, in order of name."""
    found = gallery.files(kind)
    if kind == "sketch":
        from wearsound.show.trust import trusted

        found |= {name: Path(entry["path"]) for name, entry in trusted().items() if name not in found}
    return [{"name": name, "about": _line(path), "path": str(path)} for name, path in sorted(found.items())]


def _line(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".py":
            return (ast.get_docstring(ast.parse(text)) or "").partition("\n")[0]
        table = tomllib.loads(text)
    except (OSError, ValueError, SyntaxError) as error:
        return f"(cannot be read: {error})"
    return str(table.get("about") or table.get("title") or "")
