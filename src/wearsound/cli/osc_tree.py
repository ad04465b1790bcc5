"""`wearsound osc tree`: every address of a show in aligned columns."""

from __future__ import annotations

import argparse
import difflib
import json
from typing import TYPE_CHECKING, Any

from wearsound.core import Parameter
from wearsound.errors import PatchError
from wearsound.osc.pattern import BadPattern, is_pattern, matches
from wearsound.osc.tree import Tree
from wearsound.osc.value import value

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_RANGE = 30
"""Characters of a range in the table: many choices are cut, --json has them all."""


def run(options: argparse.Namespace) -> int:
    """Print the table; 2 if --find finds nothing."""
    tree = tree_of(options)
    found = _found(tree, options.find)
    if options.json:
        print(json.dumps([_row(p) for p in found], indent=1, ensure_ascii=False))
        return 0
    rows = [
        ("address", "takes", "at start", "about"),
        *((p.address, takes(p), now(p), p.about) for p in found),
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for row in rows:
        print(
            "  ".join(
                [*(text.ljust(wide) for text, wide in zip(row[:3], widths, strict=True)), row[3]]
            ).rstrip()
        )
    return 0


def tree_of(options: argparse.Namespace) -> Tree:
    """The tree of the show that was named, without opening anything."""
    from wearsound.show import tree
    from wearsound.show.load import load

    words: dict[str, Any] = {key: getattr(options, key, None) for key in ("garment", "rig", "sketch", "seed")}
    return tree.tree_of(load(options.show, **words))


def takes(p: Parameter) -> str:
    """What it takes, in a few words: "0 to 10 s", "0 or 1", "groove, rest", "-" for what can only be asked."""
    if p.kind == "trigger":
        return f"a press, or a number {f'of {p.unit}' if p.unit else ''}".rstrip() if p.low < 0 else "a press"
    if p.kind == "switch":
        text = "0 or 1"
    elif p.kind == "text":
        text = ", ".join(p.choices) or "a word"
    else:
        text = f"{p.low:g} to {p.high:g}"
        text = f"{text} {p.unit}" if p.unit else text
        text = f"numbers, {text}" if p.kind == "list" else f"whole, {text}" if p.kind == "whole" else text
    if len(text) > MOST_RANGE:
        text = text[: MOST_RANGE - 1].rstrip(" ,") + "…"
    return text if p.settable else f"(only asked) {text}"


def now(p: Parameter) -> str:
    """Its value, "" where there is none."""
    found = value(p)
    return "" if found is None else " ".join(x if isinstance(x, str) else f"{x:g}" for x in found)


def _found(tree: Tree, word: str | None) -> Sequence[Parameter]:
    if not word:
        return list(tree)
    try:
        found = [p for p in tree if (matches(word, [p.address]) if is_pattern(word) else word in p.address)]
    except BadPattern as error:
        raise PatchError(f"--find {word!r}: {error}") from None
    if not found:
        near = _nearest(tree, word)
        raise PatchError(f"--find {word!r}: no address of this show holds that{near}")
    return found


def _nearest(tree: Tree, word: str) -> str:
    parts = {part for p in tree for part in p.address.split("/") if part}
    near = tree.nearest(word) or next(iter(difflib.get_close_matches(word, sorted(parts), n=1)), "")
    return f"; did you mean {near}?" if near else ""


def _row(p: Parameter) -> dict[str, Any]:
    found = value(p)
    row: dict[str, Any] = {"name": p.address, "about": p.about, "kind": p.kind, "unit": p.unit}
    if p.kind in ("number", "whole", "list"):
        row |= {"low": p.low, "high": p.high, "step": p.step}
    if p.choices:
        row["choices"] = list(p.choices)
    row["value"] = None if found is None else list(found) if p.kind == "list" else found[0]
    return row | {"settable": p.settable}
