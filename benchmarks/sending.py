"""How late OSC leaves: from the end of a hop, and from the callback, to the datagram at a receiver.

The receiver is a program of its own; all read the one monotonic clock of the machine. The show is the
real one (`show.live.play`), with a window and a sketch that draws for 30 ms where a display can be had.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import material
from benchmarks.child import call
from benchmarks.table import Figure, Part, spread
from wearsound.core import Block, Clock, Frame

SECONDS = 10.0
WARM_SECONDS = 2.0
CALLBACK = 256
"""Frames a callback of the simulated sound device."""

HEAVY = '''"""Thirty milliseconds of work a picture, whatever is heard."""

import time

from wearsound import Sketch


class Heavy(Sketch):
    def draw(self, c, f):
        end = time.thread_time() + 0.03
        c.background("stage")
        while time.thread_time() < end:
            c.circle(c.width * f.noise("x"), c.height / 2, 300 * c.unit * (0.2 + f.bass))
'''

RECEIVER = """
import socket, struct, sys, time
inlet = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
inlet.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
inlet.bind(("127.0.0.1", 0))
print(inlet.getsockname()[1], flush=True)
times = []
while (data := inlet.recv(65535)) != b"end":
    times.append(time.monotonic())
print(*times, flush=True)
"""

BYSTANDER = """
import sys, time
seconds, hop = float(sys.argv[1]), 256 / 48000
due, late = time.monotonic(), []
for _ in range(int(seconds / hop)):
    due = max(due + hop, time.monotonic())
    time.sleep(max(0.0, due - time.monotonic()))
    late.append(1000 * (time.monotonic() - due))
