"""A show offline: every layer of it in a folder, the same every time."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from wearsound import __version__
from wearsound.core import Clock, Source
from wearsound.errors import DeviceError
from wearsound.instruments.picture import open_picture
from wearsound.outputs.record.folder import RenderFolder
from wearsound.outputs.record.picture import PictureTape
from wearsound.outputs.record.report import Layer, Report, facts_of, write_report
from wearsound.outputs.record.show_file import ShowFile, part, write_show
from wearsound.safety.current import Budget
from wearsound.safety.screen import GuardedPicture
from wearsound.show.build import Built, build
from wearsound.show.hears import learned
from wearsound.show.layers import add_layers
from wearsound.show.source import Watched, name_lanes, open_recording
from wearsound.show.take import with_remote
from wearsound.show.unmoved import Moved, unmoved

if TYPE_CHECKING:
    from wearsound.show.load import Show


def render(
    show: Show,
    audio: str | Path,
    *,
    to: str | Path,
    fps: int = 30,
    size: tuple[int, int] = (1280, 720),
    seconds: float | None = None,
    frames: bool = False,
    video: bool = True,
    progress: Callable[[float], None] | None = None,
    budgets: Sequence[Budget] | None = None,
) -> Report:
    """Play `show` to a recording and leave everything in the folder `to`; equal inputs give equal content.

    `audio` is a file, a take, a test signal (`test:kick=120`), `demo` or `walk`. `fps` pictures a second of `size`
    pixels; without `video` no picture is drawn; `budgets` are what the supplies of a room bore, none if not given.
    Raises PatchError, AudioError, or WearsoundError if `to` is not a render of ours, the disk is full, or a sketch
    fails, DeviceError without what a film needs; then nothing is left behind.
    """
    if video:
        _ask_for_libraries()
    began = time.perf_counter()
    source = name_lanes(open_recording(str(audio), seconds=seconds), show.rig)
    show = with_remote(show, source)
    built = build(show, source.lanes, source.sample_rate, strict=True, budgets=budgets)
    target = Path(to)
    place = RenderFolder(target)
    place.keep_out(Path(audio), show.patch_path, show.garment_path, show.sketch_path, show.rig_path)
    with place as folder:
        layers = _record(show, built, folder, size, fps, video=video, frames=frames)
        moved = Moved()
        if built.engine.parts.soundscape is not None:
            built.engine.speakers.append(moved)
        built.engine.run(Watched(source, progress))
        played = built.clock.seconds(built.engine.hops + built.engine.lost)
        report = Report(
            facts=facts_of(layers),
            measured=_measured(
                ""
                if built.engine.parts.soundscape is None or moved
                else unmoved(show, source, str(audio), built.clock),
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
                built.hears,
                video=video,
                frames=frames,
            ),
        )
    return report


def _ask_for_libraries() -> None:
    """What a film needs is missed at once, not after the garment was baked."""
    for module, package in (("pygame", "pygame-ce"), ("av", "wearsound[video]")):
        try:
            importlib.import_module(module)
        except ImportError as error:
            raise DeviceError(
                f"making a film needs {package}: pip install {package!r}, "
                "or add --no-video to leave the picture out"
            ) from error


def _record(
    show: Show, built: Built, folder: Path, size: tuple[int, int], fps: int, *, video: bool, frames: bool
) -> list[Layer]:
    if not video:
        return add_layers(show, built, folder)
    film = PictureTape(folder, _picture(show, built.clock, size, fps), size, fps, frames=frames)
    layers = add_layers(show, built, folder, film.hear)
    built.engine.outputs.append(film)
    return [*layers[:-1], film, layers[-1]]


def _picture(show: Show, clock: Clock, size: tuple[int, int], fps: int) -> GuardedPicture:
    picture = open_picture(show.garment_path, show.sketch_path, size, show.seed, fps, show.colours)
    return GuardedPicture(picture, clock)


def _measured(missed: str, source: Source, took: float, played: float) -> dict[str, object]:
    measured: dict[str, object] = {
        "seconds": round(took, 3),
        "times_real_time": round(played / max(took, 1e-9), 2),
    }
    note = "; ".join(filter(None, (getattr(source, "note", ""), missed)))
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
    hears: tuple[str, ...],
    *,
    video: bool,
    frames: bool,
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
        video=video,
        frames=frames,
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
