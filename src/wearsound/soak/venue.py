"""A place to play in for hours that is no room: files of its own, virtual devices, and a real `wearsound run` in it."""

from __future__ import annotations

import contextlib
import math
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from wearsound import gallery, processes
from wearsound.garment.current import pixel_ma, rest_ma
from wearsound.garment.sewn import sewn
from wearsound.outputs.program import WINDOW
from wearsound.processes import Size
from wearsound.show.doctor_rehearse import copied_show
from wearsound.show.entries import Named
from wearsound.show.load import DEFAULT_PATCH, Show, load
from wearsound.soak.book import Book, Hand
from wearsound.soak.control import ENGINE, FOLDER, Broken, Place
from wearsound.soak.devices import write_music
from wearsound.soak.ears import Ears
from wearsound.soak.judge_light import LightJudge
from wearsound.soak.judge_sound import SoundJudge
from wearsound.soak.judge_touch import TouchJudge

SHARE = 0.05
"""Of what its light would draw at full: what the rig of a soak bears, so that current is really limited."""
SOUNDSCAPE = (
    '\n[soundscape]\nroot = 55\nscale = "hirajoshi"\n'
    '\n[[voice]]\nplay = "drones"\nfrom = "room"\n\n[[voice]]\nplay = "struck"\nfrom = "room"\n'
)
"""What is added to the gallery's patch where no patch was named, so that every medium plays."""
RIG = (
    "\n[door]\nport = {door}\n"
    '\n[[light]]\nname = "judge"\nhost = "127.0.0.1"\nport = {light}\ngamma = 1\ncap = 60\nmost_ma = {most}\n'
    '\n[[osc]]\nname = "ear"\nhost = "127.0.0.1"\nport = {osc}\n'
)
# gamma = 1: the judge is a display that knows of gamma by itself, as `flash_counter.linear` does.
BOARD = (
    '\n[[vibration]]\nname = "board"\nhost = "127.0.0.1"\nport = {vibration}\nchannels = {{ {channels} }}\n'
)
LEAVES = 15.0
"""Seconds that a show may take to end."""


