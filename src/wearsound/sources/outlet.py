"""An output device of many channels, found by part of its name: for actuators, whose wires are its channels.

It stands beside the microphone because PortAudio has one thread for both (`desk`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wearsound.core import F32
from wearsound.errors import DeviceError
from wearsound.sources.desk import ask, closed, look_again, portaudio, started
from wearsound.sources.devices import PATIENCE, SERVERS, Device, find, query

INSTEAD = "name another device in the rig (`wearsound devices` lists them) or take that [[vibration]] out of it"
"""What helps where a target's device is not there."""
_CLOSING = 2.0
_WHOLE = 64
"""A device with no more channels than this is opened whole."""


class OpenOutlet:
    """An open device that plays; `title` says which."""

    def __init__(self, title: str, stream: Any) -> None:
        self.title = title
        self._stream = stream

    def close(self) -> None:
        """Let go of it, in bounded time; twice is fine. [any thread]"""
        stream, self._stream = self._stream, None
        if stream is not None:
            try:
                ask(lambda: closed(stream), _CLOSING)
            except DeviceError:
                return  # its thread is left behind; the callback plays silence


def open_outlet(name: str, channels: int, sample_rate: int, fill: Callable[[F32], None]) -> OpenOutlet:
    """Open the device that `name` is part of and play what `fill` writes into (n, channels), float32.

    DeviceError with a remedy where there is none, where it has too few channels, or takes no such rate. [any thread]
    """

    def work() -> OpenOutlet:
        look_again()
        return _opened(name, channels, sample_rate, fill)

    def undo(late: OpenOutlet) -> None:
        closed(late._stream)

    return ask(work, PATIENCE, undo=undo)


def too_few(device: Device, channels: int) -> str:
    """A sentence where a device has fewer channels than are asked for, else ""."""
    if channels <= device.outputs:
        return ""
    return (
        f"channel {channels} is asked for, but {device.title} has {device.outputs} output channels; "
        "choose another device or fewer channels"
    )


def _opened(name: str, channels: int, sample_rate: int, fill: Callable[[F32], None]) -> OpenOutlet:
    """Inside `ask`."""
    sounddevice = portaudio()
    device = find(name, query(), output=True, instead=INSTEAD)
    if wrong := too_few(device, channels):
        raise DeviceError(wrong)
    # A sound server spreads fewer channels over more as it likes, so a device is opened whole; a server's own
    # doors have as many channels as one asks for.
    whole = device.outputs <= _WHOLE and device.name not in SERVERS
    count = device.outputs if whole else channels

    def callback(out: F32, frames: int, when: Any, status: Any) -> None:
        """[audio thread]"""
        if count == channels:
            fill(out)
        else:
            part = out[:, :channels].copy()
            fill(part)
            out[:] = 0.0
            out[:, :channels] = part

    def make() -> Any:
        return sounddevice.OutputStream(
            device=device.number,
            channels=count,
            samplerate=sample_rate,
            dtype="float32",
            latency="low",
            callback=callback,
        )

    try:
        stream = started(make)
    except sounddevice.PortAudioError as trouble:
        raise DeviceError(
            f"{device.title} cannot play {count} channels at {sample_rate:,} samples a second "
            f"({str(trouble.args[0]).split(' [')[0]}); close what uses it, or choose another device"
        ) from None
    return OpenOutlet(device.title, stream)
