"""A recording in which nothing moves: the piece is silent, and why is said."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from wearsound.core import Clock
from wearsound.errors import AudioError
from wearsound.show.listen import analyze
from wearsound.show.load import load
from wearsound.show.render import render
from wearsound.show.source import open_recording
from wearsound.show.unmoved import unmoved

SECONDS = 6


@pytest.fixture(scope="module")
def walk() -> np.ndarray:
    blocks = open_recording("walk", seconds=SECONDS).blocks(Clock())
    return np.concatenate([block.samples[:, 0].copy() for block in blocks])


def note(folder: Path, samples: np.ndarray, patch: str = "first-walk") -> object:
    soundfile.write(folder / "heard.wav", samples, 48_000, subtype="FLOAT")
    show = load(patch, rig="contact")
    report = render(show, folder / "heard.wav", to=folder / "out", video=False)
    return report.measured.get("note")


def test_a_walk_moves_it_and_nothing_is_said(tmp_path: Path, walk: np.ndarray) -> None:
    assert note(tmp_path, walk) is None


def test_too_quiet_a_recording_is_named_with_its_peak(tmp_path: Path, walk: np.ndarray) -> None:
    quiet = walk * np.float32(0.005 / np.abs(walk).max())  # -46 dBFS
    assert note(tmp_path, quiet) == (
        "nothing moved in heard.wav (peak -46 dBFS): play more of it, turn the input up, or let "
        "`wearsound calibrate contact` learn how loud it is"
    )


def test_a_silent_recording_is_called_silent(tmp_path: Path, walk: np.ndarray) -> None:
    assert note(tmp_path, 0 * walk) == (
        "nothing moved in heard.wav (it is silent): look at the cable, the input and its channel"
    )


def test_a_patch_that_turned_itself_off_is_not_the_recordings_fault(tmp_path: Path, walk: np.ndarray) -> None:
    patch = tmp_path / "off.toml"
    patch.write_text('title = "Off"\ngarment = "long-coat"\n[soundscape]\nlevel = 0\n')
    assert note(tmp_path, walk, str(patch)) == "off was silent: its level, or that of every voice, is 0"


VOICE = '[[voice]]\nplay = "{}"\nfrom = "{}"\nlevel = {}\n'


@pytest.mark.parametrize(
    ("voices", "said"),
    [
        (
            VOICE.format("coat", "body", 0) + VOICE.format("drones", "room", 0),
            "its level, or that of every voice, is 0",
        ),
        (VOICE.format("coat", "body", 0) + VOICE.format("drones", "body", 1), "(it is silent)"),
        ("", "(it is silent)"),  # its own voices hear the body
        (VOICE.format("drones", "room", 1), "(peak -26 dBFS)"),
    ],
)
def test_only_what_the_voices_hear_is_looked_at(tmp_path: Path, voices: str, said: str) -> None:
    """A loud room beside a body that is silent."""
    room = 0.05 * np.sin(np.arange(48_000) / 10)
    soundfile.write(tmp_path / "two.wav", np.stack([room, 0 * room], 1), 48_000, subtype="FLOAT")
    (tmp_path / "mine.toml").write_text('title = "M"\ngarment = "long-coat"\n[soundscape]\n' + voices)
    source = open_recording(str(tmp_path / "two.wav"))
    source.name_lanes({"room": (0,), "body": (1,)})
    assert said in unmoved(load(tmp_path / "mine.toml"), source, "two.wav", Clock())


def test_a_patch_that_plays_no_sound_is_not_called_silent() -> None:
    assert unmoved(load("bass-denim"), open_recording("walk", seconds=1), "walk", Clock()) == ""


def test_a_body_is_analysed_as_a_body_by_a_rig(tmp_path: Path, walk: np.ndarray) -> None:
    soundfile.write(tmp_path / "mine.wav", walk[:48_000], 48_000)
    with pytest.raises(
        AudioError, match=r"mine.wav has no lane 'body'; there is room; add --rig contact, which hears"
    ):
        analyze(tmp_path / "mine.wav", lane="body", hears=())
    names = [spec.name for spec in analyze(tmp_path / "mine.wav", rig="contact", hears=()).specs]
    assert names
    assert all(name.startswith("body.") for name in names)
