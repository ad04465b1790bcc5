"""What holds at a cut in a take: the last word of every address that was set before it."""

from __future__ import annotations

from dataclasses import replace

from wearsound.core import Event
from wearsound.errors import PatchError
from wearsound.parts import CHANGE, HURRY

MOST_ADDRESSES = 1 << 14
"""Addresses that are kept; the biggest show has some hundred."""
MOST_STEPS = 1 << 12
"""Steps of cues and scenes that are kept, the latest."""

_MOMENTS = frozenset(
    {"/wear/tempo/tap", "/wear/tempo/half", "/wear/tempo/double", "/wear/tempo/nudge", "/wear/mark"}
    | {"/wear/subscribe", "/wear/unsubscribe", "/wear/dump", "/wear/ping", CHANGE, HURRY}
)
"""What was meant for its moment only. A change of show comes before all that holds: `sources.take` sees to it."""

_SCENE, _CUE = "/wear/scene/", "/wear/cue/"
_HELD = ("/wear/zone/", "/wear/param/sketch/")
"""What is held by hand until it is let go."""
_PANIC, _RESUME = "/wear/panic", "/wear/resume"
_BLACKOUT, _FREEZE = "/wear/blackout", "/wear/freeze"
_STEPS = ("/wear/scene/next", "/wear/scene/previous", "/wear/scene/random")
_GUARDED, _GOTO = ("/wear/cue/go", "/wear/cue/back"), "/wear/cue/goto"

AGAIN = "again"
"""Said with a GO or BACK that is repeated: the show must not take it for a second press."""

GO_GUARD = 0.5
"""Seconds within which two GOs were one, as in a patch that does not say."""


class State:
    """`take` every event before the cut in its order; `events` says all that still holds, in that order.

    Of two GOs within `guard` ticks the second was none.
    """

    def __init__(self, guard: int = 0) -> None:
        self._guard = guard
        self._went: dict[str, int] = {}
        self._set: dict[str, tuple[int, Event]] = {}
        self._steps: list[tuple[int, Event]] = []
        self._number = 0

    def take(self, event: Event) -> None:
        """Remember what an event set; forget what it ended. A PatchError for more than can be kept."""
        address = event.address
        self._number += 1
        if address in _MOMENTS or address.startswith("/wear/window/"):
            return
        if address in _GUARDED:
            if event.tick - self._went.get(address, -self._guard) < self._guard:
                return
            self._went[address] = event.tick
            if AGAIN not in event.args:
                event = replace(event, args=(*event.args, AGAIN))
        if address == _GOTO:
            self._steps = [step for step in self._steps if not step[1].address.startswith(_CUE)]
        if address.startswith((_SCENE, _CUE)):
            if address.startswith(_SCENE) and address not in _STEPS:
                self._steps = [step for step in self._steps if not step[1].address.startswith(_SCENE)]
            self._steps.append((self._number, event))
            del self._steps[:-MOST_STEPS]
        elif address == _RESUME:
            for ended in (_PANIC, _BLACKOUT, _FREEZE):
                self._set.pop(ended, None)
        elif address.startswith(_HELD) and address.endswith("/release"):  # a route may have a `release` too
            ended = address.removesuffix("release")
            for name in [
                name for name in self._set if name.startswith(_HELD) and f"{name}/".startswith(ended)
            ]:
                del self._set[name]
        elif event.args or address in (_PANIC, _BLACKOUT, _FREEZE):
            self._set.pop(address, None)  # so that the order is that of the last word
            self._set[address] = (self._number, event)
            if len(self._set) > MOST_ADDRESSES:
                raise PatchError(f"more than {MOST_ADDRESSES} addresses were set: this is no take of a show")

    def events(self, tick: int) -> list[Event]:
        """Everything that holds, stamped `tick`."""
        kept = sorted([*self._set.values(), *self._steps], key=lambda entry: entry[0])
        return [replace(event, tick=tick) for _, event in kept]
