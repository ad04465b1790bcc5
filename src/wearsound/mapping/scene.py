"""Which scene plays: weights in whole ticks, changes on the beat, and silence that calls `rest`.

All scenes' routes run all the time; a scene only has a weight. A crossfade is a smoothstep over a
whole number of ticks from wherever the weights are, and ends in exactly 0 and 1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from wearsound.core import Clock
from wearsound.errors import PatchError
from wearsound.gallery import suggest
from wearsound.mapping.cue import NONE, Cues, Step
from wearsound.mapping.cue_wait import Waiting
from wearsound.mapping.structure import GO_GUARD, Cue, Scene

REST = "rest"

BARE_FADE = 1.2
"""Seconds of crossfade out of the rest of a patch that has no other scene."""


@dataclass(slots=True)
class _Fade:
    """From some weights to one scene alone, starting at a tick."""

    start: tuple[float, ...]
    target: int
    tick: int
    ticks: int

    def weights(self, tick: int) -> tuple[float, ...]:
        done = (tick - self.tick + 1) / self.ticks if self.ticks else 1.0
        if done >= 1.0:
            return tuple(float(i == self.target) for i in range(len(self.start)))
        p = done * done * (3.0 - 2.0 * done)
        return tuple(w + (float(i == self.target) - w) * p for i, w in enumerate(self.start))


class Scenes:
    """The weights of a patch's scenes over time.

    `names` holds what can play: the patch's scenes in order, after "" (only the routes outside
    scenes) where there is no scene but `rest`. `leaders` are the leading scenes of the last block.
    `cues` is the list that GO takes, of the patch's scenes where it says none; within `guard` seconds there is
    one GO.
    """

    def __init__(
        self, scenes: Sequence[Scene], clock: Clock, cues: Sequence[Cue] = (), guard: float = GO_GUARD
    ) -> None:
        def ticks(seconds: float) -> int:
            return clock.ticks(seconds) if seconds > 0 else 0

        bare = all(scene.name == REST for scene in scenes)
        self._before = int(bare)  # what stands in `names` before the patch's own scenes
        self.names = ([""] if bare else []) + [scene.name for scene in scenes]
        self._own = [Step("", 0, ticks(BARE_FADE), "now")] if bare else []
        self._own += [
            Step(scene.name, i, ticks(scene.fade), scene.quantise)
            for i, scene in enumerate(scenes, self._before)
        ]
        self._first = next(i for i, name in enumerate(self.names) if name != REST)
        self._rest = self.names.index(REST) if REST in self.names else None
        steps = [step for step in self._own if step.name not in ("", REST)]
        if cues:
            steps = [self._step(cue, ticks) for cue in cues]
        self.cues = Cues(steps, ticks(guard), scenes=not cues)
        self._wait = Waiting(clock)
        self.reset()

    @property
    def has_rest(self) -> bool:
        """Whether silence changes anything."""
        return self._rest is not None

    @property
    def called(self) -> str:
        """The scene that was last asked for, though it may still wait for its beat. [any thread]"""
        waiting = self._waiting
        return self.names[self._chosen if waiting is None else waiting.scene]

    @property
    def waiting(self) -> int:
        """Which of the patch's scenes waits for its beat or bar, -1 for none. [any thread]"""
        waiting = self._waiting
        return NONE if waiting is None else waiting.scene - self._before

    def reset(self) -> None:
        """Back to the starting scene. [engine thread]"""
        self.leader = self._first
        self.leaders: list[int] = []
        self._chosen = self._first
        self._waiting: Step | None = None
        self._silent = False
        self._fade: _Fade | None = None
        self._wait.reset()
        self.cues.reset()

    def change(self, name: str) -> None:
        """Ask for a scene; it comes as its `quantise` says, or when silence is over. [engine thread]"""
        if name not in self.names:
            known = [known for known in self.names if known]
            raise PatchError(f"no scene {name!r}{suggest(name, known)}")
        step = self._own[self.names.index(name)]
        self.cues.called(step.scene)
        self.follow(step)

    def begin(self, cue: str, scene: str) -> None:
        """Start with this cue and this scene, where they are known, without a fade. [before the first block]"""
        if cue in self.cues.names:
            step = self.cues.goto(cue)
            self.cues.begin(step)
            self._chosen = self.leader = step.scene
        if scene in self.names and self.names.index(scene) != self.leader:
            self._chosen = self.leader = self.names.index(scene)
            self.cues.called(self.leader)

    def follow(self, step: Step) -> None:
        """Ask for the scene of a cue that was taken. [engine thread]"""
        self._waiting = step
        self._wait.begin()

    def advance(
        self,
        tick: int,
        n: int,
        silence: Sequence[float] | None,
        beats: Sequence[float] | None,
        downbeats: Sequence[float] | None,
    ) -> list[tuple[float, ...]] | None:
        """Weights of every hop, or None where `leader` plays alone throughout. [engine thread]

        `silence`, `beats` and `downbeats` are the features' values, a hop each, or None where nobody hears them.
        """
        if self._goes_on(n, silence):
            self._wait.passed(tick, beats, downbeats)
            if not self._silent:
                self.cues.stand(n)
            self.leaders = [self.leader] * n
            return None
        weights: list[tuple[float, ...]] = []
        leaders: list[int] = []
        for hop in range(n):
            now = tick + hop
            if silence is not None:
                self._hear(silence[hop], now)
            step = None if self._silent else self.cues.hop(now)
            if step is not None:
                self.follow(step)
            self._wait.heard(
                now, None if beats is None else beats[hop], None if downbeats is None else downbeats[hop]
            )
            self._come(now)
            if self._fade is not None:
                row = self._fade.weights(now)
                if row[self._fade.target] >= 0.5:
                    self.leader = self._fade.target
                if row[self._fade.target] == 1.0:
                    self._fade = None
            else:
                row = tuple(float(i == self.leader) for i in range(len(self.names)))
            weights.append(row)
            leaders.append(self.leader)
        self.leaders = leaders
        return weights

    def inherit(self, old: Scenes) -> None:
        """Go on from where another patch's scenes are, by their names, between two blocks. [engine thread]

        A scene that is gone gives way to the one that leads, else to the first. A crossfade goes on where all that
        it crosses is still there.
        """
        places = [self.names.index(name) if name in self.names else None for name in old.names]
        known = [place for place in (places[old._chosen], places[old.leader]) if place is not None]
        if places[old._chosen] is None:
            known = [place for place in known if place != self._rest]  # silence called it, nobody chose it
        self._chosen = known[0] if known else self._first
        self._silent = old._silent and self.has_rest
        self.cues.inherit(old.cues, self._chosen)
        self._waiting = self._same(old)
        self._wait.inherit(old._wait)
        self._fade = _moved(old._fade, places, len(self.names))
        leader = places[old.leader]
        if self._fade is None or leader is None:
            leader = self._rest if self._silent and self._rest is not None else self._chosen
        self.leader = leader

    def _step(self, cue: Cue, ticks: Callable[[float], int]) -> Step:
        """A cue, made ready: what it leaves out is its scene's own."""
        own = self._own[self.names.index(cue.scene)]
        return Step(
            cue.name,
            own.scene,
            own.fade if cue.fade is None else ticks(cue.fade),
            cue.quantise or own.quantise,
            None if cue.after is None else ticks(cue.after),
        )

    def _same(self, old: Scenes) -> Step | None:
        """What waits for its beat, in this patch's words: the cue of that name, else the scene."""
        waiting = old._waiting
        if waiting is None:
            return None
        if waiting in old.cues.steps and waiting.name in self.cues.names:
            return self.cues.steps[self.cues.names.index(waiting.name)]
        name = old.names[waiting.scene]
        return self._own[self.names.index(name)] if name in self.names else None

    def _goes_on(self, n: int, silence: Sequence[float] | None) -> bool:
        """Whether one scene plays alone through a block of so many hops."""
        if self._fade is not None or self._waiting is not None:
            return False
        left = None if self._silent else self.cues.left
        return (left is None or left > n) and not self._turns(silence)

    def _turns(self, silence: Sequence[float] | None) -> bool:
        """Whether silence begins or ends in this block."""
        if silence is None or self._rest is None:
            return False
        return any(_silent(value, self._silent) != self._silent for value in silence)

    def _hear(self, value: float, now: int) -> None:
        """Silence calls rest and sound calls back at once: there is no beat to wait for in silence."""
        silent = _silent(value, self._silent)
        if silent == self._silent or self._rest is None:
            return
        self._silent = silent
        self._start(self._own[self._rest if silent else self._chosen], now)

    def _come(self, now: int) -> None:
        """What waits comes, if it is time; in silence it is what sound comes back to."""
        step = self._waiting
        if step is None or not (self._silent or self._wait.due(step.quantise, now)):
            return
        self._chosen, self._waiting = step.scene, None
        self.cues.begin(step)
        if not self._silent:
            self._start(step, now)

    def _start(self, step: Step, now: int) -> None:
        before = self._fade.weights(now - 1) if self._fade is not None else None
        if before is None:
            before = tuple(float(i == self.leader) for i in range(len(self.names)))
        self._fade = _Fade(before, step.scene, now, step.fade)


def _moved(fade: _Fade | None, places: Sequence[int | None], n: int) -> _Fade | None:
    """A crossfade among `n` other scenes, where each has its place; None where one that it crosses has none."""
    target = None if fade is None else places[fade.target]
    if fade is None or target is None:
        return None
    start = [0.0] * n
    for place, weight in zip(places, fade.start, strict=True):
        if place is not None:
            start[place] = weight
        elif weight:
            return None
    return _Fade(tuple(start), target, fade.tick, fade.ticks)


def _silent(value: float, was: bool) -> bool:
    """Not a number is as before."""
    return True if value >= 0.5 else False if value < 0.5 else was
