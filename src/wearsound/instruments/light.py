"""Light: the zone controls `glow`, `hue` and `chroma` become linear light in every pixel, sixty times a second.

Glow is brightness as the eye counts it, so light is its square; the colour is the zone's own strand
colour unless a route plays `hue` (0..1 round the OKLCH wheel) or `chroma` (0..1 of CHROMA_FULL).
"""

from __future__ import annotations

import numpy as np

from wearsound.core import F64, LIGHT_RATE, U8, Block, Clock, Spec
from wearsound.garment.colour import oklch_to_linear
from wearsound.garment.document import Garment
from wearsound.garment.sewn import sewn

CHROMA_FULL = 0.2
GAMMA = 2.2

ZONE_CONTROLS = (
    Spec("glow", "", 0, 1, 0.001, "how brightly the zone's strands shine; several routes: the larger wins"),
    Spec(
        "hue",
        "",
        0,
        1,
        1 / 512,
        "colour of the light round the OKLCH wheel; not played: the zone's own",
        default=-1,
    ),
    Spec("chroma", "", 0, 1, 1 / 64, "strength of the colour; not played: the zone's own", default=-1),
    Spec("dye", "", 0, 1, 0.001, "how far the cloth itself has taken its dye; slow"),
    Spec("buzz", "", 0, 1, 0.001, "how strongly the zone vibrates"),
    Spec("buzz_hz", "Hz", 20, 500, 0.1, "the pitch of the vibration", default=200),
    Spec("pattern", "", 0, 15, 1, "which vibration pattern plays"),
)


def zone_controls(garment: Garment) -> tuple[Spec, ...]:
    """Every control of every zone, named `zone.control`, in the garment's zone order."""
    return tuple(
        Spec(f"{zone}.{c.name}", c.unit, c.low, c.high, c.step, c.about, c.growing, c.default)
        for zone in garment.zone_names
        for c in ZONE_CONTROLS
    )


# Linear light from which each byte is chosen: the border between i-1 and i.
_BORDERS = np.round(((np.arange(1, 256) - 0.5) / 255) ** GAMMA, 12)
_CODES = 1 << 15
_BYTES = np.searchsorted(_BORDERS, (np.arange(_CODES + 1) / _CODES) ** 2, side="right").astype(np.uint8)


def encode(linear: F64) -> U8:
    """Linear light 0..1 to bytes with gamma 2.2; looked up, so that every machine gives the same byte."""
    codes: U8 = np.take(_BYTES, np.rint(np.sqrt(linear) * _CODES).astype(np.intp), mode="clip")
    return codes


class Light:
    """Plays each zone's strands as one colour. It keeps no state: smoothing is the patch's."""

    specs: tuple[Spec, ...] = ZONE_CONTROLS

    def __init__(self, garment: Garment) -> None:
        self._own = np.array([zone.light for zone in garment.zones], dtype=np.float64)
        n, width = len(garment.zones), len(ZONE_CONTROLS)
        columns = np.arange(n) * width
        self._glow, self._hue, self._chroma = columns, columns + 1, columns + 2
        self._zone = sewn(garment).zone
        self._clock = Clock()
        self.reset()

    def prepare(self, clock: Clock) -> None:
        """[main thread]"""
        self._clock = clock

    def reset(self) -> None:
        """[engine thread]"""
        self._asked = np.full((2, len(self._own)), np.nan)
        self._colour = np.zeros((len(self._own), 3))

    def play(self, block: Block, features: F64, controls: F64, out: F64) -> None:
        """Fill `out` (n_due, n_pixels, 3) with linear RGB 0..1, a row a light frame due. [engine thread]"""
        for row, hop in enumerate(self._clock.due_hops(block.tick, block.n_hops, LIGHT_RATE)):
            now = controls[hop]
            glow = now[self._glow]
            colours = self._colours(now[self._hue], now[self._chroma]) * (glow * glow)[:, None]
            out[row] = colours[self._zone]

    def _colours(self, hue: F64, chroma: F64) -> F64:
        """Linear RGB (n_zones, 3) at full glow; kept until a hue or a chroma changes."""
        asked = np.stack([hue, chroma])
        if not np.array_equal(asked, self._asked):
            lightness, own_chroma, own_hue = self._own[:, 0], self._own[:, 1], self._own[:, 2]
            lch = np.stack(
                [
                    lightness,
                    np.where(chroma < 0, own_chroma, chroma * CHROMA_FULL),
                    np.where(hue < 0, own_hue, hue * 360.0),
                ],
                axis=-1,
            )
            colour = oklch_to_linear(lch)
            # Strands are as bright as they can be: L says how pale, the brightest channel is full.
            self._colour = colour / np.maximum(colour.max(axis=-1, keepdims=True), 1e-6)
            self._asked = asked
        return self._colour
