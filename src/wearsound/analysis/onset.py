"""When something begins: a count that grows, and how strong the latest beginning was."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque
from typing import Any

from wearsound.core import F64, Block, Clock, Spec

WEIGHTS = (0.3, 0.35, 0.35)
"""Of low, mid and high novelty."""
MEMORY_SECONDS = 0.6
OVER_MEDIAN = 2.0
AT_LEAST = 0.08
REARM = 0.7
"""The novelty must fall to this part of its latest peak before something else can begin."""
APART_SECONDS = 0.05
GROW_SECONDS = 0.02
FLUX_RELEASE_SECONDS = 0.06
FULL_STRENGTH = 1.0


class Onset:
    """Onsets by an adaptive median over log-band novelty; decided in the hop that crosses it.

    Nothing begins while the gate is shut. `latency`: seconds from a sound's start to the end of the
    hop that tells, typically.
    """

    specs = (
        Spec(
            "onset", "count", 0.0, 1e9, 1.0, "how many sounds have begun; grows by one at each", growing=True
        ),
        Spec("strength", "", 0.0, 1.0, 0.001, "how strong the latest onset was; 0 in silence"),
        Spec("flux", "", 0.0, 1.0, 0.001, "how much is new in the spectrum right now"),
    )
    latency = 0.006

    def prepare(self, clock: Clock) -> None:
        """Find memory and tables. [main thread]"""
        self._memory = clock.ticks(MEMORY_SECONDS)
        self._apart = clock.ticks(APART_SECONDS)
        self._grow = clock.ticks(GROW_SECONDS)
        self._release = 1.0 - clock.coefficient(FLUX_RELEASE_SECONDS)
        self.reset()

    def reset(self) -> None:
        """State to its start. [engine thread]"""
        self._recent: deque[float] = deque([0.0] * self._memory)
        self._ranked: list[float] = [0.0] * self._memory
        self._count = 0
        self._strength = 0.0
        self._since = 1_000_000
        self._peak = 0.0
        self._armed = True
        self._flux = 0.0

    def process(self, block: Block, spectra: Any, out: F64) -> None:
        """Write (n_hops, 3) values. [engine thread]"""
        gain = spectra.gain
        low, mid, high = WEIGHTS
        middle = self._memory // 2
        hops = zip(spectra.novelty.regions.tolist(), gain.gate.tolist(), gain.silence.tolist(), strict=True)
        for hop, ((lows, mids, highs), gate, silence) in enumerate(hops):
            novelty = low * lows + mid * mids + high * highs
            threshold = max(AT_LEAST, OVER_MEDIAN * self._ranked[middle])
            self._since += 1
            if not self._armed:
                if novelty > self._peak:
                    self._peak = novelty
                self._armed = novelty < REARM * self._peak
            if self._armed and novelty > threshold and gate and self._since >= self._apart:
                self._count += 1
                self._since = 0
                self._peak = novelty
                self._armed = False
                self._strength = 0.0
            if self._since < self._grow:
                self._strength = max(self._strength, min(1.0, novelty / FULL_STRENGTH))
            if silence:
                self._strength = 0.0
            self._flux = max(gate * min(1.0, novelty / FULL_STRENGTH), self._flux * self._release)
            if self._flux < 1e-6:
                self._flux = 0.0
            self._remember(novelty)
            out[hop, 0] = self._count
            out[hop, 1] = self._strength
            out[hop, 2] = self._flux

    def _remember(self, novelty: float) -> None:
        oldest = self._recent.popleft()
        self._recent.append(novelty)
        if oldest != novelty:
            del self._ranked[bisect_left(self._ranked, oldest)]
            insort(self._ranked, novelty)
