"""What 200 saves cost a show that plays: good and broken patches and sketches, saved over and over while it is lit.

A real `wearsound run` plays noise through a null sink, with a window on an X server without a screen, and
lights a DDP display that is a program of its own. The display notes when each frame came. A frame is late when it comes
more than a frame after its turn: the run begins with a stretch in which nothing is saved, which says what this
machine does by itself. After each save it is asked which show plays, and looked at what the window shows.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.child import ROOT
from benchmarks.table import Figure, Part
from wearsound.osc.bundle import Bundles
from wearsound.osc.packet import read

SAVES = int(os.environ.get("WEARSOUND_SAVES", "200"))
STILL = float(os.environ.get("WEARSOUND_STILL", "60"))
"""Seconds at the beginning in which nothing is saved."""
RATE = 60
SEEN = 12.0
"""Seconds in which a good save must be seen, and for which a broken one is watched not to be, at the most."""

ZONES = {
    "collar": "air",
    "yoke": "flux",
    "sleeve_l": "mid",
    "sleeve_r": "lowmid",
    "cuff_l": "bass",
    "waist": "centroid",
}
PATCH = """title = "{title}"
garment = "denim-jacket"
sketch = "painted"
[[route]]
from = "level"
in = [-30, -10]
to = "chest.glow"
release = {release}
[[route]]
from = "{feature}"
to = "hem.glow"
release = 0.02
[[scene]]
name = "one"
[[scene.route]]
from = "high"
to = "placket.glow"
""" + "".join(
    f'[[route]]\nfrom = "{feature}"\nto = "{zone}.glow"\nattack = 0.0\nrelease = 0.01\n'
    for zone, feature in ZONES.items()
)
"""Every hop of noise moves some of it, so that no two frames are the same and each is sent."""
BROKEN = (
    'title = "broken\n',
    PATCH.replace("hem.glow", "hme.glow"),
    PATCH.replace("{feature}", "basss"),
    PATCH.replace("release = {release}", "release = -{release}"),
    PATCH + "[[route]]\n",
    "",
)
SKETCH = """
from wearsound import Sketch

class Painted(Sketch):
    warmth: float = 0.4

    def draw(self, c, f):
        {line}
        c.background("#{colour}")
"""
WRONG = (
    "c.circel(1, 2, 3)",
    "1 / 0",
    "c.background(",
    "raise SystemExit",
    "while True: pass",
    "self.nothing.at.all",
)

DISPLAY = """
import socket, sys, time
inlet = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
inlet.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
inlet.bind(("127.0.0.1", 0))
print(inlet.getsockname()[1], flush=True)
out = open(sys.argv[1], "w", buffering=1)
while True:
    data = inlet.recv(65535)
    if data[0] & 1:
        print(time.monotonic(), file=out)
