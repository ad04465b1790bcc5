"""What is wrong with a take.toml, in the words of a person who has to mend it."""

from __future__ import annotations

from typing import Annotated, Any, get_args

from msgspec import Meta

from wearsound.sources.take_structure import Begun, Channels, Head, Named
from wearsound.toml_file.bounds import Decibels, Number, Word
from wearsound.toml_file.spoken import CALIBRATION, LANES, REMOTE, parts
from wearsound.toml_file.words import Words

_KINDS = ("patch", "garment", "palette", "sketch", "rig")
_LINE = "one line of text, at most 200 characters"
_COUNT = "a whole number from 0"
_Values = Annotated[dict[str, Any], Meta(max_length=64)]

WORDS = Words(
    Head,
    takes={
        "format": "1",
        "wearsound": _LINE,
        "title": _LINE,
        "sample_rate": "samples a second, a whole number from 1000 to 768000",
        "hop": "256",
        "hops": f"{_COUNT}, the hops in lanes.wav",
        "seconds": "seconds from 0",
        "lost": _COUNT,
        "hole": _COUNT,
        "left_out": _COUNT,
        "show": f"{_COUNT}, the number of the show it begins with",
        "seed": "a whole number of at most 64 bits",
        "hears": 'a list of features, such as ["room.pitch"]',
        "silent": 'a list of at most 16 lanes, such as ["crowd"]',
        **LANES,
        **REMOTE,
        **CALIBRATION,
        **parts(_KINDS),
    },
    owners={(): ("a take.toml", Head), **{(kind,): (f"[{kind}]", Named) for kind in _KINDS}},
    needed={"format": 1, "sample_rate": 48_000, "hop": 256, "lanes": {"room": [1]}, "file": "x"},
    choices={"begun": get_args(Begun)},
    free={
        "lanes": (Word, Channels),
        "remote": (Word, _Values),
        "remote.*": (Word, tuple[Number, Number]),
        "calibration": (Word, _Values),
        "calibration.*": (Word, Decibels),
    },
    each=frozenset({"hears", "silent"}),
    astray="it is a key of the whole take: move it above the first [heading]",
)
