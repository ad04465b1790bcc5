"""The held-back half may be looked at ten times, and each look is written down."""

from __future__ import annotations

import subprocess
from pathlib import Path

from benchmarks.hearing.report import COLUMNS, Value

LOG = Path(__file__).with_name("held.log")
LOOKS = 10


def used(log: Path = LOG) -> int:
    """How many looks have been taken."""
    return len(log.read_text(encoding="utf-8").splitlines()) if log.is_file() else 0


def write(row: dict[str, Value], date: str, log: Path = LOG) -> str:
    """Append one look: date, commit, our row. Returns the line."""
    figures = " ".join(f"{name}={row[name].mean:.4g}" for name, _ in COLUMNS if name in row)
    return append(figures, date, log)


def append(figures: str, date: str, log: Path) -> str:
    """Append one look of any benchmark to its log: date, commit, figures. Returns the line."""
    line = f"{date} {commit(log.parent)} {figures}"
    with log.open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    return line


def commit(benchmark: Path = LOG.parent) -> str:
    """The commit that is checked out, with a + if src or the benchmark differ from it; "unknown" outside a checkout."""
    root = Path(__file__).parents[2]
    try:
        name = subprocess.run(
            ["git", "-C", str(root), "rev-parse", "--short", "HEAD"],
            capture_output=True,
            text=True,
            check=True,
        )
        changed = subprocess.run(
            ["git", "-C", str(root), "status", "--porcelain", "-uno", "--", "src", str(benchmark)],
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return name.stdout.strip() + ("+" if changed.stdout.strip() else "")
