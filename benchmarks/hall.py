"""A hall without people: everything round a real `wearsound` that a show needs, and eyes and ears that are not its own.

Its microphone is the monitor of a PulseAudio null sink into which the built-in track plays; light goes by DDP to a
display that is a program of its own, OSC to a port of ours; the window stands on an X server without a screen, where
xdotool presses its keys.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np

from benchmarks.child import ROOT
from wearsound import processes
from wearsound.osc.bundle import Bundles
from wearsound.osc.packet import read
from wearsound.outputs.program import WINDOW

RATE = 60
SUBSCRIBED = 20.0
"""Seconds after which whoever asks says again where answers go."""
TIMES = 3
"""A frame that stands still leaves so often at the frame rate; after that none is due."""

DISPLAY = """
import socket, time, zlib
inlet = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
inlet.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
inlet.bind(("127.0.0.1", 0))
print(inlet.getsockname()[1], flush=True)
most, kept = 0, 0
while True:
    data = inlet.recv(65535)
    most, kept = max(most, max(data[10:], default=0)), zlib.crc32(data[10:], kept)
    if data[0] & 1:
        print(time.monotonic(), most, kept, flush=True)
        most, kept = 0, 0
"""
"""Says of each frame when it came, its brightest byte, and a number that is the same for the same light."""

RIG = (
    '[[light]]\nname = "coat"\nhost = "127.0.0.1"\nport = {light}\ncap = 60\n'
    '[[osc]]\nname = "ear"\nhost = "127.0.0.1"\nport = {osc}\n'
)


@dataclass(frozen=True, slots=True)
class Lit:
    """One frame at the display: monotonic seconds, its brightest byte, what it looked like."""

    when: float
    most: int
    look: int


class Hall:
    """Opened in `folder`; `begin` starts the show in it, `end` leaves it."""

    def __init__(self, folder: Path, stack: contextlib.ExitStack) -> None:
        from tests.pulse import null_sink
        from tests.xserver import x_server

        self.folder, self._stack = folder, stack
        self._sink = stack.enter_context(null_sink(folder))
        screen = stack.enter_context(x_server())
        home = {f"XDG_{what}_HOME": str(folder / what.lower()) for what in ("STATE", "CONFIG")}
        self.env = {**os.environ, **self._sink.env, **screen, **home}
        self.env["XDG_CACHE_HOME"] = os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache"))
        self.frames: list[Lit] = []
        self.heard: dict[str, tuple[float, tuple[Any, ...]]] = {}
        """Of each address that left: when it came last, and with what."""
        self.came: Counter[str] = Counter()
        self.health: list[tuple[float, ...]] = []
        self.sizes: dict[str, list[float]] = {"engine": [], "window": []}
        """Resident bytes, one a second."""
        self.windows: set[int] = set()
        """Process numbers that a window has had."""
        self._out, self._asking, self._ear = (
            stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) for _ in range(3)
        )
        for inlet in (self._asking, self._ear):
            inlet.bind(("127.0.0.1", 0))
        self._asking.settimeout(0.5)
        self._subscribed = -SUBSCRIBED
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = int(probe.getsockname()[1])
        (folder / "rig.toml").write_text(RIG.format(light=self._display(), osc=self._ear.getsockname()[1]))
        threading.Thread(target=self._listen, daemon=True).start()
        self._keys = self.popen(["xdotool", "-"], stdin=subprocess.PIPE, text=True)
        self._music: subprocess.Popen[Any] | None = None
        self._track()

    def popen(self, command: list[str], **how: Any) -> subprocess.Popen[Any]:
        """A program of this hall, which ends with it."""
        how.setdefault("cwd", self.folder)
        process = subprocess.Popen(command, env=self.env, start_new_session=True, **how)
        self._stack.callback(_kill, process)
        return process

    def begin(self, words: list[str]) -> None:
        """Start `wearsound` with these words; the rig and the port are ours."""
        words = [*words, "--rig", "rig.toml", "--port", str(self._port), "--size", "1280x720"]
        self._said = self._stack.enter_context((self.folder / "said.txt").open("w+"))
        self.process = self.popen(
            [sys.executable, "-m", "wearsound", *words], stdin=subprocess.DEVNULL, stdout=self._said, stderr=self._said
        )  # fmt: skip
        threading.Thread(target=self._weigh, daemon=True).start()

    @property
    def said(self) -> str:
        """What the program has said so far."""
        return (self.folder / "said.txt").read_text()

    def left(self, seconds: float = 20.0) -> int | None:
        """The exit code once it has left, None if it has not in time."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    # Hands

    def key(self, keys: str) -> None:
        """Press keys, in xdotool's names, one after the other."""
        self._type(f"key {keys}")

    def point(self, x: int, y: int) -> None:
        """Move the mouse there, by way of a place beside it: what does not move is not told."""
        self._type(f"mousemove {x + 3} {y + 2}")
        time.sleep(0.1)
        self._type(f"mousemove {x} {y}")

    def _type(self, line: str) -> None:
        assert self._keys.stdin is not None
        self._keys.stdin.write(f"{line}\n")
        self._keys.stdin.flush()

    def send(self, address: str, *args: Any) -> None:
        """Say something by OSC."""
        self._out.sendto(Bundles().message((address, args)), ("127.0.0.1", self._port))

    def music(self, on: bool) -> None:
        """The track begins, or it stops and the hall is silent."""
        if self._music is not None:
            _kill(self._music)
            self._music = None
        if on:
            form = "--raw --rate=48000 --format=s16le --channels=2 --latency-msec=50"
            self._music = self.popen(
                ["sh", "-c", f"while cat track.raw; do :; done | pacat {form} --device={self._sink.name}"]
            )

    # Eyes and ears

    def ask(self, address: str) -> tuple[Any, ...]:
        """What the show answers, () if nobody does."""
        here = self._asking.getsockname()[1]
        self._asking.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while self._asking.recv(65535):
                pass
        self._asking.settimeout(0.5)
        if time.monotonic() - self._subscribed > SUBSCRIBED:
            self._subscribed = time.monotonic()
            self.send("/wear/subscribe", here)
        self.send(address)
        end = time.monotonic() + 1.0
        while time.monotonic() < end:
            try:
                data = self._asking.recv(65535)
            except TimeoutError:
                break
            for message in read(data):
                if message.address == address and message.args:
                    return tuple(message.args)
        return ()

    def until(self, true: Callable[[], object], seconds: float) -> bool:
        """Whether it became true in time."""
        end = time.monotonic() + seconds
        while not true():
            if time.monotonic() > end or self.process.poll() is not None:
                return bool(true())
            time.sleep(0.05)
        return True

    def answers(self, address: str, wanted: object, seconds: float = 6.0) -> bool:
        """Whether the show comes to answer `wanted`."""
        return self.until(lambda: self.ask(address)[:1] == (wanted,), seconds)

    def shoot(self, name: str) -> Path:
        """What the screen shows, as a PPM: quick, and not small."""
        path = self.folder / f"{name}.ppm"
        subprocess.run(
            ["nice", "-n", "19", "import", "-window", "root", "-depth", "8", str(path)],
            env=self.env, check=True, timeout=30,
        )  # fmt: skip
        return path

    def brightest(self, seconds: float) -> int:
        """The brightest byte that the display got in the last `seconds`; the newest frame's where none came."""
        since = time.monotonic() - seconds
        return max(
            (lit.most for lit in self.frames[-600:] if lit.when >= since), default=self.frames[-1].most
        )

    def looks(self, seconds: float) -> int:
        """How many different frames it got in the last `seconds`."""
        since = time.monotonic() - seconds
        return len({lit.look for lit in self.frames[-600:] if lit.when >= since})

    def late(self, low: float, high: float) -> tuple[int, list[float]]:
        """How many frames came between two moments, and the gaps, in ms, in which one was due and came late."""
        frames = [lit for lit in self.frames if low <= lit.when < high]
        gaps = []
        for at in range(TIMES, len(frames)):
            before = frames[at - TIMES : at]
            still = before[0].look == before[1].look == before[2].look
            gap = frames[at].when - before[-1].when
            if gap > 2 / RATE and not still:
                gaps.append(1000 * gap)
        return len(frames), gaps

    def _track(self) -> None:
        from wearsound.sources.composer.source import DemoSource

        room = DemoSource()._samples[:, :2]
        (self.folder / "track.raw").write_bytes((np.clip(room, -1, 1) * 32767).astype("<i2").tobytes())

    def _display(self) -> int:
        display = self.popen([sys.executable, "-c", DISPLAY], stdout=subprocess.PIPE, text=True, cwd=ROOT)
        out: IO[str] = display.stdout

        def listen() -> None:
            for line in out:
                when, most, look = line.split()
                self.frames.append(Lit(float(when), int(most), int(look)))

        port = int(out.readline())
        threading.Thread(target=listen, daemon=True).start()
        return port

    def _listen(self) -> None:
        """Whatever leaves by OSC. [its own thread]"""
        with contextlib.suppress(OSError):
            while True:
                now = time.monotonic()
                for message in read(self._ear.recv(65535)):
                    self.came[message.address] += 1
                    self.heard[message.address] = (now, tuple(message.args))
                    if message.address == "/wear/health":
                        self.health.append((now, *message.args))

    def _weigh(self) -> None:
        """Once a second: how large the engine and its window are, and which window it is. [its own thread]"""
        while self.process.poll() is None:
            self.sizes["engine"].append(processes.size(self.process.pid).mib)
            window = processes.find(self.process.pid, WINDOW)
            if window:
                self.windows.add(window)
                self.sizes["window"].append(processes.size(window).mib)
            time.sleep(1.0)


def _kill(process: subprocess.Popen[Any]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
