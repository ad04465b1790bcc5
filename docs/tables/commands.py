"""The commands page: every verb and every flag, from the program's own parser."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from docs.tables.cell import cell
from wearsound.cli import VERBS, build_parser

HEAD = """# Commands

`wearsound VERB --help` says the same in a terminal. Made from the program's own parser by `python -m docs.tables`.
Exit codes: 0 good, 1 failed, 2 usage or a bad file, 3 a device or a golden is missing.

"""


def page(_: str) -> str:
    """The whole page."""
    links = " · ".join(f"[{verb}](#{verb})" for verb in VERBS)
    return f"{HEAD}{links}\n\n" + "\n".join(section(verb) for verb in VERBS)


def section(verb: str) -> str:
    """A verb: what it does, and a table for it or for each of its deeds."""
    child = subparsers(build_parser(verb))[verb]
    deeds = subparsers(child)
    text = f"## {verb}\n\n{child.description}\n\n"
    if not deeds:
        return text + table(child)
    about = {choice.dest: choice.help or "" for choice in children(child)}
    parts = [f"### {verb} {name}\n\n{sentence(about[name])}\n\n{table(deed)}" for name, deed in deeds.items()]
    return text + "\n".join(parts)


def sentence(text: str) -> str:
    """With a large letter and a full stop."""
    return f"{text[0].upper()}{text[1:]}."


def children(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """Verbs or deeds with their line of help."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action._choices_actions


def subparsers(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """The parsers of its verbs or deeds by name; none where it has none."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def table(parser: argparse.ArgumentParser) -> str:
    """A row an argument, in the parser's order."""
    told = [action for action in parser._actions if action.help != argparse.SUPPRESS]
    asked = [action for action in told if not isinstance(action, argparse._HelpAction)]
    if not asked:
        return "Takes nothing.\n"
    rows = [
        f"| `{cell(name(action))}` | {cell((action.help or '').replace('%%', '%'))} |" for action in asked
    ]
    return "\n".join(["| word | is |", "| --- | --- |", *rows]) + "\n"


def name(action: argparse.Action) -> str:
    """An argument as it is typed: `--input NAME`, `SHOW ...`."""
    shown = action.metavar or (action.dest if not action.choices else "|".join(map(str, action.choices)))
    word = shown if isinstance(shown, str) else " ".join(shown)
    if action.option_strings:
        flag = ", ".join(action.option_strings)
        return flag if action.nargs == 0 else f"{flag} {word}"
    return {"*": f"{word} ...", "+": f"{word} ..."}.get(str(action.nargs), word)
