"""Lines of events.jsonl: events that are none, others that are as good, and files without end."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

Line = dict[str, Any]


def broken(line: Line, dice: random.Random) -> Iterator[tuple[str, Line | str]]:
    """An event or a gap that is none."""
    for tick in (-1, 1.5, "3", 1 << 41, None, True, []):
        yield f"tick {tick!r}", {**line, "tick": tick}
    for t in ("1 s", None, [0.1]):
        yield f"t {t!r}", {**line, "t": t}
    for address in ("", "wear", "/other/x", "/wear/é", "/wear/" + "x" * 200, "/wear/\n", 5, None):
        yield (
            f"address {str(address)[:12]!r}",
            {**{k: v for k, v in line.items() if k != "gap"}, "address": address},
        )
    for arg in ({"hex": "zz"}, {"hax": "00"}, {"hex": 1}, {}, [[[[[[1]]]]]], 1 << 64, -(1 << 70)):
        yield f"argument {str(arg)[:12]}", {"tick": line["tick"], "address": "/wear/mark", "args": [1, arg]}
    for args in ("x", {"a": 1}, None, 3):
        yield f"args {args!r}", {"tick": line["tick"], "address": "/wear/mark", "args": args}
    for by in ("OSC", "a.b", "x" * 17, 3):
        yield f"by {by!r}", {**line, "by": by}
    for gap in (-1, 0.5, 1 << 40, "3"):
        yield f"gap {gap!r}", {"tick": line["tick"], "gap": gap}
    yield "neither event nor gap", {"tick": line["tick"]}
    yield "event and gap", {"tick": line["tick"], "address": "/wear/mark", "gap": 1}
    yield "a hole wider than its gap", {"tick": line["tick"], "gap": 1, "hole": 2}
    yield "an unknown key", {**line, "when": 1}
    yield "no tick", {key: value for key, value in line.items() if key != "tick"}
    text = json.dumps(line)
    yield "not a number", text.replace(str(line["tick"]), dice.choice(("NaN", "Infinity", "1e999")), 1)
    yield "cut short", text[: dice.randrange(1, len(text) - 1)]
    yield "a comma too many", text[:-1] + ",}"
    yield "nothing", ""
    yield "a list", f"[{text}]"
    yield "two in one line", text + text


def fine(line: Line, dice: random.Random) -> Iterator[tuple[str, Line | str]]:
    """Another event that is as good."""
    event = {"tick": line["tick"], "address": "/wear/mark", "args": []}
    if "gap" in line:
        yield "another t", {**line, "t": 1e9}
        return
    yield "another address", {**event, "address": "/wear/" + "x" * 122}
    for arg in (
        0,
        -0.0,
        (1 << 64) - 1,
        5e-324,
        "",
        "é\u202e",
        None,
        False,
        [[[[1]]]],
        {"hex": "00FF"},
        {"hex": ""},
    ):
        yield f"argument {arg!r}", {**event, "args": [arg]}
    yield "nobody's", {**event, "by": ""}
    yield "keys in another order", {key: event[key] for key in ("args", "address", "tick")}


def monsters(dice: random.Random) -> Iterator[tuple[str, bytes]]:
    """Events whose reading could take for ever, or all memory."""
    many = dice.choice((100, 5000, 70_000))
    yield (
        "lists in lists",
        b'{"tick": 1, "address": "/wear/a", "args": [' + b"[" * many + b"]" * many + b"]}\n",
    )
    yield "a long line", b'{"tick": 1, "address": "/wear/a", "args": ["' + b"x" * many + b'"]}\n'
    yield "a line without end", b"x" * (many * 10)
    yield "many gaps", b"".join(b'{"tick": %d, "gap": 1}\n' % (2 * n + 1) for n in range(many // 10))
    yield "a gap of years", b'{"tick": 1099511627775, "gap": 1099511627774}\n'
    yield "many at once", b'{"tick": 1, "address": "/wear/a"}\n' * many
    yield "empty lines", b"\n" * many
    yield "a long number", b'{"tick": ' + b"9" * many + b"}\n"
    yield "surrogates", b'{"tick": 1, "address": "/wear/a", "args": ["\\ud800", "\\udfff\\ud83e"]}\n'
    yield (
        "changes of show",
        b"".join(
            b'{"tick": %d, "address": "/wear/show/change", "args": [%d]}\n' % (1 + n % 30, n)
            for n in range(30)
        ),
    )
