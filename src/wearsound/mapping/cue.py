"""The cue list: one step after the other, taken by GO.

A cue is taken at once; its scene comes as its `quantise` says, and its seconds (`after`) run from when it comes.
Whatever a hand does beside the list (a scene called by name) leaves the place in it where it is, but then
nothing follows by itself any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wearsound.errors import PatchError
from wearsound.gallery import suggest
from wearsound.mapping.structure import Quantise

NONE = -1
"""No cue: before the first GO, after the end of the list."""


@dataclass(frozen=True, slots=True)
class Step:
    """A change of scene, made ready: which (place in `Scenes.names`), how fast (hops), when, and for how long."""

    name: str
    scene: int
    fade: int
    quantise: Quantise
    after: int | None = None


class Cues:
    """Where a performer is in the list of `steps`.

    `at` is the cue that was taken last, `ignored` how many GOs and BACKs came within `guard` hops of one before
    them and were none. With `scenes` the list is the patch's scenes themselves: then the first is taken as the
    show begins, and the place goes along when a scene is called.
    """

    def __init__(self, steps: Sequence[Step], guard: int, scenes: bool) -> None:
        self.steps = tuple(steps)
        self.names = tuple(step.name for step in steps)
        self._guard = guard
        self._scenes = scenes
        self.reset()

    def reset(self) -> None:
        """Before the first GO. [engine thread]"""
        self.at = 0 if self._scenes and self.steps else NONE
        self.ignored = 0
        self._went: int | None = None
        self._came_back: int | None = None
        self._follows = self._runs = False
        self._stood = 0

    @property
    def next(self) -> int:
        """The cue that GO will take, NONE at the end. [any thread]"""
        return self.at + 1 if self.at + 1 < len(self.steps) else NONE

    def go(self, tick: int, sure: bool = False) -> Step | None:
        """The next cue; None at the end, and for the second GO of a nervous hand. [engine thread]

        `sure`: it was one already, and is only repeated at a cut in a take.
        """
        if not sure and self._went is not None and 0 <= tick - self._went < self._guard:
            self.ignored += 1
            return None
        if self.next == NONE:
            return None
        if not sure:
            self._went = tick
        return self._take(self.next)

    def back(self, tick: int, sure: bool = False) -> Step | None:
        """The cue before; None before the first. Nothing follows it by itself. [engine thread]"""
        if not sure and self._came_back is not None and 0 <= tick - self._came_back < self._guard:
            self.ignored += 1
            return None
        if self.at <= 0:
            return None
        if not sure:
            self._came_back = tick
        step = self._take(self.at - 1)
        self.stay()
        return step

    def goto(self, which: object) -> Step:
        """A cue by its name or its number from 1; a PatchError for one that is not. [engine thread]"""
        if not self.steps:
            raise PatchError(
                "this patch has no cues: write [[scene]] tables, and [[cue]] ones for an order of their own"
            )
        if isinstance(which, str) and which in self.names:
            return self._take(self.names.index(which))
        number = _number(which)
        if number is not None and 1 <= number <= len(self.steps):
            return self._take(number - 1)
        if number is not None:
            raise PatchError(f"no cue {number}; there are {len(self.steps)}, counted from 1")
        if not isinstance(which, str):
            raise PatchError("/wear/cue/goto takes the name of a cue or its number, from 1")
        raise PatchError(f"no cue {which[:64]!r}{suggest(which[:64], self.names)}")

    def called(self, scene: int) -> None:
        """A hand called a scene, not a cue: nothing follows by itself. [engine thread]"""
        self.stay()
        self._go_along(scene)

    def stay(self) -> None:
        """Nothing follows by itself until a cue is taken. [engine thread]"""
        self._follows = self._runs = False

    def begin(self, step: Step) -> None:
        """The scene of a cue comes now: its seconds run. [engine thread]"""
        if self._follows and step is self.steps[self.at]:
            self._runs = True
            self._stood = 0

    @property
    def left(self) -> int | None:
        """How many hops until the next cue follows by itself, None where none does."""
        after = self.steps[self.at].after if self._runs else None
        return None if after is None or self.next == NONE else max(1, after - self._stood)

    def stand(self, n: int) -> None:
        """So many hops have passed in which none followed. [engine thread]"""
        if self._runs:
            self._stood += n

    def hop(self, now: int) -> Step | None:
        """One hop has passed: the cue that follows by itself now. [engine thread]"""
        if self.left != 1:
            self.stand(1)
            return None
        self._went = now  # a hand that meant this very cue is too late, and must not take the one after
        return self._take(self.next)

    def inherit(self, old: Cues, scene: int) -> None:
        """Go on where another patch's list was, `scene` being chosen now. [engine thread]

        That is at the cue of the same name, or at the nearest before it.
        """
        self.ignored, self._went, self._came_back = old.ignored, old._went, old._came_back
        kept = [name for name in old.names[: old.at + 1] if name in self.names]
        if kept:
            self.at = self.names.index(kept[-1])
        else:
            self._go_along(scene)
        if kept and kept[-1] == old.names[old.at]:
            self._follows, self._runs, self._stood = old._follows, old._runs, old._stood

    def _go_along(self, scene: int) -> None:
        """Where the list is the scenes, the place in it is that of the scene; of one that is not in it, as before."""
        if self._scenes:
            self.at = next((i for i, step in enumerate(self.steps) if step.scene == scene), self.at)

    def _take(self, at: int) -> Step:
        self.at = at
        step = self.steps[at]
        self._follows, self._runs = step.after is not None, False
        return step


def _number(which: object) -> int | None:
    """A whole number, however a program wrote it: 3, 3.0, "3"."""
    if isinstance(which, bool):
        return None
    if isinstance(which, str) and which.isdecimal() and which.isascii() and len(which) <= 9:
        return int(which)
    if isinstance(which, int | float) and abs(which) < 1e9 and which == int(which):
        return int(which)
    return None
