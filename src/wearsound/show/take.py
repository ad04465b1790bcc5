"""Takes around a show: record one, play its own show again, list them, cut a piece out."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from wearsound import __version__
from wearsound.analysis.ear import kind_of
from wearsound.core import Clock, Source
from wearsound.errors import MissingError, PatchError, WearsoundError
from wearsound.outputs.record.report import Layer
from wearsound.outputs.record.show_file import TAKE, Part, changed_parts, locate, part
from wearsound.outputs.record.take import TakeTape
from wearsound.outputs.record.take_folder import About, TakeFolder
from wearsound.show.build import Built
from wearsound.show.hears import hears, learned
from wearsound.show.layers import add_layers
from wearsound.show.load import Show, load, own_rig
from wearsound.show.rig import Rig
from wearsound.show.trust import known_sketch
from wearsound.sources.take import TakeSource

if TYPE_CHECKING:
    from wearsound.sources.take_file import Head

CROWD = "crowd"
KINDS = ("patch", "garment", "palette", "sketch", "rig")


def proving(show: Show, tape: TakeTape, folder: Path) -> Callable[[Built], None]:
    """What `live.play` shall prepare so that `tape` keeps the hashes of all that was heard, lit and sent.

    `folder` holds the layers themselves while the show plays; nothing of it is needed afterwards.
    """

    def prepare(built: Built) -> None:
        tape.layers = tuple(add_layers(show, built, folder))

    return prepare


def audience(lanes: Iterable[str]) -> list[str]:
    """Those of some lanes that hear an audience: a take does not keep what people say there, unless asked."""
    return [lane for lane in lanes if kind_of(lane) == CROWD]


def unproved(source: Source) -> list[str]:
    """Lanes of a source without which a replay is not the same: of an audience, where its sound is there at all."""
    silent = getattr(source, "silent", ())
    return [lane for lane in audience(source.lanes) if lane not in silent]


def take_tape(
    show: Show,
    to: str | Path,
    layers: tuple[Layer, ...] = (),
    *,
    wait: bool = False,
    keep_crowd: bool = False,
    silent: Iterable[str] = (),
) -> TakeTape:
    """A tape that records what comes into `show` as the folder `to`; let it be the engine's first.

    `layers` are later tapes and sinks of the same engine whose hashes are kept in facts.json. The channels of
    lanes called crowd (`kind_of`) are written as zeros unless `keep_crowd`; so are those of lanes that are `silent`
    already, where what is recorded is a take that was played.
    """
    already = frozenset(silent)
    folder = Path(os.path.abspath(to))
    parts = {
        "patch": part("patch", show.patch_path, folder),
        "garment": part("garment", show.garment_path, folder),
        "palette": part("palette", show.palette_path, folder),
        "sketch": part("sketch", show.sketch_path, folder),
        "rig": part("rig", show.rig_path, folder),
    }
    remote = show.rig.remote if show.rig else {}
    about = About(show.patch.title, show.seed, hears(show), remote, parts, __version__, learned(show.rig))

    def kept_out(lane: str) -> bool:
        return lane in already or (not keep_crowd and bool(audience([lane])))

    return TakeTape(folder, about, layers, wait, silent=kept_out)


def with_remote(show: Show, source: Source) -> Show:
    """The show with the remote lanes and the calibration that a take was recorded with: no rig is needed to play it."""
    remote: Mapping[str, Mapping[str, tuple[float, float]]] = getattr(source, "remote", {})
    known: Mapping[str, Mapping[str, float]] = getattr(source, "calibration", {})
    if remote:
        lanes = {lane: dict(values) for lane, values in remote.items()}
        show = replace(show, rig=msgspec.structs.replace(show.rig or Rig(), remote=lanes))
    if known:
        numbers = {lane: dict(values) for lane, values in known.items()}
        show = replace(show, rig=msgspec.structs.replace(show.rig or Rig(), calibration=numbers))
    return show


def load_take(
    source: TakeSource,
    *,
    garment: str | Path | None = None,
    rig: str | Path | None = None,
    sketch: str | Path | None = None,
    seed: int | None = None,
) -> Show:
    """The show that a take was recorded with, as far as nothing else is named.

    It may come from a stranger, so a sketch it names must be known, and its rig is left out: nothing is sent
    to where a stranger says. MissingError if a file is gone, PatchError if the take names no patch.
    """
    folder, head = source.path, source.head
    if head.patch is None:
        raise PatchError(f"{folder / TAKE} names no patch: name a SHOW to play it with")
    parts = parts_of(head)
    if sketch is None and (named := parts["sketch"]) is not None:
        sketch = known_sketch(Path(locate("sketch", named, folder)))
    if garment is None and (named := parts["garment"]) is not None:
        garment = locate("garment", named, folder)
    palette = locate("palette", named, folder) if (named := parts["palette"]) is not None else None
    rig = rig or own_rig(parts["rig"])
    patch = parts["patch"]
    assert patch is not None
    show = load(
        locate("patch", patch, folder),
        garment=garment,
        rig=rig,
        sketch=sketch,
        palette=palette,
        seed=head.seed if seed is None else seed,
    )
    return replace(show, hears=head.hears)


def changes(source: TakeSource) -> list[str]:
    """A line for each file of a take's own show that is not what it was."""
    lines = []
    for kind, named in parts_of(source.head).items():
        try:
            lines += changed_parts({kind: named}, source.path)
        except MissingError as error:
            lines.append(str(error))
    return [f"{line} since the take" if line.endswith("changed") else line for line in lines]


