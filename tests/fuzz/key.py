"""One key of a file, as `keys` writes it down."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Key:
    """One key: its dotted name, what it takes, whether it must be there and whether it stands for itself."""

    dotted: str
    takes: str
    args: tuple[str, ...]
    needed: bool
    free: bool

    @property
    def name(self) -> str:
        """Its last word."""
        return self.dotted.rpartition(".")[2]

    @property
    def table(self) -> str:
        """The dotted name of the table that it is in, "" for the file itself."""
        return self.dotted.rpartition(".")[0]


def keys_of(lines: str) -> tuple[Key, ...]:
    """The keys of one of the tables above."""
    found = []
    for line in filter(None, lines.splitlines()):
        dotted, takes, *rest = line.split()
        args = tuple(word for word in rest if word not in "!~")
        found.append(Key(dotted, takes, args, "!" in rest, "~" in rest))
    return tuple(found)
