"""A venue whose cables, sound server, display, disk and names can fail one at a time, and a real `wearsound run` in it.

The show has a network of its own: two cables (veth) lead from it to receivers that are not in it. Its microphone is the
monitor of a PulseAudio of ours, its window stands on an X server of ours, its folder is a small disk (tmpfs), its state
folder another, and its names are answered by us. All of it needs `unshare -nm` around it, so that nothing of this
machine is touched: `inside` starts it so.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.child import ROOT
from wearsound import processes
from wearsound.osc.packet import read
from wearsound.outputs.program import WINDOW

NEAR, FAR = "10.77.1", "10.77.2"
"""The networks of the two cables: we are .1, the show is .2."""
LATE = "late.venue.test"
"""A name that is answered when we like."""
PORT = 9000
PATCH = (
    'title = "A steady tone"\ngarment = "cuff"\n[[route]]\nfrom = "level"\nto = "*.glow"\nin = [-70, -20]\n'
    "out = [0.25, 0.9]\nattack = 0.0\nrelease = 0.3\n"
)
"""Bright while a tone is heard, dim in silence, dark only by hand."""
RIG = (
    f'[door]\nhost = "0.0.0.0"\nport = {PORT}\n'
    '[[light]]\nname = "near"\nhost = "{near}.1"\nport = {a}\nzones = ["clasp"]\n'
    '[[light]]\nname = "far"\nhost = "{far}.1"\nport = {b}\nzones = ["clasp"]\n'
    '[[light]]\nname = "late"\nhost = "{late}"\nport = {c}\nzones = ["clasp"]\n'
    '[[osc]]\nname = "ear"\nhost = "{near}.1"\nport = {ear}\n'
)
KEEPER = """
import socket, subprocess, sys
subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
taken = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
taken.bind(("0.0.0.0", int(sys.argv[1])))
print("held", flush=True)
sys.stdin.readline()
taken.close()
print("free", flush=True)
sys.stdin.read()
"""
"""Holds the show's network open, and at first its OSC port."""
CLOCK = """
import os, time
_true = time.time
def _told():
    try:
        with open(os.environ["WEARSOUND_CLOCK"]) as file:
            return _true() + float(file.read())
    except (OSError, ValueError):
        return _true()
time.time = _told
"""
"""The wall clock of the show alone, moved by what stands in a file: the machine's own is everybody's."""


@functools.cache
def around() -> tuple[str, ...]:
    """The command that gives a program a network and mounts of its own; () where that is not permitted."""
    if shutil.which("unshare") is None:
        return ()
    for words in (("unshare", "-nm"), ("unshare", "-rnm")):
        tried = subprocess.run([*words, "ip", "link", "add", "cable0", "type", "veth"], capture_output=True)
        if tried.returncode == 0:
            return words
    return ()


def missing() -> str:
    """Why there can be no such venue here, "" if there can."""
    from tests import pulse, xserver

    for program in ("unshare", "nsenter", "ip", "mount"):
        if shutil.which(program) is None:
            return f"{program} is not installed (apt-get install util-linux iproute2)"
    if not around():
        return "no right to make a network and mounts of its own (unshare -nm, unshare -rnm)"
    return pulse.missing() or xserver.missing()


def inside(module: str, wanted: dict[str, Any], timeout: float = 600.0) -> list[dict[str, Any]]:
    """What `python -m module` says in lines of JSON, in a network and with mounts of its own."""
    done = subprocess.run(
        [*around(), sys.executable, "-m", module, json.dumps(wanted)],
        cwd=ROOT, capture_output=True, text=True, timeout=timeout, start_new_session=True,
    )  # fmt: skip
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode or not lines:
        raise RuntimeError(f"the venue fell down: {done.stdout}{done.stderr}")
    return [json.loads(line) for line in lines]


def sh(*words: object) -> None:
    """A command that must do."""
    subprocess.run([str(word) for word in words], check=True, capture_output=True, timeout=20)


