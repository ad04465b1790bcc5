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
    "sketch": ("sketch", "thread"),
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
    from wearsound import folders, gallery
    from wearsound.errors import WearsoundError, reason

    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", options.name):
        raise WearsoundError(f"{options.name!r} is no name for a file: use letters, digits, - and _")
    kind, name = (options.kind, options.start) if options.start else STARTS[options.kind]
    start = gallery.find(kind, name)
    target = Path(options.name + start.suffix)
    try:
        folders.write_new(target, start.read_bytes())
    except FileExistsError:
        raise WearsoundError(f"{target} is already here; choose another name, nothing was changed") from None
    except OSError as error:
        raise WearsoundError(f"{target} cannot be written here ({reason(error)})") from None
    if options.kind == "sensor":
        print(
            f'{target}: a copy of {start.stem}; change it, and name it in a rig beside it: preset = "{target}"'
        )
        return 0
    print(
        f"{target}: a copy of {start.stem}; change it and try `wearsound {_first_try(options.kind, target)}`"
    )
    return 0


def _first_try(kind: str, target: Path) -> str:
    """The words with which the new file is seen, heard or felt at once."""
    if kind == "rig":
        from wearsound.show.rig import load_rig

        if set(load_rig(target).lanes) == {"body"}:  # a room's patch would hear nothing there
            return f"run first-walk --rig {target}"
        return f"run --rig {target} --input test:kick=120"
    if kind == "garment":
        return f"run --garment {target} --input test:kick=120"
    return f"run {target} --input {_heard(target) if kind == 'patch' else 'test:kick=120'}"


def _heard(patch: Path) -> str:
    """What has the lanes that it listens to: a test signal is a room, the built-in walk a body alone."""
    from wearsound.mapping.document import load_patch

    written = load_patch(patch)
    plays = [voice.lane for voice in written.voices] or (["body"] if written.soundscape is not None else [])
    lanes = {*written.lanes(), *plays}
    if lanes == {"body"}:
        return "walk"
    return "demo" if lanes & {"body", "crowd"} else "test:kick=120"
