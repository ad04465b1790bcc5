"""How late light, OSC and vibration leave: from the end of a hop, and from the callback, to the datagram at a receiver.

The receivers are programs of their own; all read the one monotonic clock of the machine. The show is the real one
(`show.live.play`) with three targets, OSC, DDP and a board that vibrates, and a window with a sketch that draws for
30 ms where a display can be had. The sound comes paced from a file, from a thread that stands for a sound device's
callback, and through a real PulseAudio null sink where there is one.
"""

from __future__ import annotations

import bisect
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


LATE = "end of the hop in which a frame falls due -> "
CAME = "callback -> "


def run() -> Part:
    """The paced file, the ring with a simulated callback, and the null sink."""
    part = Part("Sending")
    hop = material.HOP_US / 1e3
    with _display() as (env, where):
        told = {"window": bool(env)}
        paced = call("benchmarks.sending", {"how": "paced", **told}, env)
        ring = call("benchmarks.sending", {"how": "ring", **told}, env)
        sink = _through_a_sink(told, env)
    part.figures += spread(f"{LATE}OSC datagram", paced["osc"], "ms", p95=3.0)
    part.figures += spread(f"{LATE}light packet", paced["light"], "ms", p95=3.0)
    part.figures += spread("end of a hop -> datagram of its vibration", paced["felt"], "ms", p95=3.0)
    part.figures.append(Figure("frames of vibration", paced["frames"], "a second"))
    for how, found in (("", ring), ("through a null sink, ", sink)):
        if found:
            part.figures += spread(
                f"{how}{CAME}OSC datagram of a due frame", found["osc"], "ms", p95=hop + 3.0
            )
            part.figures += spread(f"{how}{CAME}light packet of a due frame", found["light"], "ms")
            part.figures += spread(
                f"{how}{CAME}datagram of a hop's vibration", found["felt"], "ms", p95=hop + 3.0
            )
            part.figures += spread(f"{how}{CAME}next light packet", found["next"], "ms", p95=25.0)
            part.figures.append(Figure(f"{how}hops that were lost", found["lost"], "", 0.0))
    part.figures += spread(
        "to compare: a bystander that only sleeps, how late it wakes", ring["bystander"], "ms"
    )
    if env:
        drawn = Figure("pictures drawn meanwhile", ring["drawn"] / (SECONDS + WARM_SECONDS), "a second")
        part.figures.append(drawn)
    part.notes.append(
        f"{where}; {len(paced['osc'])} frames of OSC and {len(paced['light'])} of light; the last datagram of each "
        f"frame; a callback brings {CALLBACK} frames, from a thread of the same program."
    )
    if not sink:
        part.notes.append("No PulseAudio here: not measured through a null sink.")
    return part


def _through_a_sink(told: dict[str, Any], env: dict[str, str]) -> dict[str, Any]:
    """The same through a real sound server, nothing where there is none."""
    from tests.pulse import missing, null_sink

    if missing():
        return {}
    from scipy.io import wavfile

    with tempfile.TemporaryDirectory() as folder, null_sink(Path(folder)) as sink:
        song = Path(folder) / "song.wav"
        whole = np.clip(material.song()[: round((SECONDS + WARM_SECONDS + 4) * material.RATE)], -1, 1)
        wavfile.write(song, material.RATE, (whole * 32767).astype(np.int16))
        sink.play(song)
        quick = {"PULSE_LATENCY_MSEC": "5", **sink.env, **env}
        return call("benchmarks.sending", {"how": "sink", **told}, quick)


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


class Callbacks:
    """When each callback began that wrote into a ring, and where in the sound it ended."""

    def __init__(self) -> None:
        from wearsound.sources.ring import Ring

        self.ends: list[int] = []
        self.times: list[float] = []
        self.ring: Any = None
        self.zero = 0
        write = Ring.write

        def noted(ring: Ring, frames: Any) -> None:
            now = time.monotonic()
            write(ring, frames)
            self.ring = ring
            self.ends.append(ring.mark[0])
            self.times.append(now)

        Ring.write = noted  # type: ignore[method-assign]

    def heard(self, block: Block) -> None:
        """Where hop 0 lies in the sound, by a block that was just taken out."""
        self.zero = self.ring.taken - (block.tick + block.n_hops) * material.HOP

    def came(self, tick: int) -> float:
        """When the callback began that brought the end of hop `tick`."""
        return self.times[bisect.bisect_left(self.ends, self.zero + (tick + 1) * material.HOP)]


class RingSong:
    """The track through a real ring, written by a thread that stands for the sound device's callback."""

    live = True
    sample_rate = material.RATE
    lanes: Mapping[str, tuple[int, ...]] = material.LANES

    def __init__(self) -> None:
        from wearsound.sources.ring import Ring

        self.callbacks = Callbacks()
        self.came = self.callbacks.came
        self.ring = Ring(2, material.HOP, material.RATE)
        self._over = threading.Event()

    def blocks(self, clock: Clock) -> Iterator[Block]:
        """As `sources.listen` makes them for a microphone."""
        from wearsound.sources.listen import Listener

        song = material.song()[: round((SECONDS + WARM_SECONDS) * material.RATE)]
        threading.Thread(target=self._call, args=(song,), daemon=True).start()
        for block in Listener(self.ring, clock, self.lanes, self._over.is_set).blocks():
            self.callbacks.heard(block)
            yield block

    def _call(self, song: Any) -> None:
        due = time.monotonic()
        for start in range(0, len(song) - CALLBACK + 1, CALLBACK):
            due += CALLBACK / material.RATE
            time.sleep(max(0.0, due - time.monotonic()))
            self.ring.write(song[start : start + CALLBACK])
        self._over.set()


