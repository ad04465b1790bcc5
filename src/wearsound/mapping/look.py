"""Looks: which route's output stands in which control, and what lies between two looks.

A look is what one scene makes of all controls, with the routes outside scenes playing along. In every
column the larger of several routes wins, or the later one where a largest would mean nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from wearsound.core import F64, MAX_HOPS, Spec
from wearsound.mapping.target import Part, larger_wins


class Look:
    """Gathers every control from the routes' outputs and the controls' defaults."""

    def __init__(self, specs: Sequence[Spec], parts: Iterable[tuple[int, Part]], first_default: int) -> None:
        voices: dict[str, list[int]] = {spec.name: [] for spec in specs}
        for row, part in parts:
            for name in part.targets:
                if larger_wins(name):
                    voices[name].append(row)
                else:
                    voices[name] = [row]
        chosen = [voices[spec.name] or [first_default + i] for i, spec in enumerate(specs)]
        self._voices = np.array([voice for column in chosen for voice in column], dtype=np.intp)
        self._starts = np.cumsum([0] + [len(column) for column in chosen[:-1]], dtype=np.intp)
        self._alone = len(self._voices) == len(specs)
        self._heard = np.zeros((0 if self._alone else MAX_HOPS, len(self._voices)))

    def write(self, n: int, outputs: F64, out: F64) -> None:
        """Fill `out` (n, n_controls) from `outputs` (n, n_routes + n_controls); or a row from a row."""
        if self._alone:
            outputs.take(self._voices, -1, out, "clip")
            return
        heard = self._heard[0] if out.ndim == 1 else self._heard[:n]
        outputs.take(self._voices, -1, heard, "clip")
        np.maximum.reduceat(heard, self._starts, -1, None, out)


class Blend:
    """What lies between two looks: most numbers evenly, hue the shorter way round, Hz by its logarithm.

    A value below 0 where 0 is the least means "its own", which has no half: such columns, patterns and
    `switched` ones change at half.
    """

    def __init__(self, specs: Sequence[Spec], switched: Iterable[str]) -> None:
        medium = [spec.name.rpartition(".")[2] if not spec.name.startswith("/") else "" for spec in specs]
        switched = set(switched)
        self._hue = np.array([m == "hue" for m in medium])
        self._hertz = np.array([m == "buzz_hz" for m in medium])
        self._switch = np.array(
            [m == "pattern" or s.name in switched for m, s in zip(medium, specs, strict=True)]
        )
        self._own = np.array([spec.default < spec.low for spec in specs])

    def mix(self, a: F64, b: F64, share: F64) -> F64:
        """`a` where `share` of `b` is 0, `b` where it is 1; all (n, n_controls), `share` also (n, 1)."""
        share = np.clip(share, 0.0, 1.0)
        mixed = a * (1.0 - share) + b * share
        nearest = np.where(share >= 0.5, b, a)
        way = np.remainder(b - a + 0.5, 1.0) - 0.5
        mixed = np.where(self._hue, np.remainder(a + way * share, 1.0), mixed)
        safe_a, safe_b = np.maximum(a, 1e-3), np.maximum(b, 1e-3)
        in_log = np.exp(np.log(safe_a) * (1.0 - share) + np.log(safe_b) * share)
        mixed = np.where(self._hertz, in_log, mixed)
        held = self._switch | (self._own & ((a < 0.0) | (b < 0.0))) | (share == 0.0) | (share == 1.0)
        chosen: F64 = np.where(held, nearest, mixed)
        return chosen
