"""How long from the performer's hand to dark, still and silent, by every way there is, on a busy machine.

A real `wearsound run`: its microphone is the monitor of one PulseAudio null sink, its soundscape plays into another,
whose monitor is recorded; light goes by DDP and vibration by UDP to receivers that are programs of their own; a window
with a sketch that works for 30 ms a picture stands on an X server without a screen; the terminal is a pseudo-terminal.
Beside it two programs keep both cores busy, and somebody floods its OSC port. Nothing is subtracted: the time runs from
just before the hand acts to when a receiver got its first zero, or the recorder its first silence.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Container
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import numpy as np

from benchmarks.child import ROOT
from benchmarks.sending import HEAVY
from benchmarks.table import Figure, Part
from wearsound.osc.bundle import Bundles

ROUNDS = 10
PROMISED = {"light": 1100.0, "sound": 400.0, "vibration": 100.0}
"""ms."""
FADER = "OSC /wear/master 0"
"""No room is kept for a fader in a flood: it is a flood itself."""
BUSY = 2
FLOOD_A_SECOND = 10_000
STAYS = 0.5
"""Seconds for which it must stay so before it is resumed."""
UP = 1.0
"""Seconds after everything has come back until it is full, and the hand acts."""
GAP = 0.2
"""Seconds of nothing that are no gap."""
QUIET = 2 / 32768
RATE = 48_000

PATCH = (
    'title = "Everything at once"\n'
    + "".join(
        f'[[route]]\nfrom = "level"\nto = "{zone}.glow"\nin = [-60, -20]\n' for zone in ("chest", "hem")
    )
    + '[[route]]\nfrom = "level"\nto = "chest.buzz"\nin = [-60, -20]\nattack = 0.0\nrelease = 0.0\n'
    + '[[route]]\nfrom = "level"\nto = "chest.buzz_hz"\nin = [-90, 0]\nout = [80, 80.01]\n'
    + '[soundscape]\nroot = 55\n[[voice]]\nplay = "drones"\nfrom = "room"\n'
)
RIG = (
    '[lanes]\nroom = [1, 2]\n[[light]]\nname = "coat"\nhost = "127.0.0.1"\nport = {light}\n'
    '[[vibration]]\nname = "jacket"\nhost = "127.0.0.1"\nport = {vibration}\nchannels = {{ left = 1, right = 2 }}\n'
)

LAMP = """
import socket, time
inlet = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
inlet.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
inlet.bind(("127.0.0.1", 0))
print(inlet.getsockname()[1], flush=True)
told, lit = None, False
while True:
    data = inlet.recv(65535)
    lit = lit or any(data[10:])
    if data[0] & 1:
        if lit != told:
            told = lit
            print(time.monotonic(), int(lit), flush=True)
        lit = False
"""
"""A display of DDP that says when it went dark (every byte 0) and when not."""

FLOODER = """
import socket, sys, time
port, rate = int(sys.argv[1]), float(sys.argv[2])
out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
out.bind(("127.0.0.2", 0))
out.connect(("127.0.0.1", port))
began, sent = time.monotonic(), 0
while True:
    while sent < rate * (time.monotonic() - began):
        try:
            out.send(b"/wear/mark\\0\\0,i\\0\\0\\0\\0\\0\\1")
        except OSError:
            pass
        sent += 1
    time.sleep(0.001)
