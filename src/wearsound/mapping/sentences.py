"""What is wrong with a patch, in the words of a person who has to mend it.

msgspec says what and where; here that becomes a line number, what was read, what would be right and
the nearest name. A found fault is mended in the data just read, so that the next one can be found too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, get_args

import msgspec

from wearsound.gallery import suggest
from wearsound.mapping.structure import Band, Document, Mode, Quantise, Route, Scene
from wearsound.mapping.toml_lines import KeyPath

MOST = 20
"""No more complaints at once than a person reads."""

TAKES = {
    "title": "one line of text, at most 200 characters",
    "about": "one line of text, at most 200 characters",
    "seed": "a whole number from 0",
    "garment": "a bare name: letters, digits, - and _",
    "sketch": "a bare name, no path: letters, digits, - and _",
    "lane": 'the name of an input, such as "room"',
    "palette": 'up to 8 colours such as "#354869"',
    "route": "tables that begin with [[route]], two brackets, at most 500",
    "scene": "tables that begin with [[scene]], two brackets, at most 64",
    "name": "a name: letters, digits, - and _",
    "fade": "seconds from 0 to 3600",
    "attack": "seconds from 0 to 3600",
    "release": "seconds from 0 to 3600",
    "from": 'a feature such as "bass", or { band = [40, 110] }',
    "band": "two frequencies in Hz from 20 to 20000, the lower first",
    "to": '"zone.medium", "*.medium" or an OSC address such as "/synth/cutoff"',
    "in": "two different numbers",
    "out": "two different numbers",
    "curve": "a number above 0, at most 16",
}
CHOICES = {"mode": get_args(Mode), "quantise": get_args(Quantise)}
OWNERS = {
    (): ("a patch", Document),
    ("route",): ("a route", Route),
    ("scene",): ("a scene", Scene),
    ("scene", "route"): ("a route", Route),
    ("route", "from"): ("a band", Band),
    ("scene", "route", "from"): ("a band", Band),
}
NEEDED = {"title": "", "from": "level", "to": "*.glow", "name": "x", "band": [20.0, 20000.0]}

_AT = re.compile(r"(.*?)(?: - at `\$(.*)`)?", re.DOTALL)
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]")
_FIELD = re.compile(r"Object (contains unknown|missing required) field `(.*)`", re.DOTALL)


def shown(value: Any) -> str:
    """A value as it looks in the file, on one line and not too long."""
    text = value if isinstance(value, str) else _plain(value)
    text = "".join(c if c.isprintable() else "?" for c in text)
    text = text if len(text) <= 40 else text[:37] + "..."
    return f"'{text}'" if isinstance(value, str) else text


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "[" + ", ".join(_plain(v) for v in value[:8]) + (", ...]" if len(value) > 8 else "]")
    return f"{value:g}" if isinstance(value, float) else str(value)


def read(path: KeyPath, value: Any) -> str:
    """The sentence for a key whose value is not one that it takes: read, and what would be right."""
    key = next(str(part) for part in reversed(path) if isinstance(part, str))
    if key in CHOICES:
        near = suggest(value, CHOICES[key]) if isinstance(value, str) else suggest("", CHOICES[key])
        return f"no {key} {shown(value)}{near}"
    return f"{key} is {shown(value)}; it takes {TAKES.get(key, 'something else')}"


def no_key(name: str, owner: str, keys: Iterable[str]) -> str:
    """The sentence for a key that does not exist."""
    return f"no key {shown(name)} in {owner}{suggest(name[:64], keys)}"


def structure(data: dict[str, Any]) -> tuple[Document | None, list[tuple[KeyPath, str]]]:
    """The document in `data` and every complaint about its structure; mends `data` as it goes."""
    complaints: list[tuple[KeyPath, str]] = []
    for _ in range(MOST):
        try:
            return msgspec.convert(data, Document), complaints
        except msgspec.ValidationError as error:
            complaints.append(_mend(data, str(error)))
    return None, complaints


def _mend(data: dict[str, Any], message: str) -> tuple[KeyPath, str]:
    """Say what `message` means and take it out of `data`: a bad key goes, a needed one comes."""
    said = _AT.fullmatch(message)
    text, where = (said.group(1), said.group(2) or "") if said else (message, "")
    path: KeyPath = tuple(int(n) if n else key for key, n in _STEP.findall(where))
    field = _FIELD.fullmatch(text)
    if field is not None:
        owner, struct = OWNERS[tuple(part for part in path if isinstance(part, str))]
        name = field.group(2)
        table = _inside(data, path)
        if field.group(1) == "missing required":
            table[name] = NEEDED[name]
            return path, f"{owner} needs {name}: {TAKES[name]}"
        del table[name]
        return (*path, name), no_key(name, owner, struct.__struct_encode_fields__)
    value = _inside(data, path)
    while not isinstance(path[-1], str):
        path = path[:-1]
    if path[-1] != "palette":
        value = _inside(data, path)
    table = _inside(data, path[:-1])
    if path[-1] in NEEDED:
        table[path[-1]] = NEEDED[str(path[-1])]
    else:
        del table[path[-1]]
    return path, read(path, value)


def _inside(data: Any, path: KeyPath) -> Any:
    for part in path:
        data = data[part]
    return data
