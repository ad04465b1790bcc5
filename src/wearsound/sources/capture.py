"""One input device into one ring: opened until it truly delivers, and again whenever it stops."""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from wearsound import faults
from wearsound.core import F32
from wearsound.errors import DeviceError
from wearsound.sources.desk import Hanging, ask, closed, look_again, portaudio, started
from wearsound.sources.devices import PATIENCE, Device, find, query
from wearsound.sources.listen import GONE_AFTER
from wearsound.sources.ring import Ring

_TRIES = 4
"""A stream can say that it is active and never call; the next opening does."""

_FIRST_CALL = 2.5
"""An idle sound server takes up to 1.9 s before the first callback."""

_LIVE_PATIENCE = 2.0
_BACK_OFF = (0.1, 0.5, 1.0)
"""Seconds between two tries; the last for as long as it takes: the show is to hear within 3 s."""

_SURELY = 16
"""Tries after which PortAudio lists the devices anew in any case: each time costs 13 kB that it never gives back."""
_CARDS = Path("/proc/asound/cards")
_SERVERS = "pulse/native", "pipewire-0"
"""Their sockets, made anew by each that begins."""

GONE, FROZEN, RATE, REFUSED, HOLES, RAISED = "WS-A01", "WS-A04", "WS-A05", "WS-A06", "WS-A08", "WS-A09"
MINUTE = 60.0
_OFTEN = 2
"""Callbacks a minute that report lost samples: a single one is nothing, a device that opens has one."""
_WEIGHED, _OFF = 10.0, 0.03
"""Seconds over which the rate of what comes is measured, and the share by which it may differ: callbacks may come in
bursts of a tenth of a second."""