"""
"""Another address than the one the hand sends from: so has a phone that went mad."""


@dataclass
class Seen:
    """When something moved, and when it was nothing: (monotonic seconds, whether it is something), the changes."""

    changes: list[tuple[float, bool]] = field(default_factory=list)

    def note(self, now: float, on: bool) -> None:
        """Keep it if it is another than before."""
        if not self.changes or self.changes[-1][1] != on:
            self.changes.append((now, on))

    @property
    def on(self) -> bool:
        """Whether it is something now."""
        return bool(self.changes) and self.changes[-1][1]

    def nothing_after(self, moment: float) -> float:
        """Seconds from `moment` to where it was nothing for good, infinite if it is not."""
        if self.on:
            return float("inf")
        return max(0.0, self.changes[-1][0] - moment)


def run() -> Part:
    """Every hand, ROUNDS times each; nothing where there is no PulseAudio or no X server."""
    from tests import pulse, xserver

    part = Part("From the hand to dark, still and silent")
    missing = pulse.missing() or xserver.missing()
    if missing:
        part.notes.append(f"{missing}: not measured.")
        return part
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as stack:
        stage = Stage(Path(name), stack)
        stage.begin()
        found = stage.play(ROUNDS)
    restarted = 0
    for hand, times in found.items():
        for what, promised in PROMISED.items():
            values = times[what]
            kept = None if hand == FADER else promised
            part.figures.append(Figure(f"{hand}: {what}, median", float(np.median(values)), "ms"))
            part.figures.append(Figure(f"{hand}: {what}, worst of {len(values)}", max(values), "ms", kept))
        restarted += int(sum(times["restarted"]))
    part.figures.append(Figure("times that something began again before it was resumed", restarted, "", 0.0))
    part.notes.append(
        f"Beside it {BUSY} programs that never wait and {FLOOD_A_SECOND:,} OSC datagrams a second. Light falls in "
        "0.5 s. A panic is silent within 5 ms in the device's callback: what its sound takes beyond that, the ALSA "
        "plugin, the server's null sink and the recorder hold. A blackout takes 150 ms more."
    )
    return part


class Stage:
    """The show, its receivers, and all hands."""

    def __init__(
        self, folder: Path, stack: contextlib.ExitStack, busy: int = BUSY, flood: int = FLOOD_A_SECOND
    ) -> None:
        from tests.pulse import null_sink
        from tests.shaken import GARMENT
        from tests.simulated_driver import SimulatedDriver
        from tests.xserver import x_server

        self._folder, self._stack, self._busy, self._flood = folder, stack, busy, flood
        self._sink = stack.enter_context(null_sink(folder))
        display = stack.enter_context(x_server())
        self._driver = stack.enter_context(SimulatedDriver())
        self._light, self._sound = Seen(), Seen()
        port = self._lamp()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = int(probe.getsockname()[1])
        (folder / "patch.toml").write_text(PATCH)
        (folder / "garment.toml").write_text(GARMENT)
        (folder / "rig.toml").write_text(RIG.format(light=port, vibration=self._driver.port))
        (folder / "heavy.py").write_text(HEAVY)
        self._env = {**os.environ, **self._sink.env, **display}
        self._room()
        self._env |= {"PULSE_SINK": self._sink.name, "PULSE_SOURCE": "room.monitor"}
        self._keys = self._popen(["xdotool", "-"], stdin=subprocess.PIPE, text=True)
        self._out = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        self._show()

    def _popen(self, command: list[str], **how: Any) -> subprocess.Popen[Any]:
        process = subprocess.Popen(command, env=self._env, cwd=ROOT, start_new_session=True, **how)

        def end() -> None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

        self._stack.callback(end)
        return process

    def _lamp(self) -> int:
        self._env = dict(os.environ)
        lamp = self._popen([sys.executable, "-c", LAMP], stdout=subprocess.PIPE, text=True)
        assert lamp.stdout is not None
        port = int(lamp.stdout.readline())

        def listen(out: IO[str]) -> None:
            for line in out:
                when, lit = line.split()
                self._light.note(float(when), lit == "1")

        threading.Thread(target=listen, args=(lamp.stdout,), daemon=True).start()
        return port

    def _room(self) -> None:
        """A second null sink, the microphone of the show: a tone that swells, for of a steady one a soundscape makes
        nothing for long."""
        self._sink.run(
            "pactl", "load-module", "module-null-sink", "sink_name=room", f"rate={RATE}", "channels=2"
        )
        turns = 2 * np.pi * np.arange(10 * RATE) / RATE
        tone = (0.4 * 32767 * np.sin(100 * turns) * (0.7 - 0.3 * np.cos(2 * turns))).astype("<i2")
        (self._folder / "tone.raw").write_bytes(np.repeat(tone, 2).tobytes())
        form = f"--raw --rate={RATE} --format=s16le --channels=2 --latency-msec=50 --device=room"
        self._popen(["sh", "-c", f"while cat {self._folder}/tone.raw; do :; done | pacat {form}"])

    def _record(self) -> None:
        form = ["--raw", f"--rate={RATE}", "--format=s16le", "--channels=2", "--latency-msec=10"]
        recorder = self._popen(
            ["parec", f"--device={self._sink.name}.monitor", *form], stdout=subprocess.PIPE
        )
        assert recorder.stdout is not None
        out: IO[bytes] = recorder.stdout

        def listen() -> None:
            while piece := out.read(4 * 240):
                loud = np.abs(np.frombuffer(piece, "<i2").astype(np.int32)).max() / 32768
                self._sound.note(time.monotonic(), bool(loud > QUIET))

        threading.Thread(target=listen, daemon=True).start()

    def _show(self) -> None:
        import pty  # Windows has none

        self._terminal, inside = pty.openpty()
        words = ["run", str(self._folder / "patch.toml"), "--garment", str(self._folder / "garment.toml")]
        words += ["--rig", str(self._folder / "rig.toml"), "--sketch", str(self._folder / "heavy.py")]
        words += ["--port", str(self._port)]
        self._said = (self._folder / "said.txt").open("w+")
        self._process = self._popen(
            [sys.executable, "-m", "wearsound", *words], stdin=inside, stdout=self._said, stderr=self._said
        )
        self._record()

    def hands(self) -> dict[str, tuple[Callable[[], object], Callable[[], object]]]:
        """Each hand, and what takes it back: never a datagram, for in a flood that may come late."""
        first = int(signal.SIGRTMIN)
        resume = self._kill(signal.SIGUSR2)
        return {
            "key Esc Esc": (self._key("Escape Escape"), resume),
            "key B": (self._key("b"), self._key("b")),
            "OSC /wear/panic": (self._osc("/wear/panic"), resume),
            "OSC /wear/blackout 1": (self._osc("/wear/blackout", 1), resume),
            FADER: (self._osc("/wear/master", 0.0), self._type("master 1")),
            "signal USR1 (panic)": (self._kill(signal.SIGUSR1), resume),
            "signal RTMIN+1 (blackout)": (self._kill(first + 1), self._kill(first + 1)),
            "terminal `panic`": (self._type("panic"), self._type("resume")),
            "terminal `blackout`": (self._type("blackout"), self._type("blackout off")),
        }

    def begin(self) -> None:
        """Wait for the show, and crowd the machine and the door."""
        self._until(self._everything, 60.0, "the show did not begin")
        for _ in range(self._busy):
            self._popen([sys.executable, "-c", "while True: pass"])
        self._popen([sys.executable, "-c", FLOODER, str(self._port), str(self._flood)])
        time.sleep(2.0)

    def play(self, rounds: int, names: Container[str] | None = None) -> dict[str, dict[str, list[float]]]:
        """ms of each hand of these names, or of all, to each medium, and how often something began again."""
        again: Callable[[], object] = self._kill(signal.SIGUSR2)
        found: dict[str, dict[str, list[float]]] = {}
        for name, (act, back) in self.hands().items():
            if names is not None and name not in names:
                continue
            times = found[name] = {**{what: [] for what in PROMISED}, "restarted": []}
            for _ in range(rounds):
                self._full(f"nothing came back before {name}", again)
                moment = time.monotonic()
                act()
                self._until_nothing(moment + 5.0)
                still = self._driver.still_from(moment)
                times["vibration"].append(1000 * (still - moment))
                times["light"].append(1000 * self._light.nothing_after(moment))
                times["sound"].append(1000 * self._sound.nothing_after(moment))
                before = len(self._light.changes) + len(self._sound.changes) + len(self._driver.held)
                time.sleep(STAYS)
                after = len(self._light.changes) + len(self._sound.changes) + len(self._driver.held)
                times["restarted"].append(after - before)
                back()
                again = back if "master" in name else again
        return found

    def _full(self, sentence: str, again: Callable[[], object]) -> None:
        """Wait until everything has come back and is full: a busy machine may leave gaps in a sound."""
        self._until(self._everything, 20.0, sentence, again)
        time.sleep(UP)
        self._until(self._everything, 20.0, sentence, again)

    def _until_nothing(self, deadline: float) -> None:
        """Wait until nothing has been there for a while: a gap in a sound is no silence."""
        since = time.monotonic()
        while time.monotonic() < deadline and time.monotonic() - since < GAP:
            if self._anything():
                since = time.monotonic()
            time.sleep(0.01)

    def _everything(self) -> bool:
        return self._light.on and self._sound.on and any(self._driver.values)

    def _anything(self) -> bool:
        return self._light.on or self._sound.on or any(self._driver.values)

    def _until(
        self,
        there: Callable[[], bool],
        seconds: float,
        sentence: str,
        again: Callable[[], object] | None = None,
    ) -> None:
        """Wait; say `again` every second, for a key may be lost."""
        end, said = time.monotonic() + seconds, time.monotonic()
        while not there():
            if again is not None and time.monotonic() - said > 1.0:
                again()
                said = time.monotonic()
            if time.monotonic() > end or self._process.poll() is not None:
                self._said.seek(0)
                seen = f"light {self._light.on}, sound {self._sound.on}, vibration {any(self._driver.values)}"
                raise RuntimeError(f"{sentence} ({seen}): {self._said.read()}")
            time.sleep(0.01)

    def _key(self, keys: str) -> Callable[[], object]:
        def press() -> None:
            assert self._keys.stdin is not None
            self._keys.stdin.write(f"key {keys}\n")
            self._keys.stdin.flush()

        return press

    def _osc(self, address: str, *args: Any) -> Callable[[], object]:
        data = Bundles().message((address, args))
        return lambda: self._out.sendto(data, ("127.0.0.1", self._port))

    def _kill(self, number: int) -> Callable[[], object]:
        return lambda: os.kill(self._process.pid, number)

    def _type(self, word: str) -> Callable[[], object]:
        return lambda: os.write(self._terminal, f"{word}\n".encode())
