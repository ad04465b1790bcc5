"""What a take.toml may say: every key and its limits."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from wearsound.toml_file.bounds import Channel, Decibels, FileName, Line, Number, Seed, Word

Begun = Literal["", "within"]
Count = Annotated[int, Meta(ge=0, lt=1 << 40)]
Channels = Annotated[list[Channel], Meta(min_length=1, max_length=64)]


class Named(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file the show was made of, as show.toml names it."""

    file: FileName
    sha256: str = ""


class Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A take.toml. Without `hops` the recording was cut off, and what is there counts."""

    format: int
    wearsound: Line = ""
    title: Line = ""
    sample_rate: Annotated[int, Meta(ge=1_000, le=768_000)]
    hop: Annotated[int, Meta(ge=1, le=1 << 20)]
    hops: Count | None = None
    seconds: Annotated[float, Meta(ge=0, lt=1e9)] = 0.0
    lost: Count = 0
    hole: Count = 0
    left_out: Count = 0
    show: Annotated[int, Meta(ge=0, lt=1 << 31)] = 0
    begun: Begun = ""
    seed: Seed = 0
    hears: Annotated[tuple[Line, ...], Meta(max_length=1000)] = ()
    silent: Annotated[tuple[Word, ...], Meta(max_length=16)] = ()
    lanes: Annotated[dict[Word, Channels], Meta(min_length=1, max_length=16)]
    remote: Annotated[dict[Word, dict[Word, tuple[Number, Number]]], Meta(max_length=64)] = {}
    calibration: Annotated[
        dict[Word, Annotated[dict[Word, Decibels], Meta(max_length=64)]], Meta(max_length=16)
    ] = {}
    patch: Named | None = None
    garment: Named | None = None
    palette: Named | None = None
    sketch: Named | None = None
    rig: Named | None = None
