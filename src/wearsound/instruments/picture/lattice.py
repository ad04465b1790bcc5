"""Smooth noise for sketches: chance looked up at whole places, eased between them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from wearsound import chance

_MASK = 4095
_STEP_Y, _STEP_Z = 1619, 2971


class Lattice:
    """Value noise 0..1 over one to three dimensions, the same for a seed for ever.

    Takes numbers or arrays that broadcast; sums octaves, each twice as fine and half as strong.
    """

    def __init__(self, seed: int, name: str = "canvas.noise") -> None:
        self._table = chance.uniforms(seed, name, _MASK + 1)
        self._list: list[float] = self._table.tolist()

    def __call__(self, x: Any, y: Any = 0.0, z: Any = 0.0, octaves: int = 3) -> Any:
        """Noise at (x, y, z): float for numbers, float64 array for arrays."""
        total, strength, weight = 0.0, 0.0, 1.0
        for _ in range(max(1, int(octaves))):
            total = total + weight * self._one(x, y, z)
            strength += weight
            weight /= 2
            # The odd shift keeps the octaves' lattices from lying on one another at the origin.
            x, y, z = 2 * x + 13.7, 2 * y + 7.3, 2 * z + 3.1
        return total / strength

    def _one(self, x: Any, y: Any, z: Any) -> Any:
        arrays = any(isinstance(part, np.ndarray) for part in (x, y, z))
        table: Any = self._table if arrays else self._list
        cells, parts = [], []
        for place in (x, y, z):
            cell: Any = np.floor(place).astype(int) if isinstance(place, np.ndarray) else math.floor(place)
            part = place - cell
            cells.append(cell)
            parts.append(part * part * (3 - 2 * part))
        i, j, k = cells[0], cells[1] * _STEP_Y, cells[2] * _STEP_Z
        u, v, w = parts
        flat = not isinstance(z, np.ndarray) and w == 0
        value = _layer(table, i, j, k, u, v)
        return value if flat else value + (_layer(table, i, j, k + _STEP_Z, u, v) - value) * w


def _layer(table: Any, i: Any, j: Any, k: Any, u: Any, v: Any) -> Any:
    near = table[(i + j + k) & _MASK]
    near = near + (table[(i + 1 + j + k) & _MASK] - near) * u
    far = table[(i + j + _STEP_Y + k) & _MASK]
    far = far + (table[(i + 1 + j + _STEP_Y + k) & _MASK] - far) * u
    return near + (far - near) * v