print(*late)
"""


def run() -> Part:
    """The paced file, then the ring with a simulated callback."""
    part = Part("Sending")
    with _display() as (env, where):
        paced = call("benchmarks.sending", {"how": "paced", "window": bool(env)}, env)
        ring = call("benchmarks.sending", {"how": "ring", "window": bool(env)}, env)
    late = "end of the hop in which a frame falls due -> datagram"
    part.figures += spread(late, paced["late"], "ms", p95=3.0)
    hop = material.HOP_US / 1e3
    part.figures += spread("callback -> datagram of a due frame", ring["late"], "ms", p95=hop + 3.0)
    part.figures += spread("callback -> next light datagram", ring["light"], "ms", p95=25.0)
    part.figures += spread(
        "to compare: a bystander that only sleeps, how late it wakes", ring["bystander"], "ms"
    )
    part.figures.append(Figure("hops that were lost", ring["lost"], "", 0.0))
    if env:
        drawn = Figure("pictures drawn meanwhile", ring["drawn"] / (SECONDS + WARM_SECONDS), "a second")
        part.figures.append(drawn)
    part.notes.append(
        f"{where}; {len(paced['late'])} and {len(ring['late'])} frames; the last datagram of each frame; "
        f"a callback brings {CALLBACK} frames, from a thread of the same program."
    )
    return part


@contextlib.contextmanager
def _display() -> Iterator[tuple[dict[str, str], str]]:
    """Variables that open a window, and a sentence; none where there is no display."""
    heavy = "window open at 1280x720 with a sketch that works 30 ms a picture"
    if os.environ.get("DISPLAY"):
        yield {"DISPLAY": os.environ["DISPLAY"]}, f"On {os.environ['DISPLAY']}, {heavy}"
    elif shutil.which("Xvfb") is None:
        yield {}, "No display and no Xvfb: without a window"
    else:
        ask, tell = os.pipe()
        command = ["Xvfb", "-displayfd", str(tell), "-screen", "0", "1280x720x24", "-nolisten", "tcp"]
        server = subprocess.Popen(command, pass_fds=[tell], stderr=subprocess.DEVNULL)
        os.close(tell)
        try:
            with os.fdopen(ask) as answer:
                display = f":{answer.readline().strip()}"
            yield {"DISPLAY": display, "SDL_VIDEODRIVER": "x11"}, f"Under Xvfb, {heavy}"
        finally:
            server.terminate()
            server.wait(5)


class PacedSong:
    """The track by the clock; when tick 0 began is known. Implements core.Source."""

    live = True
    sample_rate = material.RATE
    lanes = material.LANES

    def blocks(self, clock: Clock) -> Iterator[Block]:
        """As `sources.pace` delivers them."""
        from wearsound.sources.composer import DemoSource
        from wearsound.sources.pace import Paced

        self.paced = Paced(DemoSource(seconds=SECONDS + WARM_SECONDS), mute=True)
        self.began = time.monotonic()
        for block in self.paced.blocks(clock):
            samples = np.ascontiguousarray(block.samples[:, :2])
            yield Block(block.tick, samples, self.lanes, block.n_hops)

    def came(self, tick: int) -> float:
        """When hop `tick` had ended."""
        return self.began + (tick + 1) * material.HOP_US / 1e6


class RingSong:
    """The track through a real ring, written by a thread that stands for the sound device's callback."""

    live = True
    sample_rate = material.RATE
    lanes: Mapping[str, tuple[int, ...]] = material.LANES

    def __init__(self) -> None:
        from wearsound.sources.ring import Ring

        self.ring = Ring(2, material.HOP, material.RATE)
        self.callbacks: list[float] = []
        self.first = 0
        self._over = threading.Event()

    def blocks(self, clock: Clock) -> Iterator[Block]:
        """As `sources.listen` makes them for a microphone."""
        from wearsound.sources.listen import Listener

        song = material.song()[: round((SECONDS + WARM_SECONDS) * material.RATE)]
        threading.Thread(target=self._call, args=(song,), daemon=True).start()
        self.listener = Listener(self.ring, clock, self.lanes, self._over.is_set)
        for block in self.listener.blocks():
            if block.tick == 0:
                self.first = self.ring.taken - len(block.samples)
            yield block

    def _call(self, song: Any) -> None:
        due = time.monotonic()
        for start in range(0, len(song) - CALLBACK + 1, CALLBACK):
            due += CALLBACK / material.RATE
            time.sleep(max(0.0, due - time.monotonic()))
            self.callbacks.append(time.monotonic())
            self.ring.write(song[start : start + CALLBACK])
        self._over.set()

    def came(self, tick: int) -> float:
        """When the callback began that brought the end of hop `tick`."""
        return self.callbacks[(self.first + (tick + 1) * material.HOP - 1) // CALLBACK]


def child(wanted: dict[str, Any]) -> dict[str, Any]:
    """One show and its latencies in ms. [a program of its own]"""
    from wearsound.outputs.osc import Osc
    from wearsound.show import live
    from wearsound.show.load import load
    from wearsound.show.rig import OscTarget, Rig

    material.song()
    receiver = subprocess.Popen(
        [sys.executable, "-c", RECEIVER], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    )
    assert receiver.stdout is not None
    port = int(receiver.stdout.readline())
    sent: list[tuple[int, int]] = []

    class Counted(Osc):
        """Says how many datagrams had left after each frame."""

        def __init__(self, messages: Any, sinks: Any) -> None:
            super().__init__(messages, sinks)
            self._sink = sinks[0]

        def send(self, frame: Frame) -> None:
            before = self._sink.sent
            super().send(frame)
            if self._sink.sent > before:
                sent.append((frame.tick, self._sink.sent))

    live.Osc = Counted  # type: ignore[attr-defined]
    source: Any = PacedSong() if wanted["how"] == "paced" else RingSong()
    with tempfile.TemporaryDirectory() as folder:
        sketch = Path(folder) / "heavy.py"
        sketch.write_text(HEAVY, encoding="utf-8")
        show = load("bass-denim", sketch=sketch)
        show = replace(show, rig=Rig(osc=[OscTarget("bench", port)]))
        drawn = _drawn(live)
        beside = subprocess.Popen(
            [sys.executable, "-c", BYSTANDER, str(SECONDS)], stdout=subprocess.PIPE, text=True
        )
        built = live.play(show, source, window=wanted["window"], say=lambda text: None)
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"end", ("127.0.0.1", port))
    arrived = [float(word) for word in receiver.stdout.readline().split()]
    receiver.wait()
    woken = [float(word) for word in beside.communicate()[0].split()]
    late = [
        1000 * (arrived[count - 1] - source.came(tick))
        for tick, count in sent
        if built.clock.seconds(tick) >= WARM_SECONDS
    ]
    return {
        "late": late,
        "light": _light(source, sent, arrived, built.engine.hops),
        "bystander": woken,
        "lost": built.engine.lost,
        "drawn": drawn(),
    }


def _light(source: Any, sent: list[tuple[int, int]], arrived: list[float], hops: int) -> list[float]:
    """For every hop, ms until the first light frame that knows it has arrived."""
    light, at = [], 0
    for tick in range(material.clock().ticks(WARM_SECONDS), hops):
        while at < len(sent) and sent[at][0] < tick:
            at += 1
        if at == len(sent):
            break
        light.append(1000 * (arrived[sent[at][1] - 1] - source.came(tick)))
    return light


def _drawn(live: Any) -> Callable[[], int]:
    """How many pictures the windows that `live` is about to open have drawn."""
    windows = []
    make = live._window

    def made(*args: Any, **kwargs: Any) -> Any:
        windows.append(make(*args, **kwargs))
        return windows[-1]

    live._window = made
    return lambda: sum(window.drawn for window in windows)


if __name__ == "__main__":
    print(json.dumps(child(json.loads(sys.argv[1]))))
