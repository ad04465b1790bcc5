"""What plays one show: everything of an engine that a patch, a garment or an edition decides.

While a show runs it may be changed for another (a saved file, the next of a set): the new parts then go on from
where the old ones are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from wearsound.contracts import Cloth, Guard
from wearsound.core import F64, U8, Ear, Event, Instrument, Score
from wearsound.felt import Motors, TouchGuard
from wearsound.sound import SoundGuard

CHANGE = "/wear/show/change"
"""The event by which an engine changes its show at the first hop of a block; its argument is the change's number."""
HURRY = "/wear/show/hurry"
"""The event that says how many ticks from its own on pass in no time: a show that was late makes up for it."""
MOST_HURRIED = 1 << 20
"""Ticks (93 minutes)."""

FADE = 0.5
"""Seconds in which one show goes over into another."""


@dataclass(slots=True)
class Parts:
    """The parts of an engine that come and go with a show, made ready to play.

    `worn` says which body it is, and what its supplies bear: equal words, equal bodies. A part may have
    `inherit(old)`: it goes on from where `old`, its predecessor, is. That is called once, between two blocks, on the
    engine thread, and must take well under a millisecond; `old` may be of another kind, is left as it is, or is
    robbed of what it holds, but plays no more. A part without it begins anew.
    """

    ear: Ear
    score: Score
    light: Instrument
    dye: Instrument
    cloth: Cloth
    guard: Guard
    vibration: Instrument
    touch_guard: TouchGuard
    motors: Motors
    soundscape: Instrument | None
    sound_guard: SoundGuard
    encode: Callable[[F64], U8]
    by_zone: Callable[[F64], F64]
    n_pixels: int
    n_zones: int
    n_actuators: int
    seed: int = 0
    worn: str = ""

    def reset(self) -> None:
        """Every state to its start. [engine thread]"""
        self.begin_anew()
        for part in (self.cloth, self.guard, self.touch_guard, self.motors, self.sound_guard):
            part.reset()

    def begin_anew(self) -> None:
        """What hears, means and plays to its start; what keeps the body safe goes on. [engine thread]"""
        for part in (self.ear, self.score, self.light, self.dye, self.vibration):
            part.reset()
        if self.soundscape is not None:
            self.soundscape.reset()

    def inherit(self, old: Parts) -> None:
        """Go on from where `old` is: the same body stays, all else takes over what it can. [engine thread]"""
        if self.worn == old.worn:
            self.cloth, self.guard = old.cloth, old.guard
            self.touch_guard, self.motors = old.touch_guard, old.motors
        else:
            for part, before in (
                (self.cloth, old.cloth),
                (self.guard, old.guard),
                (self.touch_guard, old.touch_guard),
                (self.motors, old.motors),
            ):
                _inherit(part, before)
        _inherit(self.ear, old.ear)
        _inherit(self.score, old.score)
        _inherit(self.light, old.light)
        _inherit(self.dye, old.dye)
        _inherit(self.vibration, old.vibration)
        if self.soundscape is None and old.soundscape is not None:
            leave = getattr(old.soundscape, "leave", None)
            self.soundscape = leave() if leave is not None else None
        else:
            _inherit(self.soundscape, old.soundscape)
        _inherit(self.sound_guard, old.sound_guard)


@dataclass(frozen=True, slots=True)
class Change:
    """Another show for a running engine. `attach` tells everybody around the engine, right after. [engine thread]"""

    number: int
    parts: Parts
    attach: Callable[[], None] = lambda: None


def _inherit(part: Any, before: Any) -> None:
    inherit = getattr(part, "inherit", None)
    if inherit is not None and before is not None:
        inherit(before)


def hurried(event: Event) -> int:
    """How many ticks a HURRY says; none where it makes no sense."""
    said = event.args[0] if len(event.args) == 1 else 0
    return said if type(said) is int and 0 < said < MOST_HURRIED else 0
