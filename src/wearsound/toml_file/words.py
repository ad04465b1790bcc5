"""What is wrong with a file, in the words of a person who has to mend it.

msgspec says what and where; here that becomes what was read, what would be right and the nearest name. A found
fault is mended in the data just read, so that the next one can be found too. What a kind of file says for
each key stands with its reader: mapping.sentences for patches, show.rig_words for rigs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

from wearsound.errors import printable
from wearsound.gallery import suggest
from wearsound.toml_file.lines import KeyPath
from wearsound.toml_file.read import refuse

MOST = 20
"""No more complaints at once than a person reads."""

GIANT = 1 << 64
"""From here on a whole number is shown by its bits: Python writes no decimals of thousands of digits."""

Complaints = list[tuple[KeyPath, str]]

_MANY = re.compile(r"^tables that begin with .*, at most ([0-9]+)$")
_ENDING = re.compile(r"([A-Za-z0-9][A-Za-z0-9_-]{0,63})\.(?:toml|gpl|py)")

T = TypeVar("T", bound=msgspec.Struct)

_AT = re.compile(r"(.*?)(?: - at `\$(.*)`)?", re.DOTALL)
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]")
_FIELD = re.compile(r"Object (contains unknown|missing required) field `(.*)`", re.DOTALL)


@dataclass(frozen=True)
class Words(Generic[T]):
    """How one kind of file is spoken of.

    Keys are found by their whole dotted path ("door.port") or, if that is not there, by their last word.
    `takes`: what a key takes. `owners`: what a table is called, and its struct, by its path without numbers.
    `needed`: what a key that must be there is mended with. `choices`: words of which one is taken,
    `meant`: what others call them, in lower case. `free`: tables whose keys are a person's own ("remote", "remote.*"),
    with the types of key and value; where they are words of ours after all, `choices` has them ("expect.* name").
    `listed`: choices, by dotted path, so few that all are said and none is guessed.
    `each`: lists of which the wrong entry is shown, not the whole. `astray` ends the
    sentence about a key of the top in a table.
    """

    document: type[T]
    takes: Mapping[str, str]
    owners: Mapping[tuple[str, ...], tuple[str, type[msgspec.Struct]]]
    needed: Mapping[str, Any]
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    meant: Mapping[str, str] = field(default_factory=dict)
    free: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    each: frozenset[str] = frozenset()
    listed: frozenset[str] = frozenset()
    astray: str = ""

    def read(self, path: KeyPath, value: Any) -> str:
        """The sentence for a key whose value is not one that it takes: read, and what would be right."""
        names = _names(path)
        key, dotted = names[-1], ".".join(names)
        choices = self.choices.get(dotted) or self.choices.get(key)
        if choices and dotted in self.listed:
            return f"{key} is {shown(value)}; it takes {', '.join(choices[:-1])} or {choices[-1]}"
        if choices:
            near = suggest(value, choices) if isinstance(value, str) else suggest("", choices)
            if isinstance(value, str) and value.lower() in self.meant:
                near = f"; did you mean {shown(self.meant[value.lower()])}?"
            return f"no {key} {shown(value)}{near}"
        takes = self.takes.get(dotted) or self.takes.get(key, "something else")
        most = _MANY.search(takes)
        if most is not None and isinstance(value, list) and len(value) > int(most[1]):
            return f"{len(value)} {key}s; at most {most[1]}"
        if takes.endswith(f"[{key}], one bracket") and _is_tables(value):
            return f"[[{key}]] has two brackets; write [{key}], and only once"
        if isinstance(value, str) and "bare name" in takes and (bare := _ENDING.fullmatch(value)) is not None:
            takes += f"; did you mean {shown(bare[1])}?"
        return f"{key} is {shown(value)}; it takes {takes}"

    def document_of(self, path: str | Path, data: dict[str, Any], lines: dict[KeyPath, int]) -> T:
        """The document in `data`, whose keys stand in `lines` of the file `path`; a PatchError says every fault."""
        document, complaints = self.structure(data)
        if document is None or complaints:
            refuse(path, lines, complaints)
        return document

    def structure(self, data: dict[str, Any]) -> tuple[T | None, Complaints]:
        """The document in `data` and every complaint about its structure; mends `data` as it goes."""
        complaints = self._free(data)
        while len(complaints) < MOST:
            try:
                return msgspec.convert(data, self.document), complaints
            except msgspec.ValidationError as error:
                complaints.append(self._mend(data, str(error)))
        return None, complaints

    def _free(self, data: dict[str, Any]) -> Complaints:
        """Tables with free keys, entry by entry: msgspec does not say which key it means."""
        found: Complaints = []
        for dotted, (keys, values) in self.free.items():
            takes, among = self.takes[f"{dotted}.*"], self.choices.get(f"{dotted} name", ())
            for path, table in _tables(data, (), dotted.split(".")):
                for name, value in list(table.items()):
                    if not _fits(name, keys) and among:
                        sentence = no_key(name, str(path[-1]), among)
                    elif not _fits(name, keys):
                        sentence = f"no name {shown(name)}; {path[-1]} takes {self.takes[f'{dotted} name']}"
                    elif not _fits(value, values):
                        sentence = f"{shown(name)[1:-1]} is {shown(value)}; it takes {takes}"
                    else:
                        continue
                    del table[name]
                    found.append(((*path, name), sentence))
                    if not table:
                        table.update(
                            self.needed.get(dotted) or self.needed.get(dotted.rpartition(".")[2], {})
                        )
                    if len(found) == MOST:
                        return found
        return found

    def _mend(self, data: dict[str, Any], message: str) -> tuple[KeyPath, str]:
        """Say what `message` means and take it out of `data`: a bad key goes, a needed one comes."""
        said = _AT.fullmatch(message)
        text, where = (said.group(1), said.group(2) or "") if said else (message, "")
        path: KeyPath = tuple(int(n) if n else key for key, n in _STEP.findall(where))
        unknown = _FIELD.fullmatch(text)
        if unknown is not None:
            owner, struct = self.owners[_names(path)]
            name = unknown.group(2)
            table = _inside(data, path)
            if unknown.group(1) == "missing required":
                table[name] = self._stand_in(path, name)
                dotted = ".".join((*_names(path), name))
                among = self.choices.get(dotted) or self.choices.get(name, ())
                takes = self.takes.get(dotted) or self.takes.get(name) or f"one of {', '.join(among)}"
                return path, f"{owner} needs {name}: {takes}"
            del table[name]
            if path and self.astray and name in self.document.__struct_encode_fields__:
                return (*path, name), f"no key {shown(name)} in {owner}; {self.astray}"
            return (*path, name), no_key(name, owner, struct.__struct_encode_fields__)
        value = _inside(data, path)
        while not isinstance(path[-1], str):
            path = path[:-1]
        key = str(path[-1])
        if key not in self.each:
            value = _inside(data, path)
        table = _inside(data, path[:-1])
        most = _MANY.search(self.takes.get(".".join(_names(path))) or self.takes.get(key, ""))
        if most is not None and isinstance(value, list) and len(value) > int(most[1]):
            sentence = self.read(path, value)
            table[key] = value[: int(most[1])]
            return path, sentence
        if key in self.needed or ".".join(_names(path)) in self.needed:
            table[key] = self._stand_in(path[:-1], key)
        else:
            del table[key]
        return path, self.read(path, value)

    def _stand_in(self, path: KeyPath, name: str) -> Any:
        """What a needed key is mended with; a name is no other table's."""
        dotted = ".".join((*_names(path), name))
        value = self.needed[dotted if dotted in self.needed else name]
        return f"x{'_'.join(map(str, path))}" if name == "name" else value


