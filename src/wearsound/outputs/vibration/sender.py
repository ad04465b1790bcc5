"""The driver of a microcontroller: a frame a hop, and zero as soon as nobody plays.

Nothing that leaves is an open-ended "on". A frame holds for LIFE_MS at the receiver, so that a killed engine is still
after that. While the engine hangs, a thread of its own sends zero after STALL; at a panic the same thread does, without
waiting for the engine. A blackout, or a master at 0, takes what is felt away within TOUCH, whoever
comes first. Zero is said three times, since datagrams get lost, and then again every KEEP, so that a receiver can tell
a still show from no show.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

from wearsound.core import Clock, Event, Parameter
from wearsound.felt import Drive
from wearsound.outputs.delay import DelaySetting
from wearsound.outputs.hand import TOUCH, HandTold
from wearsound.outputs.keeper import Keeper
from wearsound.outputs.udp import Udp
from wearsound.outputs.vibration import frames
from wearsound.outputs.vibration.channels import Channels
from wearsound.outputs.vibration.held import Held

RATE = 200
"""Frames a second at the most; more than there are hops."""
STALL = 0.1
"""Seconds without a block of the engine's after which zero is sent."""
ROUND = 0.02
"""Seconds between two rounds of the thread that watches, and so the longest that a panic waits."""
TIMES = 3
"""How often zero is said at once."""
KEEP = 0.1
"""Seconds between two zeroes after that."""
_STEP = 1 / 8
"""Of full, a frame: after a stall, a panic or a blackout it comes back within some 40 ms, and not with a knock; into a
blackout it goes likewise."""


class FrameSender:
    """Sends to one target; implements felt.Driver. `sent` counts frames.

    `osc`: as OSC messages; `positive`: unsigned values. The lock is held for one datagram.
    """

    spare = True
    """A show may begin without it."""
    fault = "WS-N24"

    def __init__(
        self,
        name: str,
        udp: Udp,
        channels: Channels,
        *,
        osc: bool = False,
        positive: bool = False,
        rate: int = RATE,
        delay: float = 0.0,
    ) -> None:
        self.name = f"vibration to {name}"
        self.sent = 0
        self._udp = udp
        self._channels = channels
        self._osc = osc
        self._positive = positive
        self._rate = rate
        self._value = frames.unsigned if positive else frames.signed
        self._zero = (0,) * channels.count
        self._delay = DelaySetting(delay, f"/wear/delay/{name}", self.name)
        self._held: Held[Sequence[int]] = Held(self._delay)
        self._lock = threading.Lock()
        self._clock = Clock()
        self._keeper: Keeper | None = None
        self._hand = HandTold()
        self._sequence = 0
        self._reset()

    def _reset(self) -> None:
        self._zeroes = 0
        self._left = self._came = time.monotonic()
        self._gain = 1.0

    @property
    def failing(self) -> bool:
        """Whether the last frame could not be sent. [any thread]"""
        return self._udp.failing

    @property
    def lost(self) -> int:
        """Datagrams that could not be sent. [any thread]"""
        return self._udp.lost

    def find(self) -> None:
        """Begin to ask for the host, long before `open`. [main thread]"""
        self._udp.find()

    def open(self, clock: Clock) -> None:
        """Find the host and take a socket; DeviceError if there is none."""
        self.close()
        self._clock = clock
        self._udp.open()
        self._held.open(clock)
        self._reset()
        self._keeper = Keeper(self.name, self._keep, ROUND)

    def drive(self, tick: int, gap: int, drive: Drive) -> None:
        """Send the newest frame that is due. [engine thread]"""
        n_hops = len(drive.level)
        hops = self._clock.due_hops(tick, n_hops, self._rate)
        if not self._delay.seconds:
            hops = hops[-1:]  # of a burst only its end is still true
        for hop in dict.fromkeys(hops):
            level = self._channels.levels(drive.level[hop])
            self._held.put(tick + hop + 1, level.tolist())
        due = self._held.due(tick + n_hops)
        with self._lock:
            self._came = time.monotonic()
            if self._hand.panicked or self._held.still:
                self._gain = 0.0
                self._leave_still()
            elif due:
                step = -_STEP if self._hand.nothing else _STEP
                self._gain = min(1.0, max(0.0, self._gain + step))
                gain = self._gain * self._held.gain
                values = tuple(self._value(gain * level) for level in due[-1])
                if any(values):
                    self._leave(values)
                else:
                    self._leave_still()

    def take(self, event: Event) -> None:
        """Remember the hand, and the delay; it only sets flags, so a signal handler may call it. [any thread]"""
        self._hand.take(event)
        self._held.take(event)

    def parameters(self) -> list[Parameter]:
        """Its delay. [any thread]"""
        return self._delay.parameters()

    def close(self) -> None:
        """Zero, three times; always; twice is fine."""
        keeper, self._keeper = self._keeper, None
        if keeper is None:
            return
        keeper.stop()
        with self._lock:
            for _ in range(TIMES):
                self._leave(self._zero)
            self._udp.close()

    def _leave_still(self) -> None:
        if self._zeroes < TIMES or time.monotonic() - self._left >= KEEP:
            self._leave(self._zero)

    def _leave(self, values: Sequence[int]) -> None:
        self._sequence += 1
        data = (
            frames.osc(values, self._sequence)
            if self._osc
            else frames.datagram(values, self._sequence, positive=self._positive)
        )
        whole = self._udp.send([(data, self._udp.address)])
        self._left = time.monotonic()
        self.sent += whole
        self._zeroes = 0 if any(values) else self._zeroes + whole

    def _keep(self) -> None:
        """[its keeper's thread]"""
        with self._lock:
            now = time.monotonic()
            if self._hand.panicked or now - self._hand.since > TOUCH or now - self._came > STALL:
                self._gain = 0.0
                self._leave_still()
