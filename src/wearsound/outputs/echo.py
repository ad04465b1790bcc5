"""OSC echo: what changes here is told to whoever subscribed, but not to the hand that changed it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from wearsound.core import Clock, Event, Frame
from wearsound.osc.bundle import Message
from wearsound.osc.tree import Tree
from wearsound.osc.value import Value, value

RATE = 30
"""Looks a second: as often as a fader on a tablet moves smoothly."""

MOST_A_FRAME = 64
"""Messages in one look; what else changed is still different at the next."""


class Echo:
    """An output that sends no picture: it looks at every readable parameter and tells what differs from last time.

    `tell(messages, by)` sends to everybody but the hand `by`, and never waits. `anybody` says whether someone
    listens: where nobody does, nothing is looked at.
    """

    name = "osc echo"
    rate = RATE

    def __init__(
        self,
        tree: Tree,
        tell: Callable[[Sequence[Message], str], None],
        anybody: Callable[[], object] = lambda: True,
    ) -> None:
        self.become(tree)
        self._tell = tell
        self._anybody = anybody
        self._last: dict[str, Value] = {}
        self._hands: dict[str, str] = {}

    def become(self, tree: Tree) -> None:
        """Look at another show's parameters from now on: what is new or differs is told. [engine thread]"""
        self._parameters = [parameter for parameter in tree if parameter.read is not None]

    def open(self, clock: Clock) -> None:
        """Whoever subscribes is told everything once by the door: from here on only what changes."""
        self._last = {p.address: now for p in self._parameters if (now := value(p)) is not None}
        self._hands.clear()

    def take(self, event: Event) -> None:
        """Remember whose hand it was until the next look. [engine thread]"""
        address, by = event.address, event.by
        if self._hands.setdefault(address, by) != by:
            # Two hands between two looks: the value may be back where it was, and one of them shows it wrong.
            self._hands[address] = ""
            self._last.pop(address, None)

    def send(self, frame: Frame) -> None:
        """Tell what differs from what was told last. [engine thread]"""
        if self._anybody():
            for by, messages in self._changed().items():
                self._tell(messages, by)
        else:
            self._hands.clear()

    def close(self) -> None:
        """Nothing to leave dark: it only ever said how things are."""

    def _changed(self) -> dict[str, list[Message]]:
        """The messages, by whose hand."""
        out: dict[str, list[Message]] = {}
        # A change that comes later by itself (a scene, a ramp) is no longer that hand's.
        hands, self._hands = self._hands, {}
        room = MOST_A_FRAME
        for parameter in self._parameters:
            address = parameter.address
            if not room:
                if address in hands:  # not looked at yet: whose it was is still to be known
                    self._hands[address] = hands[address]
                continue
            if parameter.moves and address not in hands:
                continue
            now = value(parameter)
            if now is None or self._last.get(address) == now:
                continue
            self._last[address] = now
            out.setdefault(hands.get(address, ""), []).append((address, now))
            room -= 1
        return out
