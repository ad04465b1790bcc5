"""Numbers beside what they lately were: who walks so, in such a coat, is known after a few steps of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wearsound.core import F64


class Lately:
    """The running means of `many` numbers, one set for each of `parts`: how much of the newest goes in, 0..1."""

    def __init__(self, many: int, parts: Sequence[float]) -> None:
        self._parts: F64 = np.array(parts, dtype=np.float64)[:, None]
        self._all: F64 = np.zeros((1 + len(parts), many))
        self.reset()

    def reset(self) -> None:
        """Nothing was."""
        self._begun = False

    def beside(self, numbers: F64) -> F64:
        """(many,) of now, then their means, now counted in: (many * (1 + parts),). Valid until the next."""
        means = self._all[1:]
        if self._begun:
            means += self._parts * (numbers - means)
        else:
            means[:] = numbers
            self._begun = True
        self._all[0] = numbers
        return self._all.reshape(-1)