class SinkSong:
    """What the system's default microphone hears, for as long as the others play. Implements core.Source."""

    live = True
    sample_rate = material.RATE
    lanes: Mapping[str, tuple[int, ...]] = material.LANES

    def __init__(self) -> None:
        from wearsound.sources.microphone import Microphone

        self.callbacks = Callbacks()
        self.came = self.callbacks.came
        self.microphone = Microphone(channels=2, lanes=material.LANES, sample_rate=material.RATE)

    def blocks(self, clock: Clock) -> Iterator[Block]:
        """Its blocks, until it is time."""
        for block in self.microphone.blocks(clock):
            self.callbacks.heard(block)
            yield block
            if clock.seconds(block.tick) > SECONDS + WARM_SECONDS:
                return


SOURCES: dict[str, Callable[[], Any]] = {"paced": PacedSong, "ring": RingSong, "sink": SinkSong}


class Receiver:
    """A program that notes when each datagram came, and how many had been sent after each frame."""

    def __init__(self) -> None:
        command = [sys.executable, "-c", RECEIVER]
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self._said = self._process.stdout
        self.port = int(self._said.readline())
        self.sent: list[tuple[int, int]] = []

    def watch(self, output: Any, sender: Any) -> None:
        """Note each frame of `output` after which `sender` has sent more."""
        send = output.send

        def watched(frame: Frame) -> None:
            before = sender.sent
            send(frame)
            if sender.sent > before:
                self.sent.append((frame.tick, sender.sent))

        output.send = watched

    def watch_driver(self, driver: Any) -> None:
        """The same of a driver: the last hop of each block after which it has sent more."""
        drive = driver.drive

        def watched(tick: int, gap: int, block: Any) -> None:
            before = driver.sent
            drive(tick, gap, block)
            if driver.sent > before:
                self.sent.append((tick + len(block.level) - 1, driver.sent))

        driver.drive = watched

    def arrived(self) -> list[float]:
        """When each datagram came."""
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"end", ("127.0.0.1", self.port))
        times = [float(word) for word in self._said.readline().split()]
        self._process.wait()
        return times


def child(wanted: dict[str, Any]) -> dict[str, Any]:
    """One show and its latencies in ms. [a program of its own]"""
    from wearsound.show import live
    from wearsound.show.load import load
    from wearsound.show.rig import LightTarget, OscTarget, Rig, VibrationTarget

    material.song()
    osc, light, felt = Receiver(), Receiver(), Receiver()
    windows: list[Any] = []
    _tap(live, "osc_outputs", lambda found: osc.watch(found[0].output, found[0].output._sinks[0]))
    _tap(live, "light_outputs", lambda found: light.watch(found[0].output, found[0].output))
    _tap(live, "drivers_of", lambda found: felt.watch_driver(found[0]))
    _tap(live, "open_window", windows.append)
    source = SOURCES[wanted["how"]]()
    with tempfile.TemporaryDirectory() as folder:
        sketch = Path(folder) / "heavy.py"
        sketch.write_text(HEAVY, encoding="utf-8")
        show = load("bass-denim", sketch=sketch)
        target = LightTarget(name="coat", host="127.0.0.1", port=light.port, cap=60)
        channels = {actuator.name: i for i, actuator in enumerate(show.garment.actuators, 1)}
        board = VibrationTarget("board", channels, host="127.0.0.1", port=felt.port)
        rig = Rig(osc=[OscTarget("bench", osc.port)], light=[target], vibration=[board])
        show = replace(show, rig=rig)
        beside = subprocess.Popen(
            [sys.executable, "-c", BYSTANDER, str(SECONDS)], stdout=subprocess.PIPE, text=True
        )
        built = live.play(show, source, window=wanted["window"], port=0, say=lambda text: None)
    came = {"osc": osc.arrived(), "light": light.arrived(), "felt": felt.arrived()}
    woken = [float(word) for word in beside.communicate()[0].split()]
    first = built.clock.ticks(WARM_SECONDS)

    def late(receiver: Receiver, arrived: list[float]) -> list[float]:
        frames = [(tick, count) for tick, count in receiver.sent if tick >= first]
        return [1000 * (arrived[count - 1] - source.came(tick)) for tick, count in frames]

    return {
        "osc": late(osc, came["osc"]),
        "light": late(light, came["light"]),
        "felt": late(felt, came["felt"]),
        "frames": _rate(came["felt"]),
        "next": _next(source, light.sent, came["light"], first, built.engine.hops),
        "bystander": woken,
        "lost": built.engine.lost,
        "drawn": sum(window.drawn for window in windows),
    }


def _rate(arrived: list[float]) -> float:
    """How many came in the second in which the most did: what stands still is not sent so often."""
    return float(max((bisect.bisect_left(arrived, at + 1.0) - i for i, at in enumerate(arrived)), default=0))


def _next(
    source: Any, sent: list[tuple[int, int]], arrived: list[float], first: int, hops: int
) -> list[float]:
    """For every hop, ms until the first light frame that knows it has arrived."""
    light, at = [], 0
    for tick in range(first, hops):
        while at < len(sent) and sent[at][0] < tick:
            at += 1
        if at == len(sent):
            break
        light.append(1000 * (arrived[sent[at][1] - 1] - source.came(tick)))
    return light


def _tap(module: Any, name: str, look: Callable[[Any], object]) -> None:
    """Let `look` see what a function of a module gives."""
    make = getattr(module, name)

    def made(*args: Any, **kwargs: Any) -> Any:
        found = make(*args, **kwargs)
        look(found)
        return found

    setattr(module, name, made)


if __name__ == "__main__":
    print(json.dumps(child(json.loads(sys.argv[1]))))
