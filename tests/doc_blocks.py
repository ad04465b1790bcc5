"""The blocks between fences of every page, and the marker of those that cannot run here.

    <!-- not run: a microphone -->

on the line above a fence says why. Whatever is not marked so is run or read by test_docs.
"""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOT_OURS = {".venv", "node_modules", "build", "dist", "demo"}
PAGES = sorted(
    page
    for page in ROOT.rglob("*.md")
    if not any(part.startswith(".") or part in NOT_OURS for part in page.relative_to(ROOT).parts)
)
_FENCE = re.compile(
    r"(?ms)^(?:(?P<indent> *)<!-- not run: (?P<why>[^\n]+?) -->\n)?"
    r"(?P<open> *)```(?P<language>[\w-]*)\n(?P<text>.*?)^(?P=open)```[ ]*$"
)


@dataclass(frozen=True)
class Block:
    """What stands between two fences: of which page and line, in which language, and why it is not run ("": it is)."""

    page: Path
    line: int
    language: str
    text: str
    why: str = ""

    def __str__(self) -> str:
        return (
            f"{self.page.relative_to(ROOT) if self.page.is_relative_to(ROOT) else self.page.name}:{self.line}"
        )


def blocks_of(page: Path, text: str | None = None) -> list[Block]:
    """Every block of a page, in its order."""
    text = page.read_text(encoding="utf-8") if text is None else text
    return [
        Block(
            page,
            text.count("\n", 0, found.start("language")) + 1,
            found["language"],
            textwrap.dedent(found["text"]),
            found["why"] or "",
        )
        for found in _FENCE.finditer(text)
    ]


EVERY = [block for page in PAGES for block in blocks_of(page)]


def written_in(*languages: str) -> list[Block]:
    """Every block of these languages that is not marked as one that cannot run here."""
    return [block for block in EVERY if block.language in languages and not block.why]
