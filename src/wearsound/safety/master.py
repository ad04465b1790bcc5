"""Master, blackout, freeze and panic: a factor on all light, on what is felt and on what is heard."""

from __future__ import annotations

import numpy as np

from wearsound.core import F64, Clock, Event, Parameter
from wearsound.hand import DARK, RISE, Said

SOUND, TOUCH = 0.3, 0.08
"""Seconds in which a blackout takes what is heard and what is felt away; the promises are 0.4 and 0.1 s."""


class Master(Said):
    """The performer's hand on everything. Nothing restarts after a panic until resumed. [engine thread]"""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        super().__init__()

    def reset(self) -> None:
        """Fully up, no panic, nothing stands still."""
        super().reset()
        self.level = 1.0
        self._tick: int | None = None
        self._felt = _Fade(self._clock, TOUCH)
        self._heard = _Fade(self._clock, SOUND)

    def begin_dark(self) -> None:
        """Everything rises from nothing, as after a blackout: it is after a crash. [before the first block]"""
        self.level = 0.0
        self._felt.level = self._heard.level = 0.0

    def take(self, event: Event) -> bool:
        """React to panic, resume, blackout, freeze and master; whether it was one of them."""
        ours = super().take(event)
        if self.panicked:
            self._felt.stilled = self._heard.stilled = True
        return ours

    def as_events(self) -> list[Event]:
        """What brings another hand, wherever it was, where this one is. [engine thread]"""
        return [
            Event(0, "/wear/panic" if self.panicked else "/wear/resume"),
            Event(0, "/wear/blackout", (int(self.blackout),)),
            Event(0, "/wear/freeze", (int(self.frozen),)),
            Event(0, "/wear/master", (self.master,)),
        ]

    def parameters(self) -> list[Parameter]:
        """What the hand can do from outside. [any thread]"""
        return [
            Parameter(
                "/wear/master",
                "how much of all light, vibration and sound comes through",
                default=1.0,
                read=lambda: self.master,
            ),
            Parameter(
                "/wear/blackout",
                "1 keeps everything dark, still and silent",
                "switch",
                read=lambda: float(self.blackout),
            ),
            Parameter(
                "/wear/freeze",
                "1 holds light and picture as they are; sound and vibration play on",
                "switch",
                read=lambda: float(self.frozen),
            ),
            Parameter("/wear/panic", "dark, still and silent until resumed", "trigger"),
            Parameter("/wear/resume", "go on after a panic, a blackout or a freeze", "trigger"),
        ]

    @property
    def _target(self) -> float:
        return 0.0 if self.dark else self.master

    def at(self, tick: int) -> float:
        """The factor 0..1 on light at `tick`; from 1 to 0 it takes DARK, from 0 to 1 RISE seconds."""
        passed = 0 if self._tick is None else max(0, tick - self._tick)
        self._tick = tick
        seconds = passed * self._clock.hop / self._clock.sample_rate
        self.level += min(seconds / RISE, max(-seconds / DARK, self._target - self.level))
        return self.level

    def felt(self, n_hops: int) -> F64:
        """The factor 0..1 on all vibration in the next hops, (n_hops,): a panic is at once, a blackout within TOUCH.

        It is so for a hop at the least, also where it is resumed before that hop was played.
        """
        return self._felt.next(n_hops, self._target, self.panicked)

    def heard(self, n_hops: int) -> F64:
        """The factor 0..1 on all sound in the next hops, (n_hops,): as `felt`, a blackout within SOUND."""
        return self._heard.next(n_hops, self._target, self.panicked)


class _Fade:
    """A factor that falls within `seconds`, rises within RISE, and is nothing at once in a panic."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self.stilled = False
        """A panic came that no hop has shown yet."""
        self.level = 1.0
        self._down = clock.hop / (seconds * clock.sample_rate)
        self._up = clock.hop / (RISE * clock.sample_rate)

    def next(self, n_hops: int, target: float, panicked: bool) -> F64:
        """The next hops, (n_hops,)."""
        stilled, self.stilled = self.stilled, False
        if panicked:
            self.level = 0.0
            return np.zeros(n_hops)
        if self.level == target and not stilled:
            return np.full(n_hops, target)
        hand = np.empty(n_hops)
        for i in range(n_hops):
            if stilled and i == 0:
                self.level = 0.0
            else:
                self.level += min(self._up, max(-self._down, target - self.level))
            hand[i] = self.level
        return hand
