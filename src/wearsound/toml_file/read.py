"""From bytes to tables and the line of every key, within bounds; a fault is `file:line: what`, a line a fault."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

from wearsound.errors import PatchError, reason
from wearsound.toml_file.lines import KeyPath, TooDeepError, key_lines, line_at
from wearsound.toml_file.syntax import remedy

MAX_BYTES = 1 << 20
MAX_DEPTH = 32
"""Levels of tables and lists; a garment, the deepest file there is, has nine."""

_AT_LINE = re.compile(r" \(at line (\d+), column \d+\)$| \(at end of document\)$")


def read_toml(path: str | Path) -> dict[str, Any]:
    """The whole file; a PatchError names it and says what is wrong, whatever its bytes are."""
    return parse_toml(path, read_bounded(path))


def read_small(path: str | Path) -> bytes | None:
    """The file's bytes; None for what is no file, cannot be read, or has more than MAX_BYTES. [any thread]"""
    try:
        if not Path(path).is_file():
            return None
        with Path(path).open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError:
        return None
    return data if len(data) <= MAX_BYTES else None


def read_bounded(path: str | Path) -> bytes:
    """The file's bytes, at most MAX_BYTES; a PatchError if it has more or cannot be read."""
    try:
        with Path(path).open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise PatchError(f"{path}: cannot be read ({reason(error)}); check its name and rights") from None
    except ValueError as error:  # a name that no system could have
        raise PatchError(f"{path!r}: cannot be read ({error}); name a file that exists") from None
    if len(data) > MAX_BYTES:
        raise PatchError(
            f"{path}: has more than {MAX_BYTES:,} bytes, which no such file needs; make it shorter"
        )
    return data


def parse_toml(path: str | Path, data: bytes) -> dict[str, Any]:
    """What `data`, read from `path`, says; a PatchError if that is not TOML, or nested without sense."""
    return parsed(utf8(data, path), path)[0]


def utf8(data: bytes, path: str | Path) -> str:
    """The text of a file's bytes, without the mark that Notepad begins with; a PatchError names the line."""
    if b"\0" in data and data[:2] not in (
        b"\xff\xfe",
        b"\xfe\xff",
    ):  # Windows' UTF-16 is text, saved otherwise
        raise PatchError(f"{path}: is no text; name a file that is written in a text editor")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise PatchError(f"{path}:{line}: is not UTF-8 text; save it as UTF-8") from None


def parsed(
    text: str, path: str | Path, noun: str = "file", depth: int = MAX_DEPTH - 1
) -> tuple[dict[str, Any], dict[KeyPath, int]]:
    """What TOML says, and the line of every key; a PatchError names the line that is no TOML or too deep.

    Lines are found first, because that bounds the depth: tomllib needs the square of its length for a key with
    thousands of dots, and stack for brackets. [any thread]
    """
    try:
        lines = key_lines(text, depth)
        return tomllib.loads(text), lines
    except TooDeepError as error:
        line = line_at(text, error.offset)
        raise PatchError(f"{path}:{line}: nested deeper than any {noun} needs") from None
    except tomllib.TOMLDecodeError as error:
        raise PatchError(_syntax(str(error), str(path), text)) from None
    except (ValueError, RecursionError) as error:  # a number of thousands of digits
        raise PatchError(f"{path}: is not TOML: {error}") from None


def read_lines(path: str | Path) -> tuple[dict[str, Any], dict[KeyPath, int]]:
    """The whole file, and the line of every key; a PatchError as of `read_toml`."""
    return parsed(utf8(read_bounded(path), path), path)


def where(path: str | Path, *key: str | int) -> str:
    """`file:line` of a key in a file that was read before, for what is found wrong with it only later. [any thread]"""
    try:
        return f"{path}:{line_of(read_lines(path)[1], key)}"
    except PatchError:
        return str(path)


def line_of(lines: dict[KeyPath, int], key: KeyPath) -> int:
    """The line of a key, or of the table it should be in."""
    while key and key not in lines:
        key = key[:-1]
    return lines.get(key, 1)


def refuse(
    path: str | Path, lines: dict[KeyPath, int], complaints: Iterable[tuple[KeyPath, str]]
) -> NoReturn:
    """Raise the PatchError that says all complaints, in the order of their lines."""
    said = sorted({(line_of(lines, key), sentence) for key, sentence in complaints})
    raise PatchError("\n".join(f"{path}:{line}: {sentence}" for line, sentence in said))


def _syntax(message: str, path: str, text: str) -> str:
    at = _AT_LINE.search(message)
    if at is None:
        return f"{path}: is not TOML: {message}"
    line = int(at.group(1)) if at.group(1) else text.rstrip("\n").count("\n") + 1
    what = message[: at.start()]
    here = text.split("\n", line)[line - 1] if line <= text.count("\n") + 1 else ""
    return f"{path}:{line}: is not TOML: {remedy(what, here)}"