class Names:
    """A server of names that says nothing until it is told to. [a thread of its own]"""

    def __init__(self) -> None:
        self.speaks = False
        self.asked = 0
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((f"{NEAR}.1", 53))
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                question, sender = self._socket.recvfrom(4096)
                self.asked += 1
                if self.speaks:
                    self._socket.sendto(self._answer(question), sender)

    @staticmethod
    def _answer(question: bytes) -> bytes:
        end = question.index(b"\0", 12) + 5
        wanted = struct.unpack(">H", question[end - 4 : end - 2])[0]
        head = question[:2] + struct.pack(">HHHHH", 0x8180, 1, wanted == 1, 0, 0) + question[12:end]
        address = b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, 60, 4) + socket.inet_aton(f"{NEAR}.1")
        return head + (address if wanted == 1 else b"")


class Display:
    """An X server that can be killed and comes back under its number."""

    def __init__(self) -> None:
        ask, tell = os.pipe()
        self._process = self._start(["-displayfd", str(tell)], tell)
        os.close(tell)
        with os.fdopen(ask) as answer:
            self.name = f":{answer.readline().strip()}"

    def _start(self, words: list[str], *passed: int) -> subprocess.Popen[bytes]:
        command = ["Xvfb", *words, "-screen", "0", "640x360x24", "-nolisten", "tcp"]
        return subprocess.Popen(command, pass_fds=passed, stderr=subprocess.DEVNULL)

    def kill(self) -> None:
        """At once, as by a power cut."""
        self._process.kill()
        self._process.wait()

    def back(self) -> None:
        """Under the same number."""
        self._process = self._start([self.name])