class Capture:
    """Keeps `ring` filled from the device called `title`; `closing` is set once and for all by `close`.

    `wanted` is what the person wrote: a device that came back under another number of the system
    (hw:2 for hw:1) is found by it. `hiccups` counts callbacks that reported lost samples, `raised` those that failed.
    """

    def __init__(self, title: str, wanted: str | None, channels: int, sample_rate: int, hop: int) -> None:
        self.title = title
        self.wanted = wanted
        self.channels = channels
        self.sample_rate = sample_rate
        self.ring = Ring(channels, hop, sample_rate)
        self.closing = threading.Event()
        self.hiccups = self.raised = 0
        self._known_raised = 0
        self._minute = (0, 0.0)
        """How many hiccups there were when the minute began, and when that was."""
        self._looked = 0.0
        self._weighed: tuple[int, float] | None = None
        """The ring's mark when the rate was measured last."""
        self._stream: Any = None
        self._callback: Callable[..., None] | None = None
        self._keeper = threading.Thread(target=self._keep, name="microphone", daemon=True)

    def open(self) -> None:
        """Open and wait for the first callback; a DeviceError after several tries. [main thread]"""
        trouble = DeviceError(
            f"{self.title} opens but delivers no sound ({_TRIES} tries); close other programs that use it, "
            "or restart the sound server"
        )
        for attempt in range(_TRIES):
            try:
                if self._try(anew=attempt % 2 == 1, patience=PATIENCE):
                    self._keeper.start()
                    return
            except Hanging:
                raise
            except DeviceError as said:
                trouble = said
        raise trouble

    def close(self) -> None:
        """Let go of the device, in bounded time; twice is fine. [any thread]"""
        self.closing.set()
        if self._keeper.is_alive():
            self._keeper.join(_LIVE_PATIENCE)
        self._let_go()

    def lose(self) -> None:
        """Let go of the device, which is opened again as if it had gone by itself. [any thread]"""
        self._let_go()

    def _try(self, anew: bool, patience: float) -> bool:
        """Open once; True after a first callback. Without one the stream is closed again."""
        before = self.ring.mark[0]

        def work() -> Any:
            if anew:
                look_again()
            return self._start()

        self._stream = ask(work, patience, undo=closed)
        end = time.monotonic() + _FIRST_CALL
        while time.monotonic() < end and not self.closing.is_set():
            if self.ring.mark[0] > before:
                return True
            time.sleep(0.01)
        self._let_go()
        return False

    def _start(self) -> Any:
        sounddevice = portaudio()
        device = same_device(self.title, self.wanted, query())

        def callback(frames: F32, count: int, when: Any, status: Any) -> None:
            """Copy and return; a stream that was given up and wakes again must not mix in. [audio thread]"""
            if self._callback is callback:
                if status:
                    self.hiccups += 1
                try:
                    self.ring.write(frames)
                except Exception:  # PortAudio would end the stream; who keeps it looks at the count
                    self.raised += 1

        def make() -> Any:
            return sounddevice.InputStream(
                device=device.number,
                channels=self.channels,
                samplerate=self.sample_rate,
                blocksize=self.ring.hop,
                dtype="float32",
                latency="low",
                callback=callback,
            )

        self._callback = callback
        try:
            return started(make)
        except sounddevice.PortAudioError as trouble:
            raise DeviceError(
                f"{self.title} cannot be opened at {self.sample_rate:,} samples a second with "
                f"{self.channels} channels ({str(trouble.args[0]).split(' [')[0]}); close what uses it"
            ) from None

    def _let_go(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            try:
                ask(lambda: closed(stream), _LIVE_PATIENCE)
            except Exception as trouble:
                sentence = f"{self.title} could not be closed: {trouble}"
                faults.begin(FROZEN, self.title, sentence, lapse=faults.MOMENT)

    def _keep(self) -> None:
        """Open the device again whenever its callbacks stay away. [a thread of its own]"""
        while not self.closing.wait(0.1):
            before, heard = self.ring.mark
            self._look(time.monotonic())
            if time.monotonic() - heard <= GONE_AFTER:
                continue
            # Look twice: after a pause of the whole machine the callbacks need a moment.
            if self.closing.wait(0.2) or self.ring.mark[0] != before:
                continue
            faults.begin(GONE, self.title, f"{self.title} is gone; the show glides to rest until it is back")
            if self._open_again():
                self._weighed = None  # what was missed says nothing of its rate
                for code in (FROZEN, REFUSED, GONE):
                    faults.end(code, self.title, f"{self.title} is back")

    def _look(self, now: float) -> None:
        """What else may be wrong with a device that calls: holes, callbacks that raise, another rate than asked."""
        hiccups, raised = self.hiccups, self.raised
        if now - self._minute[1] >= MINUTE:
            self._minute = hiccups, now
        elif hiccups - self._minute[0] >= _OFTEN:
            self._minute = hiccups, now
            sentence = f"{self.title} lost samples, for the machine is too busy: close other programs"
            faults.begin(HOLES, self.title, sentence, lapse=MINUTE)
        if raised > self._known_raised:
            self._known_raised = raised
            sentence = f"{self.title} calls in vain: what it brings cannot be kept, and is left out"
            faults.begin(RAISED, self.title, sentence, lapse=faults.MOMENT)
        written, heard = self.ring.mark
        stood, self._looked = now - self._looked > GONE_AFTER, now
        if self._weighed is None or stood or now - heard > GONE_AFTER:
            self._weighed = (written, heard) if written else None
            return
        before, since = self._weighed
        if heard - since < _WEIGHED:
            return
        self._weighed = written, heard
        rate = (written - before) / (heard - since)
        if abs(rate / self.sample_rate - 1.0) > _OFF:
            faults.begin(
                RATE,
                self.title,
                f"{self.title} was asked for {self.sample_rate:,} samples a second and brings {rate:,.0f}: what is "
                "heard is off by as much; set its rate in the system's sound settings",
                news=False,
            )
        else:
            faults.end(RATE, self.title)

    def _open_again(self) -> bool:
        attempt, changed, known = 0, 0, b""
        while not self.closing.is_set():
            self._let_go()
            there, before = _cards(), known
            known = there
            changed = attempt if there != before else changed
            # A server that has just come may not list what it has yet: it is asked again, twice.
            anew = attempt - changed in (0, 2, 4) or attempt % _SURELY == 0
            try:
                if self._try(anew=anew, patience=_LIVE_PATIENCE):
                    return True
            except Exception as trouble:  # whatever it is, the show goes on and the next try may do
                faults.begin(FROZEN if isinstance(trouble, Hanging) else REFUSED, self.title, str(trouble))
            self.closing.wait(_BACK_OFF[min(attempt, len(_BACK_OFF) - 1)])
            attempt += 1
        return False


def same_device(title: str, wanted: str | None, known: list[Device]) -> Device:
    """The device called `title` in a list made anew; a DeviceError rather than any other one."""
    usable = [device for device in known if device.inputs]
    for device in usable:
        if device.title == title:
            return device
    alike = [device for device in usable if _unnumbered(device.title) == _unnumbered(title)]
    if len(alike) == 1:
        return alike[0]
    if wanted is None:
        raise DeviceError(f"{title} is not there; plug it in again")
    return find(wanted, known)


def _cards() -> bytes:
    """What the system says of its sound cards, and which sound servers there are, for next to nothing; nothing where
    it does not say."""
    found = b""
    with suppress(OSError):
        found = _CARDS.read_bytes()
    for server in _SERVERS if "XDG_RUNTIME_DIR" in os.environ else ():
        with suppress(OSError):
            about = Path(os.environ["XDG_RUNTIME_DIR"], server).stat()
            found += f"{server} {about.st_ino} {about.st_mtime_ns}".encode()
    return found


def _unnumbered(title: str) -> str:
    return re.sub(r"\(?hw:[\d,]+\)?", "", title)
