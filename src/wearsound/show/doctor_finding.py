"""One thing that `doctor --rig` looked for, and how it was found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing of a rig: what it is, whether it is there ("note": it cannot be told, or is no fault), and how."""

    thing: str
    word: str
    sentence: str

    @property
    def missing(self) -> bool:
        """Whether the show would do without it."""
        return self.word == "missing"

    def __str__(self) -> str:
        return f"{self.thing}: {self.word}: {self.sentence}"
