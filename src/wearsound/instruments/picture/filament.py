"""Filaments: where they run on the finished picture, how light runs along them, and how far it spills."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from wearsound import chance
from wearsound.garment.layers import Filament, Layer, sides
from wearsound.garment.sewn import Sewn
from wearsound.garment.shape import lengths
from wearsound.instruments.picture.cloth import noise, smoothstep
from wearsound.instruments.picture.form import View
from wearsound.instruments.picture.outline import Map, beside, smooth

STEPS = 192
"""Positions along one strand at which its light is computed."""

WIDE = 0.25
"""cm, the width of a filament whose core and skirt are these."""
CORE = 0.125
SKIRT = 0.30
FINE = 0.72
"""How much finer a high filament is than the others."""
TUBE = np.array([0.30, 0.28, 0.25], np.float32)
"""Linear RGB of a filament that is switched off."""


@dataclass(slots=True)
class Strands:
    """Every strand on the picture while it is baked: which lies where, how much core and skirt.

    `code` is strand * STEPS + step; `filament` says which SewnFilament each strand is.
    """

    code: NDArray[np.int32]
    core: Map
    skirt: Map
    filament: list[int] = field(default_factory=list)

    @classmethod
    def empty(cls, size: tuple[int, int]) -> Strands:
        """No strands yet, for a picture of `size`."""
        shape = (size[1], size[0])
        return cls(np.zeros(shape, np.int32), np.zeros(shape, np.float32), np.zeros(shape, np.float32))


Images = dict[tuple[int, str, int, bool], int]
"""Number of the SewnFilament by figure, layer, which of the layer's it is, and mirror image."""


def images(garment: Sewn) -> Images:
    """Which SewnFilament each image of a filament is."""
    return {(f.figure, f.layer, f.number, f.mirror): i for i, f in enumerate(garment.filaments)}


def lay(strands: Strands, layer: Layer, view: View, mirror: bool, known: Images, figure: int, cover: Map,
        box: tuple[int, int], fixed: Map, shade: Map) -> None:  # fmt: skip
    """Lay a layer's filaments on its cloth; their switched-off tubes go into `fixed`."""
    for i, filament in enumerate(layer.filaments):
        for m in sides(layer, filament):
            if layer.side == "pair" and m != mirror:
                continue
            name = f"{view.figure}.{layer.name}.filament{i}.{'l' if m else 'r'}"
            number = known[figure, layer.name, i, m]
            _lay(strands, filament, view, m, number, name, cover, box, fixed, shade)


def _lay(strands: Strands, filament: Filament, view: View, mirror: bool, image: int, name: str, cover: Map,
         box: tuple[int, int], fixed: Map, shade: Map) -> None:  # fmt: skip
    seed = view.seed
    nudge = chance.noises(seed, name, 2) * (0.25 if mirror else 0.0)
    sign = -1 if mirror else 1
    curve = smooth([(sign * x + nudge[0], y + nudge[1]) for x, y in filament.path], 0.8)
    pixels = view.pixels(curve)
    margin = 1.2 * view.scale
    h, w = cover.shape
    x0, y0 = np.maximum(np.floor(pixels.min(axis=0) - margin).astype(int), box)
    x1, y1 = np.minimum(np.ceil(pixels.max(axis=0) + margin).astype(int), (box[0] + w, box[1] + h))
    if x1 <= x0 or y1 <= y0:
        return
    x, y = np.meshgrid(
        ((np.arange(x0, x1) + 0.5 - view.left) / view.scale).astype(np.float32),
        ((np.arange(y0, y1) + 0.5 - view.top) / view.scale).astype(np.float32),
    )
    along, side = beside(curve, x, y)
    end = max(float(lengths(curve)[-1]), 0.01)
    start = 40 * chance.uniform(seed, name, 7)
    side = side + 0.07 * noise(seed, "strand.hand", along / 3.1 + start, along * 0)
    pixel = 1 / view.scale
    ends = smoothstep((along + 0.2) / 0.5) * smoothstep((end + 0.2 - along) / 0.5)
    knot = along / 1.45 + 0.2 * noise(seed, "strand.couch", along / 2.2 + start, along * 0)
    couched = 1 - 0.38 * np.exp(-(((knot - np.floor(knot) - 0.5) / 0.075) ** 2))
    lively = couched * (1 + 0.16 * noise(seed, "strand.lively", along / 0.55 + start, along * 0))
    where = (slice(y0, y1), slice(x0, x1))
    inside = smoothstep((cover[y0 - box[1] : y1 - box[1], x0 - box[0] : x1 - box[0]] - 0.3) / 0.5)
    fine = filament.width / WIDE * (FINE if filament.band == "high" else 1.0)
    core = np.exp(-((side / max(CORE * fine, 0.62 * pixel)) ** 2)) * ends * lively * inside
    skirt = np.exp(-((np.abs(side) / max(SKIRT * fine, 1.5 * pixel)) ** 1.5)) * ends * inside
    number = len(strands.filament)
    stronger = skirt > strands.skirt[where]
    step = np.clip(along / end * STEPS, 0, STEPS - 1).astype(np.int32)
    strands.code[where] = np.where(stronger, number * STEPS + step, strands.code[where])
    strands.core[where] = np.where(stronger, core, strands.core[where])
    strands.skirt[where] = np.where(stronger, skirt, strands.skirt[where])
    strands.filament.append(image)
    tube = np.exp(-((side / max(0.14 * filament.width / WIDE, 0.6 * pixel)) ** 2)) * ends * inside * 0.75
    off = np.clip(0.10 + 0.9 * shade[where], 0, 1)
    fixed[where] = fixed[where] * (1 - tube[..., None]) + (tube * off)[..., None] * TUBE * 0.55
    shade[where] *= 1 - tube
