"""A whole song as haptic files: the very engine of a render, and what each zone was told kept for other devices."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from wearsound import __version__, gallery
from wearsound.core import F64, Index
from wearsound.errors import PatchError, WearsoundError
from wearsound.felt import Driver
from wearsound.garment.document import load_garment
from wearsound.garment.motor_kinds import motion
from wearsound.garment.sites import sites
from wearsound.garment.structure import Actuator
from wearsound.instruments.vibration.equaliser import equal
from wearsound.outputs.haptic.ahap import ahap
from wearsound.outputs.haptic.android import android
from wearsound.outputs.haptic.beside import Beside, Loudest
from wearsound.outputs.haptic.index import HOW, refuse_others, write_index
from wearsound.outputs.haptic.lofelt import haptic
from wearsound.outputs.haptic.played import Played
from wearsound.outputs.haptic.zone_log import ZoneLog
from wearsound.outputs.record.folder import RenderFolder
from wearsound.outputs.record.vibration import VibrationLayer
from wearsound.show.build import build
from wearsound.show.source import Watched, name_lanes, open_recording
from wearsound.show.take import with_remote
from wearsound.show.vibration_plot import plot

if TYPE_CHECKING:
    from wearsound.show.load import Show

FOR_DEVICES = ("haptic", "android", "ahap")
"""What is written if nobody says: what other devices play. The waveform is large, and a render leaves it too."""

STRENGTH, DRIVE = "strength", "drive"
"""What an amplitude is of: what other devices play (1 is full), or what actuators get (1 is the most ever given)."""

_TEXTS: dict[str, tuple[str, Callable[..., str]]] = {
    "haptic": (".haptic", haptic),
    "android": (".android.json", android),
    "ahap": (".ahap", ahap),
}


@dataclass(frozen=True, slots=True)
class Written:
    """What `write_haptics` left in `folder`: names of files, and what each zone felt.

    `measure`: what its amplitudes are of. `silent`: nothing was heard. No `folder`: only a picture was asked for.
    """

    folder: Path | None
    files: tuple[str, ...]
    zones: tuple[Played, ...]
    note: str = ""
    measure: str = STRENGTH
    silent: bool = False

    @property
    def felt(self) -> bool:
        """Whether anything ever moved."""
        return any(zone.felt for zone in self.zones)


def write_haptics(
    show: Show,
    audio: str | Path,
    *,
    to: str | Path | None,
    formats: Sequence[str] = FOR_DEVICES,
    seconds: float | None = None,
    picture: str | Path | None = None,
    progress: Callable[[float], None] | None = None,
) -> Written:
    """Play `show` to a recording and leave a file for each zone that feels it and each of `formats` in `to`.

    `audio` is what `render` takes; `picture` a PNG of what is felt beside what is heard, and all there is without a
    `to`. Equal inputs give equal files.
    Files for other devices are played with actuators that follow anything, waveform and picture with the garment's
    own: the song is played twice where both are asked for.
    Raises PatchError where the garment has no actuator, AudioError, or WearsoundError if `to` is not ours to replace or
    cannot be written; then nothing is left behind.
    """
    of_zone = _actuators(show)
    song = song_name(str(audio))
    with ExitStack() as stack:
        scratch = stack.enter_context(TemporaryDirectory())
        if to is None:
            formats, folder = (), Path(scratch)
        else:
            folder = stack.enter_context(_place(show, audio, Path(to), picture))
        texts = [kind for kind in formats if kind in _TEXTS]
        own = len(texts) < len(formats) or picture is not None
        passes = _Passes(audio, seconds, progress, bool(texts) + own)
        zones: list[Played] = []
        if texts:
            following = _following(show)
            tape = ZoneLog(of_zone, _full(following))
            passes.play(following, [tape])
            zones = tape.played()
        beside = Beside(Path(scratch), len(show.garment.actuators))
        if own:
            tape = ZoneLog(of_zone)
            drivers: list[Driver] = [] if texts else [tape]
            if "wav" in formats:
                drivers.append(VibrationLayer(folder / f"{song}-vibration.wav", show.garment.actuators))
            passes.play(show, drivers, beside if picture is not None else None)
            zones = zones or tape.played()
        for zone in (zone for zone in zones if zone.felt):
            for kind in texts:
                suffix, write = _TEXTS[kind]
                text = write(zone, source=song, project=show.name, about=_about(show, zone))
                (folder / f"{song}-{zone.zone}{suffix}").write_text(text + "\n", encoding="utf-8")
        files: tuple[str, ...] = ()
        if to is not None:
            files = tuple(sorted(path.name for path in folder.iterdir() if path.name[0] != "."))
            made_of = _made_of(show, song, formats, passes.length)
            write_index(folder, made_of, _told(show, zones, files), files)
        if picture is not None:
            names = [actuator.name for actuator in show.garment.actuators]
            plot(
                beside.sound,
                beside.felt,
                names,
                passes.rate,
                picture,
                f"{song}, {show.patch.title or show.name}",
            )
    measure = STRENGTH if texts else DRIVE
    where = Path(to) if to is not None else None
    return Written(where, files, tuple(zones), passes.note, measure, passes.loudest == 0.0)


def _place(show: Show, audio: str | Path, to: Path, picture: str | Path | None) -> RenderFolder:
    """The folder to be made; a WearsoundError, before anything is played, if something stands in its way."""
    place = RenderFolder(to, refuse_others)
    recording = Path(audio) if Path(audio).exists() else None
    place.keep_out(recording, show.patch_path, show.garment_path, show.sketch_path, show.rig_path)
    if picture is not None and place.to in Path(os.path.abspath(picture)).parents:
        raise WearsoundError(
            f"{picture} would lie in {to}, which holds haptic files and nothing else: "
            f"put the plot beside it, as {to.with_name(Path(picture).name)}"
        )
    return place


class _Passes:
    """Plays the recording once or twice; `length` s, `rate` Hz and `note` of the recording are known afterwards."""

    def __init__(
        self, audio: str | Path, seconds: float | None, progress: Callable[[float], None] | None, times: int
    ) -> None:
        self._audio, self._seconds, self._progress, self._times = str(audio), seconds, progress, times
        self._done = 0
        self.length, self.rate, self.note = 0.0, 0, ""
        self.loudest = 0.0

    def play(self, show: Show, drivers: Sequence[Driver], beside: Beside | None = None) -> None:
        source = name_lanes(open_recording(self._audio, seconds=self._seconds), show.rig)
        show = with_remote(show, source)
        built = build(show, source.lanes, source.sample_rate, strict=True)
        built.engine.drivers += drivers
        loudest = Loudest()
        built.engine.tapes.append(loudest)
        if beside is not None:
            built.engine.drivers.append(beside)
            built.engine.tapes.append(beside)
        built.engine.run(Watched(source, self._told if self._progress else None))
        self._done += 1
        self.loudest = loudest.most
        self.length = built.clock.seconds(built.engine.hops + built.engine.lost)
        self.rate, self.note = source.sample_rate, getattr(source, "note", "")

    def _told(self, share: float) -> None:
        assert self._progress is not None
        self._progress((self._done + share) / self._times)


def _following(show: Show) -> Show:
    """The show on the same garment whose every actuator can follow anything.

    What one kind of motor needs so that this is felt (a kick to start it, a brake, slots) is not for another device.
    """
    garment = show.garment
    able = tuple(
        Actuator(name=actuator.name, zone=actuator.zone, kind="voice-coil", at=actuator.at)
        for actuator in garment.actuators
    )
    return replace(show, garment=replace(garment, actuators=able))


def song_name(audio: str) -> str:
    """What files are called after: a recording's name without ending, in letters, digits, - and _."""
    name = audio if audio.startswith("test:") else Path(audio).stem
    return re.sub(r"[^\w-]+", "-", name).strip("-")[:80] or "song"


