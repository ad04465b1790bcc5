"""One MIDI input by part of its name, through python-rtmidi (the extra `midi`): opened, looked after, closed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from wearsound.errors import DeviceError
from wearsound.gallery import suggest

THROUGH = "midi through"
"""ALSA's own loop, which is always there and is nobody's box."""
_NUMBERS = re.compile(r"[\s:\d-]+$")


@dataclass(frozen=True, slots=True)
class Port:
    """An input as the system lists it. `number` is only good until the list is made anew."""

    name: str
    api: int
    number: int


def rtmidi() -> Any:
    """The library; a DeviceError that says how to get it."""
    try:
        import rtmidi
    except ImportError:
        raise DeviceError('MIDI needs python-rtmidi: pip install "wearsound[midi]"') from None
    return rtmidi


def ports() -> list[Port]:
    """Every MIDI input, boxes before ALSA's own loop; a system without MIDI has none. [any thread, slow]"""
    clients = _clients()
    try:
        return [port for client in clients for port in _listed(client)]
    finally:
        for client in clients:
            client.delete()


def find(wanted: str | None, known: Sequence[Port]) -> Port:
    """The one input that `wanted` means: its name or part of it, any case; None is the only box there is.

    Raises DeviceError where none or more than one fits: another one is never taken quietly.
    """
    names = [port.name for port in known]
    if not known:
        raise DeviceError(
            "there is no MIDI input on this machine; plug one in, or take [midi] out of the rig"
        )
    if wanted is None:
        boxes = [port for port in known if _box(port)]
        if len(boxes) == 1:
            return boxes[0]
        raise DeviceError(
            f"there are {len(boxes)} MIDI inputs{_names(boxes or known)}; write which in the rig: [midi] input = ..."
        )
    text = wanted.casefold().strip()
    for matches in (
        [port for port in known if port.name.casefold() == text],
        [port for port in known if text in port.name.casefold()],
    ):
        if len(matches) == 1:
            return matches[0]
        if matches:
            raise DeviceError(
                f"{wanted!r} fits {len(matches)} MIDI inputs{_names(matches)}; write more of the name"
            )
    raise DeviceError(f"no MIDI input has {wanted!r} in its name{suggest(wanted, names)}")


def stem(name: str) -> str:
    """A name without the numbers at its end, which may be others when the box comes back."""
    return _NUMBERS.sub("", name) or name


class Input:
    """An open input; `hear` gets each message as whole numbers 0..255. [rtmidi's thread]

    One client of the system's MIDI looks for as long as it lives, another is made each time the box comes back: a
    JACK server bears neither many that come and go nor one that is opened twice. `name` is "" while it is gone.
    """

    def __init__(self, wanted: str | None, hear: Callable[[Sequence[int]], None], clock: bool) -> None:
        """Take the input that `wanted` means; a DeviceError if there is none or it cannot be had."""
        self._hear, self._clock = hear, clock
        self._in: Any = None
        self.name = ""
        clients = _clients()
        try:
            port = find(wanted, [port for client in clients for port in _listed(client)])
            self._wanted = stem(port.name) if wanted is None else wanted
            self._take(port)
            self._looks: Any = next(client for client in clients if client.get_current_api() == port.api)
            clients.remove(self._looks)
        finally:
            for client in clients:
                client.delete()

    def look(self) -> None:
        """Whether it is still there, or there again: then `name` changes. [one thread]"""
        known = _listed(self._looks)
        if not self.name:
            with suppress(DeviceError):
                self._take(find(self._wanted, known))
        elif not any(port.name == self.name for port in known):
            self._drop()

    def close(self) -> None:
        """Let go; twice is fine."""
        self._drop()
        looks, self._looks = self._looks, None
        if looks is not None:
            looks.delete()

    def _take(self, port: Port) -> None:
        library, taken = rtmidi(), None
        try:
            taken = library.MidiIn(port.api, name="wearsound")
            taken.ignore_types(sysex=True, timing=not self._clock, active_sense=True)
            taken.set_callback(lambda event, _: self._hear(event[0]))
            taken.open_port(port.number, name="in")
        except (library.RtMidiError, ValueError, UnicodeError) as error:
            if taken is not None:
                taken.delete()
            raise DeviceError(
                f"MIDI input {port.name!r} cannot be opened: {error}; close what else uses it"
            ) from None
        self._in, self.name = taken, port.name

    def _drop(self) -> None:
        taken, self._in, self.name = self._in, None, ""
        if taken is not None:
            with suppress(Exception):  # what was pulled out cannot always be closed
                taken.cancel_callback()
                taken.close_port()
            taken.delete()


def _clients() -> list[Any]:
    """A client of each of the system's APIs that runs; the one after it only where none before has a box.

    JACK comes last, and without a server it writes to the terminal.
    """
    library = rtmidi()
    found: list[Any] = []
    for api in library.get_compiled_api():
        if any(_box(port) for client in found for port in _listed(client)):
            break
        with suppress(library.SystemError):
            found.append(library.MidiIn(api, name="wearsound looks"))
    return found


def _listed(client: Any) -> list[Port]:
    """What one client sees, boxes first; not itself."""
    api = client.get_current_api()
    found = [Port(str(name), api, number) for number, name in enumerate(client.get_ports())]
    return sorted(found, key=lambda port: not _box(port))


def _box(port: Port) -> bool:
    return THROUGH not in port.name.casefold()


def _names(some: Sequence[Port]) -> str:
    return ": " + ", ".join(repr(port.name) for port in some)
