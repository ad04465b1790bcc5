"""The output for WLED's audio sync: what this show hears, fifty times a second, for effects of the receivers' own."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

from wearsound.core import Clock, Event, Frame
from wearsound.hand import RISE
from wearsound.outputs.hand import HandTold
from wearsound.outputs.keeper import Keeper
from wearsound.outputs.light import wled_sync
from wearsound.outputs.light.sender import KEEP, STILL
from wearsound.outputs.udp import Udp

RATE = 50
"""About as often as WLED's own sender."""
SMOOTH = 0.1
"""Seconds in which the smoothed loudness follows."""
PEAK_APART = 0.1
"""Seconds between two peaks at least, as WLED keeps them."""


def features(lane: str) -> tuple[str, ...]:
    """Full names of the 16 bands that the ear must hear in `lane`."""
    return tuple(f"{lane}.band_{low:g}_{high:g}" for low, high in wled_sync.BANDS)


class AudioSyncSender:
    """Sends to one target, or all that listen at a multicast group; implements core.Output.

    Loudness, bands and onsets of `lane`; its columns that a frame does not have count as silence. What is heard is
    multiplied by the master, and faded to silence in panic and blackout; while the engine stands still, silence is
    sent. That is all a sender can do to these receivers: their effects are their own, and no flash guard sees them.
    """

    fault = "WS-N24"

    def __init__(self, name: str, udp: Udp, lane: str = "room", cap: int = RATE) -> None:
        self.name = f"hearing to {name}"
        self.rate = min(RATE, cap)
        self._udp = udp
        self._loudness = f"{lane}.loudness"
        self._onset = f"{lane}.onset"
        self._bands = features(lane)
        self._follow = 1.0 / (1.0 + SMOOTH * self.rate)
        self._lock = threading.Lock()
        self._keeper: Keeper | None = None
        self._counter = 1
        self._hand = HandTold()
        self._reset()

    def _reset(self) -> None:
        self._hand.reset()
        self._level = 1.0
        self._came = time.monotonic()
        self._smooth = 0.0
        self._onsets: float | None = None
        self._peak_at = -1.0
        self._left = time.monotonic()

    @property
    def failing(self) -> bool:
        """Whether the last datagram could not be sent. [any thread]"""
        return self._udp.failing

    def find(self) -> None:
        """Begin to ask for the host, long before `open`. [main thread]"""
        self._udp.find()

    def open(self, clock: Clock) -> None:
        """Find the host and take a socket; DeviceError if there is none."""
        self.close()
        self._udp.open()
        self._reset()
        self._keeper = Keeper(self.name, self._keep)

    def send(self, frame: Frame) -> None:
        """Send what is heard. [engine thread]"""
        heard = frame.features
        self._came = time.monotonic()
        reach = 1.0 / (RISE * self.rate)
        target = 0.0 if frame.dark else self._hand.master
        self._level += min(reach, max(-reach, target - self._level))
        if abs(self._level) < 1e-9:
            self._level = 0.0
        level = self._level
        raw = wled_sync.unit(heard.get(self._loudness))
        self._smooth += self._follow * (raw - self._smooth)
        if raw == 0.0 and self._smooth < 0.002:
            self._smooth = 0.0
        onsets = heard.get(self._onset)
        peak = (
            self._onsets is not None
            and onsets > self._onsets
            and frame.time - self._peak_at >= PEAK_APART - 1e-9
        )
        self._onsets = onsets
        if peak:
            self._peak_at = frame.time
        if level == 0.0:
            self._leave()
            return
        bands = [level * wled_sync.unit(heard.get(name)) for name in self._bands]
        major_hz, height = wled_sync.major(bands)
        self._leave(level * raw, level * self._smooth, peak and not frame.dark, bands, height, major_hz)

    def take(self, event: Event) -> None:
        """Remember the performer's hand. [any thread]"""
        self._hand.take(event)

    def close(self) -> None:
        """Silence, twice; always; twice is fine."""
        keeper, self._keeper = self._keeper, None
        if keeper is None:
            return
        keeper.stop()
        for _ in range(2):
            self._leave()
        self._udp.close()

    def _leave(
        self,
        raw: float = 0.0,
        smooth: float = 0.0,
        peak: bool = False,
        bands: Sequence[float] = wled_sync.SILENT,
        magnitude: float = 0.0,
        major_hz: float = 0.0,
    ) -> None:
        with self._lock:
            packet = wled_sync.packet(raw, smooth, peak, self._counter, bands, magnitude, major_hz)
            self._counter = (self._counter + 1) & 0xFF
            self._udp.send([(packet, self._udp.address)])
            self._left = time.monotonic()

    def _keep(self) -> None:
        """[its keeper's thread]"""
        now = time.monotonic()
        if now - self._left >= KEEP or (
            self._hand.nothing and now - self._came > STILL and self._level > 0.0
        ):
            self._level = 0.0  # what comes next fades in
            self._leave()
