"""`wearsound new`: start a file of your own from one that works."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

STARTS = {
    "patch": ("patch", "bass-denim"),
    "garment": ("garment", "denim-jacket"),
    "rig": ("rig", "laptop"),
    "sensor": ("sensor", "list"),
    "sketch": ("example", "first_sketch"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of this verb."""
    parser.add_argument(
        "kind", choices=sorted(STARTS), metavar="|".join(sorted(STARTS)), help="what to start"
    )
    parser.add_argument(
        "name",
        metavar="NAME",
        help="letters, digits, - and _; the file is NAME.toml or NAME.py in this folder",
    )
    parser.add_argument("--from", dest="start", metavar="NAME", help="the gallery file to start from")


def run(options: argparse.Namespace) -> int:
    """Copy a gallery file beside the person, never over an existing one."""
    from wearsound import gallery
    from wearsound.errors import WearsoundError

    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", options.name):
        raise WearsoundError(f"{options.name!r} is no name for a file: use letters, digits, - and _")
    kind, name = (options.kind, options.start) if options.start else STARTS[options.kind]
    start = gallery.find(kind, name)
    target = Path(options.name + start.suffix)
    try:
        with target.open("x", encoding="utf-8") as file:
            file.write(start.read_text(encoding="utf-8"))
    except FileExistsError:
        raise WearsoundError(f"{target} is already here; choose another name, nothing was changed") from None
    except OSError as error:
        raise WearsoundError(f"{target} cannot be written here ({error.strerror})") from None
    play = {
        "patch": f"run {target}",
        "sketch": f"run {target}",
        "garment": f"run --garment {target}",
        "rig": f"run --rig {target}",
    }
    if options.kind == "sensor":
        print(
            f'{target}: a copy of {start.stem}; change it, and name it in a rig beside it: preset = "{target}"'
        )
        return 0
    heard = "demo" if _hears_more(target) else "test:kick=120"  # a test signal is a room, and nobody's body
    print(
        f"{target}: a copy of {start.stem}; change it and try `wearsound {play[options.kind]} --input {heard}`"
    )
    return 0


def _hears_more(patch: Path) -> bool:
    """Whether it listens to a body, as voices do, or to a crowd."""
    text = patch.read_text(encoding="utf-8")
    return bool(re.search(r'^\s*(\[\[voice\]\]|from\s*=\s*"(body|crowd)\b)', text, re.MULTILINE))
