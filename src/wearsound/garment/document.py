"""What a garment file may say, read and checked: zones, and the layers of cloth they are drawn from.

Everything is in centimetres, x to the viewer's right and y down from the pit of the neck. The file is
data: nothing in it runs, every number is bounded, and what is wrong is said with file and key.
`docs/garment.md` describes the format for people.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from wearsound.errors import PatchError
from wearsound.gallery import suggest
from wearsound.garment.layers import (
    OKLCH,
    Fan,
    Filament,
    Fold,
    Inset,
    Layer,
    Line,
    Name,
    Point,
    Seam,
    Share,
)
from wearsound.toml_file import parse_toml, read_bounded

MAX_ZONES = 28
MAX_FILAMENTS = 64


Material = Literal["led", "filament", "electrochromic", "thermochromic", "plain", "screen"]


class Zone(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One part of the garment that a patch can name.

    `fabric` is what it is made of (`garment.materials`), `light` the OKLCH colour of its filaments, `cloth`
    and `dye` the OKLCH colours of its fabric at rest and fully dyed, `area` its relative size.
    """

    name: Name
    light: OKLCH
    roles: Annotated[tuple[Name, ...], msgspec.Meta(max_length=8)] = ()
    fabric: Material = "led"
    area: Annotated[float, msgspec.Meta(ge=0.001, le=1000)] = 1.0
    cloth: OKLCH = (0.40, 0.062, 262.0)
    dye: OKLCH = (0.56, 0.13, 42.0)


