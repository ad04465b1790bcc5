"""What a sketch asks to hear, read from its file without running it."""

from __future__ import annotations

import ast
from pathlib import Path

from wearsound.errors import PatchError


def hears_of(path: Path) -> list[tuple[str, int]]:
    """(name, line) of all that `hears = ("pitch", "chroma")` in the sketch's class names.

    Nothing for a file that is no Python: whoever draws it says so. PatchError where `hears` is not
    written out.
    """
    try:
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    found: list[tuple[str, int]] = []
    for kind in (node for node in tree.body if isinstance(node, ast.ClassDef)):
        for node in kind.body:
            if isinstance(node, ast.Assign):
                targets = node.targets
            elif isinstance(node, ast.AnnAssign) and node.value is not None:
                targets = [node.target]
            else:
                continue
            if any(isinstance(target, ast.Name) and target.id == "hears" for target in targets):
                assert node.value is not None
                found += [(name, node.lineno) for name in _names(node.value, path)]
    return found


def _names(value: ast.expr, path: Path) -> list[str]:
    try:
        names = ast.literal_eval(value)
    except ValueError:
        names = None
    if isinstance(names, str):
        names = [names]
    if not isinstance(names, tuple | list) or not all(isinstance(name, str) for name in names):
        raise PatchError(
            f'{path}:{value.lineno}: hears must be written out, it is read before anything runs: hears = ("pitch",)'
        )
    return list(names)
