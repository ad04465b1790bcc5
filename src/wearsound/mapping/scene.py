"""Which scene plays: weights in whole ticks, changes on the beat, and silence that calls `rest`.

All scenes' routes run all the time; a scene only has a weight. A crossfade is a smoothstep over a
whole number of ticks from wherever the weights are, and ends in exactly 0 and 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wearsound.core import Clock
from wearsound.errors import PatchError
from wearsound.gallery import suggest
from wearsound.mapping.structure import Quantise, Scene

REST = "rest"
BAR = 4
"""Beats in a bar."""

NO_BEAT = 2.0
"""Seconds without a beat after which a waiting change waits no longer."""


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
    """

    def __init__(self, scenes: Sequence[Scene], clock: Clock) -> None:
        bare = all(scene.name == REST for scene in scenes)
        self.names = ([""] if bare else []) + [scene.name for scene in scenes]
        fades = ([1.2] if bare else []) + [scene.fade for scene in scenes]
        self._fade_ticks = [clock.ticks(fade) if fade > 0 else 0 for fade in fades]
        self._quantise: list[Quantise] = ["now"] if bare else []
        self._quantise += [scene.quantise for scene in scenes]
        self._first = next(i for i, name in enumerate(self.names) if name != REST)
        self._rest = self.names.index(REST) if REST in self.names else None
        self._patience = clock.ticks(NO_BEAT)
        self.reset()

    @property
    def has_rest(self) -> bool:
        """Whether silence changes anything."""
        return self._rest is not None

    def reset(self) -> None:
        """Back to the starting scene. [engine thread]"""
        self.leader = self._first
        self.leaders: list[int] = []
        self._chosen = self._first
        self._waiting: int | None = None
        self._silent = False
        self._beat = 0.0
        self._beat_tick: int | None = None
        self._fade: _Fade | None = None

    @property
    def called(self) -> str:
        """The scene that was last asked for, though it may still wait for its beat. [any thread]"""
        return self.names[self._chosen if self._waiting is None else self._waiting]

    def change(self, name: str) -> None:
        """Ask for a scene; it comes as its `quantise` says, or when silence is over. [engine thread]"""
        if name not in self.names:
            known = [known for known in self.names if known]
            raise PatchError(f"no scene {name!r}{suggest(name, known)}")
        self._waiting = self.names.index(name)
        self._beat_tick = None

    def advance(
        self, tick: int, n: int, silence: Sequence[float] | None, beats: Sequence[float] | None
    ) -> list[tuple[float, ...]] | None:
        """Weights of every hop, or None where `leader` plays alone throughout. [engine thread]

        `silence` and `beats` are the features' values, a hop each, or None where nobody hears them.
        """
        if self._fade is None and self._waiting is None and not self._turns(silence):
            if beats is not None:
                self._beat = max(self._beat, *beats)
            self.leaders = [self.leader] * n
            return None
        weights: list[tuple[float, ...]] = []
        leaders: list[int] = []
        for hop in range(n):
            now = tick + hop
            if silence is not None:
                self._hear(silence[hop], now)
            self._wait(now, None if beats is None else beats[hop])
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
        self._start(self._rest if silent else self._chosen, now)

    def _wait(self, now: int, beat: float | None) -> None:
        grew = beat is not None and beat > self._beat
        if beat is not None and grew:
            self._beat = beat
            self._beat_tick = now
        if self._waiting is None:
            return
        target = self._waiting
        if self._beat_tick is None:
            self._beat_tick = now
        how = self._quantise[target]
        due = (
            how == "now"
            or beat is None
            or (grew and (how == "beat" or round(self._beat) % BAR == 0))
            or now - self._beat_tick >= self._patience
        )
        if due or self._silent:
            self._chosen, self._waiting = target, None
            if not self._silent:
                self._start(target, now)

    def _start(self, target: int, now: int) -> None:
        before = self._fade.weights(now - 1) if self._fade is not None else None
        if before is None:
            before = tuple(float(i == self.leader) for i in range(len(self.names)))
        self._fade = _Fade(before, target, now, self._fade_ticks[target])


def _silent(value: float, was: bool) -> bool:
    """Not a number is as before."""
    return True if value >= 0.5 else False if value < 0.5 else was
