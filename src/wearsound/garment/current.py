"""What a garment's pixels draw, from the strands that they are on."""

from __future__ import annotations

import numpy as np

from wearsound.core import F64
from wearsound.garment.document import Garment, Strand
from wearsound.garment.materials import drive_ma
from wearsound.garment.sewn import Sewn


def strand_of(garment: Garment, name: str) -> Strand:
    """A wire's strand; a filament of no strand is a wire of its own with the usual currents."""
    usual = Strand(name=name, filaments=(name,))
    return next((strand for strand in garment.strands if strand.name == name), usual)


def pixel_ma(garment: Garment, body: Sewn) -> tuple[F64, F64]:
    """mA of one channel at full and mA in the dark of every pixel, (n_pixels,) each; a lamp of the room has none."""
    full, idle = np.zeros(body.n_pixels), np.zeros(body.n_pixels)
    for name, wire in body.wires.items():
        strand = strand_of(garment, name)
        full[wire], idle[wire] = strand.ma, strand.idle_ma
    return full, idle


def rest_ma(garment: Garment, body: Sewn) -> float:
    """mA in the dark: controller, dark pixels, and electrochromic cells, which are counted in full, never dimmed."""
    cells = sum(
        float(ma)
        for zone, ma in zip(garment.zones, drive_ma(garment), strict=True)
        if zone.fabric == "electrochromic"
    )
    return garment.battery.idle_ma + float(pixel_ma(garment, body)[1].sum()) + cells
