"""A table of the keys of one kind of file, from the structs that read it and the words that mend it."""

from __future__ import annotations

import json
import typing
from collections.abc import Mapping
from typing import Any

import msgspec

from wearsound.toml_file.words import Words

HEAD = ["| key | takes | left out | |", "| --- | --- | --- | --- |"]


def tables(words: Words[Any], headings: Mapping[tuple[str, ...], str]) -> str:
    """One table a struct, under `headings` by its place in the file; a struct in two places is told at the first."""
    told: dict[type, None] = {}
    made = []
    for place, (_, struct) in words.owners.items():
        if struct not in told:
            told[struct] = None
            made.append(table(headings.get(place, f"`[[{'.'.join(place)}]]`"), place, struct, words))
    return "\n".join(made).rstrip()


def table(heading: str, place: tuple[str, ...], struct: type[msgspec.Struct], words: Words[Any]) -> str:
    """What each key takes, what it is when left out, what it is."""
    rows = [f"### {heading}\n", *HEAD]
    hints = typing.get_type_hints(struct, include_extras=True)
    for field in msgspec.structs.fields(struct):
        about = next(meta.description for meta in hints[field.name].__metadata__ if meta.description)
        rows.append(
            f"| `{field.encode_name}` | {takes(field.encode_name, place, words)} | {default(field)} | {about} |"
        )
    return "\n".join(rows).replace("||", "| |") + "\n"


def takes(key: str, place: tuple[str, ...], words: Words[Any]) -> str:
    """What a key takes, in the words of its error sentence."""
    dotted = ".".join((*place, key))
    said = words.takes.get(dotted) or words.takes.get(key)
    return said or " or ".join(words.choices.get(dotted) or words.choices[key])


def default(field: Any) -> str:
    """What holds where the key is left out."""
    if field.required:
        return "needed"
    if field.default_factory is not msgspec.NODEFAULT or field.default in ("", None, [], {}, ()):
        return ""
    return f"`{json.dumps(field.default)}`"
