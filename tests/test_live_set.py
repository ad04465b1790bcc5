"""`wearsound run a.toml b.toml` as a performer uses it: a set, saves that are good and saves that are not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from osc_client import Client
from pulse import missing as no_sound
from pulse import null_sink
from receivers import Listener
from xserver import missing as no_screen
from xserver import screenshot, x_server

from wearsound.instruments.picture.cache import baked
from wearsound.show.load import load

PATCH = """title = "{title}"
garment = "denim-jacket"
[[route]]
from = "bass"
to = "*.glow"
out = [0.6, 0.7]
"""
SKETCH = """from wearsound import Sketch


class Plain(Sketch):
    def draw(self, c, f):
        c.background({colour})
"""
RED, GREEN = "220, 20, 20", "20, 220, 20"


class Told:
    """What `/wear/show` answers."""

    def __init__(self, port: int) -> None:
        self.client = Client()
        self.client.to = port
        self.heard = False

    def title(self) -> str:
        """Subscribe once it is there: then it tells this port, and what it told before is of no use."""
        if not self.heard:
            self.client.say("/wear/subscribe", self.client.port)
        while self.client.hear(0.05):
            self.heard = True
        self.client.say("/wear/show")
        for _ in range(10):
            for address, args in self.client.hear(0.1):
                if address == "/wear/show":
                    return str(args[0])
        return ""


def wait(there: Callable[[], bool], what: str, seconds: float = 60.0) -> None:
    """Where other programs take both cores, who makes a show ready gets little of them."""
    end = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < end, what
        time.sleep(0.05)


def pixel(path: Path, env: dict[str, str]) -> tuple[int, int, int]:
    """The colour in the middle of the window."""
    import pygame

    screenshot(path, env)
    red, green, blue, _ = pygame.image.load(path).get_at((640, 300))
    return red, green, blue


@pytest.mark.device
@pytest.mark.skipif(bool(no_sound() or no_screen()), reason=no_sound() or no_screen())
def test_a_set_and_what_is_saved_of_it(tmp_path: Path) -> None:
    with Listener() as free:
        port = free.port
    for name, title in (("a", "Alder"), ("b", "Birch")):
        (tmp_path / f"{name}.toml").write_text(PATCH.format(title=title))
    picture = tmp_path / "plain.py"
    picture.write_text(SKETCH.format(colour=RED))
    show = load(tmp_path / "a.toml")
    baked(show.garment, (1280, 720), show.seed)  # a garment that was never painted takes its time
    log = tmp_path / "log.txt"
    with null_sink(tmp_path) as sink, x_server() as display:
        env = {**sink.env, **display, "XDG_CACHE_HOME": os.environ["XDG_CACHE_HOME"]}
        with log.open("w") as out:
            run = subprocess.Popen(
                [sys.executable, "-m", "wearsound", "run", "a.toml", "b.toml", "--sketch", "plain.py", "--mute",
                 "--port", str(port)],
                cwd=tmp_path, env=env, stdout=out, stderr=subprocess.STDOUT,
            )  # fmt: skip
        told = Told(port)
        shot = tmp_path / "shot.png"
        try:
            wait(lambda: told.title() == "Alder", f"it begins: {log.read_text()}", 40)
            wait(lambda: pixel(shot, env)[0] > 150, "the picture is red", 40)

            told.client.say("/wear/set/next")
            wait(lambda: told.title() == "Birch", f"the next of the set: {log.read_text()}")
            birch = tmp_path / "b.toml"
            good = birch.read_text()
            birch.write_text(good.replace("Birch", "Beech"))
            wait(lambda: told.title() == "Beech", "what was saved plays")

            birch.write_text(good.replace("to = ", "to == "))
            wait(lambda: "b.toml:5" in log.read_text(), f"what is wrong is said: {log.read_text()}")
            assert told.title() == "Beech"

            picture.write_text(SKETCH.format(colour=GREEN))
            birch.write_text(good)
            wait(lambda: told.title() == "Birch", "patch and sketch that were saved together")
            wait(lambda: pixel(shot, env)[1] > 150, "the new picture is green")

            picture.write_text(SKETCH.format(colour="1 / 0"))
            wait(lambda: "plain.py" in log.read_text(), f"a sketch that fails is said: {log.read_text()}")
            red, green, _ = pixel(shot, env)
            assert green > 150 > red  # the last good one draws on
            assert told.title() == "Birch"
            assert run.poll() is None
        finally:
            run.send_signal(signal.SIGTERM)
            run.wait(20)
            told.client.close()
    assert run.returncode == 0
    said = log.read_text()
    assert "Traceback" not in said
    assert said.count("what played plays on") == 2, said