"""

RIG = '[[light]]\nname = "coat"\nhost = "127.0.0.1"\nport = {port}\ncap = 60\n'


@dataclass
class Found:
    """What the saves did. `seconds` from a good save to when it played."""

    good: int = 0
    broken: int = 0
    seconds: dict[str, list[float]] = field(default_factory=lambda: {"patch": [], "sketch": []})
    missed: list[str] = field(default_factory=list)
    saves: list[tuple[float, str]] = field(default_factory=list)
    began: float = 0.0


def run() -> Part:
    """SAVES saves, one after the other; nothing where there is no PulseAudio or no X server."""
    from tests import pulse, xserver

    part = Part(f"{SAVES} saves of good and broken files while a show plays")
    missing = pulse.missing() or xserver.missing()
    if missing:
        part.notes.append(f"{missing}: not measured.")
        return part
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as stack:
        live = Live(Path(name), stack)
        begun = live.still()
        found = live.save(SAVES)
        ended = time.monotonic()
        said = live.end()
        frames = np.array([float(line) for line in (Path(name) / "frames.txt").read_text().split()])
    for what, low, high in (
        ("nothing is saved", begun, found.began),
        ("files are saved", found.began, ended),
    ):
        came = frames[(frames >= low) & (frames < high)]
        gaps = 1000 * np.diff(came)
        late = int((gaps > 2 * 1000 / RATE).sum())
        for at in np.flatnonzero(gaps > 2 * 1000 / RATE)[:20]:
            before = [(came[at] - when, name) for when, name in found.saves if when <= came[at]]
            after = f"{before[-1][0]:.2f} s after {before[-1][1]}" if before else "before the first save"
            part.notes.append(f"{gaps[at]:.0f} ms without a frame, {after}.")
        part.figures += [
            Figure(f"light frames while {what}", len(came), ""),
            Figure(f"late ones while {what}", late, "", 0.0 if what == "files are saved" else None),
            Figure(f"between two, while {what}: p99", float(np.percentile(gaps, 99)), "ms"),
            Figure(f"between two, while {what}: longest", float(gaps.max()), "ms", 2 * 1000 / RATE),
        ]
    part.figures.append(Figure("good saves that played", found.good, ""))
    part.figures.append(Figure("broken ones that did not", found.broken, ""))
    part.figures.append(Figure("saves after which something else played", len(found.missed), "", 0.0))
    for kind, seconds in found.seconds.items():
        if seconds:
            part.figures.append(
                Figure(f"from a saved {kind} to its play, median", float(np.median(seconds)), "s")
            )
            part.figures.append(Figure(f"from a saved {kind} to its play, worst", max(seconds), "s"))
    part.notes += [
        *found.missed[:10],
        *(line for line in said.splitlines() if "lost" in line or "played" in line),
    ]
    return part


class Live:
    """The show, its display and its window."""

    def __init__(self, folder: Path, stack: contextlib.ExitStack) -> None:
        from tests.pulse import null_sink
        from tests.xserver import x_server

        self._folder = folder
        sink = stack.enter_context(null_sink(folder))
        self._screen = stack.enter_context(x_server())
        display = subprocess.Popen(
            [sys.executable, "-c", DISPLAY, str(folder / "frames.txt")], stdout=subprocess.PIPE, text=True
        )
        stack.callback(display.kill)
        assert display.stdout is not None
        (folder / "rig.toml").write_text(RIG.format(port=int(display.stdout.readline())))
        self._patch, self._sketch = folder / "mine.toml", folder / "painted.py"
        self._patch.write_text(PATCH.format(title="first", release=0.3, feature="high"))
        self._sketch.write_text(SKETCH.format(line="pass", colour="204060"))
        self._out = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        self._answers = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        self._answers.bind(("127.0.0.1", 0))
        self._answers.settimeout(1.0)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = int(probe.getsockname()[1])
        words = [str(self._patch), "--sketch", str(self._sketch), "--rig", str(folder / "rig.toml")]
        words += ["--input", "test:pink", "--port", str(self._port), "--size", "640x360"]
        self._env = {**os.environ, **sink.env, **self._screen, "XDG_STATE_HOME": str(folder / "state")}
        self._said = (folder / "said.txt").open("w+")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "wearsound", "run", *words],
            env=self._env, cwd=ROOT, stdout=self._said, stderr=self._said, start_new_session=True,
        )  # fmt: skip
        stack.callback(self._kill)

    def still(self) -> float:
        """Play for STILL seconds; when that began."""
        end = time.monotonic() + 60
        while self.playing() != "first":
            if time.monotonic() > end or self._process.poll() is not None:
                raise RuntimeError(f"the show did not begin: {self.end()}")
        time.sleep(5.0)
        begun = time.monotonic()
        time.sleep(STILL)
        return begun

    def save(self, count: int) -> Found:
        """Good and broken, patch and sketch, in turn; after each what plays is looked at."""
        found = Found(began=time.monotonic())
        chance = np.random.default_rng(1)
        title, colour = "first", "204060"
        for number in range(count):
            kind = "patch" if number % 4 < 2 else "sketch"
            good = number % 2 == 1
            if kind == "patch":
                release = round(float(chance.uniform(0.05, 2.0)), 3)
                feature = ("high", "air", "onset", "centroid")[number // 4 % 4]
                words = {"title": f"show {number}", "release": release, "feature": feature}
                text = (PATCH if good else BROKEN[number // 4 % len(BROKEN)]).format(**words)
                title = words["title"] if good else title
                self._write(self._patch, text, number)
            else:
                mine = "".join(f"{part:02x}" for part in chance.integers(40, 160, 3))
                line = "pass" if good else WRONG[number // 4 % len(WRONG)]
                colour = mine if good else colour
                self._write(self._sketch, SKETCH.format(line=line, colour=mine), number)
            found.saves.append((time.monotonic(), f"save {number} ({kind}, {'good' if good else 'broken'})"))
            took = self._seen(title, colour, good)
            if took is None:
                found.missed.append(
                    f"save {number} ({kind}, {'good' if good else 'broken'}): {self.playing()}"
                )
            elif good:
                found.good += 1
                found.seconds[kind].append(took)
            else:
                found.broken += 1
        return found

    def _write(self, path: Path, text: str, number: int) -> None:
        """As editors do: in place, or a new file that is renamed."""
        if number % 3:
            path.write_text(text)
        else:
            new = path.with_suffix(".new")
            new.write_text(text)
            new.rename(path)

    def _seen(self, title: str, colour: str, good: bool) -> float | None:
        """Seconds until it plays; a broken save is watched for a while, and what played before must play on."""
        began = time.monotonic()
        if not good:
            for _ in range(3):
                time.sleep(0.7)
                if self.playing() != title or not self._shows(colour):
                    return None
            return 0.0
        while time.monotonic() - began < SEEN:
            if self.playing() == title and self._shows(colour):
                return time.monotonic() - began
            time.sleep(0.4)
        return None

    def playing(self) -> str:
        """The title of the show that plays, "" if nobody answers."""
        bundles = Bundles()
        self._answers.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while True:  # what was told meanwhile is old
                self._answers.recv(65535)
        self._answers.settimeout(1.0)
        here = self._answers.getsockname()[1]
        for message in (("/wear/subscribe", (here,)), ("/wear/show", ())):
            self._out.sendto(bundles.message(message), ("127.0.0.1", self._port))
        end = time.monotonic() + 1.0
        while time.monotonic() < end:
            try:
                data = self._answers.recv(65535)
            except TimeoutError:
                return ""
            for address, args in _messages(data):
                if address == "/wear/show" and args:
                    return str(args[0])
        return ""

    def _shows(self, colour: str) -> bool:
        """Whether the middle of the window has that colour; its strip and its errors are elsewhere."""
        # In a session of its own and last in line: whoever looks must not be what makes light late.
        look = "echo 19 >/proc/self/autogroup; exec nice -n 19 import -window root -crop 1x1+640+300 -depth 8 rgb:-"
        done = subprocess.run(
            ["setsid", "-w", "sh", "-c", look], env=self._env, capture_output=True, timeout=30
        )
        wanted = bytes.fromhex(colour)
        return len(done.stdout) >= 3 and all(
            abs(a - b) < 12 for a, b in zip(done.stdout, wanted, strict=False)
        )

    def end(self) -> str:
        """Leave, and give what it said."""
        self._process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(15)
        self._kill()
        self._said.seek(0)
        return self._said.read()

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)


def _messages(data: bytes) -> Iterator[tuple[str, Any]]:
    for message in read(data):
        yield message.address, message.args
