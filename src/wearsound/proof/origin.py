"""What a render was made of: its files, hashes and versions, and the words that make it again."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from wearsound.outputs.record.show_file import PARTS, Part, ShowFile
from wearsound.proof.page import Html, section, table, tag


def command(file: ShowFile, name: str) -> str:
    """The command that makes the same again, in the render's own folder; the new one lies beside it."""
    words = ["wearsound", "render"]
    if file.changes:
        words.append(file.input.file)
        for word in file.instead:
            named = {"garment": file.garment, "sketch": file.sketch}.get(word)
            words += [
                f"--{word}",
                str(file.seed) if word == "seed" else named.file if named is not None else "",
            ]
    else:
        words += ["show.toml", file.input.file]
        if file.sketch is not None and file.sketch.file.startswith((".", "/")):
            words += ["--sketch", file.sketch.file]
    words += ["--from", f"{float(file.start)!r}"] if file.start else []
    words += ["--to", f"../{name}-again", "--seconds", f"{float(file.seconds)!r}"]
    if file.video:
        words += ["--fps", str(file.fps), "--size", f"{file.size[0]}x{file.size[1]}"]
        words += ["--frames"] if file.frames else []
    else:
        words.append("--no-video")
    return shlex.join(words)


def made_of(parts: Mapping[str, Part | None]) -> Html:
    """The files and their hashes."""
    rows = [
        (kind, named.file, tag("span", named.sha256 or "made up, no file", class_="hash"))
        for kind in PARTS
        if (named := parts.get(kind)) is not None
    ]
    return table(rows, ("", "file", "SHA-256"), class_="files")


def proof(facts: Mapping[str, Any]) -> Html:
    """A hash a layer, and the versions at work."""
    counts = facts.get("counts", {})
    rows = [
        (layer, _amount(layer, counts), tag("span", digest, class_="hash"))
        for layer, digest in facts.get("content", {}).items()
    ]
    versions = ", ".join(f"{name} {version}" for name, version in facts.get("versions", {}).items())
    return Html(
        table(rows, ("layer", "holds", "hash of its content"), class_="files")
        + tag("p", versions, class_="note")
    )


def again(file: ShowFile, folder: Path) -> Html:
    """How to make it again, and how to compare."""
    return section(
        "Make it again",
        tag("p", "In this folder; equal hashes are the same show, to the bit:"),
        tag("pre", command(file, folder.name or "render")),
        tag("p", "Or let the program do both, render and compare:"),
        tag("pre", shlex.join(["wearsound", "check", f"../{folder.name}" if folder.name else "."])),
    )


def _amount(layer: str, counts: Mapping[str, Any]) -> str:
    key, word = {
        "features": ("hops", "hops"),
        "osc": ("messages", "messages"),
        "light": ("light", "frames of light"),
        "vibration": ("felt", "samples"),
        "sound": ("samples", "samples"),
        "picture": ("frames", "pictures"),
    }.get(layer, ("", ""))
    return f"{counts[key]:,} {word}" if key in counts else ""
