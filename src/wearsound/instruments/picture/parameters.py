"""What can be turned of a sketch, read from its file without running it.

The sketch lives in the window's process, what turns it in the engine's: so its parameters are written out.
"""

from __future__ import annotations

import ast
from pathlib import Path

from wearsound.core import Spec
from wearsound.instruments.picture.sketch import Parameter, ranged

LONGEST = 64
"""Characters of a name: it becomes part of an OSC address, which is plain and not endless."""


def parameters_of(path: Path) -> tuple[Spec, ...]:
    """The parameters of the sketch in `path`, named `sketch.<name>`, in the order they are written.

    As `Sketch.parameters` finds them, except where a default is worked out rather than written: that one
    cannot be turned from outside. None for a file that is no Python: whoever draws it says so.
    """
    try:
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    found: dict[str, Spec] = {}
    for kind in (node for node in tree.body if isinstance(node, ast.ClassDef)):
        if kind.name.startswith("_"):
            continue
        for node in kind.body:
            if not (isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value):
                continue
            name, annotation = node.target.id, ast.unparse(node.annotation)
            hidden = name.startswith("_") or "ClassVar" in annotation or not name.isascii()
            given = None if hidden or len(name) > LONGEST else _given(node.value)
            if given is not None:
                step = 1.0 if annotation in ("int", "bool") else 0.0
                low, high = float(given.low), float(given.high)
                default = min(high, max(low, float(given.default)))
                found[name] = Spec(f"sketch.{name}", "", low, high, step, given.about, default=default)
    return tuple(found.values())


def _given(value: ast.expr) -> Parameter | None:
    """A number, or `parameter(default, low, high, about)`, written out; None for anything else."""
    try:
        if isinstance(value, ast.Call):
            called = (
                value.func.attr if isinstance(value.func, ast.Attribute) else getattr(value.func, "id", "")
            )
            if called not in ("parameter", "Parameter"):
                return None
            words = {keyword.arg or "": ast.literal_eval(keyword.value) for keyword in value.keywords}
            given: Parameter | None = Parameter(*map(ast.literal_eval, value.args), **words)
        else:
            number = ast.literal_eval(value)
            given = ranged(number) if isinstance(number, int | float) else None
    except (ValueError, TypeError):
        return None
    if given is None or not all(isinstance(n, int | float) for n in (given.default, given.low, given.high)):
        return None
    return given if given.low < given.high and isinstance(given.about, str) else None
