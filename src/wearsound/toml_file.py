"""TOML files that a person or a stranger wrote, read within bounds: whatever is wrong is one sentence.

Rigs, garments and show.toml are read here. A patch has a reader of its own, which knows its lines.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from wearsound.errors import PatchError

MAX_BYTES = 1 << 20
MAX_DEPTH = 32
"""Levels of tables and lists; a garment, the deepest file there is, has nine."""

# tomllib needs the square of its length for a key with thousands of dots. Possessive, so that no text is slow here.
_KEY = r"""(?:[A-Za-z0-9_-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')[ \t]*+"""
_LONG_KEY = re.compile(rf"(?<![A-Za-z0-9_-])(?:{_KEY}\.[ \t]*+){{{MAX_DEPTH}}}")


def read_toml(path: str | Path) -> dict[str, Any]:
    """The whole file; a PatchError names it and says what is wrong, whatever its bytes are."""
    return parse_toml(path, read_bounded(path))


def read_bounded(path: str | Path) -> bytes:
    """The file's bytes, at most MAX_BYTES; a PatchError if it has more or cannot be read."""
    try:
        with Path(path).open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise PatchError(
            f"{path}: cannot be read ({error.strerror or error}); check its name and rights"
        ) from None
    except ValueError as error:  # a name that no system could have
        raise PatchError(f"{path!r}: cannot be read ({error}); name a file that exists") from None
    if len(data) > MAX_BYTES:
        raise PatchError(
            f"{path}: has more than {MAX_BYTES:,} bytes, which no such file needs; make it shorter"
        )
    return data


def parse_toml(path: str | Path, data: bytes) -> dict[str, Any]:
    """What `data`, read from `path`, says; a PatchError if that is not TOML, or nested without sense."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise PatchError(f"{path}: is not UTF-8 text; save it as UTF-8") from None
    too_deep = f"{path}: nested deeper than any file needs; {MAX_DEPTH} levels of tables and lists are read"
    if _LONG_KEY.search(text):
        raise PatchError(too_deep)
    try:
        tree = tomllib.loads(text)
    except RecursionError:
        raise PatchError(too_deep) from None
    except ValueError as error:  # TOMLDecodeError, and a number of thousands of digits
        raise PatchError(f"{path}: is not TOML: {error}") from None
    level: list[Any] = [tree]
    for _ in range(MAX_DEPTH):
        level = [
            inner
            for value in level
            for inner in (value.values() if isinstance(value, dict) else value)
            if isinstance(inner, dict | list)
        ]
    if level:
        raise PatchError(too_deep)
    return tree
