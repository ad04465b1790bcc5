"""The rig page: the gallery's rig as it is, and every key of a rig."""

from __future__ import annotations

from benchmarks.slot import filled
from docs.tables.keys import tables
from wearsound import gallery
from wearsound.show.rig_words import WORDS

HEADINGS = {(): "The whole rig", ("door",): "`[door]`", ("midi",): "`[midi]`"}


def page(text: str) -> str:
    """Its two slots."""
    example = gallery.files("rig")["stage"].read_text(encoding="utf-8")
    text = filled(text, "example", f"```toml\n{example}```")
    return filled(text, "keys", tables(WORDS, HEADINGS))
