"""The output for one light target: a frame's pixels become its bytes and leave; what stands still is repeated.

A changed frame leaves at once. An unchanged one leaves three times in all, since datagrams get lost, and is then
repeated within 800 ms by a thread of its own, also while the engine stands still because its microphone is lost.
Nothing is queued and nothing waits for the network, so that no target makes another late.

Frames never leave faster than they are played: after a pause (a laptop's lid, a busy machine) the engine makes up for
it in a burst, and what was guarded for two seconds would flash by in a tenth. Of such a burst the first frame and the
newest leave.
"""

from __future__ import annotations

import logging
import math
import threading
import time

from wearsound.core import LIGHT_RATE, U8, Clock, Event, Frame
from wearsound.outputs.hand import HandTold
from wearsound.outputs.keeper import Keeper
from wearsound.outputs.light.map import LightMap
from wearsound.outputs.light.wire import Wire
from wearsound.outputs.udp import Udp

_log = logging.getLogger(__name__)

KEEP = 0.65
"""Seconds of quiet after which something is sent again: with a round and its lateness, within the 800 ms that
receivers of Art-Net and sACN count on."""
STILL = 0.3
"""Seconds without a frame after which panic, blackout and a master at 0 are obeyed by who keeps: nobody else does
while no sound comes, or while something hangs."""
TIMES = 3
"""How often a frame leaves at the frame rate before it is only kept alive (E1.31, 6.6.1)."""
APART = 0.8
"""How far apart two frames leave, in steps of the frame rate: a little less than 1, for no clock is that even."""
SLACK = 0.5
"""Of a step: a frame after one that was late by so much still leaves at once."""
BURST, SETTLE = 3, 0.1
"""So many frames too early are a burst; it is over so many seconds after the last that came in haste."""
HASTE = 0.5
"""Of a step: what comes sooner after the one before comes in haste, and not at the pace at which it is played."""


class LightSender:
    """Sends to one target; implements core.Output. `sent` counts datagrams, `frames` whole frames that left.

    `note` is said once, when it is first opened.

    The lock is held for the datagrams of one frame; its two holders meet only when the engine stood still.
    """

    fault = "WS-N24"

    def __init__(
        self, name: str, wire: Wire, light_map: LightMap, udp: Udp, cap: int = LIGHT_RATE, note: str = ""
    ) -> None:
        self.name = f"light to {name}"
        self.rate = min(LIGHT_RATE, cap)
        self.frames = 0
        self._wire = wire
        self._map = light_map
        self._udp = udp
        self._note = note
        self._lock = threading.Lock()
        self._keeper: Keeper | None = None
        self._step = 1.0 / self.rate
        self._hand = HandTold()
        self._reset()

    def _reset(self) -> None:
        self._data: bytes | None = None
        self._times = 0
        self._left = self._came = self._told = time.monotonic()
        self._earliest = -math.inf  # when the next frame may leave
        self._early = 0
        self._waits = False
        self._stilled = False  # went dark by the hand, while no frame came
        self._hand.reset()

    @property
    def failing(self) -> bool:
        """Whether the last frame could not be sent. [any thread]"""
        return self._udp.failing

    @property
    def sent(self) -> int:
        """Datagrams that left. [any thread]"""
        return self._udp.sent

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
        self._udp.open()
        note, self._note = self._note, ""
        if note:
            _log.warning("%s", note)
        self._reset()
        self._told = -math.inf
        self._keeper = Keeper(self.name, self._keep)

    def send(self, frame: Frame) -> None:
        """Send a frame if it says anything new. [engine thread]"""
        self.show(frame.pixels)

    def show(self, pixels: U8) -> None:
        """Send uint8 (n_pixels, 3), gamma 2.2, in the garment's order, if they are new. [one thread]

        What comes too early waits for the next call, or for the keeper, unless it is darkness.
        """
        data = self._map.bytes_of(pixels)
        with self._lock:
            now = time.monotonic()
            hasty, self._came = now - self._came < HASTE * self._step, now
            if self._stilled:
                if self._hand.nothing:
                    return  # what was played before the hand was heard must not light up again
                self._stilled = False
            if data != self._data:
                self._data, self._times = data, 0
            if self._times >= TIMES:
                return
            if now < self._earliest and data != self._map.dark:
                self._early += 1
                self._waits = True
                if self._early < BURST:
                    self._earliest = max(self._earliest, now + APART * self._step)
                elif hasty:
                    self._earliest = max(self._earliest, now + SETTLE)
                return
            self._early = 0
            self._earliest = max(self._earliest, now - SLACK * self._step) + APART * self._step
            self._leave(data)

    def dark(self) -> None:
        """Send darkness now, whatever came before. [any thread]"""
        with self._lock:
            self._data, self._times = self._map.dark, 0
            self._leave(self._data)

    def take(self, event: Event) -> None:
        """Remember the performer's hand. [any thread]"""
        self._hand.take(event)

    def close(self) -> None:
        """Dark, twice, and the streams ended; always; twice is fine."""
        keeper, self._keeper = self._keeper, None
        if keeper is None:
            return
        keeper.stop()
        with self._lock:
            for _ in range(2):
                self._leave(self._map.dark)
            self._udp.send(self._wire.end(self._map.dark, self._udp.address))
            self._udp.close()

    def _leave(self, data: bytes) -> None:
        whole = self._udp.send(self._wire.frame(data, self._udp.address))
        self._waits = False
        self._left = time.monotonic()
        self.frames += whole
        self._times = self._times + 1 if whole else 0

    def _keep(self) -> None:
        """[its keeper's thread]"""
        with self._lock:
            now = time.monotonic()
            dark = self._map.dark
            if self._hand.nothing and now - self._came > STILL and self._data is not None:
                self._stilled = True
                if self._data != dark:
                    self._data, self._times = dark, 0
                    self._leave(dark)
            late = self._waits and now >= self._earliest
            if self._data is not None and (late or now - self._left >= KEEP):
                self._leave(self._data)
            if now - self._told >= self._wire.news_every:
                self._told = now
                news = self._wire.news(self._udp.address)
                if news:
                    self._udp.send(news)
