"""`wearsound play`: vibration.wav of a render to real drivers, by the clock, guarded, and still at the end."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from shaken import write_show
from simulated_driver import SimulatedDriver

from wearsound.core import Clock
from wearsound.errors import MissingError, PatchError
from wearsound.outputs.vibration.frames import signed
from wearsound.show.load import load
from wearsound.show.playback import Playback
from wearsound.show.render import render
from wearsound.show.rig import Rig, read_rig
from wearsound.show.vibration_file import VibrationFile

CLOCK = Clock()
SECONDS = 2.0
TARGET = '[[vibration]]\nname = "{}"\nhost = "127.0.0.1"\nport = {}\nchannels = {{ left = 1, spine = 2, waist = 3 }}\n'


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rendered")
    paths = write_show(folder, "")
    song = folder / "song.wav"
    n = np.arange(round(SECONDS * 48_000))
    # On for the first half second of each second.
    soundfile.write(song, 0.5 * np.sin(2 * np.pi * 100 * n / 48_000) * (n % 48_000 < 24_000), 48_000)
    render(load(paths["patch"], garment=paths["garment"]), song, to=folder / "show", video=False)
    return folder / "show"


@pytest.fixture
def driver() -> Iterator[SimulatedDriver]:
    with SimulatedDriver() as made:
        yield made


def rig_of(*ports: int, more: str = "") -> Rig:
    return read_rig("".join(TARGET.format(f"t{i}", port) + more for i, port in enumerate(ports)), "hall.toml")


def test_each_channel_gets_its_amplitudes_at_their_time_and_is_left_still(
    rendered: Path, driver: SimulatedDriver
) -> None:
    playback = Playback(rendered, rig_of(driver.port), mute=True)
    assert playback.unsent() == []
    played = playback.play()
    time.sleep(0.2)
    assert played.lost == 0
    assert played.shaken == len(driver.frames)
    assert [any(values) for *_, values in driver.frames[-3:]] == [False] * 3
    file = VibrationFile(rendered)
    hops = round(SECONDS * 48_000 / CLOCK.hop)
    levels = file.drive(0, hops, CLOCK).level[:, [0, 2, 3]]
    told = {tuple(signed(v) for v in row) for row in levels.tolist()}
    moving = [(when, tuple(values)) for when, _, _, values in driver.frames if any(values)]
    assert len(moving) > 0.5 * (np.abs(levels).max(axis=1) > 1 / 127).sum()
    apart = [max(abs(a - b) for a, b in zip(v, nearest(v, told), strict=True)) for _, v in moving]
    assert np.median(apart) <= 1
    assert np.quantile(apart, 0.9) <= 4  # where it rises the guard has it rise again
    # On, off, on: as far apart as in the file.
    on = np.flatnonzero(np.diff(np.abs(levels).max(axis=1) > 0.3, prepend=False)) * CLOCK.hop / 48_000
    times = np.array([when for when, _, _, _ in driver.frames])
    strong = np.array([max(map(abs, values)) > 0.3 * 127 for *_, values in driver.frames])
    heard = times[np.flatnonzero(np.diff(strong, prepend=False))]
    assert len(on) == len(heard) == 4
    assert np.abs((heard - heard[0]) - (on - on[0])).max() < 0.15


def nearest(values: tuple[int, ...], told: set[tuple[int, ...]]) -> tuple[int, ...]:
    return min(told, key=lambda row: sum(abs(a - b) for a, b in zip(row, values, strict=True)))


def test_a_delayed_target_is_later_and_gets_its_end_too(rendered: Path, driver: SimulatedDriver) -> None:
    with SimulatedDriver() as late:
        rig = read_rig(
            TARGET.format("near", driver.port) + TARGET.format("far", late.port) + "delay = 0.4\n",
            "hall.toml",
        )
        Playback(rendered, rig, mute=True).play()
        near = [when for when, *_, values in driver.frames if any(values)]
        far = [when for when, *_, values in late.frames if max(values) > 40]
        # A busy machine plays in lumps.
        assert abs(far[0] - near[0] - 0.4) < 0.15
        assert abs(far[-1] - near[-1] - 0.4) < 0.15


def test_a_file_that_nobody_guarded_is_guarded(
    rendered: Path, driver: SimulatedDriver, tmp_path: Path
) -> None:
    folder = tampered(rendered, tmp_path)
    n = round(SECONDS * 48_000)
    wild = np.tile((np.arange(n) // 64 % 2 * 2.0 - 1.0)[:, None], (1, 4))
    wild[:24_000] = 0.0
    soundfile.write(folder / "vibration.wav", wild, 48_000, subtype="FLOAT")
    file = VibrationFile(folder)
    Playback(folder, rig_of(driver.port), mute=True).play()
    moving = [max(values) for *_, values in driver.frames if any(values)]
    assert file.drive(24_000 // CLOCK.hop + 1, 1, CLOCK).level.max() == 1.0
    assert moving[0] < 127  # it rises with the guard's ramp


def tampered(rendered: Path, folder: Path) -> Path:
    to = folder / "show"
    to.mkdir()
    for name in ("show.toml", "osc.jsonl", "light.npz", "sound.wav"):
        (to / name).write_bytes((rendered / name).read_bytes())
    (folder / "garment.toml").write_bytes((rendered.parent / "garment.toml").read_bytes())
    return to


def test_panic_is_still_until_resumed(rendered: Path, driver: SimulatedDriver) -> None:
    playback = Playback(rendered, rig_of(driver.port), mute=True, loop=True, seconds=3.0)
    told: list[float] = []

    def panic() -> None:
        driver.wait_for(moving=True)
        time.sleep(0.1)
        told.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGUSR1)

    thread = threading.Thread(target=panic)
    thread.start()
    playback.play()
    thread.join()
    assert driver.still_from(told[0]) - told[0] < 0.1
    assert not any(any(values) for when, *_, values in driver.frames if when > told[0] + 0.1)


def test_it_begins_again_where_it_loops(rendered: Path, driver: SimulatedDriver) -> None:
    Playback(rendered, rig_of(driver.port), mute=True, loop=True, seconds=2 * SECONDS).play()
    strong = np.array([max(map(abs, values)) > 0.3 * 127 for *_, values in driver.frames])
    assert np.count_nonzero(np.diff(strong.astype(int), prepend=0) == 1) == 4


def test_what_does_not_fit_is_said(rendered: Path, tmp_path: Path) -> None:
    folder = tampered(rendered, tmp_path)
    only = rig_of(9)
    (folder / "light.npz").unlink()
    with pytest.raises(MissingError, match=r"holds no vibration\.wav: render a patch that vibrates"):
        Playback(folder, only, mute=True)
    both = read_rig('[[osc]]\nname = "o"\nport = 9\n' + TARGET.format("t", 9), "hall.toml")
    assert "vibration is not sent: " in Playback(folder, both, mute=True).unsent()[0]
    soundfile.write(folder / "vibration.wav", np.zeros((4800, 2)), 48_000)
    with pytest.raises(
        PatchError, match=r"has 2 channels, but .* has 4 actuators now; render the show again"
    ):
        Playback(folder, only, mute=True)
    soundfile.write(folder / "vibration.wav", np.zeros((4410, 4)), 44_100)
    sentence = r"has 44,100 samples a second and sound\.wav 48,000; render the show again"
    with pytest.raises(PatchError, match=sentence):  # nothing else could be sent
        Playback(folder, only, mute=True)
    assert re.search(sentence, Playback(folder, both, mute=True).unsent()[0])
    rig = tmp_path / "hall.toml"
    rig.write_text(TARGET.format("t", 9))
    words = [sys.executable, "-m", "wearsound", "play", str(folder), "--rig", str(rig), "--mute"]
    said = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert said.returncode == 2
    assert re.search(sentence, said.stderr)
    assert "Ctrl-C" not in said.stdout
    (folder / "vibration.wav").write_bytes(b"no sound at all")
    with pytest.raises(PatchError, match="no vibration of a render"):
        Playback(folder, only, mute=True)
    with pytest.raises(PatchError, match=r"hall\.toml:5: garment has no actuator, zone or role 'spne'"):
        Playback(rendered, read_rig(TARGET.format("t", 9).replace("spine", "spne"), "hall.toml"), mute=True)
    with pytest.raises(PatchError, match="has no actuator in 'cuff'"):
        Playback(rendered, read_rig(TARGET.format("t", 9).replace("spine", "cuff"), "hall.toml"), mute=True)
