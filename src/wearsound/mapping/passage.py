"""From one patch to another while it plays: controls go over from what was last said of them, in ticks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from wearsound.core import F64, Clock, Spec
from wearsound.mapping.look import Blend
from wearsound.mapping.target import Part
from wearsound.parts import FADE

Route = tuple[object, ...]
"""What makes a route the same one in two patches: feature, scene, target, mode, and which of those that are alike."""


def written(
    parts: Sequence[Part], features: Sequence[Spec]
) -> tuple[list[Route], dict[str, tuple[Route, ...]]]:
    """Of every route what it is known by, and by which routes, with all their numbers, each control is played."""
    known: list[Route] = []
    alike: dict[Route, int] = {}
    played: dict[str, tuple[Route, ...]] = {}
    for part in parts:
        line, feature = part.line, features[part.line.column].name
        key: Route = (feature, part.scene, part.like, part.targets, line.kind, line.mode, line.scale)
        alike[key] = alike.get(key, 0) + 1
        known.append((*key, alike[key]))
        play: Route = (feature, part.scene, replace(line, column=0))
        for name in part.targets:
            played[name] = (*played.get(name, ()), play)
    return known, played


class Passage:
    """The ways that controls still have to go; `open` while there are any. [engine thread]

    Each control goes by itself, from the tick at which its patch came, by the rules of `Blend`: what is played as
    before is on no way, and keeps its bits.
    """

    def __init__(self, specs: Sequence[Spec], blend: Blend, clock: Clock) -> None:
        self._specs, self._blend = specs, blend
        self._ticks = clock.ticks(FADE)
        self.reset()

    def reset(self) -> None:
        """Everything is there."""
        n = len(self._specs)
        self.open = False
        self._from: F64 = np.zeros(n)
        self._since: F64 = np.full(n, -np.inf)
        self._begins: list[int] = []

    def begin(self, old: Passage, theirs: Mapping[str, int], said: F64, moved: Sequence[int]) -> F64:
        """Where controls are now; from the next hop on the columns `moved` go over.

        `theirs` are the columns of `old`, and `said` is what it said last. What had no column comes from its default.
        """
        now = np.array([spec.default for spec in self._specs])
        for column, spec in enumerate(self._specs):
            before = theirs.get(spec.name)
            if before is not None:
                now[column] = said[before]
                self._from[column], self._since[column] = old._from[before], old._since[before]
                if before in old._begins:
                    self._begins.append(column)
        self._begins = sorted({*self._begins, *moved})
        for column in moved:
            self._from[column] = now[column]
        self.open = old.open or bool(self._begins)
        return now

    def over(self, tick: int, controls: F64) -> None:
        """Lay what is still on its way over the controls (n, n_controls) of a block, in place."""
        if self._begins:
            self._since[self._begins] = tick
            self._begins = []
        n = len(controls)
        done = (tick + 1.0 + np.arange(n)[:, None] - self._since) / self._ticks
        np.minimum(done, 1.0, out=done)
        # Smooth at both ends, and exactly there in the end.
        share = done * done * (3.0 - 2.0 * done)
        controls[:] = self._blend.mix(self._from, controls, share)
        self.open = bool(done[-1].min() < 1.0)
