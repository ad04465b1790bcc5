"""A loudspeaker for a file or test signal that plays live: its callback only copies from a cushion."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from wearsound.core import F32
from wearsound.errors import DeviceError
from wearsound.sources.desk import ask, closed, look_again, opened, portaudio
from wearsound.sources.devices import PATIENCE, find, query

CUSHION = 0.2
"""Seconds of sound between the engine and the loudspeaker."""

FALL, RISE = 0.005, 0.9
"""Seconds from all to nothing in a panic, without a click, and back after it: as light comes back."""

LATE = 0.5
"""Seconds more than usual in the cushion, of which the rest is left out: what is heard would lie behind the light."""

_SECONDS = 2.0
_FIRST_CALL = 2.5
_DEAD_AFTER = 3.0
"""Seconds without a callback: a machine that is busy stands still for one."""


class Player:
    """Plays what `write` is given on an output device, in stereo, from the lane `room`.

    `name` is part of the device's name, None the default. `muted` silences it at once. While `panicked` it plays on
    silently: down within FALL, and up again within RISE. `dry` counts callbacks that found the cushion empty.
    """

    def __init__(self, name: str | None, sample_rate: int, lanes: Mapping[str, tuple[int, ...]]) -> None:
        self.name = name
        self.sample_rate = sample_rate
        self.muted = False
        self.panicked = False
        self._gain = 1.0
        self.dry = 0
        self.latency = 0.0
        self.title: str | None = None
        """Of the device, once it was open: host API and name."""
        columns = lanes.get("room") or next(iter(lanes.values()))
        self._columns = [columns[0], columns[-1]]
        self._memory: F32 = np.zeros((int(_SECONDS * sample_rate), 2), np.float32)
        self._written = 0
        self._played = 0
        self._called = 0.0
        self._stream: Any = None

    def open(self, *, anew: bool = False) -> None:
        """Take the device and learn its `latency`; a DeviceError with a remedy if it is not there. [any thread]

        `anew`: among the devices that there are now, not those that there were at first.
        """
        self._stream = ask(partial(self._open, anew), PATIENCE, undo=closed)

    def start(self) -> None:
        """Start playing what is in the cushion; a DeviceError if nothing is asked for. [any thread]"""
        stream = self._stream

        def begin() -> None:
            try:
                stream.start()
            except portaudio().PortAudioError as trouble:
                said = f"the loudspeaker opens but does not start ({trouble.args[0]})"
                raise DeviceError(f"{said}; choose another output, or add --mute") from None

        ask(begin, PATIENCE)
        end = time.monotonic() + _FIRST_CALL
        while not self._called:
            if time.monotonic() > end:
                self.close()
                raise DeviceError(
                    "the loudspeaker opens but does not play; restart the sound server, or add --mute"
                )
            time.sleep(0.002)

    def write(self, samples: F32) -> None:
        """Put `samples` (n, channels) behind what is there, clipped to full scale. [engine thread]

        What does not fit, because the device has stopped playing, is dropped.
        """
        size = len(self._memory)
        count = min(len(samples), size - (self._written - self._played))
        at = self._written % size
        stereo = np.clip(samples[:count, self._columns], -1.0, 1.0)
        first = min(count, size - at)
        self._memory[at : at + first] = stereo[:first]
        self._memory[: count - first] = stereo[first:]
        self._written += count

    @property
    def waiting(self) -> float:
        """Seconds of sound in the cushion. [any thread]"""
        return (self._written - self._played) / self.sample_rate

    @property
    def alive(self) -> bool:
        """Whether the device still asks for sound. [any thread]"""
        return self._stream is not None and time.monotonic() - self._called < _DEAD_AFTER

    def close(self) -> None:
        """Fall silent and let go of the device, in bounded time; twice is fine. [any thread]"""
        self.muted = True
        stream, self._stream = self._stream, None
        if stream is not None:
            try:
                ask(lambda: closed(stream), 2.0)
            except DeviceError:
                return  # its thread is left behind; the callback plays silence

    def _open(self, anew: bool) -> Any:
        if anew:
            look_again()
        sounddevice = portaudio()
        device = find(self.name, query(), output=True)
        try:
            stream = sounddevice.OutputStream(
                device=device.number,
                channels=2,
                samplerate=self.sample_rate,
                dtype="float32",
                callback=self._play,
            )
        except sounddevice.PortAudioError as trouble:
            raise DeviceError(
                f"{device.title} cannot play at {self.sample_rate:,} samples a second in stereo "
                f"({str(trouble.args[0]).split(' [')[0]}); choose another output, or add --mute"
            ) from None
        opened(stream)
        self.title = device.title
        self.latency = min(max(float(stream.latency), 0.0), 0.5)
        return stream

    def _play(self, out: F32, count: int, when: Any, status: Any) -> None:
        """Copy from the cushion, silence where it is empty. [audio thread]"""
        size = len(self._memory)
        if self._called and self._written - self._played > (CUSHION + self.latency + LATE) * self.sample_rate:
            # It stood still: what waits is past. It rises again from silence, for it was cut.
            self._played = self._written - int(CUSHION * self.sample_rate)
            self._gain = 0.0
        there = min(count, self._written - self._played)
        at = self._played % size
        first = min(there, size - at)
        if self.muted:
            out[:] = 0
        else:
            out[:first] = self._memory[at : at + first]
            out[first:there] = self._memory[: there - first]
            out[there:] = 0
            if self.panicked or self._gain < 1.0:
                self._by_hand(out)
        self._played += there
        if there < count:
            self.dry += 1
        self._called = time.monotonic()

    def _by_hand(self, out: F32) -> None:
        """What a panic leaves of (count, 2), in place. [audio thread]"""
        step = -1.0 / (FALL * self.sample_rate) if self.panicked else 1.0 / (RISE * self.sample_rate)
        gain = np.clip(self._gain + step * np.arange(1, len(out) + 1), 0.0, 1.0)
        out *= gain[:, None].astype(np.float32)
        self._gain = float(gain[-1]) if len(gain) else self._gain
