"""One mutation of one key: wrong type, out of range, misspelt, empty, huge, no number, wrong unit, twice, missing."""

from __future__ import annotations

import pickle
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .cases import Verdict, typo
from .key import Key
from .values import DATES, GIANT, good, wrong
from .written import Path, Raw, Twice, Written

Tree = dict[str, Any]
Tables = Mapping[str, list[Path]]
"""Where tables are, by their dotted names."""
Rename = Callable[[random.Random, Any], Any]
"""A value with one name in it misspelt, None where there is none."""

MIRRORED = "figure.layer.filaments"
"""What is called otherwise on either side: that two are called the same is said of the table, not of its name."""


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
            if key.name == "name" and key.table != MIRRORED
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
