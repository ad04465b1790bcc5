"""The taps of a soaked show, put in before it begins: virtual devices, and what `control` says is broken.

Nothing of the show knows of them: the functions that open a device, a socket or a file are exchanged, in the processes
of that show alone. `cli.soak_process` starts such a process.
"""

from __future__ import annotations

import errno
import math
import os
import socket
import threading
import time
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wearsound.soak.control import ENGINE, Broken, Place

if TYPE_CHECKING:  # NumPy has threads, which would take signals that the guard waits for
    from wearsound.core import Source

LOOK = 0.02
"""Seconds between two looks at what is broken."""
SLOW, LAZY = 0.03, 0.02
"""Seconds that a datagram and a frame take where that is slow."""
YEAR = 365 * 86_400.0
LUMP = 4096
VALUES = {"frozen": 0.25, "silent": 0.0, "nan": math.nan, "inf": math.inf, "huge": 1e30, "tiny": 1e-40}
"""What a microphone brings instead of sound."""
STROBE = "test:step=0.06"
"""On and off eight times a second."""
TROUBLES = {"unreachable": errno.EHOSTUNREACH, "gone": errno.ENODEV}


class Taps:
    """What is broken in this process, by place; `install` once. [any thread]"""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._place = Place.read(folder)
        self._broken = Broken(folder)
        self._engine: Any = None
        self._disk = ExitStack()
        self.now: dict[str, str] = self._broken.look() or {}

    def install(self, *, plays: bool) -> None:
        """Exchange what is exchanged; `plays`: in a process that may become the engine, and not only guards one.

        Who guards has no thread but one, or signals that it waits for would go to another: only its clock is broken.
        """
        self._clock(looks=not plays)
        if plays:
            self._engine = Engine(self, self._folder, self._place)
            self._engine.install()
            threading.Thread(target=self._watch, name="soak taps", daemon=True).start()

    def _clock(self, *, looks: bool) -> None:
        true = time.time  # noqa: TID251 (the wall clock is what is broken here)

        def told() -> float:
            if looks:
                self._look()
            jump = self.now.get("clock")
            return true() + YEAR if jump == "ahead" else true() % 86_400.0 if jump == "back" else true()

        time.time = told  # noqa: TID251

    def _look(self) -> None:
        found = self._broken.look()
        self.now = self.now if found is None else found

    def _watch(self) -> None:
        """[a thread of its own]"""
        before: dict[str, str] = {}
        while True:
            self._look()
            for place in {*before, *self.now}:
                was, now = before.get(place), self.now.get(place)
                if was != now:
                    self._change(place, now)
            before = dict(self.now)
            time.sleep(LOOK)

    def _change(self, place: str, name: str | None) -> None:
        if place == "disk":
            from wearsound.testing.disk import full_disk

            self._disk.close()
            if name is not None:
                self._disk.enter_context(full_disk(Path(self._place.disk)))
        elif self._engine is not None:
            self._engine.change(place, name)


class Engine:
    """The taps of a process that plays, or waits to."""

    def __init__(self, taps: Taps, folder: Path, place: Place) -> None:
        self._taps, self._folder, self._place = taps, folder, place
        self._input: Any = None
        self._music: Any = None
        self._output: Any = None

    def install(self) -> None:
        """Exchange the functions that open devices."""
        from wearsound.outputs.osc import UdpSink
        from wearsound.outputs.udp import Udp
        from wearsound.show import live, source, speaker_targets
        from wearsound.show.build import build

        made, opened = Udp._made, UdpSink.open

        def socket_of(udp: Any) -> Any:
            return _Socket(made(udp), self._taps, udp._kind)

        def open_sink(sink: Any) -> None:
            opened(sink)
            sink._socket = _Socket(sink._socket, self._taps, "osc")

        exchanged: tuple[tuple[object, str, Any], ...] = (
            (source, "open_source", self._open_source),
            (speaker_targets, "open_outlet", self._open_outlet),
            (live, "display_trouble", lambda: ""),  # SDL's dummy is a virtual display
            (live, "build", partial(self._build, build)),
            (Udp, "_made", socket_of),
            (UdpSink, "open", open_sink),
        )
        for home, name, function in exchanged:
            setattr(home, name, function)

    def _open_source(self, text: str | None, **how: Any) -> Source:
        """The virtual microphone, whatever was asked for."""
        from wearsound.soak.devices import Music
        from wearsound.testing.sources import TapInput

        self._music = Music(Path(self._place.music))
        self._input = TapInput(self._music, lanes={"room": (0,), "body": (0,)})
        self._input.name = "virtual microphone"
        self.change("microphone", self._taps.now.get("microphone"))
        return self._input  # type: ignore[no-any-return]

    def _build(self, build: Any, *args: Any, **how: Any) -> Any:
        """The show, with one output more that breaks, and who plays it."""
        from wearsound.testing.outputs import TapOutput

        built = build(*args, **how)
        self._output = TapOutput(60, "tap", keep=1)
        built.engine.outputs.append(self._output)
        for place in ("tap", "engine"):
            self.change(place, self._taps.now.get(place))
        (self._folder / ENGINE).write_text(str(os.getpid()))
        return built

    def _open_outlet(self, name: str | None, channels: int, sample_rate: int, fill: Any, **how: Any) -> Any:
        from wearsound.soak.devices import Outlet

        def dead() -> bool:
            return self._taps.now.get("speaker") == "dead"

        return Outlet(channels, sample_rate, fill, self._place.sound, dead)

    def change(self, place: str, name: str | None) -> None:
        """Something is broken so from now on, or whole (None)."""
        if place == "microphone" and self._input is not None:
            self._hear(name)
        elif place in ("tap", "engine") and self._output is not None:
            self._put_out(raises=place == "tap" and name == "raises")

    def _hear(self, name: str | None) -> None:
        from wearsound.sources.signal import test_signal

        device = self._input
        device.value = VALUES.get(name or "")
        device.chunk = LUMP if name == "lumps" else 256
        device.signal = test_signal(STROBE) if name == "strobe" else self._music
        (device.unplug if name == "unplugged" else device.plug)()

    def _put_out(self, raises: bool) -> None:
        output, now = self._output, self._taps.now
        output.slow("send", LAZY if now.get("tap") == "slow" else 0.0)
        if raises:
            output.fail("send")
        held = output.hang("send")
        (held.clear if "hangs" in (now.get("tap"), now.get("engine")) else held.set)()


class _Socket:
    """A socket that cannot send while its place is broken; everything else is the socket's own."""

    def __init__(self, real: socket.socket, taps: Taps, place: str) -> None:
        self._real, self._taps, self._place = real, taps, place

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._real, name)

    def sendto(self, data: bytes, address: Any) -> int:
        """Send, or what it was told. [any thread]"""
        how = self._taps.now.get(self._place)
        if how in TROUBLES:
            raise OSError(TROUBLES[how], os.strerror(TROUBLES[how]))
        if how == "slow":
            time.sleep(SLOW)
        return self._real.sendto(data, address)
