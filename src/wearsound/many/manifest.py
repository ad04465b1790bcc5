"""manifest.json: what was to be rendered, a row a recording, and what became of it. Written whole or not at all."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from wearsound.errors import PatchError, printable, reason
from wearsound.folders import write_or_say
from wearsound.many.job import Asked, Job, Outcome
from wearsound.many.recordings import result_name
from wearsound.outputs.record.show_file import Part

MANIFEST = "manifest.json"
MOST_BYTES = 1 << 27
"""A hundred thousand recordings need half of it."""
_REMEDY = "put it back as it was, or remove it, and everything is rendered again"

State = Literal["done", "failed", "waiting", "gone"]
"""Whole at its place; see its `error`; not yet; rendered once, and the recording is not there any more."""
Amount = Annotated[float, Meta(ge=0, lt=1e9)]


class Row(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One recording: `source` is its path in the folder, `result` the folder of its render, `key` a hash of all that
    decides what comes out. `made_of` are the files by kind (patch, garment, palette, sketch, rig, input), each with its
    SHA-256. Of a result that is done also its hash `sha256`, the `versions` that made it, how many `seconds` it plays
    and `took`, the `verdict` of its report and a `note`; of one that failed the `error`.
    """

    source: str
    result: str
    state: State
    key: str = ""
    made_of: dict[str, Part] = {}
    sha256: str = ""
    versions: dict[str, str] = {}
    seconds: Amount = 0.0
    took: Amount = 0.0
    verdict: str = ""
    note: str = ""
    error: str = ""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was asked for all of them."""

    seed: int
    fps: int
    size: tuple[int, int]
    seconds: float | None
    video: bool
    frames: bool


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file. `manifest` is the number of its form, `folder` where the recordings are, seen from here."""

    manifest: Literal[1]
    wearsound: str
    folder: str
    settings: Settings
    recordings: list[Row]


def settings_of(asked: Asked) -> Settings:
    """Without the paths: each row names its files."""
    return msgspec.convert({name: getattr(asked, name) for name in Settings.__struct_fields__}, Settings)


def waiting(job: Job) -> Row:
    """A recording that is to be rendered."""
    return Row(source=job.source, result=job.name, state="waiting", key=job.key, made_of=job.made_of)


def finished(row: Row, outcome: Outcome) -> Row:
    """The same with what became of it."""
    told = {name: getattr(outcome, name) for name in Outcome.__struct_fields__}
    told["error"], told["note"] = _plain(outcome.error), _plain(outcome.note)
    return msgspec.structs.replace(row, state="failed" if outcome.error else "done", **told)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write manifest.json into `folder`; WearsoundError if it cannot be."""
    data = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
    write_or_say(folder / MANIFEST, data + b"\n", "make room, and run it again")


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of `folder`, None if there is none; a PatchError says what is wrong with it."""
    path = folder / MANIFEST
    try:
        if path.stat().st_size > MOST_BYTES:
            raise PatchError(f"{path} is too large for a manifest of wearsound: {_REMEDY}")
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise PatchError(f"{path} cannot be read ({reason(error)}): {_REMEDY}") from error
    try:
        manifest = msgspec.json.decode(data, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise PatchError(f"{path}{_line(data, str(error))}: {error}: {_REMEDY}") from error
    _check(path, manifest)
    return manifest


def _plain(said: str) -> str:
    """A disk allows names that neither a terminal nor UTF-8 does."""
    return printable(said)


def _check(path: Path, manifest: Manifest) -> None:
    """Results are found by names that nobody but us can make up, and each recording once."""
    seen = set()
    for number, row in enumerate(manifest.recordings):
        where = f"{path}: recordings[{number}]"
        if row.result != result_name(row.source):
            raise PatchError(f"{where}: {row.result!r} is not the result of {row.source!r}: {_REMEDY}")
        if row.source in seen:
            raise PatchError(f"{where}: {row.source!r} is there twice: {_REMEDY}")
        seen.add(row.source)


def _line(data: bytes, said: str) -> str:
    """Where the fault lies, where the reader tells: ", line 12"."""
    byte = re.search(r"\(byte (\d+)\)", said)
    return f", line {data.count(10, 0, int(byte[1])) + 1}" if byte else ""
