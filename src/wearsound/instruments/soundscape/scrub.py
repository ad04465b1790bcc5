"""Nothing that is not a number gets into a memory: a delay line would keep it for ever."""

from __future__ import annotations

import numpy as np

from wearsound.core import F64

LARGEST = 8.0
"""18 dB over full scale: no voice is as loud, and its powers stay far from infinity."""


def scrub(samples: F64) -> None:
    """Hold `samples` to +-LARGEST, in place; what is not a number becomes 0. [engine thread]"""
    np.minimum(samples, LARGEST, out=samples)
    np.maximum(samples, -LARGEST, out=samples)
    if not np.isfinite(samples).all():
        np.nan_to_num(samples, copy=False)
