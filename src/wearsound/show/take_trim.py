"""A piece of a take, as a take of its own."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

from wearsound import __version__
from wearsound.core import Clock
from wearsound.errors import WearsoundError, reason
from wearsound.outputs.record.show_file import Part
from wearsound.outputs.record.take_folder import About, TakeFolder
from wearsound.outputs.record.take_shows import KeptShow
from wearsound.show.kept import files_kept, read_kept
from wearsound.show.take import parts_of, told_of
from wearsound.sources.take import TakeSource


def trim(path: str | Path, to: str | Path, *, start: float = 0.0, end: float | None = None) -> TakeFolder:
    """A new take `to` of the hops from `start` to `end` seconds, counted from 0; what was set before comes first.

    It begins with the show that played there, and has the copies of the shows that play in it.
    PatchError, AudioError or WearsoundError say why not; then nothing is left behind.
    """
    source = TakeSource(path, start=start, changes=True)
    head = source.head
    clock = Clock(source.sample_rate, head.hop)
    if end is not None:
        first, last = (round(seconds * clock.sample_rate / clock.hop) for seconds in (start, end))
        if last <= first:
            raise WearsoundError(f"from {start:g} s to {end:g} s is nothing; give a --to after --from")
        source = TakeSource(path, start=start, seconds=clock.seconds(last - first), changes=True)
    folder = Path(os.path.abspath(to))
    kept = {
        number: _carried(source, number, folder) for number in (source.begins, *(n for _, n in source.turns))
    }
    first_show = kept.pop(source.begins)
    about = About(
        first_show.title,
        first_show.seed,
        first_show.hears,
        head.remote,
        {**first_show.parts, "rig": _moved(parts_of(head)["rig"], source.path, folder)},
        __version__,
        first_show.calibration,
        first_show.files,
        source.begins,
        within=bool(head.begun),
    )
    made = TakeFolder(folder, about, head.silent.__contains__)
    made.open(clock)
    try:
        for number, show in kept.items():
            made.keep(number, show)
        for block in source.blocks(clock):
            made.add(block.tick, block.samples, block.lanes, block.gap, 0, block.events)
        made.finish()
    except BaseException as error:
        shutil.rmtree(made.part, ignore_errors=True)
        if isinstance(error, OSError):
            raise WearsoundError(f"{folder} cannot be written ({reason(error)}); nothing was kept") from None
        raise
    return made


def _carried(source: TakeSource, number: int, folder: Path) -> KeptShow:
    """What a take says of a show, with its copies, as another folder names the same files."""
    told = told_of(source, number)
    parts = {kind: _moved(named, source.path, folder) for kind, named in told.parts.items()}
    words = read_kept(source.path, number)
    return replace(
        told, parts=parts, files=files_kept(source.path, number, words) if words is not None else {}
    )


def _moved(named: Part | None, old: Path, new: Path) -> Part | None:
    """A part as another folder names the same file."""
    if named is None or not named.file.startswith("."):
        return named
    path = os.path.normpath(Path(os.path.abspath(old)) / named.file)
    try:
        relative = Path(os.path.relpath(path, new)).as_posix()
    except ValueError:  # another drive
        return Part(path, named.sha256)
    return Part(relative if relative.startswith(".") else f"./{relative}", named.sha256)
