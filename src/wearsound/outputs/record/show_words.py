"""What is wrong with a show.toml, in the words of a person who has to mend it."""

from __future__ import annotations

from typing import Annotated, Any, get_args

from msgspec import Meta

from wearsound.outputs.record.show_structure import PARTS, Bound, Count, Part, ShowFile
from wearsound.toml_file.bounds import Channel, Decibels, Line, Number, Word
from wearsound.toml_file.spoken import CALIBRATION, LANES, REMOTE, parts
from wearsound.toml_file.words import Words

_Channels = Annotated[list[Channel], Meta(min_length=1, max_length=64)]
_Values = Annotated[dict[str, Any], Meta(max_length=64)]
_Bounds = Annotated[dict[str, Any], Meta(min_length=1)]

WORDS = Words(
    ShowFile,
    takes={
        "wearsound": "the version that made it, one line of text",
        "seed": "a whole number of at most 64 bits",
        "fps": "frames a second, a whole number from 1 to 60",
        "size": "width and height, from [160, 90] to [3840, 2160], both even",
        "seconds": "seconds above 0, below 1000000",
        "start": "seconds from 0, below 1000000",
        "video": "true or false",
        "frames": "true or false",
        "changes": "true or false",
        "instead": 'a list of at most three of "garment", "sketch" and "seed"',
        "hears": 'a list of at most 1000 features, such as ["room.pitch"]',
        **LANES,
        **REMOTE,
        **CALIBRATION,
        "expect": "a table of what is to be counted, such as { onsets = 12 }",
        "expect.*": "a number, or a table such as { min = 1, max = 3 }",
        "expect.*.*": "a number",
        "expect name": "what is counted, one line of at most 200 characters",
        **parts(PARTS),
    },
    owners={(): ("a show.toml", ShowFile), **{(kind,): (f"[{kind}]", Part) for kind in PARTS}},
    needed={
        "wearsound": "",
        "seed": 0,
        "fps": 10,
        "size": [320, 180],
        "seconds": 1.0,
        **{kind: {"file": "x"} for kind in ("patch", "garment", "input")},
        "file": "x",
        "expect.*": {"max": 0},
    },
    choices={"expect.* name": get_args(Bound)},
    free={
        "lanes": (Word, _Channels),
        "remote": (Word, _Values),
        "remote.*": (Word, tuple[Number, Number]),
        "calibration": (Word, _Values),
        "calibration.*": (Word, Decibels),
        "expect": (Line, Count | _Bounds),
        "expect.*": (Bound, Count),
    },
    each=frozenset({"hears", "instead"}),
    astray="it is a key of the whole file: move it above the first [heading]",
)
