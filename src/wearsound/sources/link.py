"""Ableton Link (the extra `link`): programs on one network share tempo and beat; here they may lead the tempo."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from wearsound.core import Event
from wearsound.errors import DeviceError

log = logging.getLogger(__name__)

BY = "link"
CLOCK = "/wear/tempo/clock"
EVERY_SECONDS = 0.02
QUANTUM = 4
"""Beats of a bar in the session; Link does not tell it, and four is what nearly all its programs count."""
ALONE_BPM = 120.0
"""The tempo of a session that nobody else is in; it is not told to the ear."""


class Link:
    """Joins the Link session of the network and only listens: it never sets a tempo that others have to follow.

    While there are peers, `put` gets /wear/tempo/clock (bpm, phase, number of the beat in a bar of four) fifty
    times a second, and once 0 when the last one has left.
    """

    def __init__(self, put: Callable[[Event], bool]) -> None:
        self._put = put
        self._link: Any = None
        self._ended = threading.Event()
        self._telling: threading.Thread | None = None

    @property
    def peers(self) -> int:
        """How many others are in the session. [any thread]"""
        link = self._link
        return 0 if link is None else int(link.numPeers())

    @property
    def tempo(self) -> float:
        """Beats a minute of the session, 0 without peers. [any thread]"""
        link = self._link
        return float(link.captureAppSessionState().tempo()) if link is not None and link.numPeers() else 0.0

    def open(self) -> None:
        """Join; a DeviceError if the library is missing or the network lets nobody join."""
        try:
            from link import Link as Session
        except ImportError:
            raise DeviceError('Ableton Link needs LinkPython-extern: pip install "wearsound[link]"') from None
        try:
            self._link = Session(ALONE_BPM)
            self._link.enabled = True
        except RuntimeError as error:
            self._link = None
            raise DeviceError(f"Ableton Link cannot join: {error}; look at the network") from None
        self._ended.clear()
        self._telling = threading.Thread(target=self._tell, name="link", daemon=True)
        self._telling.start()

    def close(self) -> None:
        """Leave the session; twice is fine."""
        self._ended.set()
        telling, self._telling = self._telling, None
        if telling is not None:
            telling.join(1.0)
        link, self._link = self._link, None
        if link is not None:
            link.enabled = False

    def _tell(self) -> None:
        """What the session says now, as long as somebody is in it. [a thread of its own]"""
        link, clock, before = self._link, self._link.clock(), 0
        while not self._ended.wait(EVERY_SECONDS):
            peers = int(link.numPeers())
            if peers != before:
                log.info("Link: %d peers", peers)
            if peers:
                state, now = link.captureAppSessionState(), clock.micros()
                place = float(state.phaseAtTime(now, float(QUANTUM)))
                self._put(Event(0, CLOCK, (float(state.tempo()), place % 1.0, int(place) + 1), BY))
            elif before:
                self._put(Event(0, CLOCK, (0.0,), BY))
            before = peers
        if before:
            self._put(Event(0, CLOCK, (0.0,), BY))
