"""Programs from outside, started and listened to: oscsend, oscdump, Pure Data, sclang, and wearsound itself."""

from __future__ import annotations

import contextlib
import os
import queue
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import pytest

EXAMPLES = Path(__file__).resolve().parent.parent / "examples" / "osc"

PACKAGES = {
    "oscsend": "liblo-tools",
    "oscdump": "liblo-tools",
    "pd": "puredata-core",
    "sclang": "supercollider-language",
}
"""Where each program comes from on Debian and Ubuntu."""


def need(*programs: str) -> None:
    """Skip, naming what is missing; with WEARSOUND_REQUIRE_DEVICES=1 a device test that is skipped fails."""
    for program in programs:
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed (apt install {PACKAGES[program]})")


def free_ports(count: int) -> list[int]:
    """UDP ports that nobody listens at just now, all above 20000."""
    found: list[socket.socket] = []
    while len(found) < count:
        one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        one.bind(("127.0.0.1", 0))
        if one.getsockname()[1] > 20_000:
            found.append(one)
        else:
            one.close()
    ports = [one.getsockname()[1] for one in found]
    for one in found:
        one.close()
    return ports


class Program:
    """A program that runs, and all that it has printed so far."""

    def __init__(self, words: Sequence[str], env: dict[str, str] | None = None, cwd: Path | None = None):
        self.lines: list[str] = []
        self._new: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._process = subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env={**os.environ, **(env or {})},
            cwd=cwd,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.lines.append(line.rstrip("\n"))
            self._new.put(None)

    def heard(self, pattern: str) -> list[str]:
        """The lines so far in which `pattern` (a regular expression) is found."""
        return [line for line in list(self.lines) if re.search(pattern, line)]

    def wait_for(self, pattern: str, seconds: float = 10.0, count: int = 1) -> str:
        """The `count`th line with `pattern`, as soon as it is printed; what was printed instead, if it is not."""
        end = time.monotonic() + seconds
        while len(found := self.heard(pattern)) < count:
            left = end - time.monotonic()
            if left <= 0 or (self._process.poll() is not None and not self._reader.is_alive()):
                pytest.fail(f"no {pattern!r} in {seconds} s; it printed:\n" + "\n".join(self.lines[-60:]))
            with contextlib.suppress(queue.Empty):
                self._new.get(timeout=min(left, 0.2))
        return found[count - 1]

    def wait(self, seconds: float = 20.0) -> int:
        """Its exit code, once it has ended by itself."""
        code = self._process.wait(seconds)
        self._reader.join(5)
        return code

    def __enter__(self) -> Any:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT if isinstance(self, Show) else signal.SIGTERM)
            try:
                self._process.wait(15)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._reader.join(5)
        assert self._process.stdout is not None
        self._process.stdout.close()


def oscsend(port: int, address: str, types: str = "", *args: str) -> None:
    """liblo's oscsend, once: `oscsend(9000, "/wear/master", "f", "0.5")`."""
    words = ["oscsend", "127.0.0.1", str(port), address, *([types] if types else []), *args]
    subprocess.run(words, check=True, timeout=10)


def oscdump(port: int) -> Program:
    """liblo's oscdump, listening; it prints `time address types values` a line."""
    dump = Program(["stdbuf", "-oL", "oscdump", str(port)])
    with Peer(port) as knocking:

        def awake() -> bool:
            knocking.send("/awake")
            return bool(dump.heard("/awake"))

        wait_until(awake, what="oscdump listens")
    return dump


def pd(*patches: Path) -> Program:
    """Pure Data without a window and without sound; `print` goes to its lines."""
    return Program(["pd", "-nogui", "-noaudio", "-nomidi", "-stderr", *map(str, patches)])


def sclang(script: Path, port: int) -> Program:
    """SuperCollider's language, listening at `port`; the script ends itself with `0.exit`."""
    # Its help browser would refuse to start as root or without a screen.
    env = {"QTWEBENGINE_DISABLE_SANDBOX": "1", "QT_QPA_PLATFORM": "offscreen"}
    return Program(["sclang", "-D", "-u", str(port), str(script)], env=env)


def example(name: str, to: Path, ports: dict[int, int]) -> Path:
    """A file of examples/osc with other ports, so that tests never meet each other or a show on this machine."""
    text = (EXAMPLES / name).read_text(encoding="utf-8")
    swapped = re.sub(
        r"(?<![\d.])(" + "|".join(map(str, ports)) + r")(?![\d.])", lambda m: str(ports[int(m[0])]), text
    )
    path = to / name
    path.write_text(swapped, encoding="utf-8")
    return path


