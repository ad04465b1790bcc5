"""One input device into one ring: opened until it truly delivers, and again whenever it stops."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable
from typing import Any

from wearsound.core import F32
from wearsound.errors import DeviceError
from wearsound.sources.desk import Hanging, ask, closed, look_again, portaudio, started
from wearsound.sources.devices import PATIENCE, Device, find, query
from wearsound.sources.listen import GONE_AFTER
from wearsound.sources.ring import Ring

_log = logging.getLogger(__name__)

_TRIES = 4
"""A stream can say that it is active and never call; the next opening does."""

_FIRST_CALL = 2.5
"""An idle sound server takes up to 1.9 s before the first callback."""

_LIVE_PATIENCE = 2.0
_BACK_OFF = (0.1, 0.5, 1.0, 2.0, 4.0, 8.0)


class Capture:
    """Keeps `ring` filled from the device called `title`; `closing` is set once and for all by `close`.

    `wanted` is what the person wrote: a device that came back under another number of the system
    (hw:2 for hw:1) is found by it. `hiccups` counts callbacks that reported lost samples.
    """

    def __init__(self, title: str, wanted: str | None, channels: int, sample_rate: int, hop: int) -> None:
        self.title = title
        self.wanted = wanted
        self.channels = channels
        self.sample_rate = sample_rate
        self.ring = Ring(channels, hop, sample_rate)
        self.closing = threading.Event()
        self.hiccups = 0
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
                self.ring.write(frames)

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
                _log.warning("%s could not be closed: %s", self.title, trouble)

    def _keep(self) -> None:
        """Open the device again whenever its callbacks stay away. [a thread of its own]"""
        while not self.closing.wait(0.1):
            before, heard = self.ring.mark
            if time.monotonic() - heard <= GONE_AFTER:
                continue
            # Look twice: after a pause of the whole machine the callbacks need a moment.
            if self.closing.wait(0.2) or self.ring.mark[0] != before:
                continue
            _log.warning("%s is gone; the show glides to rest until it is back", self.title)
            if self._open_again():
                _log.warning("%s is back after %.1f s", self.title, time.monotonic() - heard)

    def _open_again(self) -> bool:
        said = ""
        attempt = 0
        while not self.closing.is_set():
            self._let_go()
            try:
                if self._try(anew=attempt % 2 == 0, patience=_LIVE_PATIENCE):
                    return True
            except Exception as trouble:  # whatever it is, the show goes on and the next try may do
                if str(trouble) != said:
                    said = str(trouble)
                    _log.warning("%s", said)
            self.closing.wait(_BACK_OFF[min(attempt, len(_BACK_OFF) - 1)])
            attempt += 1
        return False


def same_device(title: str, wanted: str | None, known: list[Device]) -> Device:
    """The device called `title` in a list made anew; a DeviceError rather than any other one."""
    for device in known:
        if device.inputs and _unnumbered(device.title) == _unnumbered(title):
            return device
    if wanted is None:
        raise DeviceError(f"{title} is not there; plug it in again")
    return find(wanted, known)


def _unnumbered(title: str) -> str:
    return re.sub(r"\(?hw:[\d,]+\)?", "", title)
