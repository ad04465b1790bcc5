"""WLED Audio Sync V2: what is heard, in 44 bytes, for the receivers' own sound-reactive effects. No pixels.

WLED, usermod audioreactive (its struct and its table of bands). Little-endian, and two gaps of two bytes that a
compiler made, at 6 and at 34: the receiver compares the size, so that 40 bytes would be dropped. [any thread]
"""

from __future__ import annotations

import itertools
import struct
from collections.abc import Sequence

PORT = 11988
GROUP = "239.0.0.1"
"""Where receivers listen, unless they were told otherwise."""

_BIN = 22_050 / 512
_BINS = (1, 2, 3, 5, 7, 10, 13, 19, 26, 33, 44, 56, 70, 86, 104, 165, 215)
BANDS: tuple[tuple[float, float], ...] = tuple(
    (float(round(_BIN * low)), float(round(_BIN * high))) for low, high in itertools.pairwise(_BINS)
)
"""Edges in Hz of the 16 bands of its graphic equaliser: 512 samples at 22 050 Hz, 43 Hz to 9.3 kHz."""
SILENT = (0.0,) * len(BANDS)

MOST = 254
"""Its own sender goes no higher in a band."""
MOST_MAGNITUDE = 1020.0
"""Its effects divide the magnitude by 4 or more and cut it to a byte: this much does not turn over."""

_HIGHEST = BANDS[-1][1]

_PACKET = struct.Struct("<6s2xffBB16s2xff")
_HEADER = b"00002\0"


def packet(
    raw: float = 0.0,
    smooth: float = 0.0,
    peak: bool = False,
    counter: int = 0,
    bands: Sequence[float] = SILENT,
    magnitude: float = 0.0,
    major_hz: float = 0.0,
) -> bytes:
    """One datagram. Loudness `raw` and `smooth`, 16 `bands` and `magnitude` are 0..1 (`unit`), `counter` any whole
    number; what is left out is silence."""
    if len(bands) != len(BANDS):
        raise ValueError(f"{len(bands)} bands, not {len(BANDS)}")
    levels = bytes(min(MOST, round(255.0 * unit(band))) for band in bands)
    return _PACKET.pack(
        _HEADER,
        255.0 * unit(raw),
        255.0 * unit(smooth),
        peak,
        counter & 0xFF,
        levels,
        MOST_MAGNITUDE * unit(magnitude),
        min(_HIGHEST, max(0.0, major_hz)) if major_hz == major_hz else 0.0,
    )


def unit(value: float) -> float:
    """A number as it may leave: 0..1, and 0 for what is none."""
    return min(1.0, max(0.0, value)) if value == value else 0.0


def major(bands: Sequence[float]) -> tuple[float, float]:
    """(frequency in Hz, height 0..1) of the highest band; between bands by the heights of its neighbours.

    It is read off sixteen bands, so that it is true to a band or two, and 0 in silence.
    """
    top = max(range(len(bands)), key=bands.__getitem__)
    height = bands[top]
    if height <= 0.0:
        return 0.0, 0.0
    low, high = BANDS[top]
    left = bands[top - 1] if top else 0.0
    right = bands[top + 1] if top + 1 < len(bands) else 0.0
    bend = 2.0 * (2.0 * height - left - right) or 1.0
    lean = (right - left) / bend  # the vertex of a parabola, -0.5 .. 0.5
    return low * (high / low) ** (0.5 + lean), height
