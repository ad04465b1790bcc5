"""A sensor preset: a small TOML file that says how the messages of one app or board are read.

A preset is data. From this come its reader, the JSON Schema (`wearsound schema sensor`) and the ends of error
sentences. No NumPy here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import msgspec
from msgspec import Meta, Struct

from wearsound import gallery
from wearsound.errors import PatchError
from wearsound.folders import is_inside
from wearsound.sensed import GROUPS, OF_COLUMN, G, Reading, Sensor
from wearsound.toml_file import parsed, read_bounded, refuse, utf8
from wearsound.toml_file.bounds import Line, Number
from wearsound.toml_file.lines import KeyPath
from wearsound.toml_file.words import Words, shown

LANE = "{lane}"
"""Stands for the lane's name in an address."""

Unit = Literal["", "m/s2", "g", "rad/s", "deg/s"]
StampUnit = Literal["s", "ms", "us"]

_FACTORS: dict[str, float] = {"": 1.0, "m/s2": 1.0, "g": G, "rad/s": 1.0, "deg/s": math.pi / 180.0}
_TICKS: dict[str, float] = {"s": 1.0, "ms": 1e-3, "us": 1e-6}
_UNITS = {"accel": ("m/s2", "g"), "gravity": ("m/s2", "g"), "gyro": ("rad/s", "deg/s")}
_PART = r"(?:[!\"$-)+.0->@-Z\\^-z|~-]+|\*|\{lane\})"
_ADDRESS = re.compile(rf"(?:/{_PART})+")


class Read(
    Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, rename={"source": "from", "span": "in"}
):
    """One message of a sender."""

    source: Annotated[
        str,
        Meta(
            min_length=2,
            max_length=128,
            description='The OSC address. One part may be "*", which stands for any ("/*/accel"); {lane} is the name '
            "of the lane.",
        ),
    ]
    to: Annotated[
        str,
        Meta(
            description="What it says: accel, gravity, gyro (three numbers each), stretch, pressure; or one of their "
            "numbers alone: ax ay az, ux uy uz, gx gy gz."
        ),
    ]
    args: Annotated[
        list[Annotated[int, Meta(ge=0, le=63)]] | None,
        Meta(description="Which arguments, counted from 0; left out: the first ones."),
    ] = None
    unit: Annotated[
        Unit, Meta(description="The unit it sends: g or m/s2, deg/s or rad/s; left out: m/s2 and rad/s.")
    ] = ""
    turned: Annotated[
        bool, Meta(description="Whether its axes point the other way, as those of iPhones do.")
    ] = False
    span: Annotated[
        tuple[Number, Number] | None,
        Meta(description="Of stretch and pressure: the numbers at rest and at most, such as [0, 1023]."),
    ] = None
    stamp: Annotated[
        Annotated[int, Meta(ge=0, le=63)] | None,
        Meta(description="Which argument says when it was measured, by the sender's own clock."),
    ] = None
    stamp_unit: Annotated[StampUnit, Meta(description="The unit of that: s, ms or us.")] = "ms"


