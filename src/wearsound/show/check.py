"""Render again what a render's show.toml says, and compare facts with facts."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from wearsound.outputs.record.folder import SHOW
from wearsound.outputs.record.report import differences, read_report
from wearsound.outputs.record.show_file import changed, locate, read_show, unmet
from wearsound.show.load import load
from wearsound.show.render import render


def check(
    folder: str | Path, *, sketch: str | Path | None = None, progress: Callable[[float], None] | None = None
) -> list[str]:
    """What differs, a line each; empty if every layer is the same to the bit.

    MissingError or PatchError where there is nothing to compare, or a file of the show is gone or wrong.
    """
    place = Path(folder)
    file = read_show(place)
    before = read_report(place)
    lines = changed(file, place)
    with tempfile.TemporaryDirectory(prefix="wearsound-check-") as there:
        after = render(
            load(place / SHOW, sketch=sketch),
            locate("input", file.input, place),
            to=Path(there) / "again",
            fps=file.fps,
            size=file.size,
            seconds=file.seconds,
            frames=file.frames,
            video=file.video,
            progress=progress,
        )
    return lines + differences(before.facts, after.facts) + unmet(file.expect, after.facts)
