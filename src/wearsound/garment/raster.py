"""The small picture that a garment's screen pixels take their colours from, and which pixel of it each takes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wearsound.core import F64

SIZE = (160, 90)
"""Its pixels: a garment has hardly more."""
EVERY = 2
"""It is drawn for every second light frame: thirty times a second."""

Index = NDArray[np.intp]


def cells(places: F64) -> tuple[Index, Index]:
    """Columns and rows, each (n,), of `places` (n, 2) 0..1 from the left and from the top. [any thread]"""
    across = np.clip((places[:, 0] * SIZE[0]).astype(np.intp), 0, SIZE[0] - 1)
    down = np.clip((places[:, 1] * SIZE[1]).astype(np.intp), 0, SIZE[1] - 1)
    return across, down
