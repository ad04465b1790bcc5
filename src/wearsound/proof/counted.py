"""What a render's files say over time, counted by the very meters that counted its facts.

The files may be a stranger's: what is wrong with one of them is a PatchError, what is not there a MissingError.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from wearsound.core import BANDS, F64, LIGHT_RATE, MAX_HOPS, U8, Clock
from wearsound.errors import MissingError, PatchError
from wearsound.garment.colour import LINEAR, encode
from wearsound.garment.structure import Actuator
from wearsound.outputs.record.broken import BROKEN
from wearsound.outputs.record.duty import DutyMeter
from wearsound.outputs.record.layer_files import driven
from wearsound.outputs.record.light import flash_counts
from wearsound.outputs.record.loudness import LoudnessMeter
from wearsound.outputs.record.sound import FULL_SCALE
from wearsound.outputs.record.vibration import full_ma
from wearsound.proof.compact import MOST_SECONDS
from wearsound.proof.curves import COLUMNS, Columns
from wearsound.safety.current import CurrentGuard
from wearsound.show.light_file import LightFile


@dataclass(frozen=True, slots=True)
class Bands:
    """What was heard: of each band 0..1 over time, and how long all is, in seconds; `lane` is whose."""

    lane: str
    seconds: float
    curves: dict[str, Columns]


@dataclass(frozen=True, slots=True)
class Light:
    """Flashes within the second before each moment, of any zone, quarter or the whole; and mA of light and controller.

    `worst` is the most flashes there ever were, of both kinds.
    """

    general: Columns
    red: Columns
    ma: Columns
    worst: int


@dataclass(frozen=True, slots=True)
class Felt:
    """The duty 0..1 over the ten seconds before each moment, of each actuator by name, and mA of all of them.

    `worst` is the most of each, by name, as facts tell it: duty_10s, duty_10min.
    """

    duty: dict[str, Columns]
    ma: Columns
    worst: dict[str, dict[str, float]]


@dataclass(frozen=True, slots=True)
class Heard:
    """Momentary loudness (0.4 s) in LUFS over time."""

    lufs: Columns


def bands(folder: Path) -> Bands:
    """The six bands of the first lane that has them, `room` if there is one."""
    path = folder / "features.npz"
    if not path.is_file():
        raise MissingError(f"{path} is not there: render again")
    try:
        with np.load(path, allow_pickle=False) as members:
            lanes = sorted(
                {name.rpartition(".")[0] for name in members.files} - {""},
                key=lambda lane: (lane != "room", lane),
            )
            lane = next(
                (lane for lane in lanes if all(f"{lane}.{band}" in members.files for band in BANDS)), None
            )
            if lane is None:
                raise MissingError(f"{path} holds no bands: nothing was heard that has them")
            time = _row(members["time"])
            if not ((time >= 0) & (time < MOST_SECONDS)).all():
                raise ValueError("a time that no show has")
            seconds = float(time[-1]) if len(time) else 0.0
            curves = {}
            for band in BANDS:
                curves[band] = Columns(seconds, len(time))
                curves[band].add(time, _row(members[f"{lane}.{band}"]))
            return Bands(lane, seconds, curves)
    except BROKEN as error:
        raise PatchError(f"{path} is not what a render leaves ({error}); render again") from error


def light(folder: Path, seconds: float, progress: Callable[[float], None] | None = None) -> Light:
    """Flashes and current, frame by frame. The drive of heated zones is in no light.npz, nor is its current here."""
    file = LightFile(folder)
    body, garment = file.body, file.garment
    zones = dict(zip(garment.zone_names, body.of_zone, strict=True))
    lamps = [name for name, mine in zones.items() if body.lamp[mine].any()]
    parts = flash_counts(zones, [zone.area for zone in garment.zones], lamps, LIGHT_RATE)
    current, still = CurrentGuard(garment, body), np.zeros(len(garment.zones))
    points = min(file.count, COLUMNS)
    found = Light(Columns(seconds, points), Columns(seconds, points), Columns(seconds, points), 0)
    worst, rows = 0, []
    for when, pixels in file.moments():
        number = max(0, int(when * LIGHT_RATE + 1e-6) - 1)
        linear = LINEAR[pixels]
        lit: U8 = encode(body.by_zone(linear))
        general = red = 0
        for part in parts:
            part.add(lit, pixels, number)
            now = part.now
            general, red = max(general, now[0]), max(red, now[1])
        worst = max(worst, general, red)
        rows.append((when, general, red, current.ma(linear, still)))
        if len(rows) == MAX_HOPS:
            _take(found, rows)
            rows = []
            if progress is not None:
                progress(min(1.0, when / max(seconds, 1e-3)))
    _take(found, rows)
    return Light(found.general, found.red, found.ma, worst)


def felt(folder: Path, actuators: Sequence[Actuator], seconds: float) -> Felt:
    """Duty and current of what `actuators` were driven with, hop by hop, as far as their waves say it."""
    path, hops = folder / "vibration.wav", 0
    with _sound(path, len(actuators), "actuators") as file:
        clock = Clock(int(file.samplerate))
        meter, each = DutyMeter(len(actuators), clock), full_ma(actuators)
        points = int(seconds * clock.sample_rate / clock.hop + 1e-6)
        found = Felt({one.name: Columns(seconds, points) for one in actuators}, Columns(seconds, points), {})
        for done in driven(file, clock):
            time = np.arange(hops + 1, hops + len(done) + 1, dtype=np.float64) * (
                clock.hop / clock.sample_rate
            )
            hops += len(done)
            for one, mean in zip(actuators, (meter.add(done)["10s"] / FULL_SCALE).T, strict=True):
                found.duty[one.name].add(time, mean)
            found.ma.add(time, (done * each).sum(axis=1) / FULL_SCALE)
        for window, worst in meter.worst(FULL_SCALE).items():
            for one, most in zip(actuators, worst, strict=True):
                found.worst.setdefault(one.name, {})[f"duty_{window}"] = most
        return found


def heard(folder: Path, seconds: float) -> Heard:
    """Loudness of sound.wav, in the steps in which its integral was counted."""
    with _sound(folder / "sound.wav", 2, "ears") as file:
        meter = LoudnessMeter(int(file.samplerate))
        for block in file.blocks(int(file.samplerate), dtype="int32", always_2d=True):
            meter.add(block >> 8)
    time, lufs = meter.momentary()
    found = Columns(seconds, len(time))
    found.add(time, lufs)
    return Heard(found)


@contextmanager
def _sound(path: Path, channels: int, whose: str) -> Iterator[Any]:
    """A sound file of a render while it is read."""
    import soundfile

    if not path.is_file():
        raise MissingError(f"{path} is not there: render again")
    try:
        with soundfile.SoundFile(str(path)) as file:
            if file.channels != channels:
                raise PatchError(f"{path} has {file.channels} channels for {channels} {whose}: render again")
            yield file
    except BROKEN as error:
        raise PatchError(f"{path} is no sound of a render ({error}): render again") from error


def _row(values: object) -> F64:
    array = np.asarray(values)
    if array.ndim != 1 or array.dtype.kind not in "fiu":
        raise ValueError("a column is no row of numbers")
    return array.astype(np.float64)


def _take(found: Light, rows: list[tuple[float, int, int, float]]) -> None:
    if rows:
        time, general, red, ma = np.array(rows, np.float64).T
        found.general.add(time, general)
        found.red.add(time, red)
        found.ma.add(time, ma)
