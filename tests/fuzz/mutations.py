"""One mutation of one key: wrong type, out of range, misspelt, empty, huge, no number, wrong unit, twice, missing."""

from __future__ import annotations

import pickle
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .cases import Verdict, typo
from .keys import Key
from .written import Path, Raw, Twice, Written

Tree = dict[str, Any]
Tables = Mapping[str, list[Path]]
"""Where tables are, by their dotted names."""
Rename = Callable[[random.Random, Any], Any]
"""A value with one name in it misspelt, None where there is none."""

GIANT = Raw("0x" + "f" * 5000)
"""More digits than Python writes in decimals."""
DATES = (Raw("2024-05-17"), Raw("07:32:00"), Raw("1979-05-27T07:32:00Z"))
LENGTHS = {"name": 64, "word": 32, "device": 200, "host": 253}
"""Characters of what names things."""
_LONGER = {"name": "x y", "word": "Chest", "device": "a\u0007b", "host": "no host"}


@dataclass(frozen=True, slots=True)
class Mutation:
    """`tree` is the file with it; the answer is about `path`, and says one of `words`."""

    told: str
    tree: Tree
    verdict: Verdict
    path: Path = ()
    words: tuple[str, ...] = ()
    own: bool = False
    """The table itself is meant, not all that is in it."""

    def lines(self, written: Written) -> set[int]:
        """The lines that the answer may name."""
        if self.own:
            return {written.lines.get(self.path, 1)}
        return written.of(self.path)


