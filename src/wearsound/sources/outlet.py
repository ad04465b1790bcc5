"""An output device of one or many channels, found by part of its name: for actuators, whose wires are its channels,
and for loudspeakers.

It stands beside the microphone because PortAudio has one thread for both (`desk`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from wearsound.core import F32
from wearsound.errors import DeviceError
from wearsound.sources.desk import ask, closed, look_again, portaudio, started
from wearsound.sources.devices import PATIENCE, SERVERS, Device, find, query

INSTEAD = (
    "name another device in the rig (`wearsound devices` lists them) or take that [[vibration]] out of it"
)
"""What helps where a target's device is not there."""
LATEST = 0.12
"""Seconds that a device may take from being given a sample to playing it: what it was given last is still played when
everything before it has died, and half of the 250 ms that are allowed are the cushion's."""
_CLOSING = 2.0
_WHOLE = 64
"""A device with no more channels than this is opened whole."""


class OpenOutlet:
    """An open device that plays; `title` says which, `latency` in seconds how late."""

    def __init__(self, title: str, stream: Any, latency: float = 0.0) -> None:
        self.title = title
        self.latency = latency
        self._stream = stream

    def close(self) -> None:
        """Let go of it, in bounded time; twice is fine. [any thread]"""
        stream, self._stream = self._stream, None
        if stream is not None:
            try:
                ask(lambda: closed(stream), _CLOSING)
            except DeviceError:
                return  # its thread is left behind; the callback plays silence


def open_outlet(
    name: str | None,
    channels: int,
    sample_rate: int,
    fill: Callable[[F32], None],
    *,
    instead: str = INSTEAD,
    late: bool = False,
    latency: float | Literal["low"] = "low",
) -> OpenOutlet:
    """Open the device that `name` is part of, None for the default, and play what `fill` writes into (n, channels).

    DeviceError with a remedy where there is none (`instead` is what else helps), where it has too few channels, takes
    no such rate, or plays later than LATEST, unless it may be `late`. `latency` in seconds is asked for: a device with
    less of it plays sooner, and has more holes where a machine is busy. [any thread]
    """

    def work() -> OpenOutlet:
        look_again()
        opened = _opened(name, channels, sample_rate, fill, instead, latency)
        if not late and (wrong := too_late(opened.title, opened.latency)):
            closed(opened._stream)
            raise DeviceError(wrong)
        return opened

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


def too_late(title: str, latency: float) -> str:
    """A sentence where a device plays so late that it would go on shaking when all else has stopped, else ""."""
    if latency <= LATEST:  # NaN is not
        return ""
    return (
        f"{title} plays {1000 * latency:.0f} ms late, and would shake for so long after everything has stopped "
        f"({1000 * LATEST:.0f} ms are allowed); choose a device by cable, or set a smaller buffer in its settings"
    )


def _opened(
    name: str | None,
    channels: int,
    sample_rate: int,
    fill: Callable[[F32], None],
    instead: str,
    wanted: float | str,
) -> OpenOutlet:
    """Inside `ask`."""
    sounddevice = portaudio()
    device = find(name, query(), output=True, instead=instead)
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
            latency=wanted,
            callback=callback,
        )

    try:
        stream = started(make)
    except sounddevice.PortAudioError as trouble:
        raise DeviceError(
            f"{device.title} cannot play {count} channels at {sample_rate:,} samples a second "
            f"({str(trouble.args[0]).split(' [')[0]}); close what uses it, or choose another device"
        ) from None
    return OpenOutlet(device.title, stream, float(stream.latency))
