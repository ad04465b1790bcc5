"""One cell of a table."""

from __future__ import annotations


def cell(text: str) -> str:
    """Text without line ends, and with bars that do not end it."""
    return " ".join(text.split()).replace("|", "\\|")