class Venue:
    """`with Venue(folder, ears, patch) as venue`: a copy of the patch in `folder`, and what judges it.

    PatchError where the patch cannot be played. `begin` starts the show.
    """

    def __init__(self, folder: Path, ears: Ears, patch: str | None, seed: int | None = None) -> None:
        self.folder, self.disk, self.files = folder, folder / "disk", folder / "show"
        for each in (self.disk, self.files):
            each.mkdir()
        self.broken = Broken(folder)
        self.log = folder / "said.txt"
        self.door = _free_port()
        self.book, self.hand = Book(), Hand()
        self.ears = ears
        if patch is None:
            patch = str(folder / f"{DEFAULT_PATCH}.toml")
            own = gallery.find("patch", DEFAULT_PATCH).read_text(encoding="utf-8")
            Path(patch).write_text(own + SOUNDSCAPE, encoding="utf-8")
        self.show: Show = load(patch, seed=seed)
        self._named = copied_show(Named([patch], seed=seed), self.files, self._judged())
        self.patch = Path(self._named.shows[0])
        self.broken.say("nothing", None)
        write_music(folder / "music.npy")
        Place(ears.ports["sound"], str(folder / "music.npy"), str(self.disk)).write(folder)
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped: list[int] = []

    def __enter__(self) -> Venue:
        return self

    def __exit__(self, *error: object) -> None:
        self.end()

    def _judged(self) -> str:
        """The rig, and judges for all that it sends to."""
        garment = self.show.garment
        body = sewn(garment)
        full, idle = pixel_ma(garment, body)
        # What the battery bears for light, or the rig's share, whichever is less: the judge knows one limit.
        room = min(SHARE * 3.0 * float(full.sum()), garment.battery.most_ma - rest_ma(garment, body))
        most = math.floor(float(idle.sum()) + room)
        real = np.flatnonzero(~body.lamp)
        self.light = LightJudge(
            self.book,
            self.hand,
            area=body.area[real],
            zone=body.zone[real],
            sewn=real,
            full=full,
            idle=float(idle.sum()),
            most=most,
        )
        names = tuple(dict.fromkeys(actuator.name for actuator in garment.actuators))
        self.touch = TouchJudge(self.book, self.hand, names) if names else None
        self.sound = SoundJudge(self.book)
        self.ears.judge(self.light, self.touch, self.sound)
        text = RIG.format(door=self.door, most=most, **self.ears.ports)
        if names:
            channels = ", ".join(f'"{name}" = {number}' for number, name in enumerate(names, 1))
            text += BOARD.format(channels=channels, **self.ears.ports)
        return text

    def begin(self, *, window: bool) -> None:
        """Start the show as a person would; OSError if that cannot be. `window`: on a virtual display."""
        words = ["run", str(self.patch), "--size=320x180"]
        named = self._named
        for option in ("garment", "rig", "sketch", "seed"):
            value = getattr(named, option)
            if value not in (None, ""):
                words.append(f"--{option}={value}")
        words += [] if window else ["--no-window"]
        state = {f"XDG_{kind}_HOME": str(self.disk / kind.lower()) for kind in ("STATE", "CONFIG")}
        env = {**os.environ, **state, FOLDER: str(self.folder), "SDL_VIDEODRIVER": "dummy"}
        with self.log.open("wb") as out:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "wearsound.cli.soak_process", *words],
                cwd=self.disk,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """The process that guards the show."""
        assert self._process is not None
        return self._process.pid

    @property
    def code(self) -> int | None:
        """How the show has ended, None while it plays."""
        return self._process.poll() if self._process is not None else None

    def engine(self) -> int:
        """The process that plays, 0 while there is none."""
        try:
            pid = int((self.folder / ENGINE).read_text())
        except (OSError, ValueError):
            return 0
        return pid if "wearsound" in processes.command(pid) else 0

    def window(self) -> int:
        """The process of its window, 0 while there is none."""
        engine = self.engine()
        return processes.find(engine, WINDOW) if engine else 0

    def size(self) -> Size:
        """Of the show with all its processes."""
        return processes.size(*processes.descendants(self.pid))

    def send(self, number: signal.Signals) -> None:
        """A signal to the show, as by its terminal's owner."""
        processes.send(self.pid, number)

    def stand_still(self) -> None:
        """The whole show stops, as on a machine that sleeps, until `wake`."""
        self._stopped = list(processes.descendants(self.pid))
        for pid in self._stopped:
            processes.send(pid, signal.SIGSTOP)

    def wake(self) -> None:
        """Whoever was stopped goes on: not only whom the show still has, for its engine may have been killed."""
        for pid in self._stopped:
            processes.send(pid, signal.SIGCONT)
        self.hand.wake(time.monotonic())

    def tail(self, lines: int = 5) -> str:
        """What it said last."""
        with contextlib.suppress(OSError):
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])
        return ""

    def said(self) -> tuple[int, int]:
        """Lines and bytes of what it has said."""
        try:
            data = self.log.read_bytes()
        except OSError:
            return 0, 0
        return data.count(b"\n"), len(data)

    def end(self) -> int | None:
        """End the show and give its exit code; whatever is left of it is killed. Twice is fine."""
        if self._process is None or self._process.poll() is not None:  # its number may be another's by now
            return self.code
        everybody = list(processes.descendants(self._process.pid))
        for pid in everybody:
            processes.send(pid, signal.SIGCONT)
        self.send(signal.SIGTERM)
        end = time.monotonic() + LEAVES
        while self._process.poll() is None and time.monotonic() < end:
            time.sleep(0.02)
        for pid in everybody:
            if "wearsound" in processes.command(pid):
                processes.send(pid, signal.SIGKILL)
        return self._process.wait()


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
