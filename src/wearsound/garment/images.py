"""Every filament of a garment in the one order in which it counts: as given, then its mirror image."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wearsound.garment.layers import Filament, Layer, filament_name, sides, zone_of
from wearsound.garment.structure import Figure
from wearsound.toml_file.lines import KeyPath


@dataclass(frozen=True, slots=True)
class Image:
    """One image of a filament: of `figure` number `f`, `layer` number `n` and filament number `i` of the layer."""

    figure: Figure
    layer: Layer
    f: int
    n: int
    i: int
    mirror: bool

    @property
    def filament(self) -> Filament:
        """As the file has it."""
        return self.layer.filaments[self.i]

    @property
    def name(self) -> str:
        """What it is called."""
        return filament_name(self.figure.name, self.figure.view, self.layer, self.i, self.mirror)

    @property
    def zone(self) -> str:
        """The zone that plays it."""
        return zone_of(self.filament.zone or self.layer.zone, self.mirror)

    @property
    def key(self) -> KeyPath:
        """Where it stands in the file."""
        return ("figure", self.f, "layer", self.n, "filaments", self.i)


def images(figures: Sequence[Figure]) -> Iterator[Image]:
    """Every filament and every mirror image of one, in the order of the file."""
    for f, figure in enumerate(figures):
        for n, layer in enumerate(figure.layer):
            for i, filament in enumerate(layer.filaments):
                for mirror in sides(layer, filament):
                    yield Image(figure, layer, f, n, i, mirror)