def _actuators(show: Show) -> dict[str, Index]:
    """The actuators of every zone that has any; a PatchError where no zone has."""
    garment = show.garment
    of_zone = {
        name: of for name, of in zip(garment.zone_names, sites(garment).of_zone, strict=True) if len(of)
    }
    if not of_zone:
        others = [name for name, path in gallery.files("garment").items() if load_garment(path).actuators]
        raise PatchError(
            f"{show.garment_path}: no [[actuator]], so nothing of it is felt: add one, or choose a garment that has "
            f"some with --garment ({', '.join(others)})"
        )
    return of_zone


def _full(following: Show) -> Callable[[F64], F64]:
    """Which level of a following actuator is full strength at a pitch: rated drive, equalised."""
    rated = motion(following.garment.actuators[0]).full

    def full(hz: F64) -> F64:
        level: F64 = rated * equal(hz)
        return level

    return full


def _about(show: Show, zone: Played) -> str:
    return f"what {zone.zone} of {show.garment_path.stem} feels, patch {show.name}, seed {show.seed}"


def _made_of(show: Show, song: str, formats: Sequence[str], seconds: float) -> dict[str, object]:
    return {
        "wearsound": __version__,
        "about": "what a garment feels in one song, a file for each zone: start it with the song",
        "song": song,
        "seconds": round(seconds, 3),
        "patch": show.name,
        "garment": show.garment_path.stem,
        "seed": show.seed,
        "formats": {kind: HOW[kind] for kind in HOW if kind in formats},
    }


def _told(show: Show, zones: Sequence[Played], files: Sequence[str]) -> dict[str, Mapping[str, object]]:
    """Of each zone: its actuators, how strong and how long it was ever felt, its clicks, its files."""
    return {
        zone.zone: {
            "actuators": [actuator.name for actuator in show.garment.actuators if actuator.zone == zone.zone],
            "strongest": round(float(zone.amplitude.max()), 3),
            "felt": round(zone.felt, 3),
            "clicks": len(zone.clicks),
            "files": [name for name in files if name.split(".")[0].endswith(f"-{zone.zone}")],
        }
        for zone in zones
    }
