"""The whole program live: a real sound server, a real window, real OSC, and sketches that misbehave."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pulse import missing as no_sound
from pulse import null_sink
from xserver import missing as no_screen
from xserver import screenshot, x_server

from wearsound.instruments.picture.cache import baked
from wearsound.show.listen import analyze
from wearsound.show.load import load

SECONDS = float(os.environ.get("WEARSOUND_LIVE_SECONDS", "3"))

# What `wearsound run` does, and tapes beside it: two keep what came in and what was heard, one says
# when the show has begun (every output is open by then) and ends it some seconds later.
RECORDED_RUN = """
import json, os, sys, threading
from pathlib import Path
from wearsound.outputs.record.features import FeatureTape
from wearsound.outputs.record.sound import SoundTape
from wearsound.analysis.ear import feature_specs
from wearsound.show.hears import hears
from wearsound.show.live import play
from wearsound.show.load import load
from wearsound.sources.microphone import Microphone
class Begun:
    name = "begun"
    def open(self, clock):
        self.leave = threading.Timer(float(sys.argv[2]), os.kill, (os.getpid(), 15))
        self.leave.daemon = True
    def write(self, block, features, controls):
        if not self.leave.is_alive() and not self.leave.finished.is_set():
            self.leave.start()
            print("begun", flush=True)
    def close(self):
        pass
to = Path(sys.argv[1])
microphone = Microphone()
show = load("bass-denim")
lanes = list(microphone.lanes)
tapes = [FeatureTape(to / "features.npz", feature_specs(lanes, show.patch.bands(), hears(show, lanes))), Begun()]
sound = SoundTape(to / "sound.wav")
built = play(show, microphone, tapes=tapes, port=0, prepare=lambda built: built.engine.speakers.append(sound))
window = [output.output for output in built.engine.outputs if output.name == "window"]
print(json.dumps({"hops": built.engine.hops, "lost": built.engine.lost,
                  "drawn": window[0].drawn if window else 0, "restarts": window[0].restarts if window else -1}))
