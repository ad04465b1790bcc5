"""Where in a TOML text each key stands, so that an error can name the line a person should look at.

tomllib gives values without places. This walks the same text once more and remembers the offset of
every table, key and array element, with array-of-tables counted as tomllib counts them. It reads
before tomllib does and also bounds the nesting: text that is not TOML only has to be survived here,
tomllib says what is wrong with it.
"""

from __future__ import annotations

import re

KeyPath = tuple[str | int, ...]

# Each loop can go on in one way only, so that hostile text costs no backtracking. Not possessive where a look ahead is
# inside: Python before 3.11.5 matches those wrongly.
_SPACE = re.compile(r"[ \t]*+")
_BLANK = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*")
_REST_OF_LINE = re.compile(r"[^\n]*+\n?")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]++")
_BARE_VALUE = re.compile(r"[^,\]}#\n]*+")
_BASIC = re.compile(r'"[^"\\\n]*+(?:\\.[^"\\\n]*+)*"')
_LITERAL = re.compile(r"'[^'\n]*+'")
_LONG_BASIC = re.compile(r'"""[^"\\]*+(?:(?:\\.|"(?!""))[^"\\]*+)*"{3,5}', re.DOTALL)
_LONG_LITERAL = re.compile(r"'''[^']*+(?:'(?!'')[^']*+)*'{3,5}", re.DOTALL)
_ESCAPE = re.compile(r'\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([btnfr"\\]))')
_SHORT = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "\\": "\\"}


class TooDeepError(ValueError):
    """The text nests deeper than anything a person writes; `offset` is where."""

    def __init__(self, offset: int) -> None:
        super().__init__(f"nested too deep at {offset}")
        self.offset = offset


class _MalformedError(ValueError):
    """Not TOML here: go on with the next line."""


def line_at(text: str, offset: int) -> int:
    """The line, from 1, that holds the character at `offset`."""
    return text.count("\n", 0, offset) + 1


def key_lines(text: str, depth: int = 16) -> dict[KeyPath, int]:
    """The line of every table, key and array element: {("route", 0, "attack"): 9}.

    Never fails on text that is not TOML; TooDeepError beyond `depth` levels. [any thread]
    """
    scan = _Scan(text, depth)
    scan.document()
    lines: dict[KeyPath, int] = {}
    line, start = 1, 0
    for path, offset in sorted(scan.offsets.items(), key=lambda item: item[1]):
        line += text.count("\n", start, offset)
        start = offset
        lines[path] = line
    return lines


class _Scan:
    """One walk over one text."""

    def __init__(self, text: str, depth: int) -> None:
        self.text = text
        self.depth = depth
        self.at = 0
        self.offsets: dict[KeyPath, int] = {}
        self.last: dict[KeyPath, int] = {}

    def document(self) -> None:
        table: KeyPath = ()
        while True:
            self.skip(_BLANK)
            if self.at >= len(self.text):
                return
            try:
                if self.text.startswith("[", self.at):
                    table = self.header()
                else:
                    self.pair(table)
            except _MalformedError:
                pass
            self.skip(_REST_OF_LINE)

    def skip(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.at)
        if found is None:
            raise _MalformedError
        self.at = found.end()
        return found.group()

    def note(self, path: KeyPath, offset: int) -> None:
        if len(path) > self.depth:
            raise TooDeepError(offset)
        self.offsets.setdefault(path, offset)

    def header(self) -> KeyPath:
        start = self.at
        many = self.text.startswith("[[", start)
        self.at += 2 if many else 1
        parts = self.key()
        path: KeyPath = ()
        for i, part in enumerate(parts):
            path += (part,)
            self.note(path, start)
            if i == len(parts) - 1 and many:
                self.last[path] = self.last.get(path, -1) + 1
            if path in self.last:
                path += (self.last[path],)
                self.note(path, start)
        return path

    def pair(self, table: KeyPath) -> None:
        start = self.at
        path = table
        for part in self.key():
            path += (part,)
            self.note(path, start)
        self.skip(_SPACE)
        if not self.text.startswith("=", self.at):
            raise _MalformedError
        self.at += 1
        self.value(path)

    def key(self) -> list[str]:
        parts: list[str] = []
        while True:
            self.skip(_SPACE)
            mark = self.text[self.at : self.at + 1]
            if mark == '"':
                parts.append(_ESCAPE.sub(_unescape, self.skip(_BASIC)[1:-1]))
            elif mark == "'":
                parts.append(self.skip(_LITERAL)[1:-1])
            else:
                parts.append(self.skip(_BARE_KEY))
            if len(parts) > self.depth:
                raise TooDeepError(self.at)
            self.skip(_SPACE)
            if not self.text.startswith(".", self.at):
                return parts
            self.at += 1

    def value(self, path: KeyPath) -> None:
        self.skip(_SPACE)
        mark = self.text[self.at : self.at + 1]
        if mark == "[":
            self.array(path)
        elif mark == "{":
            self.inline(path)
        elif self.text.startswith('"""', self.at):
            self.skip(_LONG_BASIC)
        elif self.text.startswith("'''", self.at):
            self.skip(_LONG_LITERAL)
        elif mark == '"':
            self.skip(_BASIC)
        elif mark == "'":
            self.skip(_LITERAL)
        else:
            self.skip(_BARE_VALUE)

    def array(self, path: KeyPath) -> None:
        self.at += 1
        element = 0
        while True:
            self.skip(_BLANK)
            if self.text.startswith("]", self.at):
                self.at += 1
                return
            self.note((*path, element), self.at)
            before = self.at
            self.value((*path, element))
            element += 1
            self.skip(_BLANK)
            if self.text.startswith(",", self.at):
                self.at += 1
            elif not self.text.startswith("]", self.at) or self.at == before:
                raise _MalformedError

    def inline(self, path: KeyPath) -> None:
        self.at += 1
        while True:
            self.skip(_BLANK)
            if self.text.startswith("}", self.at):
                self.at += 1
                return
            self.pair(path)
            self.skip(_BLANK)
            if self.text.startswith(",", self.at):
                self.at += 1
            elif not self.text.startswith("}", self.at):
                raise _MalformedError


def _unescape(found: re.Match[str]) -> str:
    code = found.group(1) or found.group(2)
    if not code:
        return _SHORT[found.group(3)]
    number = int(code, 16)
    return chr(number) if number < 0x110000 else "\ufffd"
