"""A guarded show whose engine is killed: back within two seconds, where it was; a panic outlives it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osc_client import Client
from receivers import Listener, ddp_frames, wait_for
from shaken import PATCH, write_show
from simulated_driver import SimulatedDriver

from wearsound.guardian.parent import possible

pytestmark = [
    pytest.mark.device,
    pytest.mark.skipif(not possible(), reason="this system has no sigtimedwait: `run` is one process here"),
]

SCENES = """
[[route]]
from = "level"
to = "chest.glow"
in = [-60, -20]
[[scene]]
name = "verse"
[[scene.route]]
from = "presence"
to = "back.hue"
[[scene]]
name = "chorus"
[[scene.route]]
from = "presence"
to = "cuff.hue"
"""
RIG = """
[door]
port = {door}
[[light]]
name = "coat"
host = "127.0.0.1"
port = {light}
[[vibration]]
name = "jacket"
host = "127.0.0.1"
port = {vibration}
channels = {{ left = 1, spine = 2, hem = 4 }}
"""
PROGRAM = """
import sys
from wearsound.cli import main
from wearsound.guardian import child, ladder, parent
parent.SPARE, ladder.WAITS, ladder.OFTEN = 0.0, (0.0,), 99
if sys.argv[-1] == "broken":
    child.MODULE, parent.HANG, parent.SPARE = sys.argv.pop() + "_engine", 1.5, 60.0
