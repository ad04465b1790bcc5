"""A render that was spoilt on disk is said to be, whatever rendering it again would give."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import write_song

from wearsound import load, render
from wearsound.outputs.record.layer_files import spoilt


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object]]:
    folder = tmp_path_factory.mktemp("made")
    song = write_song(folder / "song.wav", 48_000, 2, seconds=1.0)
    report = render(load("bass-denim"), song, to=folder / "out", video=False)
    return folder / "out", report.facts


def test_a_whole_render_is_whole(made: tuple[Path, dict[str, object]]) -> None:
    assert spoilt(*made) == []


@pytest.mark.parametrize("name", ["features.npz", "osc.jsonl", "light.npz", "vibration.wav", "sound.wav"])
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
    if name.endswith(".wav") and how == "cut":
        return  # the hash is over PCM, which is heard again when it is rendered again
    assert len(lines) == 1
    assert name in lines[0]
