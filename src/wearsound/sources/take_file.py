"""take.toml and the head of lanes.wav, as a stranger may have written them: read within bounds."""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, BinaryIO, Literal

import msgspec
from msgspec import Meta

from wearsound.core import Clock
from wearsound.errors import MissingError, PatchError
from wearsound.gallery import suggest
from wearsound.toml_file import read_toml

TAKE, LANES, EVENTS = "take.toml", "lanes.wav", "events.jsonl"
SHOWS, KEPT = "shows", "kept.toml"
"""Where a take keeps its shows, by number, and the words of each."""
FORMAT = 1

MOST_LOST_HOURS = 24
"""Hours that may be missing in one take: gaps are played as their time."""

_MOST_CHUNKS = 64
_FLOAT, _EXTENSIBLE = 3, 0xFFFE
_FLOAT_GUID = b"\x03\x00\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71"
_TOP = 0xFFFF_FFFF

Word = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,31}$(?!\n)")]
Line = Annotated[str, Meta(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$(?!\n)")]
Count = Annotated[int, Meta(ge=0, lt=1 << 40)]
Channels = Annotated[list[Annotated[int, Meta(ge=1, le=64)]], Meta(min_length=1, max_length=64)]


class Named(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file the show was made of, as show.toml names it."""

    file: Annotated[str, Meta(min_length=1, max_length=4096, pattern=r"^[^\x00-\x1f\x7f-\x9f]+$(?!\n)")]
    sha256: str = ""


Decibels = Annotated[float, Meta(ge=-200, le=200)]


class Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A take.toml. Without `hops` the recording was cut off, and what is there counts."""

    format: int
    wearsound: Line = ""
    title: Line = ""
    sample_rate: Annotated[int, Meta(ge=1_000, le=768_000)]
    hop: int
    hops: Count | None = None
    seconds: Annotated[float, Meta(ge=0, lt=1e9)] = 0.0
    lost: Count = 0
    hole: Count = 0
    left_out: Count = 0
    show: Annotated[int, Meta(ge=0, lt=1 << 31)] = 0
    begun: Literal["", "within"] = ""
    seed: int = 0
    hears: Annotated[tuple[Line, ...], Meta(max_length=1000)] = ()
    silent: Annotated[tuple[Word, ...], Meta(max_length=16)] = ()
    lanes: Annotated[dict[Word, Channels], Meta(min_length=1, max_length=16)]
    remote: Annotated[dict[Word, dict[Word, tuple[float, float]]], Meta(max_length=64)] = {}
    calibration: Annotated[
        dict[Word, Annotated[dict[Word, Decibels], Meta(max_length=64)]], Meta(max_length=16)
    ] = {}
    patch: Named | None = None
    garment: Named | None = None
    palette: Named | None = None
    sketch: Named | None = None
    rig: Named | None = None


@dataclass(frozen=True, slots=True)
class Sound:
    """Where the samples of lanes.wav lie: `channels` float32 a frame, `frames` of them from byte `start` on."""

    start: int
    channels: int
    frames: int


def read_head(folder: Path) -> Head:
    """The take.toml of a folder; MissingError or a PatchError that names the file."""
    path = folder / TAKE
    if not path.is_file():
        raise MissingError(f"{folder} is no take: it has no {TAKE}{_neighbours(folder)}")
    tree = read_toml(path)
    said = tree.get("format")
    if said != FORMAT:
        raise PatchError(
            f"{path}: format is {said!r}, but {FORMAT} is read here; use the wearsound that made it"
        )
    try:
        head = msgspec.convert(tree, Head)
    except msgspec.ValidationError as error:
        raise PatchError(f"{path}: {error}; mend the line, or record the take again") from None
    if head.hop != Clock().hop:
        raise PatchError(f"{path}: hop is {head.hop}, but {Clock().hop} is played here; record it again")
    for lane, values in head.remote.items():
        for name, (low, high) in values.items():
            if not (math.isfinite(low) and math.isfinite(high) and low < high):
                raise PatchError(f"{path}: remote.{lane}.{name} spans {low:g} to {high:g}; give low, high")
    return head


def read_sound(folder: Path, head: Head) -> Sound:
    """Where the samples are; a PatchError for what is not the float WAV of this take.

    Of a recording that was cut off the header may say too little, so the file's own length counts.
    """
    path = folder / LANES
    try:
        with path.open("rb") as file:
            form, start, said = _chunks(path, file)
            size = file.seek(0, 2)
    except OSError as error:
        raise PatchError(f"{path}: cannot be read ({error.strerror}); a take needs it") from None
    channels, rate = form
    if rate != head.sample_rate:
        raise PatchError(f"{path}: has {rate} samples a second, but {TAKE} says {head.sample_rate}")
    for lane, columns in head.lanes.items():
        if max(columns) > channels:
            raise PatchError(
                f"{folder / TAKE}: lane {lane} is channel {max(columns)}, but {path} has {channels}"
            )
    there = size - start
    if head.hops is not None and said is not None:
        there = min(there, said)
    return Sound(start, channels, there // (4 * channels))


def _chunks(path: Path, file: BinaryIO) -> tuple[tuple[int, int], int, int | None]:
    """((channels, rate), where the samples start, how many bytes the header says or None)."""
    wrong = PatchError(f"{path}: is no 32-bit float WAV; save it as one with every channel, or record again")
    start = file.read(12)
    if start[:4] not in (b"RIFF", b"RF64") or start[8:] != b"WAVE":
        raise wrong
    form: tuple[int, int] | None = None
    long: int | None = None
    for _ in range(_MOST_CHUNKS):
        head = file.read(8)
        if len(head) < 8:
            break
        name, size = struct.unpack("<4sI", head)
        if name == b"data":
            if form is None:
                break
            return form, file.tell(), long if size == _TOP else size
        if name in (b"fmt ", b"ds64"):
            body = file.read(min(size, 64))
            if name == b"fmt " and len(body) >= 16:
                kind, channels, rate, _, _, bits = struct.unpack("<HHIIHH", body[:16])
                if kind == _EXTENSIBLE and body[24:40] == _FLOAT_GUID:
                    kind = _FLOAT
                if kind != _FLOAT or bits != 32 or not 1 <= channels <= 64:
                    raise wrong
                form = (channels, rate)
            elif name == b"ds64" and len(body) >= 16:
                long = struct.unpack("<Q", body[8:16])[0]
            size -= len(body)
        file.seek(size + (size & 1), 1)
    raise wrong


def _neighbours(folder: Path) -> str:
    part = folder.with_name(folder.name + ".part")
    if (part / TAKE).is_file():
        return f"; {part} is one that was cut off: play that"
    try:
        takes = [path.parent.name for path in folder.parent.glob(f"*/{TAKE}")]
    except OSError:
        takes = []
    end = suggest(folder.name, takes)
    return end if takes and len(end) < 200 else "; give a folder that `wearsound take record` made"
