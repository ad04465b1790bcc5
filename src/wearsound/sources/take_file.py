"""take.toml and the head of lanes.wav, as a stranger may have written them: read within bounds."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from wearsound.core import Clock
from wearsound.errors import MissingError, PatchError, reason
from wearsound.folders import is_inside
from wearsound.gallery import suggest
from wearsound.sources.take_structure import Head
from wearsound.sources.take_words import WORDS
from wearsound.toml_file import line_of, read_lines, where
from wearsound.toml_file.words import shown

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
    own_file(folder, TAKE)
    tree, lines = read_lines(path)
    said = tree.get("format", FORMAT)  # without it there are words for that
    if said != FORMAT or isinstance(said, bool):
        raise PatchError(
            f"{path}:{line_of(lines, ('format',))}: format is {shown(said)}, but {FORMAT} is read here; use the "
            "wearsound that made it"
        )
    head = WORDS.document_of(path, tree, lines)
    if head.hop != Clock().hop:
        raise PatchError(
            f"{path}:{line_of(lines, ('hop',))}: hop is {head.hop}, but {Clock().hop} is played here; record it again"
        )
    for lane, values in head.remote.items():
        for name, (low, high) in values.items():
            if low >= high:
                line = line_of(lines, ("remote", lane, name))
                raise PatchError(
                    f"{path}:{line}: remote.{lane}.{name} spans {low:g} to {high:g}; give low, high"
                )
    return head


def own_file(folder: Path, name: str) -> Path:
    """The path of one of a take's files; a PatchError for a link that leads out of its folder."""
    path = folder / name
    if path.is_symlink() and not is_inside(path, folder):
        raise PatchError(
            f"{path}: is a link to elsewhere, and a take keeps its files itself; copy the take again"
        )
    return path


def read_sound(folder: Path, head: Head) -> Sound:
    """Where the samples are; a PatchError for what is not the float WAV of this take.

    Of a recording that was cut off the header may say too little, so the file's own length counts.
    """
    path = own_file(folder, LANES)
    try:
        with path.open("rb") as file:
            form, start, said = _chunks(path, file)
            size = file.seek(0, 2)
    except OSError as error:
        raise PatchError(f"{path}: cannot be read ({reason(error)}); a take needs it") from None
    channels, rate = form
    if rate != head.sample_rate:
        at = where(folder / TAKE, "sample_rate")
        raise PatchError(f"{at}: sample_rate is {head.sample_rate}, but {path} has {rate} samples a second")
    for lane, columns in head.lanes.items():
        if max(columns) > channels:
            at = where(folder / TAKE, "lanes", lane)
            raise PatchError(f"{at}: lane {lane} is channel {max(columns)}, but {path} has {channels}")
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
