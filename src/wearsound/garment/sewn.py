"""A garment as its light sees it: every filament, every pixel, where it lies and who plays it.

Pixels are counted along the filaments in the order of the file, the given side before its mirror image, the
first pixel where the path begins. A zone without a filament has one pixel at the end of all: no light is
sewn there, but a lamp of the room may take its colour.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from wearsound.core import F64, Index, Mask
from wearsound.garment.document import Garment
from wearsound.garment.images import images
from wearsound.garment.shape import points_at

BANDS = ("low", "mid", "high")


@dataclass(frozen=True, slots=True)
class SewnFilament:
    """One filament as it is sewn: `mirror` is the mirror image of the one in the file.

    `figure` and `layer` say where it lies, `number` which of its layer's it is; `zone` is a number, `band` one of
    BANDS; its pixels are `first` .. `first + pixels`; `path` the points in cm from the pit of the neck.
    """

    name: str
    figure: int
    layer: str
    number: int
    mirror: bool
    zone: int
    band: str
    first: int
    pixels: int
    path: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Sewn:
    """Every pixel of a garment.

    `zone` and `filament` (n_pixels,) numbers, -1 for no filament; `along` (n_pixels,) 0..1 from end to end;
    `place` (n_pixels, 2) cm on figure `figure`, NaN and -1 without a filament; `area` (n_pixels,) its share of the
    garment, sum 1. `of_zone` are the pixels of each zone, `wires` those of each strand in the order of the wire;
    a filament of no strand is a wire of its own. `order` are all pixels zone by zone, which begin at `starts`.
    """

    filaments: tuple[SewnFilament, ...]
    zone: Index
    filament: Index
    along: F64
    place: F64
    figure: Index
    area: F64
    of_zone: tuple[Index, ...]
    wires: dict[str, Index]
    order: Index = field(init=False)
    starts: Index = field(init=False)
    counts: F64 = field(init=False)

    def __post_init__(self) -> None:
        counts = np.array([len(mine) for mine in self.of_zone])
        object.__setattr__(self, "order", np.concatenate(self.of_zone))
        object.__setattr__(self, "starts", np.cumsum(counts) - counts)
        object.__setattr__(self, "counts", counts[:, None].astype(np.float64))

    @property
    def n_pixels(self) -> int:
        """How many pixels there are."""
        return len(self.zone)

    @property
    def lamp(self) -> Mask:
        """Which pixels lie on no filament: lamps of the room, (n_pixels,)."""
        return self.filament < 0

    def by_zone(self, pixels: F64) -> F64:
        """The mean of (n_pixels, k) over each zone: (n_zones, k)."""
        sums = np.add.reduceat(pixels[self.order], self.starts, axis=0)
        means: F64 = sums / self.counts
        return means


@lru_cache(maxsize=16)
def sewn(garment: Garment) -> Sewn:
    """The pixels of a garment. [any thread]"""
    filaments = tuple(_filaments(garment))
    zone: list[int] = []
    number: list[int] = []
    along: list[F64] = []
    place: list[F64] = []
    figure: list[int] = []
    for i, filament in enumerate(filaments):
        at = (np.arange(filament.pixels) + 0.5) / filament.pixels
        zone += [filament.zone] * filament.pixels
        number += [i] * filament.pixels
        figure += [filament.figure] * filament.pixels
        along.append(at)
        place.append(points_at(np.array(filament.path), at))
    for bare in sorted(set(range(len(garment.zones))) - set(zone)):
        zone.append(bare)
        number.append(-1)
        figure.append(-1)
        along.append(np.array([0.5]))
        place.append(np.full((1, 2), np.nan))
    zones = np.array(zone, np.intp)
    of_zone = tuple(np.flatnonzero(zones == i) for i in range(len(garment.zones)))
    areas = np.array([z.area for z in garment.zones])
    counts = np.array([len(mine) for mine in of_zone])
    area = (areas / counts)[zones]
    return Sewn(
        filaments=filaments,
        zone=zones,
        filament=np.array(number, np.intp),
        along=np.concatenate(along),
        place=np.concatenate(place),
        figure=np.array(figure, np.intp),
        area=area / areas.sum(),
        of_zone=of_zone,
        wires=_wires(garment, filaments),
    )


def _filaments(garment: Garment) -> Iterator[SewnFilament]:
    first = 0
    for image in images(garment.figures):
        filament = image.filament
        sign = -1 if image.mirror else 1
        yield SewnFilament(
            name=image.name,
            figure=image.f,
            layer=image.layer.name,
            number=image.i,
            mirror=image.mirror,
            zone=garment.zone_names.index(image.zone),
            band=filament.band,
            first=first,
            pixels=filament.pixels,
            path=tuple((sign * x, y) for x, y in filament.path),
        )
        first += filament.pixels


def _wires(garment: Garment, filaments: tuple[SewnFilament, ...]) -> dict[str, Index]:
    left = {filament.name: filament for filament in filaments}
    wires: dict[str, Index] = {}
    for strand in garment.strands:
        runs = []
        for entry in strand.filaments:
            run = _run(left.pop(entry.removeprefix("-")))
            runs.append(run[::-1] if entry.startswith("-") else run)
        wires[strand.name] = np.concatenate(runs)
    return wires | {name: _run(filament) for name, filament in left.items()}


def _run(filament: SewnFilament) -> Index:
    return filament.first + np.arange(filament.pixels, dtype=np.intp)
