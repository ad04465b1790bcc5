"""What a show.toml may say: every key and its limits."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from wearsound.toml_file.bounds import Channel, Decibels, FileName, Line, Number, Seed, Word

PARTS = ("patch", "garment", "palette", "sketch", "rig", "input")
"""Every file that a show may be made of, by what it is."""

Count = Annotated[float, Meta(ge=-1e12, le=1e12)]
Bound = Literal["min", "max"]
Expected = Count | Annotated[dict[Bound, Count], Meta(min_length=1)]
"""What is to be counted: a number exactly, or bounds of it."""


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file a show was made of: a gallery name, or a path from the render's folder (starts with a dot or
    is absolute), or for an input what is made up (`test:kick=120`). `sha256` is of the file's bytes; of a
    take, which is a folder, of the SHA-256 of its three files.
    """

    file: FileName
    sha256: str = ""


class ShowFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A show.toml. `seconds` is the length that was asked for, or else what was played, from `start` on; `hears` what
    sketch and rig asked of the ear, `lanes`, `remote` and `calibration` what else of a rig decides what is heard: the
    rig itself is not followed when a show comes from a stranger. `changes`: the input is a take, and its changes of
    show were played, all with what `instead` names from here. `expect` is for a person to add to. The limits are those
    of the command line.
    """

    wearsound: Line
    seed: Seed
    fps: Annotated[int, Meta(ge=1, le=60)]
    size: tuple[Annotated[int, Meta(ge=160, le=3840)], Annotated[int, Meta(ge=90, le=2160)]]
    seconds: Annotated[float, Meta(gt=0, lt=1e6)]
    start: Annotated[float, Meta(ge=0, lt=1e6)] = 0.0
    video: bool = True
    frames: bool = False
    changes: bool = False
    instead: Annotated[tuple[Literal["garment", "sketch", "seed"], ...], Meta(max_length=3)] = ()
    hears: Annotated[tuple[Line, ...], Meta(max_length=1000)] = ()
    lanes: Annotated[
        dict[Word, Annotated[list[Channel], Meta(min_length=1, max_length=64)]], Meta(max_length=16)
    ] = {}
    remote: Annotated[
        dict[Word, Annotated[dict[Word, tuple[Number, Number]], Meta(max_length=64)]], Meta(max_length=16)
    ] = {}
    calibration: Annotated[
        dict[Word, Annotated[dict[Word, Decibels], Meta(max_length=64)]], Meta(max_length=16)
    ] = {}
    patch: Part
    garment: Part
    input: Part
    palette: Part | None = None
    sketch: Part | None = None
    rig: Part | None = None
    expect: dict[Line, Expected] = {}
