"""What a page tells people to type: the words of each line, and what is wrong with them."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

from doc_blocks import ROOT

from wearsound import gallery
from wearsound.cli import VERBS, build_parser
from wearsound.osc.tree import Tree

YOURS = {"mine", "hall", "my-room", "my-rig", "my-coat", "my-patch", "bloom", "evening", "tonight"}
"""What pages call files and takes of the reader's own; every other bare name must be one of the gallery's."""
OTHERS = {
    "dask",
    "systemctl",
    "loginctl",
    "mkdir",
    "sudo",
    "stdbuf",
    "oscdump",
    "journalctl",
    "pkill",
    "kill",
    ".",
}
"""Programs that are not ours and are not looked into."""
ASKED = {"/wear/subscribe", "/wear/unsubscribe", "/wear/dump", "/wear/ping"}
"""Addresses of the door itself, which are in no tree."""


def commands(text: str) -> Iterator[list[str]]:
    """The words of each command of a block: without remarks, a line that ends in a backslash with the next."""
    for line in text.replace("\\\n", " ").splitlines():
        lexer = shlex.shlex(line, posix=True, punctuation_chars="|;&<>")
        lexer.whitespace_split = True
        words: list[str] = []
        for word in lexer:
            if word in {"|", ";", "&&", "||"}:
                yield words
                words = []
            elif set(word) <= set("<>"):
                next(lexer, None)  # a file that is read from or written to
            else:
                words.append(word)
        if words:
            yield words


def fault(words: list[str], tree: Tree) -> str:
    """What is wrong with a command, "" for nothing; `tree` has the addresses of a show."""
    program, *rest = words
    if program == "wearsound":
        return _verb(rest, tree)
    if program == "./dev":
        cases = re.findall(r"^([\w |-]+)\)", (ROOT / "dev").read_text(encoding="utf-8"), re.M)
        known = [word for case in cases for word in case.split(" | ")]
        return "" if rest and rest[0] in known else f"./dev has no {rest}"
    if Path(program).name in {"python", "python3"}:
        return _python(rest)
    if program == "pip":
        return _pip(rest)
    if program == "cp":
        return "" if (ROOT / rest[0]).is_file() else f"there is no {rest[0]}"
    if program == "oscsend":
        return _address(rest[2], tree)
    return "" if program in OTHERS else f"nobody knows {program}: mark the block, or name it in doc_commands"


def _verb(words: list[str], tree: Tree) -> str:
    """A command of ours: parsed by its own parser, and its names looked up."""
    if not words or words[0] not in VERBS:
        return "" if words in (["--help"], ["--version"]) else f"wearsound has no {words[:1]}"
    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said):
            options = build_parser(words[0]).parse_args(words)
    except SystemExit:
        return said.getvalue().strip().splitlines()[-1]
    if words[:2] == ["osc", "send"]:
        return _address(options.address, tree)
    kinds = {"show": ("patch", "sketch"), "patch": ("patch",), "garment": ("garment",), "rig": ("rig",)}
    for key, among in {**kinds, "sketch": ("sketch",)}.items():
        named = getattr(options, key, None)
        for name in named if isinstance(named, list) else [named]:
            known = {known for kind in among for known in gallery.files(kind)} | YOURS
            yours = (
                name is None or "." in name or "/" in name or name.isupper()
            )  # a file, or a word to replace
            if not yours and name not in known:
                return f"no {key} {name!r}: it is neither the gallery's nor one of doc_commands.YOURS"
    return ""


def _python(words: list[str]) -> str:
    """A file that is there, or a module that can be found."""
    if words[:1] == ["-m"]:
        return "" if importlib.util.find_spec(words[1]) is not None else f"no module {words[1]}"
    return "" if (ROOT / words[0]).is_file() else f"there is no {words[0]}"


def _pip(words: list[str]) -> str:
    """Extras and groups that pyproject.toml has."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = {*project["project"]["optional-dependencies"], *project["dependency-groups"]}
    asked = [extra for word in words for extra in re.findall(r"^wearsound\[(\w+)\]$", word)]
    asked += [words[i + 1] for i, word in enumerate(words) if word == "--group"]
    missing = sorted({*asked} - extras)
    return f"no extra or group {missing[0]}" if missing else ""


def _address(address: str, tree: Tree) -> str:
    """An address of a show, of a pattern at least one; the delays and binds of a rig are the rig's."""
    if address in ASKED or address.startswith(("/wear/delay/", "/wear/param/", "/live/", "/wear/move/")):
        return ""
    return "" if tree.find(address) else f"no address {address}; {tree.nearest(address)}"
