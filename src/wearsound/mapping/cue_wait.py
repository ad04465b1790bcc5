"""When a change that waits for a beat or a bar comes: with it, or when none has come for too long."""

from __future__ import annotations

from collections.abc import Sequence

from wearsound.core import Clock
from wearsound.mapping.structure import Quantise

NO_BEAT = 2.0
"""Seconds without a beat after which a change waits no longer."""

NO_BAR = 4.0
"""Seconds without a bar after which it waits for one no longer; where bars are long, the time of two."""

LONGEST_BAR = 8.0
"""Seconds that a bar may have: seven beats at 54 a minute. What takes longer is a break in the music."""


class Waiting:
    """Follows the counts of beats and bars, as they are heard. Ask `due` after each hop that was `heard`."""

    def __init__(self, clock: Clock) -> None:
        self._no_beat, self._no_bar = clock.ticks(NO_BEAT), clock.ticks(NO_BAR)
        self._longest = clock.ticks(LONGEST_BAR)
        self.reset()

    def reset(self) -> None:
        """Nothing was heard yet. [engine thread]"""
        self._beat = self._downbeat = 0.0
        self._bar_tick: int | None = None
        self._bar = 0
        self._beats_since: int | None = None
        self._bars_since: int | None = None
        self._struck = self._begun = False

    def begin(self) -> None:
        """A change begins to wait: its patience begins with the next hop. [engine thread]"""
        self._beats_since = self._bars_since = None

    def passed(self, tick: int, beats: Sequence[float] | None, downbeats: Sequence[float] | None) -> None:
        """The counts in every hop of a block from `tick` in which nothing waited. [engine thread]"""
        for hop in range(len(beats or downbeats or ())):
            beat = None if beats is None else beats[hop]
            downbeat = None if downbeats is None else downbeats[hop]
            if beat != self._beat or downbeat != self._downbeat:
                self.heard(tick + hop, beat, downbeat)

    def heard(self, now: int, beat: float | None, downbeat: float | None) -> None:
        """The counts in one hop; None where nobody hears them, and no number is as before. [engine thread]"""
        self._struck = beat is None or beat > self._beat
        self._begun = downbeat is None or downbeat > self._downbeat
        if beat is not None and beat == beat:
            self._beat = beat
        if downbeat is not None and downbeat == downbeat:
            self._downbeat = downbeat
        if self._struck or self._beats_since is None:
            self._beats_since = now
        if self._begun or self._bars_since is None:
            self._bars_since = now
        if self._begun:
            bar = 0 if self._bar_tick is None else now - self._bar_tick
            self._bar = bar if bar <= self._longest else 0
            self._bar_tick = now

    def due(self, how: Quantise, now: int) -> bool:
        """Whether a change comes in the hop that was just heard."""
        if how == "now" or self._beats_since is None or self._bars_since is None:
            return True
        if self._struck if how == "beat" else self._begun:
            return True
        return now - self._beats_since >= self._no_beat or (
            how == "bar" and now - self._bars_since >= max(self._no_bar, 2 * self._bar)
        )

    def inherit(self, old: Waiting) -> None:
        """Go on counting where another patch did. [engine thread]"""
        self._beat, self._downbeat = old._beat, old._downbeat
        self._bar_tick, self._bar = old._bar_tick, old._bar
        self._beats_since, self._bars_since = old._beats_since, old._bars_since