class Strand(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One data line: the filaments it runs through, in the order of the wire; "-name" runs from its end.

    `ma` is what one channel of one pixel draws at full, `idle_ma` what a dark pixel draws.
    """

    name: Name
    filaments: Annotated[
        tuple[Annotated[str, msgspec.Meta(pattern="^-?[a-z][a-z0-9_]{0,63}$")], ...],
        msgspec.Meta(min_length=1, max_length=128),
    ]
    ma: Annotated[float, msgspec.Meta(ge=0, le=1000)] = 12.0
    idle_ma: Annotated[float, msgspec.Meta(ge=0, le=100)] = 0.8


class Actuator(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is felt: a motor or exciter in a zone, and where it sits on the first figure that shows the zone."""

    name: Name
    zone: Name
    kind: Literal["erm", "lra", "voice_coil", "piezo"] = "lra"
    at: Point | None = None


class Sensor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What feels: a microphone or sensor in a zone, and the lane it is heard as."""

    name: Name
    zone: Name
    kind: Literal["contact", "motion", "stretch", "pressure", "touch"] = "contact"
    lane: Name = "body"
    at: Point | None = None


class Battery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What feeds it. `most_ma` is what battery, wires and driver bear; `idle_ma` what its controller draws."""

    mah: Annotated[float, msgspec.Meta(ge=1, le=1_000_000)] = 5000.0
    volts: Annotated[float, msgspec.Meta(ge=1, le=60)] = 5.0
    most_ma: Annotated[float, msgspec.Meta(ge=1, le=1_000_000)] = 2000.0
    idle_ma: Annotated[float, msgspec.Meta(ge=0, le=10_000)] = 120.0


class Figure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One view of the garment, placed on a stage of 1280 by 720.

    `scale` is pixels a centimetre, `at` where the pit of the neck is, `floor` the height of the floor
    below it and `key` how much of the key light it gets.
    """

    name: Name
    at: tuple[
        Annotated[float, msgspec.Meta(ge=0, le=1280)],
        Annotated[float, msgspec.Meta(ge=0, le=720)],
    ]
    layer: Annotated[tuple[Layer, ...], msgspec.Meta(min_length=1, max_length=40)]
    scale: Annotated[float, msgspec.Meta(ge=1, le=30)] = 7.3
    floor: Annotated[float, msgspec.Meta(ge=0, le=720)] = 664.0
    key: Share = 0.9
    view: Literal["front", "back"] = "front"


class GarmentFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file as written."""

    title: Line
    zone: Annotated[tuple[Zone, ...], msgspec.Meta(min_length=1, max_length=MAX_ZONES)]
    figure: Annotated[tuple[Figure, ...], msgspec.Meta(min_length=1, max_length=3)]
    about: Line = ""
    strand: Annotated[tuple[Strand, ...], msgspec.Meta(max_length=64)] = ()
    actuator: Annotated[tuple[Actuator, ...], msgspec.Meta(max_length=64)] = ()
    sensor: Annotated[tuple[Sensor, ...], msgspec.Meta(max_length=32)] = ()
    battery: Battery = Battery()


@dataclass(frozen=True, slots=True, eq=False)
class Garment:
    """A garment, read and checked. `digest` is the SHA-256 of the file's bytes."""

    name: str
    title: str
    about: str
    path: Path
    digest: str
    zones: tuple[Zone, ...]
    figures: tuple[Figure, ...]
    strands: tuple[Strand, ...] = ()
    actuators: tuple[Actuator, ...] = ()
    sensors: tuple[Sensor, ...] = ()
    battery: Battery = field(default_factory=Battery)
    zone_names: tuple[str, ...] = field(init=False)
    roles: dict[str, tuple[str, ...]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "zone_names", tuple(zone.name for zone in self.zones))
        named: dict[str, list[str]] = {}
        for zone in self.zones:
            for role in zone.roles:
                named.setdefault(role, []).append(zone.name)
        object.__setattr__(self, "roles", {role: tuple(zones) for role, zones in named.items()})


def load_garment(path: str | Path) -> Garment:
    """Read a garment file; PatchError with file and key if it does not say what it should."""
    path = Path(path)
    data = read_bounded(path)
    tree = parse_toml(path, data)
    for key, value in _numbers(tree, ""):
        if not math.isfinite(value):
            raise PatchError(f"{path}: {key}: {value} is not a length or colour; give a finite number")
    try:
        document = msgspec.convert(tree, GarmentFile)
    except msgspec.ValidationError as error:
        raise PatchError(f"{path}: {_sentence(str(error))}") from error
    try:
        _check(document)
    except PatchError as error:
        raise PatchError(f"{path}: {error}") from error
    return Garment(
        name=path.stem,
        title=document.title,
        about=document.about,
        path=path,
        digest=hashlib.sha256(data).hexdigest(),
        zones=document.zone,
        figures=document.figure,
        strands=document.strand,
        actuators=document.actuator,
        sensors=document.sensor,
        battery=document.battery,
    )


def _numbers(value: Any, key: str) -> Iterator[tuple[str, float]]:
    if isinstance(value, float):
        yield key, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _numbers(inner, f"{key}.{name}" if key else name)
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from _numbers(inner, f"{key}[{i}]")


def _sentence(error: str) -> str:
    """msgspec's words with the key first and, for an unknown field, the nearest known one."""
    what, _, where = error.partition(" - at ")
    key = where.strip("`").removeprefix("$").lstrip(".")
    unknown = re.search(r"unknown field `([^`]*)`", what)
    if unknown:
        near = suggest(unknown[1], _fields_at(key))
        return f"{key + ': ' if key else ''}no key {unknown[1]!r} here{near}"
    return f"{key + ': ' if key else ''}{what}"


def _fields_at(key: str) -> tuple[str, ...]:
    last = re.findall(r"[a-z_]+", key)[-1:]
    parts: dict[str, type[msgspec.Struct]] = {
        "zone": Zone, "figure": Figure, "layer": Layer, "seams": Seam, "folds": Fold,
        "fans": Fan, "insets": Inset, "filaments": Filament,
    }  # fmt: skip
    return parts[last[0]].__struct_fields__ if last and last[0] in parts else GarmentFile.__struct_fields__


def _check(document: GarmentFile) -> None:
    """What types cannot say: names are single, and what is named exists."""
    zones = [zone.name for zone in document.zone]
    _single(zones, "zone")
    for i, zone in enumerate(document.zone):
        for role in zone.roles:
            if role in zones and role != zone.name:
                raise PatchError(
                    f"zone[{i}].roles: {role!r} is a zone's name already; call the role otherwise"
                )
    _single([figure.name for figure in document.figure], "figure")
    strands = 0
    for f, figure in enumerate(document.figure):
        before: list[str] = []
        for n, layer in enumerate(figure.layer):
            key = f"figure[{f}].layer[{n}]"
            if layer.name in before:
                raise PatchError(f"{key}.name: {layer.name!r} is used twice in figure {figure.name!r}")
            if bool(layer.zone) == (layer.colour is not None):
                raise PatchError(
                    f"{key}: a layer has either a zone or a colour; {layer.name!r} has not just one"
                )
            _known(layer.zone, zones, layer.side, f"{key}.zone")
            if layer.on and layer.on not in before:
                raise PatchError(f"{key}.on: no layer {layer.on!r} lies below{suggest(layer.on, before)}")
            if len(layer.axis) == 1 or len(layer.fade) == 1:
                raise PatchError(f"{key}: an axis or a fade has two ends; one is given")
            for i, inset in enumerate(layer.insets):
                _known(inset.zone, zones, "one", f"{key}.insets[{i}].zone")
            for i, filament in enumerate(layer.filaments):
                _known(filament.zone, zones, layer.side, f"{key}.filaments[{i}].zone")
                if not filament.zone and not layer.zone:
                    raise PatchError(f'{key}.filaments[{i}]: no zone plays it; give zone = "name"')
            strands += len(layer.filaments) * (1 if layer.side == "one" else 2)
            before.append(layer.name)
    if strands > MAX_FILAMENTS:
        raise PatchError(f"figure: {strands} filaments with their mirrors; at most {MAX_FILAMENTS} fit")


def _single(names: list[str], kind: str) -> None:
    for i, name in enumerate(names):
        if name in names[:i]:
            raise PatchError(f"{kind}[{i}].name: {name!r} is used twice; each {kind} has its own name")


def _known(zone: str | tuple[str, str], zones: list[str], side: str, key: str) -> None:
    if isinstance(zone, tuple) and side == "one":
        raise PatchError(f"{key}: two zones need a mirrored layer; this one is drawn as given")
    for name in (zone,) if isinstance(zone, str) else zone:
        if name and name not in zones:
            raise PatchError(f"{key}: no zone {name!r}{suggest(name, zones)}")
