"""Which picture is the poster: the most colourful moment after the first quarter of the show."""

from __future__ import annotations

import math

import numpy as np

from wearsound.core import U8

LOOKS = 6
"""Pictures looked at a second."""

WINDOWS = 8
"""Pictures held at once: the end of a show is not known before it comes, its first quarter neither."""


class Poster:
    """Offered every picture, keeps the best of each of a few windows that double when they run out."""

    def __init__(self, fps: int) -> None:
        self._every = max(1, fps // LOOKS)
        self._span = max(1, fps)
        self._total = 0
        self._best: list[tuple[float, int, U8]] = []

    def offer(self, number: int, rgb: U8) -> None:
        """Look at picture `number`, uint8 (height, width, 3); it is copied only if it is kept."""
        self._total = number + 1
        if number % self._every:
            return
        while number // self._span >= WINDOWS:
            self._span *= 2
            self._best = self._thinned()
        score = colourfulness(rgb)
        held = self._best[-1] if self._best else None
        if held is None or held[1] // self._span != number // self._span:
            self._best.append((score, number, rgb.copy()))
        elif score > held[0]:
            self._best[-1] = (score, number, rgb.copy())

    def choose(self) -> tuple[int, U8] | None:
        """Number and picture of the poster; None if there was no picture."""
        if not self._best:
            return None
        late = [held for held in self._best if held[1] * 4 >= self._total]
        _, number, rgb = max(late or self._best, key=lambda held: (held[0], -held[1]))
        return number, rgb

    def _thinned(self) -> list[tuple[float, int, U8]]:
        best: dict[int, tuple[float, int, U8]] = {}
        for held in self._best:
            window = held[1] // self._span
            if window not in best or held[0] > best[window][0]:
                best[window] = held
        return list(best.values())


def colourfulness(rgb: U8) -> float:
    """Hasler and Suesstrunk's measure (2003) on every eighth pixel, plus half the spread of light."""
    red, green, blue = np.moveaxis(rgb[::8, ::8].astype(np.float64), -1, 0)
    across = red - green
    along = 0.5 * (red + green) - blue
    spread = math.sqrt(across.var() + along.var())
    mean = math.sqrt(across.mean() ** 2 + along.mean() ** 2)
    light = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return round(spread + 0.3 * mean + 0.5 * float(light.std()), 6)
