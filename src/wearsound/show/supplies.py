"""What a room's supplies bear, as facts of a take: light that was dimmed for them live is dimmed so when it is checked.

A render knows no rig and its light is the same in every room. A take recorded with --prove was lit in one room,
so its facts.json says `supplies`: {"0-29,40": 900.0}, numbers of pixels and the most mA that they may draw; one that
is shown twice is there twice.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from wearsound.errors import PatchError
from wearsound.safety.current import Budget

_MOST = 1000
"""Supplies of one room, and runs of pixels of one supply: more are no room's."""


def told(budgets: Sequence[Budget]) -> dict[str, float]:
    """A line for each: its pixels as runs, and mA."""
    found: dict[str, float] = {}
    for pixels, most in budgets:
        times = np.bincount(pixels)
        # All that are there, then all that are there twice or more, and so on.
        layers = [np.flatnonzero(times > k) for k in range(int(times.max(initial=0)))]
        runs = [run for each in layers for run in np.split(each, np.flatnonzero(np.diff(each) != 1) + 1)]
        name = ",".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)
        found[name] = min(most, found.get(name, math.inf))
    return found


def budgets_of(table: Any, n_pixels: int, where: str) -> list[Budget]:
    """Of lines that `told` wrote; a PatchError that begins with `where` for anything else."""
    if not isinstance(table, Mapping) or len(table) > _MOST:
        raise PatchError(f"{where}: supplies is no table of pixels and mA; record the take again")
    return [(_pixels(str(name), n_pixels, where), _most(most, where)) for name, most in table.items()]


def _pixels(name: str, n_pixels: int, where: str) -> np.ndarray[Any, np.dtype[np.intp]]:
    found: list[np.ndarray[Any, np.dtype[np.intp]]] = []
    parts = name.split(",", _MOST)
    for part in parts[:_MOST]:
        first, _, last = part.partition("-")
        ends = [
            int(end) if end.isascii() and end.isdigit() and len(end) < 9 else -1
            for end in (first, last or first)
        ]
        if not 0 <= ends[0] <= ends[1] < n_pixels:
            raise PatchError(
                f"{where}: supplies: {part[:40]!r} are no pixels of the garment, which has {n_pixels}; "
                "record the take again"
            )
        found.append(np.arange(ends[0], ends[1] + 1))
    if len(parts) > _MOST:
        raise PatchError(f"{where}: supplies: more than {_MOST} runs of pixels; record the take again")
    return np.sort(np.concatenate(found))


def _most(most: Any, where: str) -> float:
    if isinstance(most, bool) or not isinstance(most, int | float) or not 0 < most < 1e7:
        raise PatchError(f"{where}: supplies: {str(most)[:40]} is no number of mA; record the take again")
    return float(most)