@dataclass
class Mutator:
    """Breaks trees of one kind of file. `names` misspells what a key refers to, by the key's dotted name."""

    keys: Sequence[Key]
    names: Mapping[str, Rename] = field(default_factory=dict)

    def one(self, source: bytes, dice: random.Random) -> Mutation:
        """One mutation of the pickled tree `source`, of a key that it has or could have."""
        tree: Tree = pickle.loads(source)
        tables = tables_of(tree)
        there = [key for key in self.keys if key.table in tables]
        draw = dice.random()
        if draw < 0.12:
            found = self._misspelt_key(tree, tables, there, dice)
        elif draw < 0.24:
            found = self._misspelt_name(tree, tables, dice)
        elif draw < 0.30:
            found = self._twice(tree, tables, there, dice)
        elif draw < 0.36:
            found = self._missing(tree, tables, there, dice)
        elif draw < 0.40:
            found = self._unknown(tree, tables, there, dice)
        elif draw < 0.48:
            found = self._entry(tree, dice)
        elif draw < 0.62:
            found = self._good(tree, tables, there, dice)
        elif draw > 0.97:
            found = self._same_name(tree, tables, dice)
        else:
            found = None
        return found or self._wrong(tree, tables, there, dice)

    def _wrong(self, tree: Tree, tables: Tables, there: Sequence[Key], dice: random.Random) -> Mutation:
        key = dice.choice(there)
        place = dice.choice(tables[key.table])
        told, value = dice.choice(list(wrong(key, dice)))
        inside(tree, place)[key.name] = value
        words = (key.name, *([value[:30]] if isinstance(value, str) else []))
        return Mutation(f"{key.dotted}: {told}", tree, "refused", (*place, key.name), words)

    def _entry(self, tree: Tree, dice: random.Random) -> Mutation | None:
        """A number or a word in a list, however deep, becomes what no list takes."""
        keys: dict[str, list[Path]] = {}
        for path in entries_of(tree):
            keys.setdefault(".".join(part for part in path if isinstance(part, str)), []).append(path)
        if not keys:
            return None
        dotted = dice.choice(sorted(keys))
        path = dice.choice(keys[dotted])
        word = isinstance(inside(tree, path), str)
        value = dice.choice((True, Raw("nan"), *DATES, *((7, "\n", []) if word else ("high", 1e30, GIANT))))
        inside(tree, path[:-1])[path[-1]] = value
        key = next(n for n in reversed(range(len(path))) if isinstance(path[n], str))
        told = f"{dotted}: {str(value)[:12]!r} in its list"
        return Mutation(told, tree, "refused", path[: key + 1], (str(path[key]),))

    def _good(self, tree: Tree, tables: Tables, there: Sequence[Key], dice: random.Random) -> Mutation | None:
        key = dice.choice([key for key in there if key.free])
        place = dice.choice(tables[key.table])
        told, value = dice.choice(list(good(key)))
        inside(tree, place)[key.name] = value
        return Mutation(f"{key.dotted}: {told}", tree, "accepted")

    def _misspelt_key(
        self, tree: Tree, tables: Tables, there: Sequence[Key], dice: random.Random
    ) -> Mutation | None:
        written = [
            (key, place) for key in there for place in tables[key.table] if key.name in inside(tree, place)
        ]
        key, place = dice.choice(written)
        known = {other.name for other in self.keys if other.table == key.table}
        slip = typo(dice, key.name, known)
        rename(inside(tree, place), key.name, slip)
        return Mutation(f"{key.dotted}: misspelt {slip}", tree, "refused", (*place, slip), (slip,))

    def _misspelt_name(self, tree: Tree, tables: Tables, dice: random.Random) -> Mutation | None:
        written = [
            (dotted, place)
            for dotted in self.names
            for place in tables.get(dotted.rpartition(".")[0], ())
            if dotted.rpartition(".")[2] in inside(tree, place)
        ]
        if not written:
            return None
        dotted = dice.choice(sorted({dotted for dotted, _ in written}))
        place = dice.choice([place for other, place in written if other == dotted])
        key = dotted.rpartition(".")[2]
        value = inside(tree, place)[key]
        named = isinstance(value, str) or (isinstance(value, list) and all(isinstance(v, str) for v in value))
        value = self.names[dotted](dice, value) if value and named else None
        if value is None:
            return None
        inside(tree, place)[key] = value
        return Mutation(f"{dotted}: misspelt {value!r}", tree, "refused", (*place, key))

    def _twice(
        self, tree: Tree, tables: Tables, there: Sequence[Key], dice: random.Random
    ) -> Mutation | None:
        key = dice.choice(there)
        place = dice.choice(tables[key.table])
        value = inside(tree, place).get(key.name)
        if not isinstance(value, str | int | float):
            return None
        inside(tree, place)[key.name] = Twice(value)
        words = ("twice", "there already", "overwrite", "uplicate")
        return Mutation(f"{key.dotted}: twice", tree, "refused", (*place, key.name), words)

    def _missing(
        self, tree: Tree, tables: Tables, there: Sequence[Key], dice: random.Random
    ) -> Mutation | None:
        key = dice.choice([key for key in there if key.needed] or there)
        place = dice.choice(tables[key.table])
        if not key.needed or key.name not in inside(tree, place):
            return None
        del inside(tree, place)[key.name]
        return Mutation(f"{key.dotted}: missing", tree, "refused", place, (key.name,), own=True)

    def _same_name(self, tree: Tree, tables: Tables, dice: random.Random) -> Mutation | None:
        """Two tables of a list get the same name."""
        lists = [
            (key, places)
            for key in self.keys
            if key.name == "name" and key.takes in ("name", "word")
            for places in together(tables.get(key.table, []))
        ]
        if not lists:
            return None
        key, places = dice.choice(lists)
        first, second = sorted(dice.sample(range(len(places)), 2))
        inside(tree, places[second])["name"] = inside(tree, places[first]).setdefault("name", "again")
        told = f"{key.dotted}: the same as another's"
        return Mutation(told, tree, "refused", (*places[second], "name"), ("second", "there twice"))

    def _unknown(
        self, tree: Tree, tables: Tables, there: Sequence[Key], dice: random.Random
    ) -> Mutation | None:
        place = dice.choice(tables[dice.choice(there).table])
        inside(tree, place)["frobnicate"] = 1
        told = f"{'.'.join(map(str, place)) or 'the file'}: a key too many"
        return Mutation(told, tree, "refused", (*place, "frobnicate"), ("frobnicate",))


def tables_of(tree: Tree) -> dict[str, list[Path]]:
    """Every table by its dotted name without numbers."""
    found: dict[str, list[Path]] = {}
    _tables(tree, (), "", found)
    return found


def _tables(value: Any, path: Path, dotted: str, found: dict[str, list[Path]]) -> None:
    if isinstance(value, dict):
        found.setdefault(dotted, []).append(path)
        for name, inner in value.items():
            _tables(inner, (*path, name), f"{dotted}.{name}".lstrip("."), found)
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            if isinstance(inner, dict):
                _tables(inner, (*path, n), dotted, found)


def together(places: Sequence[Path]) -> list[list[Path]]:
    """Those of some tables that stand in one list, and are not alone there."""
    lists: dict[Path, list[Path]] = {}
    for place in places:
        if place and isinstance(place[-1], int):
            lists.setdefault(place[:-1], []).append(place)
    return [each for each in lists.values() if len(each) > 1]


def entries_of(value: Any, path: Path = ()) -> Iterator[Path]:
    """Where numbers and words stand in lists."""
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from entries_of(inner, (*path, key))
    elif path and isinstance(path[-1], int):
        yield path


def inside(tree: Any, path: Path) -> Any:
    """What is at a path."""
    for part in path:
        tree = tree[part]
    return tree


def rename(table: Tree, old: str, new: str) -> None:
    """A key gets another name and keeps its place."""
    entries = [(new if name == old else name, value) for name, value in table.items()]
    table.clear()
    table.update(entries)


