"""What a person most likely meant where a text is no TOML: the reader's message with a remedy."""

from __future__ import annotations

import re

_CURLY = re.compile("[\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u201b\u00ab\u00bb]")
_TWICE = re.compile(r"Cannot declare \((.*?),?\) twice")
_HEADING = re.compile(r"[ \t]*(\[\[?)[ \t]*([^\[\]]+?)[ \t]*\]")
_COMMA = re.compile(r"=[ \t]*[+-]?[0-9]+,[0-9]+[ \t]*(?:#.*)?$")
_POINT = re.compile(r"=[ \t]*[+-]?(?:\.[0-9]+|[0-9]+\.)[ \t]*(?:#.*)?$")
_BARE = re.compile(r"=[ \t]*([A-Za-z_][^#\n]*?)[ \t]*(?:#.*)?$")
_COLON = re.compile(r"[ \t]*[\w-]+[ \t]*:")
_MOST = 2000
"""Characters of a line that are looked at: longer ones no person wrote."""


def remedy(message: str, line: str) -> str:
    """A sentence for tomllib's `message` about `line`: what is wrong and what to write. [any thread]"""
    line = line[:_MOST]
    twice = _TWICE.search(message)
    if twice is not None:
        name = ".".join(part.strip().strip("'") for part in twice[1].split(","))[:80]
        return f"[{name}] is there twice; if several are meant, begin each with [[{name}]], two brackets"
    said = message[:1].lower() + message[1:]
    more = _remedy(message, line)
    return f"{said}; {more}" if more else said


def _remedy(message: str, line: str) -> str:
    heading = _HEADING.match(line)
    if heading is not None and message.startswith("Cannot overwrite"):
        name = heading[2][:80]
        if heading[1] == "[[":
            return f"another [{name}] above should be [[{name}]], two brackets"
        return f"{name} is there already: write it once"
    if _CURLY.search(line) and not message.startswith("Cannot"):
        return 'these are curly quotes, as word processors make them; write straight ones: "'
    if _COMMA.search(line):
        return "write a decimal point, not a comma, such as 0.5"
    if _POINT.search(line):
        return "write digits on both sides of the point, such as 0.5"
    if message.startswith(("Unclosed array", "Unclosed inline table")):
        closing = "]" if "array" in message else "}"
        return f"a comma or a {closing} is missing here, or at the end of the line above"
    if message.startswith("Cannot overwrite"):
        return "this key is there twice: write it once"
    if message.startswith("Invalid initial character for a key part") and ",}" in line.replace(" ", ""):
        return "take the comma before } away"
    if message.startswith("Invalid statement"):
        return "a key is letters from a to z, digits, - and _"
    if message.startswith("Expected ']"):
        return "a heading ends in ] as it begins in [" if line.lstrip().startswith("[") else ""
    if message.startswith("Expected '='"):
        return "write key = value" + (", with = and not :" if _COLON.match(line) else "")
    if message.startswith("Unterminated string") or message.startswith("Illegal character '\\n'"):
        return 'a " is missing at its end'
    if message.startswith("Expected newline"):
        return "one key a line"
    if message.startswith("Invalid value"):
        return _value(line)
    if message.startswith("Unescaped '\\'"):
        return "write / instead of \\, or the text in single quotes"
    return ""


def _value(line: str) -> str:
    bare = _BARE.search(line)
    if bare is None:
        return "a number, true, false, or a text in quotes is missing here"
    word = bare[1]
    if word.lower() in ("true", "false"):
        return f"write {word.lower()}"
    return 'write a text in quotes, such as "tunic"'
