"""A render that was spoilt on disk is said to be, whatever rendering it again would give."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from conftest import write_song

from wearsound import load, render
from wearsound.core import Clock
from wearsound.outputs.record.duty import DutyMeter
from wearsound.outputs.record.layer_files import driven, spoilt
from wearsound.outputs.record.sound import FULL_SCALE
from wearsound.outputs.record.wav import WavFile


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object]]:
    folder = tmp_path_factory.mktemp("made")
    song = write_song(folder / "song.wav", 48_000, 2, seconds=1.0)
    report = render(load("bass-denim"), song, to=folder / "out", fps=2, size=(160, 90))
    return folder / "out", report.facts


def test_a_whole_render_is_whole(made: tuple[Path, dict[str, object]]) -> None:
    assert spoilt(*made) == []


@pytest.mark.parametrize(
    "name", ["features.npz", "osc.jsonl", "light.npz", "vibration.wav", "sound.wav", "frames.txt"]
)
@pytest.mark.parametrize("how", ["gone", "empty", "cut"])
def test_what_was_spoilt_is_named(name: str, how: str, made: tuple[Path, dict[str, object]]) -> None:
    folder, facts = made
    path = folder / name
    kept = path.read_bytes()
    try:
        if how == "gone":
            path.unlink()
        else:
            path.write_bytes(b"" if how == "empty" else kept[: len(kept) // 2])
        lines = spoilt(folder, facts)
    finally:
        path.write_bytes(kept)
    assert len(lines) == 1
    assert name in lines[0]


def rewritten(path: Path, change: Callable[[np.ndarray], np.ndarray]) -> None:
    """A WAV file of the same form with other samples, (n, channels) of full scale 1."""
    wave, rate = soundfile.read(path, always_2d=True)
    soundfile.write(path, change(wave), rate, subtype="PCM_24")


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("sound.wav", lambda wave: np.roll(wave, 1, axis=0)),
        ("sound.wav", lambda wave: wave[:, :1]),
        ("vibration.wav", lambda wave: np.full_like(wave, 0.999)),
        ("vibration.wav", lambda wave: wave * 0.1),
        ("vibration.wav", lambda wave: wave[:, :-1]),
        ("vibration.wav", lambda wave: wave[256:]),
        ("vibration.wav", lambda wave: wave[:, ::-1]),
        # no further than ever, but for longer
        (
            "vibration.wav",
            lambda wave: np.where(abs(wave).max(axis=0) > 0, abs(wave).max(axis=0), 0) + 0 * wave,
        ),
    ],
)
def test_a_wave_that_was_swapped_is_named(
    name: str,
    change: Callable[[np.ndarray], np.ndarray],
    made: tuple[Path, dict[str, object]],
    tmp_path: Path,
) -> None:
    folder = shutil.copytree(made[0], tmp_path / "out")
    rewritten(folder / name, lambda wave: wave)
    assert spoilt(folder, made[1]) == [], "bytes of a WAV are no content"
    rewritten(folder / name, change)
    assert spoilt(folder, made[1]) == [f"{folder / name} is not what it was when it was rendered"]


def test_pictures_that_were_swapped_are_named(made: tuple[Path, dict[str, object]], tmp_path: Path) -> None:
    folder = shutil.copytree(made[0], tmp_path / "out")
    lines = (folder / "frames.txt").read_text().splitlines(keepends=True)
    (folder / "frames.txt").write_text("".join([*lines[:-1], "0" * 64 + "\n"]))
    assert len(spoilt(folder, made[1])) == 1


def test_what_no_reader_thinks_of_is_a_line_as_well(
    made: tuple[Path, dict[str, object]], tmp_path: Path
) -> None:
    folder = shutil.copytree(made[0], tmp_path / "out")
    with zipfile.ZipFile(folder / "light.npz", "a") as archive:
        archive.writestr("readme.txt", "no column")
    (folder / "report.json").write_text(json.dumps({"facts": {}}))
    header = b"{'descr': ("  # it never ends
    with zipfile.ZipFile(folder / "features.npz", "w") as archive:
        archive.writestr("time.npy", b"\x93NUMPY\x01\x00" + bytes([len(header), 0]) + header)
    for facts in ({"actuators": [1]}, {"actuators": {"a": 1}}, {}):
        said = spoilt(folder, {**made[1], "vibration": facts})
        assert [line.split(" is ")[0].rpartition("/")[2] for line in said] == [
            "features.npz",
            "light.npz",
            "vibration.wav",
        ]


@pytest.mark.parametrize("rate", [8_000, 16_000, 48_000])
def test_no_more_is_read_at_once_than_a_meter_takes(rate: int, tmp_path: Path) -> None:
    clock, n = Clock(rate), int(25 * rate / 256)
    levels = np.random.default_rng(3).integers(0, FULL_SCALE, (n, 2))
    file = WavFile(tmp_path / "vibration.wav", rate, 2)
    file.write(np.repeat(levels, clock.hop, axis=0).astype(np.int32))
    file.close()
    known, found = DutyMeter(2, clock), DutyMeter(2, clock)
    for hop in levels:
        known.add(hop[None])
    with soundfile.SoundFile(tmp_path / "vibration.wav") as opened:
        for each in driven(opened, clock):
            found.add(each)
    assert found.worst(FULL_SCALE) == known.worst(FULL_SCALE)
    assert max(found.worst(FULL_SCALE)["10s"]) < 0.6


def test_a_rate_without_a_window_is_refused(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "slow.wav", np.zeros((600, 1)), 8, subtype="PCM_24")
    with soundfile.SoundFile(tmp_path / "slow.wav") as file, pytest.raises(ValueError, match="too few"):
        next(driven(file, Clock(8)))