"""


def write_demo(path: Path) -> Path:
    import soundfile

    from wearsound.sources.composer import compose

    soundfile.write(path, compose(7).samples[: round(48_000 * (SECONDS + 4)), :2], 48_000, subtype="PCM_16")
    return path


@pytest.mark.device
@pytest.mark.skipif(bool(no_sound() or no_screen()), reason=no_sound() or no_screen())
def test_what_a_real_device_heard_is_heard_the_same_offline(tmp_path: Path) -> None:
    """A microphone, a window and the demo track: no hop lost, and the take's features equal to the bit."""
    import pygame

    song = write_demo(tmp_path / "demo.wav")
    piece = load("bass-denim")
    # Painted before: a window that must paint its garment first comes some seconds after the show began.
    baked(piece.garment, (1280, 720), piece.seed)
    with null_sink(tmp_path) as sink, x_server() as display:
        env = {**sink.env, **display, "XDG_CACHE_HOME": os.environ["XDG_CACHE_HOME"]}
        show = subprocess.Popen([sys.executable, "-c", RECORDED_RUN, str(tmp_path), str(SECONDS)],
                                env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # fmt: skip
        assert show.stdout is not None
        begun = show.stdout.readline()
        player = sink.play(song)
        time.sleep(SECONDS / 2)
        screenshot(tmp_path / "window.png", display)
        out, err = show.communicate(timeout=SECONDS + 40)
        player.kill()
    assert show.returncode == 0, err
    assert begun == "begun\n"
    said = json.loads(out.strip().splitlines()[-1])
    print(said)
    assert said["lost"] == 0
    assert said["restarts"] == 0
    assert said["drawn"] > 5 * SECONDS
    shown = pygame.surfarray.array3d(pygame.image.load(tmp_path / "window.png"))
    assert shown[:, :500].max() > 60
    live = dict(np.load(tmp_path / "features.npz"))
    assert live["room.level"].max() > -40
    offline = analyze(tmp_path / "sound.wav", hears=())
    assert len(offline.time) == said["hops"]
    for spec in offline.specs:
        assert np.array_equal(live[spec.name], offline.series(spec.name)), spec.name
    if "WEARSOUND_LIVE_SECONDS" in os.environ:
        print_closeness(live["room.bass"].astype(float), analyze(song).series("bass"))


def print_closeness(heard: np.ndarray, whole: np.ndarray) -> None:
    """How close the bass is to that of the file itself, shifted by the best number of whole hops."""
    n = min(len(heard), len(whole)) * 3 // 4
    errors = [np.abs(heard[at : at + n] - whole[:n]).mean() for at in range(len(heard) - n)]
    print(f"bass: mean difference {min(errors):.4f} after {int(np.argmin(errors))} hops")


class Receiver:
    """Keeps the arrival time of every OSC datagram on a port of its own."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(0.2)
        self.port = self.socket.getsockname()[1]
        self.arrived: list[tuple[float, bytes]] = []
        self._going = True
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        while self._going:
            try:
                self.arrived.append((time.monotonic(), self.socket.recv(65_535)))
            except TimeoutError:
                continue

    def stop(self) -> None:
        self._going = False
        self._thread.join()
        self.socket.close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.stop()


def colours(datagrams: list[tuple[float, bytes]], zone: str) -> list[tuple[float, float]]:
    """(arrival, brightest channel) of every rgb message of a zone."""
    from pythonosc.osc_bundle import OscBundle
    from pythonosc.osc_message import OscMessage

    found = []
    for at, data in datagrams:
        messages = list(OscBundle(data)) if data.startswith(b"#bundle") else [OscMessage(data)]
        found += [
            (at, max(message.params)) for message in messages if message.address == f"/wear/zone/{zone}/rgb"
        ]
    return found


SKETCHES = {
    "hangs": "class Evil(Sketch):\n    def draw(self, c, f):\n        while True:\n            pass\n",
    "raises": "class Evil(Sketch):\n    def draw(self, c, f):\n        1 / 0\n",
}


@pytest.mark.device
@pytest.mark.skipif(bool(no_screen()), reason=no_screen())
@pytest.mark.parametrize("name", SKETCHES)
def test_an_evil_sketch_delays_no_message_and_panic_works(
    name: str, receiver: Receiver, tmp_path: Path
) -> None:
    (tmp_path / "evil.py").write_text("from wearsound import Sketch\n\n\n" + SKETCHES[name], encoding="utf-8")
    rig = f'[[osc]]\nname = "test"\nport = {receiver.port}\n'
    (tmp_path / "rig.toml").write_text(rig, encoding="utf-8")
    with x_server() as display:
        show = subprocess.Popen(
            [sys.executable, "-m", "wearsound", "run", "evil.py", "--rig", "rig.toml", "--mute", "--port", "0",
             "--input", "test:kick=120", "--port", "0"],
            cwd=tmp_path, env={**os.environ, **display}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            deadline = time.monotonic() + 40
            while not receiver.arrived and time.monotonic() < deadline:
                time.sleep(0.05)
            began = time.monotonic()
            time.sleep(1.2)
            show.send_signal(signal.SIGUSR1)
            panic = time.monotonic()
            time.sleep(1.6)
        finally:
            show.send_signal(signal.SIGTERM)
            _, err = show.communicate(timeout=15)
    assert "Traceback" not in err
    assert show.returncode == 0
    frames = [at for at, _ in receiver.arrived if began < at < panic]
    gaps = np.diff([began, *frames, panic])
    print(f"{name}: {len(frames)} datagrams in {panic - began:.1f} s, longest gap {1000 * gaps.max():.0f} ms")
    assert (
        gaps.max() < 0.25
    )  # a sixtieth, and what a busy machine adds; a picture that hangs would be seconds
    chest = colours(receiver.arrived, "chest")
    assert max(value for at, value in chest if began < at < panic) > 0.2
    assert max((value for at, value in chest if at > panic + 1.1), default=0.0) == 0.0
    assert "evil.py" in err or "window" in err
