"""A garment read from its file: zones, figures, wires, motors, sensors, battery.

The file is data: nothing in it runs, every number is bounded, and everything wrong with it is said at once,
`file:line: what; remedy`. What it may say stands in `structure` and `layers`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import numpy as np

from wearsound.garment.faults import advice, faults, no_numbers
from wearsound.garment.hexadecimal import spelt_out
from wearsound.garment.shape import UNDRAWN, areas
from wearsound.garment.structure import Actuator, Battery, Figure, Sensor, Strand, Zone
from wearsound.garment.words import WORDS
from wearsound.toml_file import line_of, parsed, read_bounded, refuse, utf8
from wearsound.toml_file.kinds import expect

__all__ = ["Figure", "Garment", "Strand", "Zone", "load_garment", "read_garment"]


@dataclass(frozen=True, slots=True, eq=False)
class Garment:
    """A garment, read and checked: every zone's `area` is known. `digest` is the SHA-256 of the file's bytes.

    `warnings` are what is no fault but will surprise somebody, a sentence each with file and line.
    """

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
    ambient: float = 22.0
    warnings: tuple[str, ...] = ()
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
    """Read and check a garment file; a PatchError says everything that is wrong. [any thread]"""
    data = read_bounded(path)
    return read_garment(utf8(data, path), path, hashlib.sha256(data).hexdigest())


def read_garment(text: str, path: str | Path, digest: str = "") -> Garment:
    """Check the text of a garment; `path` names it in errors, `digest` is kept. [any thread]"""
    path = Path(path)
    tree, lines = parsed(text, path, "garment")
    expect("garment", tree, path)
    spelt_out(tree)
    complaints = list(no_numbers(tree))
    if complaints:
        refuse(path, lines, complaints)
    document, complaints = WORDS.structure(tree)
    # What stands in for a key that could not be read would be missed everywhere else: that comes first.
    if document is None or complaints:
        refuse(path, lines, complaints)
    complaints = faults(document)
    if complaints:
        refuse(path, lines, complaints)
    seen = areas(document.figure, [zone.name for zone in document.zone])
    surprises = sorted((line_of(lines, key), sentence) for key, sentence in advice(document, seen))
    return Garment(
        name=path.stem,
        title=document.title,
        about=document.about,
        path=path,
        digest=digest,
        zones=tuple(
            msgspec.structs.replace(zone, area=zone.area or float(size))
            for zone, size in zip(document.zone, np.where(seen > 0, seen, UNDRAWN), strict=True)
        ),
        figures=document.figure,
        strands=document.strand,
        actuators=document.actuator,
        sensors=document.sensor,
        battery=document.battery,
        ambient=document.ambient,
        warnings=tuple(f"{path}:{line}: {sentence}" for line, sentence in surprises),
    )
