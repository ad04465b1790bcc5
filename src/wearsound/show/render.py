"""A show offline: every layer of it in a folder, the same every time."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from wearsound import __version__
from wearsound.core import Source
from wearsound.errors import DeviceError
from wearsound.outputs.record.folder import RenderFolder
from wearsound.outputs.record.picture import PictureTape
from wearsound.outputs.record.report import Layer, Report, facts_of, write_report
from wearsound.outputs.record.show_file import PARTS, ShowFile, part, refuse_unsayable, write_show
from wearsound.safety.current import Budget
from wearsound.safety.screen import GuardedPicture
from wearsound.show.build import Built, build
from wearsound.show.filmed import Filmed
from wearsound.show.hears import learned
from wearsound.show.layers import add_layers
from wearsound.show.replay import Replay
from wearsound.show.source import Watched, open_part
from wearsound.show.take import with_remote
from wearsound.show.unmoved import Moved, unmoved
from wearsound.sources.take import TakeSource

if TYPE_CHECKING:
    from wearsound.show.load import Show

Word = Literal["garment", "sketch", "seed"]
"""What a person may give instead of what a take says."""


def render(
    show: Show,
    audio: str | Path,
    *,
    to: str | Path,
    fps: int = 30,
    size: tuple[int, int] = (1280, 720),
    seconds: float | None = None,
    start: float = 0.0,
    frames: bool = False,
    video: bool = True,
    progress: Callable[[float], None] | None = None,
    budgets: Sequence[Budget] | None = None,
    shows: Mapping[int, Show] | None = None,
    instead: Sequence[Word] = (),
) -> Report:
    """Play `show` to a recording and leave everything in the folder `to`; equal inputs give equal content.

    `audio` is a file, a take, a test signal (`test:kick=120`), `demo` or `walk`, of which `seconds` are played from
    `start` on (a take from its beginning). `fps` pictures a second of `size` pixels; without `video` no picture is
    drawn; `budgets` are what the supplies of a room bore, none if not given.
    `shows` are those that a take changes to, by number (`show.replay.shows_of`), each a film of its own after a short
    crossfade; not given, `show` plays from beginning to end. `instead` are words that were given for those of the
    take, for its show.toml.
    Raises PatchError, AudioError, or WearsoundError if `to` is not a render of ours, the disk is full, or a sketch
    fails, DeviceError without what a film needs; then nothing is left behind.
    """
    if video:
        ask_for_libraries()
    target = Path(to)
    refuse_unsayable({kind: getattr(show, f"{kind}_path", audio) for kind in PARTS}, target)
    began = time.perf_counter()
    if shows is not None and not start:
        source: Source = TakeSource(audio, seconds=seconds, changes=True)
    else:
        source = open_part(str(audio), start, seconds=seconds, rig=show.rig)
    show = with_remote(show, source)
    built = build(show, source.lanes, source.sample_rate, strict=True, budgets=budgets)
    replay = Replay(built, source, shows, strict=True, budgets=budgets) if shows is not None else None
    hears, plays = built.hears, built.engine.parts.soundscape is not None
    place = RenderFolder(target)
    for each in (show, *(shows or {}).values()):
        place.keep_out(each.patch_path, each.garment_path, each.sketch_path, each.rig_path)
    place.keep_out(Path(audio))
    with place as folder:
        filmed = Filmed(show, size, fps) if video else None
        layers = _record(show, built, folder, filmed, replay, frames=frames)
        moved = Moved()
        if plays:
            built.engine.speakers.append(moved)
        built.engine.run(Watched(source, progress, seconds if start else None))
        played = built.clock.seconds(built.engine.hops + built.engine.lost)
        report = Report(
            facts=facts_of(layers),
            measured=_measured(
                [
                    unmoved(show, source, str(audio), built.clock) if plays and not moved else "",
                    *(filmed.picture.troubles if filmed is not None else ()),
                ],
                source,
                time.perf_counter() - began,
                played,
            ),
            folder=target,
        )
        write_report(folder, report)
        write_show(
            folder,
            _show_file(
                show,
                str(audio),
                target,
                fps,
                size,
                seconds or played,
                start,
                hears,
                video=video,
                frames=frames,
                changes=shows is not None,
                instead=instead,
            ),
        )
    return report


def ask_for_libraries() -> None:
    """DeviceError without what a film needs: missed at once, not after the garment was baked."""
    for module, package in (("pygame", "pygame-ce"), ("av", "wearsound[video]")):
        try:
            importlib.import_module(module)
        except ImportError as error:
            raise DeviceError(
                f"making a film needs {package}: pip install {package!r}, "
                "or add --no-video to leave the picture out"
            ) from error


def _record(
    show: Show,
    built: Built,
    folder: Path,
    filmed: Filmed | None,
    replay: Replay | None,
    *,
    frames: bool,
) -> list[Layer]:
    if filmed is None:
        layers = add_layers(show, built, folder)
        if replay is not None:
            replay.attached.append(layers.learn)
        return layers
    picture = GuardedPicture(filmed.picture, built.clock)
    film = PictureTape(folder, picture, filmed.size, filmed.fps, frames=frames)
    layers = add_layers(show, built, folder, film.hear)
    built.engine.outputs.append(film)
    if replay is not None:
        replay.attached += [layers.learn, filmed.learn]
    return [*layers[:-1], film, layers[-1]]


def _measured(said: Sequence[str], source: Source, took: float, played: float) -> dict[str, object]:
    measured: dict[str, object] = {
        "seconds": round(took, 3),
        "times_real_time": round(played / max(took, 1e-9), 2),
    }
    note = "; ".join(filter(None, (getattr(source, "note", ""), *said)))
    if note:
        measured["note"] = note
    return measured


def _show_file(
    show: Show,
    audio: str,
    folder: Path,
    fps: int,
    size: tuple[int, int],
    seconds: float,
    start: float,
    hears: tuple[str, ...],
    *,
    video: bool,
    frames: bool,
    changes: bool,
    instead: Sequence[Word],
) -> ShowFile:
    patch = part("patch", show.patch_path, folder)
    garment = part("garment", show.garment_path, folder)
    given = part("input", audio, folder)
    assert patch is not None
    assert garment is not None
    assert given is not None
    return ShowFile(
        wearsound=__version__,
        seed=show.seed,
        fps=fps,
        size=size,
        seconds=seconds,
        start=start,
        video=video,
        frames=frames,
        changes=changes,
        instead=tuple(instead),
        hears=hears,
        lanes=show.rig.lanes if show.rig else {},
        remote=show.rig.remote if show.rig else {},
        calibration=learned(show.rig),
        patch=patch,
        garment=garment,
        input=given,
        palette=part("palette", show.palette_path, folder),
        sketch=part("sketch", show.sketch_path, folder),
        rig=part("rig", show.rig_path, folder),
    )
