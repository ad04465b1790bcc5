"""Receivers of a show that is played again: each gets what is due, later by its delay and no oftener than it bears."""

from __future__ import annotations

from collections import deque

from wearsound.core import LIGHT_RATE, U8
from wearsound.osc.bundle import Message
from wearsound.outputs.light.sender import LightSender
from wearsound.outputs.osc import UdpSink
from wearsound.show.rig import LightTarget, OscTarget

NEAR = 1e-5
"""Seconds: times in the file are rounded to six places."""


class Target:
    """One receiver: each message leaves `delay` seconds later than in the file, at most `rate` a second an address."""

    def __init__(self, named: OscTarget) -> None:
        self.sink = UdpSink(named.name, named.host, named.port, bundle=named.bundle)
        self.sent = 0
        self._delay = named.delay
        self._rate = min(named.rate, LIGHT_RATE)
        self._waiting: deque[tuple[float, list[Message]]] = deque()
        self._held: dict[str, Message] = {}
        self._slot = -1

    def put(self, due: float, messages: list[Message]) -> None:
        """Take what falls due at `due` seconds."""
        self._waiting.append((due + self._delay, messages))

    def send(self, now: float) -> None:
        """Send what is due by now; of a slow target's addresses the latest, in its own step."""
        while self._waiting and self._waiting[0][0] <= now + NEAR:
            due, messages = self._waiting.popleft()
            if self._rate < LIGHT_RATE:
                slot = int((due + NEAR) * self._rate)
                self._held.update((message[0], message) for message in messages)
                if slot == self._slot:
                    continue
                self._slot, messages = slot, list(self._held.values())
                self._held.clear()
            self._leave(messages)
        if self._held and int((now + NEAR) * self._rate) > self._slot:
            self._slot = int((now + NEAR) * self._rate)
            self._leave(list(self._held.values()))
            self._held.clear()

    def _leave(self, messages: list[Message]) -> None:
        self.sink.send(0.0, messages)
        self.sent += len(messages)

    @property
    def next(self) -> float | None:
        """When the next message is due, None if none waits."""
        return self._waiting[0][0] if self._waiting else None

    def still(self, neutral: list[Message]) -> None:
        """Forget what waits and say `neutral`."""
        self._waiting.clear()
        self._held.clear()
        self.sink.send(0.0, neutral)


class LitTarget:
    """One receiver of light: each frame leaves `delay` seconds later than it was, at most `cap` a second.

    Of frames that came meanwhile the newest wins.
    """

    def __init__(self, named: LightTarget, sender: LightSender) -> None:
        self.sender = sender
        self._delay = named.delay
        self._rate = sender.rate
        self._waiting: deque[tuple[float, U8]] = deque()
        self._held: U8 | None = None
        self._slot = -1

    def put(self, due: float, pixels: U8) -> None:
        """Take what falls due at `due` seconds."""
        self._waiting.append((due + self._delay, pixels))

    def send(self, now: float) -> None:
        """Send what is due by now, in its own step."""
        while self._waiting and self._waiting[0][0] <= now + NEAR:
            self._held = self._waiting.popleft()[1]
        slot = int((now + NEAR) * self._rate)
        if self._held is not None and slot > self._slot:
            self.sender.show(self._held)
            self._held, self._slot = None, slot

    @property
    def next(self) -> float | None:
        """When the next frame is due, None if none waits."""
        return self._waiting[0][0] if self._waiting else None

    def still(self) -> None:
        """Forget what waits and go dark."""
        self._waiting.clear()
        self._held = None
        self.sender.dark()
