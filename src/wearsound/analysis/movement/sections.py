"""Second-order sections run over one hop or many, at a cost that one hop can bear."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from wearsound.core import F64

Run = Callable[[F64, F64, F64], None]


class Sections:
    """A filter of (n, 6) sections, SciPy's form, with its memory. Any grouping of samples gives the same bits."""

    def __init__(self, sos: Any) -> None:
        # To 13 digits, so that every machine's mathematics gives the same filter.
        rounded = [float(f"{value:.12e}") for value in np.asarray(sos, np.float64).ravel()]
        self._sos: F64 = np.array(rounded).reshape(-1, 6)
        self._memory: F64 = np.zeros((1, len(self._sos), 2))
        self._run = _loop()

    def reset(self) -> None:
        """Nothing heard."""
        self._memory[:] = 0.0

    def of(self, wave: F64) -> F64:
        """What it makes of the next samples (n,), written in their place."""
        self._run(self._sos, wave.reshape(1, -1), self._memory)
        return wave


def _loop() -> Run:
    """SciPy's own loop; its public door costs some thirty times as much as the work on one hop."""
    try:
        from scipy.signal._sosfilt import _sosfilt  # type: ignore[import-untyped, unused-ignore]
    except ImportError:
        from scipy.signal import sosfilt

        def door(sos: F64, samples: F64, memory: F64) -> None:
            samples[:], after = sosfilt(sos, samples, axis=1, zi=memory.transpose(1, 0, 2))
            memory[:] = after.transpose(1, 0, 2)

        return door
    run: Run = _sosfilt
    return run
