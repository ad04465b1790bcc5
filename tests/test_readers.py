"""Whatever reads a stranger's file catches by name, raises what is declared, and has no means to run anything."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parent.parent / "src" / "wearsound"

READERS = (
    *("toml_file/*.py", "osc/packet.py", "osc/arguments.py", "mapping/document.py", "mapping/structure.py"),
    *(
        "mapping/sentences.py",
        "mapping/target.py",
        "mapping/feels.py",
        "mapping/scape.py",
        "garment/document.py",
    ),
    *(
        "garment/structure.py",
        "garment/layers.py",
        "garment/words.py",
        "garment/faults.py",
        "garment/motor_faults.py",
    ),
    *(
        "garment/hexadecimal.py",
        "garment/palette.py",
        "show/rig.py",
        "show/rig_check.py",
        "show/rig_structure.py",
    ),
    *("show/rig_words.py", "show/rig_types.py", "show/*_target.py", "show/sensor_preset.py", "show/load.py"),
    *(
        "show/kept.py",
        "show/kept_words.py",
        "show/trust.py",
        "outputs/record/show_*.py",
        "outputs/record/take_shows.py",
    ),
    *("sources/take*.py", "sources/file.py", "sources/wavhead.py", "sources/refusal.py"),
)
"""Whatever reads what a stranger wrote."""

DECLARED = {"PatchError", "AudioError", "MissingError", "StirredError", "WearsoundError", "BadPacket"}
INSIDE = {
    "toml_file/lines.py": {"TooDeepError", "_MalformedError"},
    "toml_file/words.py": set(),
    "garment/layers.py": {"ValueError"},  # msgspec makes a complaint of it
    "sources/take_lines.py": {"ValueError"},  # _event says file and line
    "sources/file.py": {"unreadable"},
}
"""What else a reader raises, and catches itself."""
DEEDS = {
    "eval",
    "exec",
    "compile",
    "__import__",
    "import_module",
    "system",
    "popen",
    "load_module",
    "literal_eval",
}
POWERS = {
    "pickle",
    "marshal",
    "subprocess",
    "socket",
    "ctypes",
    "shelve",
    "runpy",
    "importlib",
    "urllib",
    "http",
    "yaml",
}


def readers() -> list[Path]:
    return sorted({path for pattern in READERS for path in SRC.glob(pattern)})


def names_in(kind: ast.expr | None) -> set[str]:
    return {node.id for node in ast.walk(kind) if isinstance(node, ast.Name)} if kind is not None else {""}


@pytest.mark.parametrize("path", readers(), ids=lambda path: path.relative_to(SRC).as_posix())
def test_a_reader_catches_by_name_and_raises_what_is_declared(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    here = path.relative_to(SRC).as_posix()
    allowed = DECLARED | INSIDE.get(here, set())
    kept = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and names_in(node.value.func) <= allowed
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler):
            assert not names_in(node.type) & {"", "Exception", "BaseException"}, f"{here}:{node.lineno}"
        elif isinstance(node, ast.Raise) and node.exc is not None:
            raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            assert names_in(raised) <= allowed | kept, f"{here}:{node.lineno}: {ast.unparse(node)}"
        elif isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            plain = not (name == "compile" and isinstance(node.func, ast.Attribute))  # a pattern's
            assert name not in DEEDS or not plain, f"{here}:{node.lineno}: {name}"
        elif isinstance(node, ast.Import | ast.ImportFrom):
            modules = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            assert not {module.partition(".")[0] for module in modules} & POWERS, f"{here}:{node.lineno}"


def test_there_are_readers() -> None:
    assert len(readers()) > 40
    assert all(any(SRC.glob(pattern)) for pattern in READERS)