def describe(path: Path) -> dict[str, Any]:
    """What is in a take: `name`, `about`, `seconds`, `lanes`, `events`, `gaps`, `lost`, `show`, `note`, `path`."""
    source = TakeSource(path)
    head = source.head
    return {
        "name": path.name,
        "about": head.title,
        "seconds": source.duration,
        "lanes": {lane: list(channels) for lane, channels in head.lanes.items()},
        "remote": {lane: list(values) for lane, values in head.remote.items()},
        "events": source.events,
        "gaps": source.gaps,
        "lost": source.lost,
        "show": Path(head.patch.file).stem if head.patch is not None else "",
        "note": source.note,
        "path": str(path),
    }


def takes(folder: str | Path) -> list[dict[str, Any]]:
    """Every take in a folder in order of name, also those that were cut off; what is wrong is its `note`."""
    try:
        found = sorted(path.parent for path in Path(folder).glob(f"*/{TAKE}"))
    except OSError as error:
        raise WearsoundError(f"{folder} cannot be read ({error.strerror})") from None
    rows = []
    for path in found:
        try:
            rows.append(describe(path))
        except WearsoundError as error:
            rows.append({"name": path.name, "about": "", "note": str(error), "path": str(path)})
    return rows


def trim(path: str | Path, to: str | Path, *, start: float = 0.0, end: float | None = None) -> TakeFolder:
    """A new take `to` of the hops from `start` to `end` seconds, counted from 0; what was set before comes first.

    PatchError, AudioError or WearsoundError say why not; then nothing is left behind.
    """
    source = TakeSource(path, start=start)
    head = source.head
    clock = Clock(source.sample_rate, head.hop)
    if end is not None:
        first, last = (round(seconds * clock.sample_rate / clock.hop) for seconds in (start, end))
        if last <= first:
            raise WearsoundError(f"from {start:g} s to {end:g} s is nothing; give a --to after --from")
        source = TakeSource(path, start=start, seconds=clock.seconds(last - first))
    folder = Path(os.path.abspath(to))
    parts = {kind: _moved(named, source.path, folder) for kind, named in parts_of(head).items()}
    about = About(head.title, head.seed, head.hears, head.remote, parts, __version__, head.calibration)
    made = TakeFolder(folder, about, head.silent.__contains__)
    made.open(clock)
    try:
        for block in source.blocks(clock):
            made.add(block.tick, block.samples, block.lanes, block.gap, 0, block.events)
        made.finish()
    except BaseException as error:
        shutil.rmtree(made.part, ignore_errors=True)
        if isinstance(error, OSError):
            raise WearsoundError(f"{folder} cannot be written ({error.strerror}); nothing was kept") from None
        raise
    return made


def parts_of(head: Head) -> dict[str, Part | None]:
    """The files of a take's show, as show.toml would name them."""
    named = {kind: getattr(head, kind) for kind in KINDS}
    return {kind: Part(it.file, it.sha256) if it is not None else None for kind, it in named.items()}


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
