"""What no slip of a pen does: noise, cuts, depth, giants, strange letters, and a way out in every text."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from .mutations import Tree, inside
from .written import Path, Raw, write

SECRET = "secret.txt"
"""A file that lies beside every case's folder and must not be opened."""

TOKENS = (
    "[[[[[[[[", "]]", "{", "}", "= =", "\n[", "\n[[", "'''", '"""', '"', "'", "\\u0000", "\\ud800", "\\UFFFFFFFF",
    "nan", "-inf", "1e999", "0x", "0b2", "1__0", "+-1", "1979-05-27", ".", "..", ",", "#", "\r", "\t", "\0", "\x1b[2J",
    "route", "__class__", "{0.__class__}", "%s%n", "${HOME}", "\u202e", "\u200b", "\ufeff", "\U0001f9e5", "\x7f",
)  # fmt: skip

STRANGE = (
    "\u202egpj.exe", "z\u0361a\u0362l\u0363g\u0364o", "\u0000", "\x1b]0;gone\x07", "ⅷ", "ｃｈｅｓｔ", "сhest",
    "é" * 300,     "cafe\u0301", "\U000e0001", "a\u2028b", "a\x85b",
    "{0.__init__.__globals__}", "%(x)s", "$(touch gone)", "`touch gone`", "'; import os; os.system('touch gone')",
    "__import__('os').system('touch gone')", "!!python/object/apply:os.system [id]", "<svg onload=alert(1)>",
)  # fmt: skip


def ways_out(folder: str) -> tuple[str, ...]:
    """Names of what is no business of a file in `folder`."""
    return (
        f"../{SECRET}",
        f"./../{SECRET}",
        f"{folder}/../{SECRET}",
        f"../{SECRET}\0.toml",
        f"../{SECRET.removesuffix('.txt')}",
        "..",
        ".",
        "/",
        "/etc/passwd",
        "../../../../../../../../etc/passwd",
        "/dev/stdin",
        "/dev/zero",
        "/proc/self/environ",
        "~/.ssh/id_rsa",
        "~root",
        "$HOME/.bashrc",
        "file:///etc/passwd",
        "http://127.0.0.1:9/x",
        "\\\\127.0.0.1\\share\\x",
        "C:\\Windows\\win.ini",
        "NUL",
        "-",
        "|touch gone",
        "x" * 300 + "/y",
        "/".join(["a"] * 2000),
    )


def texts_of(value: Any, path: Path = ()) -> Iterator[Path]:
    """Where the texts of a tree are."""
    if isinstance(value, str):
        yield path
    elif isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from texts_of(inner, (*path, key))


def files_of(value: Any) -> Iterator[str]:
    """What keys called `file` say, wherever they are."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "file" and isinstance(inner, str):
                yield inner
            else:
                yield from files_of(inner)


def put(tree: Tree, path: Path, value: Any) -> None:
    """Another value at a path."""
    inside(tree, path[:-1])[path[-1]] = value


def noise(text: str, dice: random.Random) -> tuple[str, bytes]:
    """A text with bytes, tokens, lines or its end wrong; in words, and as bytes."""
    data = bytearray(text.encode())
    draw = dice.randrange(9)
    if draw == 0:
        for _ in range(dice.choice((1, 2, 8, 64))):
            data[dice.randrange(len(data))] = dice.randrange(256)
        return "bytes of noise", bytes(data)
    if draw == 1:
        return "cut short", bytes(data[: dice.randrange(len(data))])
    if draw == 2:
        for _ in range(dice.randint(1, 4)):
            at = dice.randrange(len(data))
            data[at:at] = dice.choice(TOKENS).encode("utf-8", "surrogatepass")
        return "tokens between", bytes(data)
    lines = text.splitlines(keepends=True)
    if draw == 3:
        dice.shuffle(lines)
        return "lines in any order", "".join(lines).encode()
    if draw == 4:
        at = dice.randrange(len(lines))
        return "lines again and again", "".join(
            [*lines, *lines[at : at + 4] * dice.choice((1, 3, 40))]
        ).encode()
    if draw == 5:
        del lines[dice.randrange(len(lines))]
        return "a line less", "".join(lines).encode()
    if draw == 6:
        return "another end of line", text.replace(
            "\n", dice.choice(("\r", "\n\r", "\x85", "\u2028"))
        ).encode()
    if draw == 7:
        name = dice.choice(("utf-16", "utf-16-le", "utf-32", "latin-1", "utf-7"))
        return f"as {name}", text.encode(name, "replace")
    at, to = sorted(dice.randrange(len(data) + 1) for _ in range(2))
    return "a piece twice", bytes(data[:to] + data[at:])


def monster(text: str, dice: random.Random) -> tuple[str, bytes]:
    """A file whose reading could take for ever, or all memory."""
    many = dice.choice((40, 400, 20_000))
    body = {
        "lists in lists": "x = " + "[" * many + "]" * many,
        "tables in tables": "x = " + "{a=" * many + "1" + "}" * many,
        "a long dotted key": ".".join("a" * many) + " = 1",
        "a deep heading": "[" + ".".join("a" * many) + "]",
        "many headings": "".join(f"[[x{n % 7}]]\n" for n in range(many)),
        "many routes": '[[route]]\nfrom = "bass"\nto = "*.glow"\n' * min(many, 2000),
        "many keys": "".join(f"k{n} = {n}\n" for n in range(many)),
        "a long number": "seed = " + "9" * many,
        "a long hexadecimal number": "seed = 0x" + "f" * many,
        "a long fraction": "seed = 0." + "1" * many,
        "a long exponent": "seed = 1e" + "9" * min(many, 400),
        "a long text": "title = '" + "x" * many * 40 + "'",
        "a long name": "a" * many + " = 1",
        "quotes": 'a = """' + '"' * many,
        "escapes": 'a = "' + "\\" * many,
        "apostrophes": "a = '''" + "''x" * many,
        "a long line of nothing": " " * many * 40,
        "a megabyte": "# x\n" * (300_000 if many > 1000 else 260_000),
        "many wrong keys": "\n".join(f"[[route]]\nfrm{n} = 1" for n in range(min(many, 499))),
    }
    told = dice.choice(sorted(body))
    first = dice.random() < 0.5
    return f"{told} ({many})", (f"{body[told]}\n{text}" if first else f"{text}\n{body[told]}\n").encode()


def strange_text(tree: Tree, dice: random.Random, folder: str) -> str:
    """A way out, or what no keyboard has, in one of the texts of `tree`; in words."""
    texts = list(texts_of(tree))
    path = dice.choice(texts)
    value = dice.choice(ways_out(folder) if dice.random() < 0.6 else STRANGE)
    put(tree, path, value)
    return f"{'.'.join(map(str, path))} = {value[:40]!r}"


def giant(tree: Tree, dice: random.Random) -> str:
    """A number that no register holds, in place of any value."""
    path = dice.choice([path for path in _leaves(tree) if path])
    value = dice.choice(
        (Raw("9" * 4000), Raw("9" * 6000), Raw("0x" + "f" * 5000), Raw("1e400"), Raw("-0.0"), 10**30, 5e-324)
    )
    put(tree, path, value)
    return f"{'.'.join(map(str, path))} = {str(value)[:12]}.."


def _leaves(value: Any, path: Path = ()) -> Iterator[Path]:
    if isinstance(value, dict | list) and value:
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves(inner, (*path, key))
    else:
        yield path


def text_of_tree(tree: Tree, dice: random.Random) -> str:
    """The tree as text, however it is laid out."""
    return write(tree, dice).text