sys.exit(main())
"""
"""`wearsound`, but its spare is made at once."""


def children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_engine(pid: int) -> bool:
    """Whether a child plays: it has the file open in which it would write of its end."""
    there = Path(f"/proc/{pid}/fd")
    return any("/crashes/crash-" in os.readlink(there / name) for name in os.listdir(there))


def idle(pid: int) -> bool:
    """Whether a process has nothing to do."""

    def worked() -> list[str]:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]

    before = worked()
    time.sleep(0.3)
    return worked() == before


class Show:
    """A guarded show with light, vibration and a door."""

    def __init__(self, folder: Path, lamp: Listener, driver: SimulatedDriver) -> None:
        with Listener() as free:
            door = free.port
        paths = write_show(folder, RIG.format(door=door, light=lamp.port, vibration=driver.port))
        paths["patch"].write_text(PATCH + SCENES)
        self.lamp, self.driver, self.log = lamp, driver, folder / "log.txt"
        files = [str(paths["patch"]), "--garment", str(paths["garment"]), "--rig", str(paths["rig"])]
        with self.log.open("w") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-c", PROGRAM, "run", *files, "--input", "test:sine=100", "--mute", "--no-window"],
                stdout=out, stderr=subprocess.STDOUT, cwd=folder, env={**os.environ, "XDG_STATE_HOME": str(folder)},
            )  # fmt: skip
        self.client = Client()
        self.client.to = door

    @property
    def engine(self) -> int:
        (found,) = [pid for pid in children(self.process.pid) if is_engine(pid)]
        return found

    def wait_for_spare(self) -> None:
        wait_for(lambda: len(children(self.process.pid)) == 2, 30)
        (spare,) = [pid for pid in children(self.process.pid) if not is_engine(pid)]
        wait_for(lambda: idle(spare), 30)

    def told(self, address: str) -> tuple[Any, ...]:
        self.client.say("/wear/subscribe", self.client.port)
        while self.client.hear(0.05):
            pass
        self.client.say(address)
        return next(args for name, args in self.client.hear_until(address) if name == address)

    def light(self, since: float = 0.0) -> list[tuple[float, float]]:
        """(when, the brightest channel of all, linear 0..1) of every frame."""
        return [
            (frame.when, float((np.frombuffer(frame.data, np.uint8).max() / 255) ** 2.2))
            for frame in frames_of(self.lamp)
            if frame.when >= since
        ]

    def wait_for_light(self, there: Callable[[float], bool], since: float) -> None:
        wait_for(lambda: any(there(value) for _, value in self.light(since)), 30)

    def kill(self) -> float:
        """When its engine was killed, by the monotonic clock; it is back after this."""
        killed = time.monotonic()
        os.kill(self.engine, signal.SIGKILL)
        wait_for(lambda: any(when > killed + 0.05 for when, _ in list(self.lamp.packets)), 30)
        return killed


def frames_of(lamp: Listener) -> list[Any]:
    """Of all engines one after the other: each begins its numbers anew."""
    runs: list[list[tuple[float, bytes]]] = [[]]
    for when, data in list(lamp.packets):
        if data[1] == 1 and runs[-1] and runs[-1][-1][1][1] not in (0, 15):
            runs.append([])
        runs[-1].append((when, data))
    return [frame for run in runs for frame in ddp_frames(run)]


@pytest.fixture
def show(tmp_path: Path) -> Iterator[Show]:
    with Listener() as lamp, SimulatedDriver() as driver:
        made = Show(tmp_path, lamp, driver)
        try:
            driver.wait_for(moving=True)
            made.wait_for_light(lambda value: value > 0.2, 0.0)
            yield made
        finally:
            made.process.kill()
            made.process.wait()
            made.client.close()


def test_a_killed_engine_is_back_where_it_was_and_a_panic_outlives_it(show: Show) -> None:
    lamp, driver = show.lamp, show.driver
    show.wait_for_spare()
    for said in (("/wear/scene/chorus",), ("/wear/master", 0.5), ("/wear/zone/hem/hue", 0.25)):
        show.client.say(*said)
    wait_for(lambda: show.told("/wear/scene") == ("chorus",))
    time.sleep(0.4)  # it tells its parent ten times a second

    gaps: list[float] = []
    while not gaps or (gaps[-1] >= 2.0 and len(gaps) < 3):  # others may keep both cores busy: not three times
        if gaps:
            show.wait_for_spare()
        killed = show.kill()
        assert driver.still_from(killed) - killed < 0.3
        back = next(when for when, _ in lamp.packets if when > killed + 0.05)
        gaps.append(back - killed)
    print(f"light {gaps} s after the kill")
    assert gaps[-1] < 2.0
    assert show.told("/wear/master") == (0.5,)
    assert show.told("/wear/scene") == ("chorus",)
    assert show.told("/wear/zone/hem/hue") == (0.25,)
    show.wait_for_light(lambda value: value > 0.2, back)
    rise = [value for when, value in show.light(back) if when < back + 0.95]
    assert max(rise) < 0.13, "nobody knows what flashed before: no step for a second"
    driver.wait_for(moving=True)

    show.wait_for_spare()
    show.process.send_signal(signal.SIGUSR1)
    driver.wait_for(moving=False)
    time.sleep(1.2)
    killed = show.kill()
    time.sleep(1.5)
    assert {value for _, value in show.light(killed)} == {0.0}
    assert not any(any(values) for when, values in driver.held if when > killed)
    resumed = time.monotonic()
    show.client.say("/wear/resume")
    driver.wait_for(moving=True)
    show.wait_for_light(lambda value: value > 0.2, resumed)
    assert show.told("/wear/master") == (0.5,)

    engine = show.engine
    show.process.kill()
    driver.wait_for(moving=False, seconds=1.0)
    wait_for(lambda: not Path(f"/proc/{engine}").exists() or not alive(engine), 10)
    lamp.quiet()
    assert show.light()[-1][1] == 0.0
    assert [any(values) for *_, values in driver.frames[-3:]] == [False] * 3
    said = show.log.read_text()
    assert said.count("WS-E01 the engine was ended by SIGKILL and is started again") == len(gaps) + 1, said
    assert said.count("WS-E01 is over") == len(gaps) + 1
    assert "Traceback" not in said


def alive(pid: int) -> bool:
    """Whether it is more than an entry in a table that nobody has read yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def test_an_engine_that_fails_and_one_that_hangs_say_where_and_the_show_is_played_to_its_end(
    tmp_path: Path,
) -> None:
    count = tmp_path / "count"
    count.touch()
    here = {"COUNT": str(count), "PYTHONPATH": str(Path(__file__).parent), "XDG_STATE_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, "run", "--input", "test:sine=100", "--mute", "--no-window", "--port", "0",
         "--seconds", "2", "broken"],
        env={**os.environ, **here}, cwd=tmp_path, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert count.read_text() == "xxx"
    lines = [line for line in done.stderr.splitlines() if "WS-E" in line]
    assert [line.split()[1] for line in lines] == ["WS-E01", "WS-E01", "WS-E02", "WS-E02"], done.stderr
    assert "the engine ended by an error and is started again where it was; what is known: " in lines[0]
    assert "is over after" in lines[1]
    assert "ZeroDivisionError: spoilt" in Path(lines[0].rpartition("what is known: ")[2]).read_text()
    assert "in spoilt" in Path(lines[2].rpartition("what is known: ")[2]).read_text()
    assert len(list((tmp_path / "wearsound" / "crashes").iterdir())) == 2
    played = float(done.stdout.splitlines()[-1].split()[1])
    assert 1.0 < played < 3.0, "of two seconds those that it had played count"
