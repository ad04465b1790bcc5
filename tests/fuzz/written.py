"""Writes tables as TOML, laid out as the dice fall, and knows the line of every key without the program's reader."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Path = tuple[str | int, ...]


class Raw(str):
    """A value that is written as it is, TOML or not."""


@dataclass(frozen=True)
class Twice:
    """A value whose key is there twice."""

    value: Any


@dataclass(frozen=True, slots=True)
class Written:
    """`text`, and on which line (from 1) each key, table and entry of a list begins."""

    text: str
    lines: dict[Path, int]

    def of(self, path: Path) -> set[int]:
        """The lines of a key with all that is in it; of the table it should be in, where it is not."""
        while path and path not in self.lines:
            path = path[:-1]
        if not path:
            return {1}
        return {line for place, line in self.lines.items() if place[: len(path)] == path}


def write(tree: Mapping[str, Any], dice: random.Random) -> Written:
    """The whole file; with the same dice the same text."""
    writer = _Writer(dice)
    writer.table((), tree)
    return Written("".join(writer.parts), writer.lines)


def key_of(name: str) -> str:
    """A key as TOML writes it."""
    return name if re.fullmatch("[A-Za-z0-9_-]+", name) else text_of(name)


def text_of(text: str) -> str:
    """A text as TOML writes it; half a surrogate pair cannot be said in a TOML file."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


class _Writer:
    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.parts: list[str] = []
        self.lines: dict[Path, int] = {}
        self.now = 1
        self.airy = dice.random() < 0.5

    def say(self, text: str) -> None:
        self.parts.append(text)
        self.now += text.count("\n")

    def note(self, path: Path) -> None:
        self.lines.setdefault(path, self.now)

    def table(self, path: Path, tree: Mapping[str, Any]) -> None:
        later = []
        for name, value in tree.items():
            if self.heads(path, value):
                later.append((name, value))
            else:
                self.pair((*path, name), name, value)
                self.say(self.dice.choice(["\n", "\n", "\n", "  # so\n"]) if self.airy else "\n")
        for name, value in later:
            for i, inner in enumerate(value if isinstance(value, list) else [value]):
                inside: Path = (*path, name)
                heading = ".".join(key_of(str(part)) for part in inside if isinstance(part, str))
                self.say(self.dice.choice(["\n", "\n\n", "\n# --\n"]))
                self.note(inside)
                if isinstance(value, list):
                    inside = (*inside, i)
                    self.note(inside)
                    heading = f"[{heading}]"
                self.say(f"[{heading}]\n")
                self.table(inside, inner)

    def heads(self, path: Path, value: Any) -> bool:
        """Whether it gets a heading of its own; deep inside it seldom does, as people write."""
        tables = isinstance(value, dict) or (
            isinstance(value, list) and len(value) > 0 and all(isinstance(each, dict) for each in value)
        )
        return tables and (len(path) < 3 or self.dice.random() < 0.2)

    def pair(self, path: Path, name: str, value: Any, between: str = "\n") -> None:
        self.note(path)
        self.say(f"{key_of(name)} = ")
        if isinstance(value, Twice):
            self.value(path, value.value)
            self.say(between)
            self.lines[(*path, "again")] = self.now
            self.say(f"{key_of(name)} = ")
            value = value.value
        self.value(path, value)
        self.lines[(*path, "end")] = self.now

    def value(self, path: Path, value: Any) -> None:
        if isinstance(value, Raw):
            self.say(value)
        elif isinstance(value, str):
            plain = value.isprintable() and "'" not in value
            self.say(f"'{value}'" if plain and self.airy and self.dice.random() < 0.2 else text_of(value))
        elif isinstance(value, bool):
            self.say("true" if value else "false")
        elif isinstance(value, list):
            self.array(path, value)
        elif isinstance(value, dict):
            self.say("{ ")
            for n, (name, inner) in enumerate(value.items()):
                self.say(", " if n else "")
                self.pair((*path, name), name, inner, between=", ")
            self.say(" }")
        else:
            self.say(repr(value))

    def array(self, path: Path, values: list[Any]) -> None:
        broken = self.airy and len(values) > 1 and self.dice.random() < 0.3
        self.say("[")
        for n, inner in enumerate(values):
            self.say("," if n else "")
            self.say("\n  " if broken else " " if n else "")
            self.note((*path, n))
            self.value((*path, n), inner)
        self.say("\n]" if broken else "]")
