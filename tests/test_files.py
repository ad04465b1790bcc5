"""Files from a person or a stranger: TOML within bounds, show.toml, rigs, trusted sketches, what is written."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
import pytest

from wearsound import gallery
from wearsound.core import Clock
from wearsound.errors import DeviceError, PatchError, WearsoundError
from wearsound.garment.document import load_garment
from wearsound.outputs.record.folder import SHOW
from wearsound.outputs.record.show_file import read_show
from wearsound.show import render as rendering
from wearsound.show import trust
from wearsound.show.about import line_about
from wearsound.show.listen import analyze
from wearsound.show.load import load
from wearsound.show.plot import plot
from wearsound.show.rig import load_rig
from wearsound.toml_file import MAX_BYTES, MAX_DEPTH, read_toml

READERS = {"toml": read_toml, "garment": load_garment, "rig": load_rig, "show": read_show}

HOSTILE = {
    "nested lists": (b"a = " + b"[" * 200_000, "nested deeper"),
    "nested tables": (b"a = " + b"{a=" * 100_000, "nested deeper"),
    "a list a little too deep": (b"a = " + b"[" * MAX_DEPTH + b"]" * MAX_DEPTH, "nested deeper"),
    "a key of many dots": (b"a" + b".a" * 200_000 + b" = 1", "nested deeper"),
    "a quoted key of many dots": (b'"a,\\""' + b' . "a,\\""' * 100_000 + b" = 1", "nested deeper"),
    "a heading of many dots": (b"[a" + b".a" * 200_000 + b"]", "nested deeper"),
    "too long": (b"#" * (MAX_BYTES + 1), "more than 1,048,576 bytes"),
    "one long word": (b"a" * MAX_BYTES, "is not TOML"),
    "many quotes": (b'"' * MAX_BYTES, "is not TOML"),
    "a number of many digits": (b"a = " + b"9" * 20_000, "is not TOML"),
    "not UTF-8": (b"a = '\xff'", "is not UTF-8"),
    "not TOML": (b"a = ", "is not TOML"),
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_toml_is_one_sentence_soon(kind: str, reader: str, tmp_path: Path) -> None:
    data, said = HOSTILE[kind]
    path = tmp_path / SHOW
    path.write_bytes(data)
    began = time.monotonic()
    with pytest.raises(PatchError) as trouble:
        READERS[reader](path)
    assert time.monotonic() - began < 3
    assert said in str(trouble.value)
    assert SHOW in str(trouble.value)
    assert "\n" not in str(trouble.value)
    assert line_about(path).startswith("(cannot be read: ")


def test_what_cannot_be_opened_is_a_sentence(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "gone.toml", tmp_path / "nul\0.toml"):
        for read in (read_toml, load_garment, load_rig):
            with pytest.raises(PatchError, match="cannot be read"):
                read(path)


def test_toml_that_is_deep_but_not_too_deep_is_read(tmp_path: Path) -> None:
    path = tmp_path / "deep.toml"
    inner = MAX_DEPTH - 1
    path.write_text(f"a = {'[' * inner}{']' * inner}\nb{'.b' * (inner - 1)} = 1.5\n# 1{'.1' * 20}\n")
    assert set(read_toml(path)) == {"a", "b"}


SHOW_TEXT = """
wearsound = "0.1.0"
seed = 7
fps = 30
size = [1280, 720]
seconds = 2.0
patch = { file = "bass-denim" }
garment = { file = "denim-jacket" }
input = { file = "test:kick=120" }
"""


def test_a_show_of_the_command_lines_limits_is_read(tmp_path: Path) -> None:
    path = tmp_path / SHOW
    for line in ("fps = 1", "fps = 60", "size = [160, 90]", "size = [3840, 2160]", "seconds = 0.001"):
        key = line.partition(" ")[0]
        old = next(row for row in SHOW_TEXT.splitlines() if row.startswith(f"{key} "))
        path.write_text(SHOW_TEXT.replace(old, line), encoding="utf-8")
        read_show(tmp_path)


@pytest.mark.parametrize(
    "line",
    [
        *("fps = 0", "fps = 61", "fps = -1", "fps = 29.97", "fps = nan"),
        *("size = [-3, 7]", "size = [160, 91]", "size = [161, 90]", "size = [158, 90]", "size = [160, 88]"),
        *("size = [3842, 2160]", "size = [3840, 2162]", "size = [1280]", "size = [1280.0, nan]"),
        *("seconds = 0", "seconds = -1", "seconds = nan", "seconds = inf", "seconds = 1e7"),
    ],
)
def test_a_show_beyond_the_command_lines_limits_is_refused(line: str, tmp_path: Path) -> None:
    key = line.partition(" ")[0]
    old = next(row for row in SHOW_TEXT.splitlines() if row.startswith(f"{key} "))
    (tmp_path / SHOW).write_text(SHOW_TEXT.replace(old, line), encoding="utf-8")
    with pytest.raises(PatchError, match=key):
        read_show(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "lanes = { room = [] }",
            "lanes = { Room = [1] }",
            'lanes = { "a b" = [1] }',
            'lanes = { "" = [1] }',
        ),
        *("lanes = { room = [0] }", "lanes = { room = [65] }", "lanes = { room = [nan] }"),
        *("lanes = { room = [1.5] }", "lanes = { room = 1 }", 'lanes = { "room\\n" = [1] }'),
        *('[[osc]]\nname = "x"\nport = nan', '[[osc]]\nname = "x"\nport = 0', "input = 3", "inputt = 'x'"),
    ],
)
def test_a_rig_that_means_nothing_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "hall.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PatchError, match=r"hall\.toml:\d+: "):
        load_rig(path)


def test_a_rig_with_lanes_is_read(tmp_path: Path) -> None:
    path = tmp_path / "hall.toml"
    path.write_text("lanes = { room = [1, 2], body_2 = [3] }", encoding="utf-8")
    assert load_rig(path).lanes == {"room": [1, 2], "body_2": [3]}


def test_every_file_of_the_gallery_is_about_something() -> None:
    for kind in ("patch", "garment", "rig", "sketch"):
        for path in gallery.files(kind).values():
            assert line_about(path)
            assert "cannot be read" not in line_about(path)


def test_a_trusted_sketch_is_known_by_its_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    sketch = tmp_path / "glow.py"
    with pytest.raises(PatchError, match="name a sketch file that exists"):
        trust.trust(sketch)
    with pytest.raises(PatchError, match=r"glow\.py: cannot be read"):
        trust.known_sketch(sketch)
    sketch.write_text("x = 1\n")
    assert trust.trust(sketch) == "glow"
    assert trust.find_sketch("glow") == sketch
    assert trust.known_sketch(sketch) == sketch
    sketch.write_text("x = 2\n")
    with pytest.raises(PatchError, match="changed since you trusted it"):
        trust.find_sketch("glow")
    with pytest.raises(PatchError, match="that you have not trusted"):
        trust.known_sketch(sketch)
    sketch.unlink()
    with pytest.raises(PatchError, match="is gone from"):
        trust.find_sketch("glow")


def test_a_plot_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pygame

    heard = analyze("test:kick=120", seconds=1.0)
    plot(heard, tmp_path / "heard.PNG")
    assert pygame.image.load(str(tmp_path / "heard.PNG")).get_size() == (1800, 1200)
    before = (tmp_path / "heard.PNG").read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(WearsoundError, match="nothing was kept"):
            plot(heard, tmp_path / "heard.PNG")
    assert [path.name for path in tmp_path.iterdir()] == ["heard.PNG"]
    assert (tmp_path / "heard.PNG").read_bytes() == before
    monkeypatch.setattr(pygame, "Surface", None)  # the ending is looked at before anything is drawn
    with pytest.raises(WearsoundError, match=r"end in \.png"):
        plot(heard, tmp_path / "heard.jpg")


@pytest.mark.parametrize(("module", "package"), [("av", "wearsound[video]"), ("pygame", "pygame-ce")])
def test_what_a_film_needs_is_missed_before_anything_is_made(
    module: str, package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    def too_late(*_: object, **__: object) -> None:
        raise AssertionError("something was made although no film can be")

    monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.setattr("wearsound.show.filmed.open_picture", too_late)
    monkeypatch.setattr(rendering, "open_part", too_late)
    with pytest.raises(DeviceError) as trouble:
        rendering.render(load("bass-denim"), "demo", to=tmp_path / "out")
    assert package in str(trouble.value)
    assert "--no-video" in str(trouble.value)
    assert not list(tmp_path.iterdir())


def test_doctor_measures_in_the_programs_own_decibels() -> None:
    from wearsound.show.doctor import QUIET_DB, listen
    from wearsound.sources.signal import test_signal

    tone = test_signal("sine=1000", 2.0)  # half of full scale
    levels = listen(tone.blocks(Clock()), 48_000, 1.0)
    assert levels is not None
    assert levels.rms[0] == pytest.approx(-6.02, abs=0.05)
    assert levels.peak[0] == pytest.approx(-6.02, abs=0.05)
    heard = analyze("test:sine=1000", seconds=2.0)
    assert float(np.median(heard.series("level"))) == pytest.approx(levels.rms[0], abs=0.1)
    assert QUIET_DB == -50.0
    silent = listen(test_signal("silence", 1.0).blocks(Clock()), 48_000, 1.0)
    assert silent is not None
    assert silent.rms == (-90.0,)