def wait_until(true: Callable[[], object], seconds: float = 10.0, what: str = "") -> None:
    """Return as soon as `true()`; fail if it never is."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            pytest.fail(f"not within {seconds} s: {what or true}")
        time.sleep(0.02)


Heard = tuple[str, tuple[Any, ...]]


class Peer:
    """A socket that speaks OSC: sends, and collects the messages that come back to it, bundled or not."""

    def __init__(self, door: int, port: int = 0):
        self.messages: list[Heard] = []
        self._door = ("127.0.0.1", door)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", port))
        self.port: int = self._socket.getsockname()[1]

    def send(self, address: str, *args: float | int | str | bool) -> None:
        """One message, typed as python-osc types it: int, float, string, T or F."""
        from pythonosc.osc_message_builder import OscMessageBuilder

        message = OscMessageBuilder(address)
        for arg in args:
            message.add_arg(arg)
        self.send_bytes(message.build().dgram)

    def send_bytes(self, datagram: bytes) -> None:
        """Exactly these bytes."""
        self._socket.sendto(datagram, self._door)

    def listen(self, seconds: float) -> list[Heard]:
        """All that comes within `seconds`."""
        before = len(self.messages)
        end = time.monotonic() + seconds
        while self._take(end - time.monotonic()):
            pass
        return self.messages[before:]

    def wait_for(self, address: str, *wanted: Any, seconds: float = 10.0) -> tuple[Any, ...]:
        """The values of the next message at `address` that comes from now on: any, or exactly those wanted."""
        end = time.monotonic() + seconds
        while True:
            before = len(self.messages)
            if not self._take(end - time.monotonic()):
                pytest.fail(f"no {address} {wanted} within {seconds} s; heard {self.messages[-40:]}")
            for heard, args in self.messages[before:]:
                if heard == address and wanted in ((), args):
                    return args

    def ask(self, address: str, seconds: float = 10.0) -> tuple[Any, ...]:
        """What a parameter is now, by its query; needs `/wear/subscribe` with this port before."""
        self.listen(0.0)
        self.send(address)
        return self.wait_for(address, seconds=seconds)

    def _take(self, seconds: float) -> bool:
        if seconds <= 0:
            self._socket.setblocking(False)
        else:
            self._socket.settimeout(seconds)
        try:
            datagram = self._socket.recv(65536)
        except (TimeoutError, BlockingIOError):
            return False
        self.messages.extend(_messages(datagram))
        return True

    def close(self) -> None:
        """Let go of the socket."""
        self._socket.close()

    def __enter__(self) -> Peer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _messages(datagram: bytes) -> Iterator[Heard]:
    from pythonosc.osc_packet import OscPacket

    for timed in OscPacket(datagram).messages:
        yield timed.message.address, tuple(timed.message.params)


class Show(Program):
    """`wearsound run` as a person starts it, with a rig whose door is at `door`."""

    def __init__(self, folder: Path, rig: str, door: int, patch: str = "bass-denim", *words: str):
        self.door = door
        path = folder / "room.toml"
        path.write_text(rig, encoding="utf-8")
        run = ["run", patch, "--input", "test:kick=120", "--no-window", "--mute", "--rig", str(path), *words]
        super().__init__([sys.executable, "-u", "-m", "wearsound", *run], cwd=folder)
        try:
            with Peer(door) as knocking:

                def awake() -> bool:
                    if self._process.poll() is not None:
                        pytest.fail("the show has ended; it printed:\n" + "\n".join(self.lines))
                    knocking.send("/wear/subscribe", knocking.port)
                    knocking.send("/wear/ping")
                    return bool(knocking.listen(0.2))

                wait_until(awake, 60, "the show answers /wear/ping")
                knocking.send("/wear/unsubscribe")
        except BaseException:
            self.__exit__(None, None, None)
            raise

    def peer(self, subscribe: bool = True) -> Peer:
        """A socket that talks with the show; subscribed, so that it hears answers and what others do."""
        peer = Peer(self.door)
        if subscribe:
            peer.send("/wear/subscribe", peer.port)
            peer.send("/wear/ping")
            peer.wait_for("/wear/pong")
        return peer
