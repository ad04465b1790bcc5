"""What `play` reads off vibration.wav of an LRA is what `run` tells its driver: kicks and brakes, with their signs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from shaken import write_show
from simulated_driver import SimulatedDriver

from wearsound.core import F64, Clock
from wearsound.felt import Drive
from wearsound.garment.motor_kinds import motion
from wearsound.garment.structure import Actuator
from wearsound.instruments.vibration.lra import LraDrive
from wearsound.outputs.vibration.frames import signed
from wearsound.show.build import build
from wearsound.show.load import load
from wearsound.show.lra_levels import LraLevels
from wearsound.show.playback import Playback
from wearsound.show.render import render
from wearsound.show.rig import read_rig
from wearsound.show.source import open_recording
from wearsound.show.vibration_file import VibrationFile

CLOCK = Clock()
HZ = (60.0, 175.0, 310.0)
STRONG = 0.05


class Log:
    """A felt.Driver that keeps levels."""

    name = "log"

    def __init__(self) -> None:
        self.levels: list[F64] = []

    def open(self, clock: Clock) -> None:
        pass

    def drive(self, tick: int, gap: int, drive: Drive) -> None:
        self.levels.append(drive.level.copy())

    def close(self) -> None:
        pass


@pytest.fixture(scope="module")
def show(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, F64]:
    """A render on three LRAs and an exciter, and the levels that the engine tells drivers of the same."""
    folder = tmp_path_factory.mktemp("braked")
    paths = write_show(folder, "")
    garment = paths["garment"].read_text()
    for hz in HZ:
        garment = garment.replace('kind = "voice-coil"', f'kind = "lra"\nhz = {hz:g}', 1)
    paths["garment"].write_text(garment)
    paths["patch"].write_text('title = "Struck"\n[[feel]]\nfrom = "bass"\nto = "*"\n')
    song = folder / "song.wav"
    n = np.arange(3 * 48_000)
    soundfile.write(song, 0.5 * np.sin(2 * np.pi * 100 * n / 48_000) * (n % 24_000 < 8_000), 48_000)
    loaded = load(paths["patch"], garment=paths["garment"])
    render(loaded, song, to=folder / "show", video=False)
    source = open_recording(str(song))
    built = build(loaded, source.lanes, source.sample_rate, strict=True)
    log = Log()
    built.engine.drivers.append(log)
    built.engine.run(source)
    return folder / "show", np.concatenate(log.levels)


def agree(one: F64, other: F64) -> float:
    """In how many of the strong frames of `one` both have the same sign."""
    strong = np.abs(one) > STRONG
    assert strong.any()
    return float((np.sign(one[strong]) == np.sign(other[strong])).mean())


@pytest.mark.parametrize("grouped", [1, 7, 64])
def test_levels_of_the_file_have_the_signs_of_the_show(show: tuple[Path, F64], grouped: int) -> None:
    folder, ran = show
    file = VibrationFile(folder)
    got = np.concatenate([file.drive(hop, grouped, CLOCK).level for hop in range(0, len(ran), grouped)])
    file.close()
    got = got[: len(ran)]
    for i in range(len(HZ)):
        assert (ran[:, i] < -STRONG).sum() > 10  # it is braked
        assert agree(ran[:, i], got[:, i]) > 0.99
        assert np.median(np.abs(got[:, i] - ran[:, i])) < 0.01


def test_what_begins_in_the_middle_too(show: tuple[Path, F64]) -> None:
    folder, ran = show
    file = VibrationFile(folder)
    for first in (101, 222, 299):
        assert agree(ran[first : first + 60], file.drive(first, 60, CLOCK).level) > 0.99
    file.close()


def test_a_board_is_told_to_brake_by_play_as_by_run(show: tuple[Path, F64]) -> None:
    folder, ran = show
    names = ("left", "right", "spine")
    with SimulatedDriver() as driver:
        text = f'[[vibration]]\nname = "t"\nhost = "127.0.0.1"\nport = {driver.port}\nchannels = {{ '
        text += ", ".join(f"{name} = {i + 1}" for i, name in enumerate(names)) + " }\n"
        Playback(folder, read_rig(text, "hall.toml"), mute=True).play()
        played = np.array([values for *_, values in driver.frames if any(values)]) / 127.0
    told = np.vectorize(signed)(ran[:, : len(HZ)]) / 127.0
    told = told[told.any(axis=1)]
    for i in range(len(HZ)):
        braked, was = ((levels[:, i] < -STRONG).mean() for levels in (played, told))
        assert was > 0.02
        assert abs(braked - was) < 0.3 * was + 0.01
    # Frames that a busy machine dropped are as many of one sign as of the other: each is near one that was told.
    near = [told[np.abs(told - frame).sum(axis=1).argmin()] for frame in played]
    assert agree(played, np.array(near)) > 0.95


def lra(hz: float, hops: int) -> tuple[F64, F64]:
    """The wave and the levels of one that is struck every 40 hops."""
    driven = LraDrive([motion(Actuator(name="a", zone="z", kind="lra", hz=hz))], CLOCK)
    found = [
        driven.hop(np.zeros((CLOCK.hop, 0)), np.full(1, 0.8 * (i % 40 < 15)), np.zeros(1))
        for i in range(hops)
    ]
    return np.concatenate([wave for wave, _, _ in found]), np.array([level for _, level, _ in found])


@pytest.mark.parametrize("hz", [40.0, 90.0, 175.0, 205.0, 375.0, 500.0])
def test_a_wave_is_read_to_the_bit_of_a_file(hz: float) -> None:
    wave, level = lra(hz, 200)
    kept = (np.round(wave * 2**23) / 2**23).astype(np.float32)
    assert np.abs(LraLevels(np.array([hz]), CLOCK).read(0, kept) - level).max() < 0.002


@pytest.mark.parametrize("lost", [60, 133, 400])
def test_a_show_that_lost_hops_is_braked_all_the_same(lost: int) -> None:
    wave, level = lra(175.0, 200)
    wave = np.concatenate([np.zeros((lost * CLOCK.hop, 1)), wave]).astype(np.float32)
    level = np.concatenate([np.zeros((lost, 1)), level])
    got = LraLevels(np.array([175.0]), CLOCK).read(0, wave)
    assert agree(level, got) > 0.98


def test_a_resonance_that_was_mended_since_is_followed() -> None:
    wave, level = lra(175.0, 400)
    got = LraLevels(np.array([177.0]), CLOCK).read(0, wave.astype(np.float32))
    assert agree(level, got) > 0.9


def test_none_at_all_and_silence() -> None:
    none = LraLevels(np.zeros(0), CLOCK)
    assert none.read(3, np.zeros((2 * CLOCK.hop, 0), np.float32)).shape == (2, 0)
    assert not LraLevels(np.array(HZ), CLOCK).read(3, np.zeros((2 * CLOCK.hop, 3), np.float32)).any()
