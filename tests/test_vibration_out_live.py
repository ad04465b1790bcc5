"""The dead-man, with the real program and a simulated driver that is a process of its own: nothing stays on."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from shaken import command, write_show
from simulated_driver import SimulatedDriver

from wearsound.core import Block, Clock
from wearsound.osc.bundle import Bundles
from wearsound.show.live import play
from wearsound.show.load import load

DEAD_MAN = 0.25
TARGET = '[[vibration]]\nname = "jacket"\nhost = "127.0.0.1"\nport = {}\n'
TARGET += "channels = {{ left = 1, spine = 2, hem = 4 }}\n"


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(
    folder: Path, driver: SimulatedDriver, *more: str, rig: str = "", port: int = 0
) -> Iterator[subprocess.Popen[str]]:
    """`wearsound run` of the small show, once the driver is shaking."""
    paths = write_show(folder, rig + f"[door]\nport = {port}\n" + TARGET.format(driver.port))
    if "osc" in more:
        paths["rig"].write_text(paths["rig"].read_text() + 'protocol = "osc"\n')
    process = subprocess.Popen(command(paths), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        driver.wait_for(moving=True)
        time.sleep(0.4)
        assert any(driver.values)
        yield process
    finally:
        process.send_signal(signal.SIGCONT)
        process.kill()
        process.wait()


def send(port: int, *message: object) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as outlet:
        outlet.sendto(Bundles().message((str(message[0]), tuple(message[1:]))), ("127.0.0.1", port))  # type: ignore[arg-type]


@pytest.fixture(params=["udp", "osc"])
def driver(request: pytest.FixtureRequest) -> Iterator[SimulatedDriver]:
    with SimulatedDriver(request.param) as made:
        made.kind = request.param  # type: ignore[attr-defined]
        yield made


@pytest.fixture
def udp() -> Iterator[SimulatedDriver]:
    with SimulatedDriver() as made:
        yield made


def test_a_killed_engine_is_still_within_the_dead_man(tmp_path: Path, driver: SimulatedDriver) -> None:
    with running(tmp_path, driver, driver.kind) as process:  # type: ignore[attr-defined]
        killed = time.monotonic()
        process.kill()
        still = driver.wait_for(moving=False, seconds=5)
        time.sleep(0.3)
        assert not any(driver.values)
        last = driver.frames[-1][0]
        assert last < killed + 0.1
        assert still - last < DEAD_MAN
        assert still - killed < DEAD_MAN
        assert driver.refused == []
        assert max(life for _, _, life, _ in driver.frames) <= 250


def test_left_politely_it_ends_with_three_zeroes(tmp_path: Path, udp: SimulatedDriver) -> None:
    with running(tmp_path, udp) as process:
        told = time.monotonic()
        process.terminate()
        still = udp.wait_for(moving=False, seconds=10)
        out, _ = process.communicate(timeout=20)
        assert process.returncode == 0, out
        assert [any(values) for *_, values in udp.frames[-3:]] == [False] * 3
        last_moving = max(when for when, _, _, values in udp.frames if any(values))
        assert still - last_moving < 0.1  # it is told, and does not wait for the dead-man
        assert still - told < 1.0
        assert f"tries to drive vibration: jacket, 3 actuators at UDP 127.0.0.1:{udp.port}" in out


def test_a_process_that_is_stopped_is_still_and_goes_on_after(tmp_path: Path, udp: SimulatedDriver) -> None:
    with running(tmp_path, udp) as process:
        process.send_signal(signal.SIGSTOP)
        stopped = time.monotonic()
        assert udp.wait_for(moving=False, seconds=5) - stopped < DEAD_MAN
        time.sleep(0.5)
        assert not any(udp.values)
        process.send_signal(signal.SIGCONT)
        udp.wait_for(moving=True, seconds=10)


@pytest.mark.parametrize("by", ["osc", "signal"])
def test_panic_is_still_within_100_ms_and_stays_so(tmp_path: Path, udp: SimulatedDriver, by: str) -> None:
    port = free_port()
    with running(tmp_path, udp, port=port) as process:
        told = time.monotonic()
        if by == "osc":
            send(port, "/wear/panic")
        else:
            process.send_signal(signal.SIGUSR1)
        assert udp.wait_for(moving=False, seconds=5) - told < 0.1
        time.sleep(0.5)
        assert not any(any(values) for when, _, _, values in udp.frames if when > told + 0.1)
        # A receiver can tell a still show from no show.
        assert udp.frames[-1][0] > told + 0.3
        send(port, "/wear/resume")
        if by == "osc":
            udp.wait_for(moving=True, seconds=5)


def test_a_panic_reaches_the_driver_while_the_engine_hangs(tmp_path: Path, udp: SimulatedDriver) -> None:
    """In this process, so that the engine can be caught between two blocks."""
    paths = write_show(tmp_path, "[door]\nport = 0\n" + TARGET.format(udp.port))
    show = load(paths["patch"], garment=paths["garment"], rig=paths["rig"])
    engines: list[Any] = []
    told: list[bool] = []

    class Hangs:
        live = True
        sample_rate = 48_000
        lanes: ClassVar = {"room": (0,)}

        def blocks(self, clock: Clock) -> Iterator[Block]:
            for tick in range(20):
                n = np.arange(tick * clock.hop, (tick + 1) * clock.hop)[:, None]
                yield Block(tick, (0.5 * np.sin(n / 76)).astype(np.float32), self.lanes, 1)
            os.kill(os.getpid(), signal.SIGUSR1)
            (driver,) = engines[0].drivers
            told.append(driver._hand.panicked)
            udp.wait_for(moving=False, seconds=5)

    play(
        show,
        Hangs(),
        window=False,
        port=0,
        prepare=lambda built: engines.append(built.engine),
        say=lambda text: None,
    )
    assert told == [True]
    assert any(any(values) for *_, values in udp.frames)


def test_every_hop_leaves_and_each_channel_is_its_own(tmp_path: Path, udp: SimulatedDriver) -> None:
    with running(tmp_path, udp):
        begun = len(udp.frames)
        time.sleep(2.0)
        frames = udp.frames[begun:]
        rate = (len(frames) - 1) / (frames[-1][0] - frames[0][0])
        print(f"{rate:.1f} frames a second")
        assert 100 < rate < 200
        left, spine, nobody, hem = np.array([values for *_, values in frames if any(values)]).T
        assert left.any()
        assert spine.any()
        assert hem.any()
        assert not nobody.any()
        numbers = [sequence for _, sequence, _, _ in frames]
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def test_the_delay_and_the_limit_of_the_rig_hold_and_nobody_can_drive_by_osc(
    tmp_path: Path, udp: SimulatedDriver
) -> None:
    port = free_port()
    with running(tmp_path, udp, port=port, rig="") as process:
        free = max(max(values) for *_, values in udp.frames)
        send(port, "/wear/delay/jacket", 3000.0)
        send(port, "/wear/drive", 1, 250, 127, 127, 127, 127)
        time.sleep(0.4)
        assert not any(udp.values)  # what is due has been, and nothing new is for three seconds
        assert max(max(values) for *_, values in udp.frames) == free
        process.terminate()
        out, _ = process.communicate(timeout=20)
        assert "refused: 1" in out
    paths = write_show(tmp_path, "[door]\nport = 0\n" + TARGET.format(udp.port) + "limit = 0.25\n")
    begun = len(udp.frames)
    subprocess.run(
        command(paths, "--seconds", "1"), check=True, capture_output=True, timeout=60, env=dict(os.environ)
    )
    limited = [max(values) for *_, values in udp.frames[begun:]]
    assert max(limited) == round(127 * 0.25) < free


def test_a_name_that_the_garment_lacks_is_said_before_anything_moves(
    tmp_path: Path, udp: SimulatedDriver
) -> None:
    paths = write_show(tmp_path, TARGET.format(udp.port).replace("spine", "spne"))
    done = subprocess.run(command(paths), capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert (
        f"{paths['rig']}:5: garment has no actuator, zone or role 'spne'; did you mean 'spine'?"
        in done.stderr
    )
    assert udp.frames == []
