"""The sound devices of this machine, by host API and name, never by number."""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass
from typing import Any

from wearsound.errors import DeviceError
from wearsound.gallery import suggest
from wearsound.sources.desk import ask, portaudio

PATIENCE = 5.0
"""Seconds that a sound system may take to answer before the show."""

RATES = (48_000, 44_100)

_LOOPBACK = (
    "monitor",
    "loopback",
    "stereo mix",
    "what u hear",
    "blackhole",
    "soundflower",
    "vb-audio",
    "vb-cable",
)
SERVERS = ("default", "pulse", "pipewire", "sysdefault")


@dataclass(frozen=True, slots=True)
class Device:
    """One device as PortAudio lists it. `number` is only good until the list is made anew."""

    name: str
    host_api: str
    inputs: int
    outputs: int
    sample_rate: int
    loopback: bool
    default_input: bool
    default_output: bool
    number: int

    @property
    def title(self) -> str:
        """Host API and name, which together say which one is meant."""
        return f"{self.host_api}: {self.name}"

    @property
    def about(self) -> str:
        """One line for a listing."""
        words = [f"{self.inputs} in, {self.outputs} out, {self.sample_rate} Hz, {self.host_api}"]
        if self.loopback:
            words.append("loopback: what this machine plays")
        if self.name in SERVERS and sys.platform.startswith("linux"):
            words.append("what the sound server has chosen")
        if self.default_input:
            words.append("default input")
        if self.default_output:
            words.append("default output")
        return ", ".join(words)


def devices() -> list[dict[str, Any]]:
    """Every device as a dict with `name`, `about`, `host_api`, `inputs`, `outputs` and so on. [any thread]

    Raises DeviceError where PortAudio is missing or does not answer; no device is an empty list.
    """
    return [
        {"name": device.name, "about": device.about}
        | {key: value for key, value in asdict(device).items() if key != "name"}
        for device in listed()
    ]


def listed() -> list[Device]:
    """Every device. [any thread]"""
    return ask(query, PATIENCE)


def query() -> list[Device]:
    """Every device; only inside `ask`."""
    sounddevice = portaudio()
    apis = sounddevice.query_hostapis()
    default_in, default_out = _default(sounddevice, "input"), _default(sounddevice, "output")
    found = []
    for number, said in enumerate(sounddevice.query_devices()):
        api = apis[said["hostapi"]]
        name = str(said["name"])
        found.append(
            Device(
                name,
                str(api["name"]),
                int(said["max_input_channels"]),
                int(said["max_output_channels"]),
                int(said["default_samplerate"]),
                any(word in name.lower() for word in _LOOPBACK),
                number == default_in,
                number == default_out,
                number,
            )
        )
    return found


def _default(sounddevice: Any, kind: str) -> int:
    try:
        return int(sounddevice.query_devices(kind=kind)["index"])
    except (sounddevice.PortAudioError, ValueError):
        return -1


def find(name: str | None, known: list[Device], output: bool = False, instead: str = "") -> Device:
    """The one device that `name` means: part of its name, or words of host API and name; any case.

    None means the default. `instead`: what else helps where it is not there, if not what helps music. Raises
    DeviceError where none or more than one fits: another device is never taken quietly.
    """
    kind = "output" if output else "input"
    usable = [device for device in known if (device.outputs if output else device.inputs) > 0]
    if not usable:
        instead = instead or ("add --mute" if output else "play a recording, walk, demo or test:kick=120")
        asked = f"no {kind} is called {name!r}: " if name is not None else ""
        raise DeviceError(f"{asked}there is no sound {kind} on this machine; plug one in, or {instead}")
    if name is None:
        chosen = [device for device in usable if (device.default_output if output else device.default_input)]
        if chosen:
            return chosen[0]
        raise DeviceError(f"no {kind} is the default; name one{_titles(usable)}")
    text = name.casefold().strip()
    for matches in (
        [device for device in usable if text in (device.name.casefold(), device.title.casefold())],
        [device for device in usable if text in device.title.casefold()],
        [device for device in usable if all(word in device.title.casefold() for word in text.split())],
    ):
        if len(matches) == 1:
            return matches[0]
        if matches:
            raise DeviceError(
                f"{name!r} fits {len(matches)} {kind}s{_titles(matches)}; write more of the name"
            )
    raise DeviceError(
        f"no {kind} has {name!r} in its name{suggest(name, [device.name for device in usable])}"
        + (f"; plug it in, or {instead}" if instead else "")
    )


def rate_of(device: Device, channels: int, output: bool = False) -> int:
    """The device's own rate where that is 44,100 or 48,000, else the one of them it takes; inside `ask`.

    ALSA tells no rate of its own (PortAudio always says 44,100), so there 48,000 is asked for first.
    """
    sounddevice = portaudio()
    own = (device.sample_rate,) if device.sample_rate in RATES and device.host_api != "ALSA" else ()
    check = sounddevice.check_output_settings if output else sounddevice.check_input_settings
    for rate in own + RATES:
        try:
            check(device=device.number, channels=channels, dtype="float32", samplerate=rate)
        except sounddevice.PortAudioError:
            continue
        return rate
    raise DeviceError(
        f"{device.title} takes neither 48,000 nor 44,100 samples a second with {channels} channels, or is "
        "in use; close what uses it or set its rate in the system's sound settings"
    )


def _titles(some: list[Device]) -> str:
    return ": " + ", ".join(repr(device.title) for device in some)
