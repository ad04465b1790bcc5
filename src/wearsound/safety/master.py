"""Master, blackout and panic: one factor on all light, one on what is felt and heard; they fade and never jump up."""

from __future__ import annotations

import math

import numpy as np

from wearsound.core import F64, Clock, Event, Parameter

FADE = 0.9
"""Seconds from full to dark after panic or blackout; the promise is 1.1 s."""


class Master:
    """The performer's hand on everything. Nothing restarts after a panic until resumed. [engine thread]"""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.reset()

    def reset(self) -> None:
        """Fully up, no panic."""
        self.level = 1.0
        self.panicked = False
        self.blackout = False
        self._master = 1.0
        self._tick: int | None = None
        self._felt = 1.0
        self._stilled = False

    @property
    def dark(self) -> str:
        """ "panic" or "blackout" while everything is kept dark, else ""."""
        return "panic" if self.panicked else "blackout" if self.blackout else ""

    def take(self, event: Event) -> None:
        """React to panic, resume, blackout and master; anything else is not ours."""
        number = event.args[0] if event.args else None
        value = float(number) if isinstance(number, int | float) else math.nan
        match event.address:
            case "/wear/panic":
                self.panicked = self._stilled = True
            case "/wear/resume":
                self.panicked = self.blackout = False
            case "/wear/blackout":
                self.blackout = not event.args or value > 0
            case "/wear/master":
                self._master = min(1.0, max(0.0, value)) if value == value else self._master

    def parameters(self) -> list[Parameter]:
        """What the hand can do from outside. [any thread]"""
        return [
            Parameter(
                "/wear/master",
                "how much of all light, vibration and sound comes through",
                default=1.0,
                read=lambda: self._master,
            ),
            Parameter(
                "/wear/blackout",
                "1 keeps everything dark, still and silent",
                "switch",
                read=lambda: float(self.blackout),
            ),
            Parameter("/wear/panic", "dark, still and silent until resumed", "trigger"),
            Parameter("/wear/resume", "go on after a panic or a blackout", "trigger"),
        ]

    def at(self, tick: int) -> float:
        """The factor 0..1 at `tick`; it moves at most from 0 to 1 in FADE seconds."""
        target = 0.0 if self.panicked or self.blackout else self._master
        passed = 0 if self._tick is None else max(0, tick - self._tick)
        self._tick = tick
        reach = passed * self._clock.hop / (FADE * self._clock.sample_rate)
        self.level += min(reach, max(-reach, target - self.level))
        return self.level

    def felt(self, n_hops: int) -> F64:
        """The factor 0..1 on all vibration and sound in the next hops, (n_hops,): as on light, but a panic is at once.

        It is so for a hop at the least, also where it is resumed before that hop was played.
        """
        stilled, self._stilled = self._stilled, False
        if self.panicked:
            self._felt = 0.0
            return np.zeros(n_hops)
        if stilled:
            self._felt = 0.0
            return np.concatenate([np.zeros(1), self.felt(n_hops - 1)])
        target = 0.0 if self.blackout else self._master
        if self._felt == target:
            return np.full(n_hops, target)
        reach = self._clock.hop / (FADE * self._clock.sample_rate)
        hand = np.empty(n_hops)
        for i in range(n_hops):
            self._felt += min(reach, max(-reach, target - self._felt))
            hand[i] = self._felt
        return hand