def wrong(key: Key, dice: random.Random) -> Iterator[tuple[str, Any]]:
    """What a key never takes, with what it is in words."""
    if key.takes != "flag":
        yield "a switch", dice.random() < 0.5
    yield "a date", dice.choice(DATES)
    if key.takes in LENGTHS:
        yield "empty", ""
        yield "huge", "x" * (LENGTHS[key.takes] + 1)
        yield "a name that is none", _LONGER[key.takes]
        yield "a line feed at its end", "chest\n"
        yield "a path", dice.choice(("../x", "/x y", "~/é")) if key.takes != "device" else "x\ny"
        yield "a number", 7
    elif key.takes == "text":
        yield "huge", "é" * (int(key.args[0]) + 1)
        yield "an escape", "a\u001b[31m"
        yield "two lines", "a\nb"
        yield "a number", 0.5
        yield "a list", ["a"]
    elif key.takes == "choice":
        choices = key.args[0].split("|")
        yield "misspelt", typo(dice, dice.choice(choices), choices)
        yield "in capitals", choices[0].upper()
        yield "empty", ""
        yield "huge", "x" * 5000
        yield "a number", 1
    elif key.takes in ("whole", "number"):
        yield from _no_numbers(key, dice)
    elif key.takes == "numbers":
        yield from _no_lists(key, dice)
    elif key.takes == "flag":
        yield from (("a number", 1), ("a word", "true"), ("empty", ""), ("a list", []))
    elif key.takes in ("tables", "free"):
        yield from (("a number", 1), ("a word", "chest"), ("a list of numbers", [1, 2]))
        if key.takes == "tables":
            yield "too many", [{} for _ in range(int(key.args[0]) + 1)]


def _no_numbers(key: Key, dice: random.Random) -> Iterator[tuple[str, Any]]:
    low, high = limits(key)
    whole = key.takes == "whole"
    step: float = 1 if whole else dice.choice((1e-3, 1.0, 1e6))
    yield "below the least", low if key.args[0].startswith(">") else low - step
    yield "above the most", high + (step if whole else max(step, abs(high) * 1e-6))
    yield "far above the most", dice.choice((10**19, 10**30, GIANT) if whole else (1e300, 10**400, GIANT))
    yield "not a number", dice.choice((Raw("nan"), Raw("-nan"), Raw("inf"), Raw("-inf"), Raw("1e999")))
    yield "with a unit", dice.choice(("20 ms", "50 %", "3cm", "0.5"))
    yield "a list", [low]
    if whole:
        yield "half a one", 1.5


def _no_lists(key: Key, dice: random.Random) -> Iterator[tuple[str, Any]]:
    low, high = limits(key)
    count = int(key.args[2])
    plain = [low, high][:count]
    n = dice.randrange(count)
    yield "too many numbers", [low + 1 + i for i in range(count + 1)]
    yield "no number at all", []
    yield "one number, no list", low
    yield "a word among them", [*plain[:n], "high", *plain[n + 1 :]]
    more = 1 if isinstance(low, int) else 1 + abs(low) * 1e-3
    yield "one below the least", [*plain[:n], low - more, *plain[n + 1 :]]
    yield "one above the most", [*plain[:n], high + more, *plain[n + 1 :]]
    yield "one that is no number", [*plain[:n], dice.choice((Raw("nan"), Raw("inf"))), *plain[n + 1 :]]
    yield "a giant among them", [*plain[:n], dice.choice((GIANT, 10**400)), *plain[n + 1 :]]
    yield "empty text", ""


def good(key: Key) -> Iterator[tuple[str, Any]]:
    """What a key that stands for itself takes."""
    if key.takes == "text":
        yield from (
            ("as long as it may be", "é" * int(key.args[0])),
            ("empty", ""),
            ("odd", "🧥 'x' \"\\ ]]"),
        )
    elif key.takes == "choice":
        yield from (("another", choice) for choice in key.args[0].split("|"))
    elif key.takes == "flag":
        yield from (("on", True), ("off", False))
    elif key.takes == "numbers":
        low, high = limits(key)
        yield from (("at its ends", [low, high]), ("turned round", [high, low]))
    else:
        low, high = limits(key)
        above = key.args[0].startswith(">")
        yield "the least", low + 1e-3 if above else low
        yield "the most", high


def limits(key: Key) -> tuple[Any, Any]:
    """The least and the most that a number may be."""
    kind = int if key.takes == "whole" else float
    low, high = (word.lstrip(">") for word in key.args[:2])
    if key.takes == "numbers" and "." not in low + high and "e" not in low + high:
        kind = int
    return kind(low), kind(high)