class Room:
    """Opened in `folder`; everything ends with `stack`. `begin` starts the show."""

    def __init__(self, folder: Path, stack: contextlib.ExitStack) -> None:
        from tests.pulse import null_sink
        from tests.receivers import Listener

        self._stack = stack
        self._engine = 0
        self.folder, self.disk, self.state = folder, folder / "disk", folder / "state"
        self.clock = folder / "clock"
        self.keeper = stack.enter_context(
            subprocess.Popen(["unshare", "-n", sys.executable, "-c", KEEPER, str(PORT)],
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        )  # fmt: skip
        stack.callback(self.keeper.kill)
        assert self.keeper.stdout is not None
        assert self.keeper.stdout.readline() == "held\n"
        sh("ip", "link", "set", "lo", "up")
        for cable, net in (("near", NEAR), ("far", FAR)):
            self.plug(cable, net)
        for place, words in ((self.disk, "size=32m"), (self.state, "size=2m,ro")):
            place.mkdir()
            sh("mount", "-t", "tmpfs", "-o", words, "tmpfs", place)
            stack.callback(sh, "umount", "-l", place)
        (folder / "resolv.conf").write_text(f"nameserver {NEAR}.1\noptions timeout:5 attempts:2\n")
        sh("mount", "--bind", folder / "resolv.conf", "/etc/resolv.conf")
        self.names = Names()
        self.near, self.far, self.late, self.ear = (
            stack.enter_context(Listener(host=f"{net}.1")) for net in (NEAR, FAR, NEAR, NEAR)
        )
        self.sink = stack.enter_context(null_sink(folder))
        self.display = Display()
        stack.callback(lambda: self.display.kill())
        self._tone = folder / "tone.raw"
        turns = 2 * np.pi * 220 * np.arange(10 * 48_000) / 48_000
        self._tone.write_bytes(np.repeat((8000 * np.sin(turns)).astype("<i2"), 2).tobytes())
        self.tone()

    def plug(self, cable: str, net: str) -> None:
        """A cable between us and the show."""
        enter = ["nsenter", "-t", self.keeper.pid, "-n"]
        sh("ip", "link", "add", f"{cable}a", "type", "veth", "peer", "name", f"{cable}b")
        sh("ip", "link", "set", f"{cable}b", "netns", self.keeper.pid)
        for at, end, where in ((f"{net}.1", f"{cable}a", []), (f"{net}.2", f"{cable}b", enter)):
            sh(*where, "ip", "addr", "add", f"{at}/24", "dev", end)
            sh(*where, "ip", "link", "set", end, "up")

    def there(self, *words: object) -> None:
        """A command in the show's network."""
        sh("nsenter", "-t", self.keeper.pid, "-n", *words)

    def free_port(self) -> None:
        """Who has the OSC port lets it go."""
        assert self.keeper.stdin is not None
        self.keeper.stdin.write("\n")
        self.keeper.stdin.flush()

    def tone(self) -> None:
        """The music, again where its server or sink has gone with it."""
        form = f"--raw --rate=48000 --format=s16le --channels=2 --latency-msec=50 --device={self.sink.name}"
        player = subprocess.Popen(
            ["sh", "-c", f"while cat {self._tone}; do :; done 2>/dev/null | exec pacat {form}"],
            env=self.sink.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        self._stack.callback(_end, player)

    def begin(self, *words: str) -> None:
        """Start the show; it is there when its first light comes."""
        rig = RIG.format(
            near=NEAR,
            far=FAR,
            late=LATE,
            a=self.near.port,
            b=self.far.port,
            c=self.late.port,
            ear=self.ear.port,
        )
        (self.folder / "rig.toml").write_text(rig)
        (self.folder / "steady.toml").write_text(PATCH)
        (self.folder / "sitecustomize.py").write_text(CLOCK)
        env = {**os.environ, **self.sink.env, "DISPLAY": self.display.name, "SDL_VIDEODRIVER": "x11"}
        env |= {"XDG_STATE_HOME": str(self.state), "XDG_CONFIG_HOME": str(self.state)}
        env |= {"XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache"))}
        env |= {"PYTHONPATH": str(self.folder), "WEARSOUND_CLOCK": str(self.clock)}
        show = [str(self.folder / "steady.toml"), "--rig", str(self.folder / "rig.toml"), "--size", "320x180"]
        command = [sys.executable, "-m", "wearsound", "run", *show, *words]
        out = self._stack.enter_context((self.folder / "said.txt").open("w"))
        self.process = subprocess.Popen(
            ["nsenter", "-t", str(self.keeper.pid), "-n", *command],
            cwd=self.disk, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True,
        )  # fmt: skip
        self._stack.callback(_end, self.process)
        if not self.until(lambda: self.near.packets, 30.0):
            raise RuntimeError(f"no light came: {self.said()}")

    def said(self, after: int = 0) -> str:
        """What the show has said, from a place in it on."""
        return (self.folder / "said.txt").read_text()[after:]

    def until(self, true: Callable[[], object], seconds: float) -> bool:
        """Whether it became true in time."""
        end = time.monotonic() + seconds
        while not true():
            if time.monotonic() > end or self.process.poll() is not None:
                return bool(true())
            time.sleep(0.01)
        return True

    def health(self, since: float = 0.0) -> tuple[float, float, int]:
        """Pictures a second, age of the sound in ms, hops lost: what it has said of itself since."""
        for when, data in reversed(self.ear.packets[-400:]):
            for message in read(data) if when > since else ():
                if message.address == "/wear/health":
                    fps, age, drops = message.args
                    return float(fps), float(age), int(drops)
        return 0.0, 0.0, 0

    def say(self, address: bytes, number: int | None = None) -> None:
        """One OSC message to the show."""
        data = address + b"\0" * (4 - len(address) % 4)
        data += b",\0\0\0" if number is None else b",i\0\0" + struct.pack(">i", number)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
            out.sendto(data, (f"{NEAR}.2", PORT))

    def send(self, number: signal.Signals) -> None:
        """A signal to the show, as by its terminal's owner."""
        os.kill(self.process.pid, number)

    def all(self) -> list[int]:
        """Every process of the show."""
        return list(processes.descendants(self.process.pid))

    def window(self) -> int:
        """The process of its window, 0 while there is none."""
        return processes.find(self.process.pid, WINDOW)

    def engine(self) -> int:
        """The process that plays: it has the window's for a child, or had."""
        if self._engine in self.all():
            return self._engine
        self._engine = self._found()
        return self._engine

    def _found(self) -> int:
        window = self.window()
        for pid in self.all():
            if window and window in processes.children(pid):
                return pid
        return 0

    def size(self) -> dict[str, float]:
        """Resident MiB, threads and descriptors of the engine, and how many processes it has started."""
        pid = self.engine() or self.process.pid
        own = processes.size(pid)
        return {
            "MiB": own.mib,
            "threads": own.threads,
            "descriptors": own.descriptors,
            "processes": len(list(processes.descendants(pid))) - 1,
        }


def _end(process: subprocess.Popen[Any]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
