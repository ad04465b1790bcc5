"""kept.toml: what a take says of one of its shows, and what is wrong with that in words."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from wearsound.outputs.record.show_structure import Part
from wearsound.outputs.record.take_shows import KINDS
from wearsound.toml_file.bounds import Decibels, Line, Seed, Word
from wearsound.toml_file.spoken import CALIBRATION, parts
from wearsound.toml_file.words import Words


class KeptWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A kept.toml."""

    title: Line = ""
    seed: Seed = 0
    hears: Annotated[tuple[Line, ...], Meta(max_length=1000)] = ()
    calibration: Annotated[
        dict[Word, Annotated[dict[Word, Decibels], Meta(max_length=64)]], Meta(max_length=16)
    ] = {}
    patch: Part
    garment: Part
    palette: Part | None = None
    sketch: Part | None = None

    def parts(self) -> dict[str, Part | None]:
        """Its files by kind."""
        return {kind: getattr(self, kind) for kind in KINDS}


_LINE = "one line of text, at most 200 characters"

WORDS = Words(
    KeptWords,
    takes={
        "title": _LINE,
        "seed": "a whole number of at most 64 bits",
        "hears": 'a list of features, such as ["room.pitch"]',
        **CALIBRATION,
        **parts(KINDS),
    },
    owners={(): ("a kept.toml", KeptWords), **{(kind,): (f"[{kind}]", Part) for kind in KINDS}},
    needed={"patch": {"file": "x"}, "garment": {"file": "x"}, "file": "x"},
    free={
        "calibration": (Word, Annotated[dict[str, Any], Meta(max_length=64)]),
        "calibration.*": (Word, Decibels),
    },
    each=frozenset({"hears"}),
)