def shown(value: Any) -> str:
    """A value as it looks in the file, on one line and not too long."""
    text = value if isinstance(value, str) else _plain(value)
    text = printable(text)
    text = text if len(text) <= 40 else text[:37] + "..."
    return f"'{text}'" if isinstance(value, str) else text


def no_key(name: str, owner: str, keys: Iterable[str]) -> str:
    """The sentence for a key that does not exist."""
    return f"no key {shown(name)} in {owner}{suggest(name[:64], keys)}"


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "a table" if value else "an empty table"
    if isinstance(value, list):
        return "[" + ", ".join(_plain(v) for v in value[:8]) + (", ...]" if len(value) > 8 else "]")
    if isinstance(value, int) and abs(value) >= GIANT:
        return f"{value:#x}"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, dict) for each in value)


def _names(path: KeyPath) -> tuple[str, ...]:
    return tuple(part for part in path if isinstance(part, str))


def _inside(data: Any, path: KeyPath) -> Any:
    for part in path:
        data = data[part]
    return data


def _fits(value: Any, kind: Any) -> bool:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return False
    return True


def _tables(data: Any, path: KeyPath, steps: list[str]) -> Iterator[tuple[KeyPath, dict[str, Any]]]:
    """Every table at a dotted path; `*` is any key, and lists on the way are walked through."""
    if isinstance(data, list):
        for i, entry in enumerate(data):
            yield from _tables(entry, (*path, i), steps)
    elif isinstance(data, dict):
        if not steps:
            yield path, data
        for name in list(data) if steps[:1] == ["*"] else steps[:1]:
            if name in data:
                yield from _tables(data[name], (*path, name), steps[1:])