class PresetFile(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A wearsound sensor preset: how the messages of one app or board are read."""

    title: Annotated[Line, Meta(description="What people call the app or board.")] = ""
    about: Annotated[Line, Meta(description="One line: what it sends.")] = ""
    read: Annotated[list[Read], Meta(min_length=1, max_length=16, description="Its messages.")]


_LINE = "one line of text, at most 200 characters"

WORDS = Words(
    PresetFile,
    takes={
        "title": _LINE,
        "about": _LINE,
        "read": "tables that begin with [[read]], two brackets, at most 16",
        "from": 'an OSC address such as "/gyrosc/accel" or "/*/accel"',
        "to": "accel, gravity, gyro, stretch, pressure, or one of their numbers, such as ax",
        "args": "whole numbers from 0 to 63, such as [0, 1, 2]",
        "turned": "true or false",
        "in": "two different numbers, such as [0, 1023]",
        "stamp": "a whole number from 0 to 63",
    },
    owners={(): ("a sensor preset", PresetFile), ("read",): ("a [[read]]", Read)},
    needed={"from": "/x", "to": "accel", "read": [{"from": "/x", "to": "accel"}]},
    choices={"unit": get_args(Unit)[1:], "stamp_unit": get_args(StampUnit)},
    meant={"ms2": "m/s2", "m/s^2": "m/s2", "m/s²": "m/s2", "dps": "deg/s", "°/s": "deg/s", "µs": "us"},
    each=frozenset({"args"}),
)


def schema() -> dict[str, Any]:
    """The JSON Schema of a preset, with limits and descriptions, for editors. [any thread]"""
    made = msgspec.json.schema(PresetFile)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "wearsound sensor preset",
        **made,
    }


def find_preset(name: str, beside: Path) -> Path:
    """The file of a preset: `name`.toml in the folder `beside` where it says .toml, else the gallery's. PatchError."""
    if not name.endswith(".toml"):
        return gallery.find("sensor", name)
    path = beside / name
    if path.is_symlink() and not is_inside(path, beside):
        raise PatchError(f"{name!r} is a link to elsewhere; copy the preset beside the rig")
    if not path.is_file():
        raise PatchError(
            f"no {name!r} in {beside}; put it beside the rig, or name one of the gallery: "
            + ", ".join(gallery.files("sensor"))
        )
    return path


def load_preset(path: Path, lane: str, only: str = "") -> Sensor:
    """The preset in a file, for a lane; a PatchError says everything that is wrong. [any thread]"""
    data, lines = parsed(utf8(read_bounded(path), path), path, "sensor preset")
    document, complaints = WORDS.structure(data)
    if document is not None:
        complaints += list(_faults(document))
    if document is None or complaints:
        refuse(path, lines, complaints)
    readings = [_reading(read) for read in document.read]
    named = tuple(replace(each, source=each.source.replace(LANE, lane)) for each in readings)
    return Sensor(lane, named, only, path.name)


def _reading(read: Read) -> Reading:
    group = OF_COLUMN.get(read.to, read.to)
    n = len(GROUPS[read.to].columns) if read.to in GROUPS else 1
    zero, factor = 0.0, _FACTORS[read.unit]
    if read.span is not None:
        zero, factor = read.span[0], 1.0 / (read.span[1] - read.span[0])
    return Reading(
        source=read.source,
        to=read.to,
        args=tuple(read.args) if read.args is not None else tuple(range(n)),
        unit=read.unit or GROUPS[group].unit,
        factor=-factor if read.turned else factor,
        zero=zero,
        stamp=read.stamp,
        tick=_TICKS[read.stamp_unit],
    )


def _faults(document: PresetFile) -> Iterator[tuple[KeyPath, str]]:
    for i, read in enumerate(document.read):
        if _ADDRESS.fullmatch(read.source) is None or read.source.count("*") > 1:
            yield (
                ("read", i, "from"),
                f'from is {shown(read.source)}; it takes an OSC address with at most one "*", which is a whole part: '
                '"/*/accel"',
            )
        elif read.source.startswith("/wear/") and not read.source.startswith(f"/wear/move/{LANE}"):
            yield (
                ("read", i, "from"),
                f"from is {shown(read.source)}, which is wearsound's own; only /wear/move/{LANE} is read by a preset",
            )
        if read.to not in GROUPS and read.to not in OF_COLUMN:
            known = [*GROUPS, *OF_COLUMN]
            yield ("read", i, "to"), f"no {shown(read.to)} is sensed{gallery.suggest(read.to, known)}"
            continue
        group = OF_COLUMN.get(read.to, read.to)
        n = len(GROUPS[read.to].columns) if read.to in GROUPS else 1
        if read.args is not None and len(read.args) != n:
            yield ("read", i, "args"), f"args has {len(read.args)} numbers; {read.to} takes {n}"
        units = _UNITS.get(group, ())
        if read.unit and read.unit not in units:
            remedy = f"it takes {' or '.join(units)}" if units else "it has none: write in = [rest, most]"
            yield (
                ("read", i, "unit"),
                f"unit is {shown(read.unit)}, and {read.to} is not measured in it; {remedy}",
            )
        if read.span is not None and (units or read.span[0] == read.span[1]):
            said = (
                f"in is for stretch and pressure; {read.to} takes unit"
                if units
                else WORDS.read(("read", "in"), list(read.span))
            )
            yield ("read", i, "in"), said
