"""Takes around a show: record one, and find its own shows again."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from wearsound import __version__
from wearsound.analysis.ear import kind_of
from wearsound.core import Event, Source
from wearsound.errors import PatchError
from wearsound.outputs.record.content import file_digest
from wearsound.outputs.record.report import Layer
from wearsound.outputs.record.show_file import TAKE, Part, part
from wearsound.outputs.record.take import TakeTape
from wearsound.outputs.record.take_folder import About
from wearsound.outputs.record.take_shows import KeptShow
from wearsound.show.build import Built
from wearsound.show.hears import hears
from wearsound.show.kept import changed_files, file_of, kept_show, read_kept
from wearsound.show.layers import add_layers
from wearsound.show.load import Show, load, own_rig
from wearsound.show.rig import Rig
from wearsound.show.trust import known_sketch, played
from wearsound.sources.take import TakeSource

if TYPE_CHECKING:
    from wearsound.sources.take_structure import Head

CROWD = "crowd"
KINDS = ("patch", "garment", "palette", "sketch", "rig")


def proving(show: Show, tape: TakeTape, folder: Path) -> Callable[[Built], None]:
    """What `live.play` shall prepare so that `tape` keeps the hashes of all that was heard, lit and sent.

    `folder` holds the layers themselves while the show plays; nothing of it is needed afterwards.
    """

    def prepare(built: Built) -> None:
        tape.layers = add_layers(show, built, folder)

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
    number: int = 0,
    state: Callable[[int], Sequence[Event]] | None = None,
) -> TakeTape:
    """A tape that records what comes into `show` as the folder `to`; let it be the engine's first.

    Tell its `learn` of every other show before the engine changes to it: the take keeps its files, too. Layers that
    it proves (`proving`) have a `learn` of their own, to be told right after.
    One that begins while a show runs has the `number` of that show, and `state`, the events that bring what holds.
    `layers` are later tapes and sinks of the same engine whose hashes are kept in facts.json. The channels of
    lanes called crowd (`kind_of`) are written as zeros unless `keep_crowd`; so are those of lanes that are `silent`
    already, where what is recorded is a take that was played.
    """
    already = frozenset(silent)
    folder = Path(os.path.abspath(to))
    kept = kept_show(show, folder, hears(show))
    parts = {**kept.parts, "rig": part("rig", show.rig_path, folder)}
    about = About(
        kept.title,
        kept.seed,
        kept.hears,
        show.rig.remote if show.rig else {},
        parts,
        __version__,
        kept.calibration,
        kept.files,
        number,
        within=state is not None,
    )

    def kept_out(lane: str) -> bool:
        return lane in already or (not keep_crowd and bool(audience([lane])))

    def kept_of(other: Show) -> KeptShow:
        return kept_show(other, folder, hears(other))

    _known(kept)
    return TakeTape(folder, about, layers, wait, silent=kept_out, kept=kept_of, known=_known, state=state)


def _known(kept: KeptShow) -> None:
    """A sketch that is recorded is one that the performer plays: the take may bring it back."""
    sketch = kept.files.get("sketch")
    if sketch is not None:
        played(hashlib.sha256(sketch).hexdigest())


def with_remote(show: Show, source: Source) -> Show:
    """The show with the remote lanes and the calibration that a take was recorded with: no rig is needed to play it."""
    remote: Mapping[str, Mapping[str, tuple[float, float]]] = getattr(source, "remote", {})
    known: Mapping[str, Mapping[str, float]] = getattr(source, "calibration", {})
    if remote:
        lanes = {lane: dict(values) for lane, values in remote.items()}
        show = replace(show, rig=msgspec.structs.replace(show.rig or Rig(), remote=lanes))
    if known and not (show.rig is not None and show.rig.calibration):
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
    return load_number(source, source.begins, garment=garment, rig=rig, sketch=sketch, seed=seed)


def load_number(
    source: TakeSource,
    number: int,
    *,
    garment: str | Path | None = None,
    rig: str | Path | None = None,
    sketch: str | Path | None = None,
    seed: int | None = None,
) -> Show:
    """The show of a number, one of those that a take began with or changed to; as `load_take`.

    Of each file the one that was played, if it is still the same, else the take's copy.
    """
    folder = source.path
    told = told_of(source, number)
    parts = told.parts
    if (patch := parts.get("patch")) is None:
        raise PatchError(f"{folder / TAKE} names no patch: name a SHOW to play it with")
    if sketch is None and (named := parts.get("sketch")) is not None:
        sketch = known_sketch(file_of(folder, number, "sketch", named))
    if garment is None and (named := parts.get("garment")) is not None:
        garment = file_of(folder, number, "garment", named)
    palette = (
        file_of(folder, number, "palette", named) if (named := parts.get("palette")) is not None else None
    )
    rig = rig or own_rig(parts_of(source.head)["rig"])
    show = load(
        file_of(folder, number, "patch", patch),
        garment=garment,
        rig=rig,
        sketch=sketch,
        palette=palette,
        seed=told.seed if seed is None else seed,
    )
    if told.calibration:
        numbers = {lane: dict(values) for lane, values in told.calibration.items()}
        show = replace(show, rig=msgspec.structs.replace(show.rig or Rig(), calibration=numbers))
    return replace(show, hears=told.hears)


def told_of(source: TakeSource, number: int) -> KeptShow:
    """What a take says of one of its shows; of the one it began with take.toml says it."""
    head = source.head
    if number == head.show:
        return KeptShow(head.title, head.seed, head.hears, head.calibration, parts_of(head))
    words = read_kept(source.path, number)
    if words is None:
        raise PatchError(f"{source.path} keeps no show {number}; copy the take again")
    return KeptShow(words.title, words.seed, words.hears, words.calibration, words.parts())


def look_of(source: TakeSource, number: int) -> tuple[object, ...]:
    """Equal for two shows of a take that are the same to the byte."""
    told = told_of(source, number)
    files = [
        (kind, named.file, file_digest(file_of(source.path, number, kind, named)))
        for kind, named in told.parts.items()
        if named is not None and kind != "rig"
    ]
    return (*files, told.title, told.seed, told.hears, repr(told.calibration))


def changes(source: TakeSource) -> list[str]:
    """A line for each file of a take's own shows that is not what it was, and of which the take has no copy."""
    numbers = [source.begins, *(number for _, number in source.turns if source.changes)]
    lines: list[str] = []
    for number in dict.fromkeys(numbers):
        lines += changed_files(source.path, number, told_of(source, number).parts)
    return list(dict.fromkeys(lines))


def parts_of(head: Head) -> dict[str, Part | None]:
    """The files of a take's show, as show.toml would name them."""
    named = {kind: getattr(head, kind) for kind in KINDS}
    return {kind: Part(it.file, it.sha256) if it is not None else None for kind, it in named.items()}
