"""One MIDI input by part of its name, through python-rtmidi (the extra `midi`): opened, looked after, closed."""

from __future__ import annotations

import ctypes
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
    """Every MIDI input, boxes before ALSA's own loop; a system without MIDI has none. [any thread, slow]

    JACK is only asked where nothing else has a box: without a server it writes to the terminal.
    """
    library = rtmidi()
    found: list[Port] = []
    for api in library.get_compiled_api():
        if api != library.API_UNIX_JACK or not any(_box(port) for port in found):
            found += listed(api) or []
    return sorted(found, key=lambda port: not _box(port))


def listed(api: int) -> list[Port] | None:
    """The inputs of one of the system's APIs; None where that does not run. [any thread, slow]"""
    library = rtmidi()
    try:
        listing = library.MidiIn(api, name="wearsound list")
    except library.SystemError:
        return None
    names = listing.get_ports()
    listing.delete()
    return [Port(str(name), api, number) for number, name in enumerate(names)]


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
    """An open input; `hear` gets each message as whole numbers 0..255. [rtmidi's thread]"""

    def __init__(self, port: Port, hear: Callable[[Sequence[int]], None], clock: bool) -> None:
        """Raises DeviceError if the input cannot be had."""
        library = rtmidi()
        self.port = port
        try:
            self._in = library.MidiIn(port.api, name="wearsound")
        except library.SystemError as error:
            raise DeviceError(f"MIDI input {port.name!r} cannot be opened: {error}; try again") from None
        try:
            if self._in.get_port_name(port.number) != port.name:
                raise DeviceError(f"MIDI input {port.name!r} has just gone; plug it in again")
            self._in.ignore_types(sysex=True, timing=not clock, active_sense=True)
            self._in.set_callback(lambda event, _: hear(event[0]))
            self._in.open_port(port.number, name="in")
        except (library.RtMidiError, ValueError, UnicodeError) as error:
            self.close()
            raise DeviceError(
                f"MIDI input {port.name!r} cannot be opened: {error}; close what else uses it"
            ) from None
        except DeviceError:
            self.close()
            raise

    def close(self) -> None:
        """Let go; twice is fine.

        A JACK client must outlive its server, for to close it then ends the program: it is kept for ever.
        """
        taken, self._in = self._in, None
        if taken is None:
            return
        if self.port.api == rtmidi().API_UNIX_JACK and listed(self.port.api) is None:
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(taken))
            return
        with suppress(Exception):  # what was pulled out cannot always be closed
            taken.cancel_callback()
            taken.close_port()
        taken.delete()


def _box(port: Port) -> bool:
    return THROUGH not in port.name.casefold()


def _names(some: Sequence[Port]) -> str:
    return ": " + ", ".join(repr(port.name) for port in some)
