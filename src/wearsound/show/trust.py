"""Sketches that the performer trusts: a sketch is a program with the performer's own rights.

A patch may name a sketch, but only one from the gallery or one that was trusted here by hand; the
text is remembered by its SHA-256, so a changed file is a stranger again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from pathlib import Path

from wearsound import folders, gallery
from wearsound.errors import PatchError, reason

PLAYED = "played.json"
MOST_PLAYED = 4096
"""Texts that are remembered, the latest."""


def _store() -> Path:
    return folders.config() / "trusted.json"


def trusted() -> dict[str, dict[str, str]]:
    """{name: {"path", "sha256"}} of every trusted sketch, in order of name."""
    try:
        known = json.loads(_store().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(known, dict):
        return {}
    return {
        name: entry
        for name, entry in sorted(known.items())
        if isinstance(entry, dict) and {"path", "sha256"} <= entry.keys()
    }


def trust(path: Path) -> str:
    """Trust a sketch file; its name is the file's, without `.py`."""
    digest = _digest(path)
    if path.suffix != ".py":
        raise PatchError(f"{path}: a sketch is a Python file, its name ends in .py")
    known = trusted() | {path.stem: {"path": str(path.resolve()), "sha256": digest}}
    data = json.dumps(known, indent=1, sort_keys=True).encode()
    folders.write_or_say(_store(), data, "nothing was trusted; check its rights")
    return path.stem


def find_sketch(name: str) -> Path:
    """The file of a sketch that a patch names: gallery or trusted, never one that merely lies somewhere."""
    here = gallery.files("sketch")
    if name in here:
        return here[name]
    known = trusted()
    if name not in known:
        hint = gallery.suggest(name, [*here, *known])
        raise PatchError(
            f"no sketch {name!r} in the gallery or trusted by you{hint}; trust your own with `wearsound trust FILE`"
        )
    path = Path(known[name]["path"])
    if not path.is_file():
        raise PatchError(
            f"the trusted sketch {name!r} is gone from {path}; put it back or trust it where it is now"
        )
    if _digest(path) != known[name]["sha256"]:
        raise PatchError(
            f"{path} has changed since you trusted it; look at it, then run `wearsound trust {path}` again"
        )
    return path


def played(digest: str) -> None:
    """Remember a sketch that the performer played while it was recorded, by the SHA-256 of its text. [any thread]

    The take may bring it back then, also when the file has been written anew since. Nothing if it cannot be written.
    """
    known = _played()
    if digest in known:
        return
    with contextlib.suppress(OSError):
        folders.write_whole(_store().with_name(PLAYED), json.dumps([*known, digest][-MOST_PLAYED:]).encode())


def _played() -> list[str]:
    try:
        known = json.loads(_store().with_name(PLAYED).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [digest for digest in known if isinstance(digest, str)] if isinstance(known, list) else []


def known_sketch(path: Path) -> Path:
    """`path`, if it is a gallery sketch, or one that was trusted, or recorded here, with this very text; else a
    PatchError."""
    if path.resolve() in {here.resolve() for here in gallery.files("sketch").values()}:
        return path
    digest = _digest(path)
    if any(entry["sha256"] == digest for entry in trusted().values()) or digest in _played():
        return path
    raise PatchError(
        f"the show names the sketch {path}, a program that you have not trusted: look at it, then "
        f"run `wearsound trust {path}` or name it yourself with --sketch"
    )


def _digest(path: Path) -> str:
    """SHA-256 of a sketch's text. Not the one of the record's rooms: a listing must not load NumPy."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise PatchError(
            f"{path}: cannot be read ({reason(error)}); name a sketch file that exists"
        ) from None
