"""Nothing runs that nobody asks for: a route, a sketch, a rig or a listing, end to end."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import songs

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")

from wearsound import analyze
from wearsound.analysis import ear as ears
from wearsound.analysis.ear import ASKED, DRAPED, Ear, everything, feature_specs
from wearsound.core import Clock, Frame, Health, Row
from wearsound.errors import PatchError
from wearsound.instruments.picture import heard as told
from wearsound.instruments.picture.hears import hears_of
from wearsound.proof.check import check
from wearsound.show.build import build
from wearsound.show.load import load
from wearsound.show.render import render

LANES = {"room": (0, 1)}
CORE = [spec.name for spec in feature_specs(["room"])]
DRAPES = [spec.name for spec in DRAPED]
"""What a garment asks for wherever it is the picture."""
PATCH = 'title = "T"\n[[route]]\nfrom = "{feature}"\nto = "*.glow"\n'
SKETCH = """from wearsound import Sketch

class Bloom(Sketch):
    hears = {hears}

    def draw(self, c, f):
        {draw}
"""


class Counting:
    """A meter that counts how often it is made and asked."""

    calls: Counter[str]

    @staticmethod
    def of(kind: Any, calls: Counter[str]) -> Any:
        class Counted(kind):
            def __init__(self) -> None:
                calls[f"{kind.__name__} made"] += 1
                super().__init__()

            def process(self, *args: Any) -> None:
                calls[f"{kind.__name__} processed"] += 1
                super().process(*args)

        return Counted


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    counted: Counter[str] = Counter()
    monkeypatch.setattr(ears, "ASKED", tuple(Counting.of(kind, counted) for kind in ASKED))
    return counted


def patch(folder: Path, feature: str = "bass", name: str = "p.toml") -> Path:
    path = folder / name
    path.write_text(PATCH.format(feature=feature))
    return path


def sketch(folder: Path, hears: str, draw: str = "pass") -> Path:
    path = folder / "bloom.py"
    path.write_text(SKETCH.format(hears=hears, draw=draw))
    return path


def names(built: Any) -> list[str]:
    return [spec.name for spec in built.ear.specs]


class TestTheEar:
    def test_only_the_meter_that_was_asked_for_is_made_and_runs(self, calls: Counter[str]) -> None:
        ear = Ear(Clock(), ["room", "body"], None, ["room.key", "room.bass", "crowd.pitch"])
        for block in songs.blocks(songs.noise(1, 0.1), (64,)):
            ear.hear(block)
        assert calls == {"Harmony made": 1, "Harmony processed": 3}

    def test_unasked_is_the_core_alone_and_asking_changes_no_bit_of_it(self, calls: Counter[str]) -> None:
        song = songs.song()
        core = songs.Heard(song)
        assert not calls
        full = songs.Heard(song, asked=everything(["room"]))
        assert len(calls) == 2 * len(ASKED)
        assert len(full.ear.specs) == len(core.ear.specs) + sum(len(kind.specs) for kind in ASKED) + len(
            DRAPED
        )
        for spec in core.ear.specs:
            assert (core[spec.name] == full[spec.name]).all(), spec.name

    def test_a_meter_says_the_same_alone_and_among_all(self) -> None:
        song = songs.song()
        alone, full = (songs.Heard(song, asked=asked) for asked in (["room.pitch"], everything(["room"])))
        assert (alone["pitch"] == full["pitch"]).all()

    def test_no_two_meters_say_the_same_name(self) -> None:
        every = [spec.name for spec in feature_specs(["room"], {}, everything(["room"]))]
        assert len(set(every)) == len(every)


class TestAShow:
    def test_a_route_asks(self, tmp_path: Path) -> None:
        assert names(build(load(patch(tmp_path)), LANES, 48_000, strict=True)) == [*CORE, *DRAPES]
        built = build(load(patch(tmp_path, "pitch")), LANES, 48_000, strict=True)
        assert names(built) == [*CORE, "room.pitch", "room.note", "room.pitch_sure", *DRAPES]

    def test_a_slip_is_answered_with_the_nearest_of_all_names(self, tmp_path: Path) -> None:
        with pytest.raises(PatchError, match=r"p\.toml:3: no feature 'roughnes'; did you mean 'roughness'\?"):
            build(load(patch(tmp_path, "roughnes")), LANES, 48_000, strict=True)

    def test_a_sketch_asks_without_being_run(self, tmp_path: Path) -> None:
        path = sketch(tmp_path, '("pitch", "body.width", "crowd.key")\n    raise SystemExit("I was run")')
        show = load(patch(tmp_path), sketch=path)
        built = build(show, {"room": (0, 1), "body": (2,)}, 48_000, strict=True)
        assert [name for name in names(built) if name.removeprefix("body.") not in CORE][-1] == "body.width"
        assert {"room.pitch", "room.note", "body.width"} < set(names(built))
        assert not {"room.width", "body.pitch"} & set(names(built))
        assert built.hears == ("room.pitch", "body.width", "crowd.key")

    def test_chroma_is_one_word_for_twelve_notes(self, tmp_path: Path) -> None:
        built = build(
            load(patch(tmp_path), sketch=sketch(tmp_path, '("chroma",)')), LANES, 48_000, strict=True
        )
        assert sum(name.startswith("room.chroma_") for name in names(built)) == 12

    @pytest.mark.parametrize(
        ("hears", "sentence"),
        [
            ('("pich",)', r"bloom\.py:4: hears 'pich', no feature; did you mean 'pitch'\?"),
            ('"pitch" + str(1)', r"bloom\.py:4: hears must be written out"),
            ("(1, 2)", r"bloom\.py:4: hears must be written out"),
        ],
    )
    def test_what_a_sketch_may_not_ask(self, tmp_path: Path, hears: str, sentence: str) -> None:
        show = load(patch(tmp_path), sketch=sketch(tmp_path, hears))
        with pytest.raises(PatchError, match=sentence):
            build(show, LANES, 48_000, strict=True)

    def test_a_file_that_is_no_python_asks_nothing_here(self, tmp_path: Path) -> None:
        path = tmp_path / "broken.py"
        path.write_text("class (:\n")
        assert hears_of(path) == []

    def test_a_rig_asks(self, tmp_path: Path) -> None:
        rig = tmp_path / "room.toml"
        rig.write_text('hears = ["lufs"]\n')
        assert "room.lufs_long" in names(build(load(patch(tmp_path), rig=rig), LANES, 48_000, strict=True))
        rig.write_text('hears = ["luff"]\n')
        with pytest.raises(
            PatchError, match=r"room\.toml:1: hears 'luff', no feature; did you mean 'lufs'\?"
        ):
            build(load(patch(tmp_path), rig=rig), LANES, 48_000, strict=True)


class TestASketch:
    def frame(self, *more: str) -> Frame:
        index = {name: at for at, name in enumerate([*CORE, *more])}
        nothing = Row({}, np.zeros(0))
        lit, felt = np.zeros((0, 3), np.uint8), np.zeros(0, np.float32)
        return Frame(0, 0, 0.0, Row(index, np.arange(len(index)) + 0.5), nothing, lit, felt, Health(), 7)

    def test_the_names_it_is_told_to_ask_for_are_those_of_the_ear(self) -> None:
        assert [*(f"room.{name}" for name in told.ASKED), *told.DRAPED] == list(everything(["room"]))
        for kind, names in told.ASKED_OF.items():
            rest = len(told.ASKED)
            assert [f"{kind}.{name}" for name in names] == list(everything([kind]))[rest : -len(told.DRAPED)]

    def test_what_it_forgot_to_ask_for_says_how(self) -> None:
        heard = told.Heard(self.frame(), None, 0.0, ())
        with pytest.raises(AttributeError, match=r"write hears = \(\"pitch\",\) in its class"):
            _ = heard.pitch
        with pytest.raises(LookupError, match=r"write hears = \(\"room\.chroma\",\) in its class"):
            _ = heard["room.chroma_as"]
        worn = told.Heard(self.frame("body.level"), None, 0.0, ())
        with pytest.raises(LookupError, match=r"write hears = \(\"body\.step\",\) in its class"):
            _ = worn["body.step"]
        with pytest.raises(LookupError, match=r"nobody hears 'room\.step'"):
            _ = worn["room.step"]
        with pytest.raises(LookupError, match=r"write hears = \(\"drape\.swing\",\) in its class"):
            _ = heard["drape.swing"]
        with pytest.raises(LookupError, match=r"nobody hears 'body\.pitch'"):
            _ = heard["body.pitch"]
        with pytest.raises(AttributeError, match="did you mean 'bass'"):
            _ = heard.bas

    def test_all_notes_at_once(self) -> None:
        notes = [f"room.chroma_{note}" for note in told.NOTES]
        heard = told.Heard(self.frame(*notes), None, 0.0, ())
        assert heard.chroma == tuple(len(CORE) + at + 0.5 for at in range(12))


class TestARender:
    def test_it_records_and_sends_what_was_asked_and_no_more_and_can_be_checked(self, tmp_path: Path) -> None:
        draw = "c.background(f.pitch_sure * 255)"
        rig = tmp_path / "room.toml"
        rig.write_text('hears = ["width"]\n[[osc]]\nname = "x"\nport = 9001\n')
        show = load(patch(tmp_path), sketch=sketch(tmp_path, '("pitch",)', draw), rig=rig)
        out = tmp_path / "out"
        render(show, "test:sine=220", to=out, seconds=1.0, size=(160, 90), fps=10)
        with np.load(out / "features.npz") as kept:
            recorded = [name for name in kept.files if name != "time"]
            assert kept["room.pitch"][-1] == pytest.approx(220, rel=0.005)
        asked = ["room.width", "room.pitch", "room.note", "room.pitch_sure"]
        assert recorded == [*CORE, *asked]
        lines = [json.loads(line) for line in (out / "osc.jsonl").read_text().splitlines()]
        sent = {line["address"] for line in lines}
        assert {"/wear/audio/room/pitch", "/wear/audio/room/width"} < sent
        assert "/wear/audio/room/lufs" not in sent
        # The rig of a show.toml is not followed, so what it asked for stands there.
        assert 'hears = ["room.width", "room.pitch"]' in (out / "show.toml").read_text()
        assert check(out, sketch=tmp_path / "bloom.py").lines == []


class TestAnalyze:
    def test_it_hears_everything_unless_told_otherwise(self) -> None:
        full = analyze("test:sine=220", seconds=0.5)
        assert [spec.name for spec in full.specs] == [
            spec.name for spec in feature_specs(["room"], {}, everything(["room"]))
        ]
        assert full.series("pitch")[-1] == pytest.approx(220, rel=0.005)
        core = analyze("test:sine=220", seconds=0.5, hears=())
        assert [spec.name for spec in core.specs] == CORE
