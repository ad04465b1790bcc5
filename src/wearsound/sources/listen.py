"""From a ring to blocks, for as long as the show goes: time stays true whatever the device does."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping

import numpy as np

from wearsound import faults
from wearsound.core import F32, MAX_HOPS, Block, Clock
from wearsound.sources.blocks import scrub
from wearsound.sources.ring import BEHIND, Ring

GONE_AFTER = 0.5
"""Seconds without a callback after which a device counts as gone; so long everything holds."""

_LOOK = 0.05
_GLIDE = 0.02
"""Seconds between looks at a live device, and at one that is gone, whose silence should glide evenly."""

_DRIFT = 30.0
"""Seconds over which the device's own crystal is believed against this machine's."""

BEHIND_TIME, NO_NUMBERS = "WS-A11", "WS-A10"
_CLEAN = 2.0
"""Seconds without one after which broken samples are over."""


class Listener:
    """Takes every whole hop that waits in a ring, and silence by the clock while its device is gone.

    A device that dies mid-show holds everything for half a second (no block); then `tick` jumps over
    that time and silence comes in real time, so that levels glide and the rest look is reached by
    the patch's own road, and nothing downstream waits. What a sound server kept back meanwhile and
    delivers in one burst is thrown away: that time is over. `lost` counts hops that were not heard:
    skipped, held or silent. `gone` is true while the device is. `stopped()` ends the blocks. `name` is the device's.
    """

    def __init__(
        self,
        ring: Ring,
        clock: Clock,
        lanes: Mapping[str, tuple[int, ...]],
        stopped: Callable[[], bool],
        gone_after: float = GONE_AFTER,
        name: str = "the microphone",
    ) -> None:
        self.ring = ring
        self.lanes = lanes
        self.stopped = stopped
        self.gone_after = gone_after
        self.name = name
        self.lost = 0
        self.gone = False
        self._tick = 0
        self._gap = 0
        self._hop = clock.hop
        self._rate = clock.sample_rate / clock.hop
        self._zero = 0.0
        """When tick 0 began, by the monotonic clock."""

    def blocks(self) -> Iterator[Block]:
        """Blocks until `stopped()`; tick 0 is what is heard from now on. [engine thread]"""
        self.ring.skip(self.ring.waiting())
        began = time.monotonic()
        while not self.stopped() and not self.ring.wait(_LOOK):
            if time.monotonic() - began > self.gone_after:
                break  # it died between being opened and now: the loop below knows what to do
        heard = looked = awake = time.monotonic()
        self._zero = heard - self.ring.waiting() / self._rate
        while not self.stopped():
            waiting = self.ring.wait(_GLIDE if self.gone else _LOOK)
            now = time.monotonic()
            if now - looked > self.gone_after / 2:
                awake = now  # we were stopped, not the device: give it time to call
            looked = now
            if waiting:
                before, heard = heard, self.ring.mark[1]
                self._set_right(heard, heard - before)
                samples, skipped = self.ring.read()
                self._gap += skipped
                if skipped:
                    self._met(BEHIND_TIME, "the machine is too slow, and sound is skipped", 60.0)
                if len(samples):
                    if scrub(samples):
                        self._met(NO_NUMBERS, "samples that are no numbers, taken as silence", _CLEAN)
                    yield self._block(samples)
            elif self.gone:
                due = min(int((now - self._zero) * self._rate) - self._tick - self._gap, MAX_HOPS)
                if due > 0:
                    self.lost += due
                    yield self._block(np.zeros((due * self._hop, self.ring.memory.shape[1]), np.float32))
            elif now - max(heard, awake) > self.gone_after:
                self.gone = True
                self._gap += max(0, int((now - self._zero) * self._rate) - self._tick - self._gap)

    def _set_right(self, heard: float, since: float) -> None:
        """Jump over time that brought no sound, throw away sound whose time is over, follow slow drift."""
        there = self._tick + self._gap + self.ring.waiting()
        missing = (heard - self._zero) * self._rate - there
        if missing > (0 if self.gone else self.gone_after * self._rate):
            self._gap += int(missing)
        elif missing < -BEHIND * self._rate:
            self.ring.skip(min(int(-missing), self.ring.waiting()))
        else:
            self._zero += missing / self._rate * min(1.0, since / _DRIFT)
        self.gone = False

    def _met(self, code: str, what: str, lapse: float) -> None:
        faults.begin(code, self.name, f"{self.name}: {what}", lapse=lapse)

    def _block(self, samples: F32) -> Block:
        hops = len(samples) // self._hop
        gap, self._gap = self._gap, 0
        self.lost += gap
        block = Block(self._tick + gap, samples, self.lanes, hops, gap=gap)
        self._tick += gap + hops
        return block
