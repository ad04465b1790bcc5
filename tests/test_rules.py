"""Rules that no linter knows: no matrix products, and quick verbs stay quick."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted((ROOT / "src").rglob("*.py")) + sorted((ROOT / "sketches").glob("*.py"))
PRODUCTS = {"dot", "matmul", "tensordot", "vdot", "inner"}


def products(tree: ast.AST) -> list[int]:
    """Lines with a matrix product: its result depends on how hops are grouped."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if (isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult))
        or (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in PRODUCTS
        )
    ]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_matrix_products(path: Path) -> None:
    assert products(ast.parse(path.read_text(encoding="utf-8"))) == []


def test_the_guard_finds_matrix_products() -> None:
    assert products(ast.parse("a @ b\nnp.dot(a, b)\na.dot(b)\n")) == [1, 2, 3]


@pytest.mark.parametrize(
    "words", [["--help"], ["schema"], ["list", "patches"], ["list", "sketches"]], ids=" ".join
)
def test_quick_verbs_import_no_numpy(words: list[str]) -> None:
    code = (
        "import sys\nfrom wearsound.cli import main\n"
        f"try: main({words!r})\nexcept SystemExit: pass\n"
        "print('numpy' in sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip().endswith("False")


def test_importing_wearsound_imports_no_scipy() -> None:
    code = "import wearsound, wearsound.core, sys; print('scipy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
