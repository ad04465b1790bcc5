"""A render is a function of show and sound: not of how hops were grouped, not of the order of anything."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import Run, write_song

import wearsound.show.render as rendering
from wearsound import analyze, load, render
from wearsound.core import Block, Clock, Source
from wearsound.errors import PatchError
from wearsound.outputs.record.show_file import read_show
from wearsound.proof.check import check
from wearsound.show.source import open_part


class Regrouped:
    """A source in blocks of other sizes."""

    live = False

    def __init__(self, source: Source, sizes: list[int]) -> None:
        self.source, self.sizes = source, sizes
        self.lanes, self.sample_rate = source.lanes, source.sample_rate

    def blocks(self, clock: Clock) -> Iterator[Block]:
        samples = np.concatenate([block.samples for block in self.source.blocks(clock)])
        tick, turn, total = 0, 0, len(samples) // clock.hop
        while tick < total:
            n = min(self.sizes[turn % len(self.sizes)], total - tick)
            yield Block(tick, samples[tick * clock.hop : (tick + n) * clock.hop].copy(), self.lanes, n)
            tick, turn = tick + n, turn + 1


@pytest.mark.parametrize("sketch", [None, "loom"], ids=["garment", "sketch"])
def test_every_layer_is_equal_for_any_grouping(
    sketch: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    song = write_song(tmp_path / "song.wav", 44_100, 2)
    show = load("bass-denim", sketch=sketch)
    found = []
    for i, sizes in enumerate(([64], [1], [7], [3, 1, 64, 2, 30])):

        def regrouped(text: str, start: float, sizes: list[int] = sizes, **words: Any) -> Regrouped:
            return Regrouped(open_part(text, start, **words), sizes)

        monkeypatch.setattr(rendering, "open_part", regrouped)
        report = render(show, song, to=tmp_path / str(i), fps=10, size=(320, 180))
        found.append({key: value for key, value in report.facts.items() if key != "versions"})
    assert found[0]["content"].keys() == {"features", "osc", "light", "vibration", "picture", "sound"}
    assert all(facts == found[0] for facts in found[1:])


@pytest.mark.parametrize("name", [b"w\xff", b"tab\tname", b"new\nline"], ids=repr)
def test_a_path_that_no_show_can_name_is_said_before_anything_is_rendered(
    name: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was found out afterwards, by an error without words or by a show.toml that was refused."""

    def play(*_: object, **__: object) -> None:
        raise AssertionError("it was rendered")

    folder = tmp_path / os.fsdecode(name)
    try:
        folder.mkdir()
    except OSError:
        pytest.skip("this disk has no such names")
    patch = folder / "p.toml"
    patch.write_text('title = "x"\n[[route]]\nfrom = "bass"\nto = "*.glow"\n', encoding="utf-8")
    song = write_song(tmp_path / "song.wav", 48_000, 1, 0.2).rename(folder / "song.wav")
    with monkeypatch.context() as stopped:
        stopped.setattr("wearsound.engine.Engine.run", play)
        for show, audio, kind in ((patch, "test:kick=120", "patch"), ("bass-denim", song, "input")):
            with pytest.raises(PatchError, match=f"the way to this {kind} has a tab.*: rename that"):
                render(load(show), audio, to=tmp_path / "out", seconds=0.1, video=False)
    assert not (tmp_path / "out").exists()
    render(
        load(patch), "test:kick=120", to=folder / "out", seconds=0.1, video=False
    )  # seen from there it has none
    assert read_show(folder / "out").patch.file == "../p.toml"


def test_what_is_said_of_it_tells_a_terminal_nothing(wearsound: Run, tmp_path: Path) -> None:
    words = ("render", "bass-denim", "test:kick=120", "--seconds", "0.2", "--no-video")
    done = wearsound(*words, "--to", "out\x1b[31m")
    assert done.stdout.startswith("out?[31m: ")
    assert done.stdout.replace("\n", "").isprintable()


def test_another_seed_is_another_edition_of_the_same_light(tmp_path: Path) -> None:
    one, two = (
        render(
            load("bass-denim", seed=seed),
            "test:kick=120",
            to=tmp_path / str(seed),
            seconds=1,
            fps=5,
            size=(320, 180),
        )
        for seed in (1, 2)
    )
    assert one.facts["content"]["picture"] != two.facts["content"]["picture"]
    assert one.facts["content"]["light"] == two.facts["content"]["light"]


def test_the_public_functions_agree(tmp_path: Path) -> None:
    song = write_song(tmp_path / "song.wav", 48_000, 2)
    report = render(load("bass-denim"), song, to=tmp_path / "out", video=False)
    heard = analyze(song)
    with np.load(tmp_path / "out" / "features.npz") as features:
        assert np.array_equal(features["room.bass"], heard.series("bass"))
    assert report.facts["counts"]["room.onset"] == len(heard.onsets)


def test_adversarial_sound_never_flashes_more_than_three_times_a_second(tmp_path: Path) -> None:
    """A patch that strobes with every click of 300 bpm: the guard on the final bytes holds."""
    patch = tmp_path / "strobe.toml"
    patch.write_text(
        'title = "strobe"\n[[route]]\nfrom = "onset"\nto = "*.glow"\nattack = 0.0\nrelease = 0.02\n',
        encoding="utf-8",
    )
    report = render(load(patch), "test:clicks=300", to=tmp_path / "out", seconds=8, video=False)
    assert 1 <= report.facts["flashes"]["worst"] <= 3


def test_what_a_rig_decides_is_checked_without_the_rig(tmp_path: Path) -> None:
    """A rig of one's own is not followed by `check`, but its lanes and remote numbers decide what was heard."""
    song = write_song(tmp_path / "song.wav", 48_000, 4, seconds=2.0)
    (tmp_path / "rig.toml").write_text(
        "lanes = { room = [3] }\nremote.knobs = ['a', 'b']\n", encoding="utf-8"
    )
    patch = tmp_path / "patch.toml"
    patch.write_text(
        'title = "x"\n[[route]]\nfrom = "bass"\nto = "chest.glow"\n[[route]]\nfrom = "knobs.b"\nto = "hem.glow"\n',
        encoding="utf-8",
    )
    show = load(patch, rig=tmp_path / "rig.toml")
    render(show, song, to=tmp_path / "out", video=False)
    (tmp_path / "rig.toml").rename(tmp_path / "elsewhere.toml")
    text = (tmp_path / "out" / "show.toml").read_text("utf-8")
    assert "lanes = { room = [3] }" in text
    start, _, rest = text.partition("[rig]")
    (tmp_path / "out" / "show.toml").write_text(start + rest[rest.index("[input]") :], "utf-8")
    assert check(tmp_path / "out").lines == []
