"""The goldens of the gallery, and the verbs that make, check and update one."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from xml.etree import ElementTree

import mutants
import numpy as np
import pytest
import soundfile
from conftest import Run

from wearsound import gallery
from wearsound.core import Clock
from wearsound.errors import WearsoundError
from wearsound.proof.check import check
from wearsound.proof.table import GOLDEN, read_tables, write_tables
from wearsound.proof.update import update
from wearsound.proof.verdict import Result, Verdict
from wearsound.show.load import load
from wearsound.show.render import render
from wearsound.show.source import open_part
from wearsound.sources.signal import test_signal as signal_of

ROOT = Path(__file__).resolve().parent.parent
GOLDENS = sorted(path for path in (ROOT / "tests" / "goldens").iterdir() if path.is_dir())
MOST = 3_000_000
"""Bytes that all goldens may take."""


@pytest.mark.parametrize("folder", GOLDENS, ids=lambda folder: folder.name)
def test_the_gallery_is_what_it_was(folder: Path) -> None:
    """Where it differs and should: `wearsound check tests/goldens --update --reason WHY`."""
    assert check(folder).lines == []


def test_every_patch_has_its_golden_and_all_are_small() -> None:
    assert {folder.name for folder in GOLDENS} >= set(gallery.files("patch"))
    files = [path for folder in GOLDENS for path in folder.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= MOST
    assert all(path.stat().st_size <= 300_000 for path in files if path.name == GOLDEN)


def test_what_matters_happens_in_them() -> None:
    """Something is beaten, struck, felt, played, limited, guarded and called in at least one."""
    facts = [json.loads((folder / "report.json").read_text("utf-8"))["facts"] for folder in GOLDENS]
    for count in ("beat", "downbeat", "kick", "snare", "hat", "onset", "silences"):
        assert any(each["counts"].get(f"room.{count}") for each in facts), count
    assert any(each["counts"].get("body.onset") for each in facts)
    felt = [each["vibration"]["actuators"].values() for each in facts if "vibration" in each]
    assert sum(any(actuator["peak"] > 0.2 for actuator in each) for each in felt) >= 5
    assert any(
        each["sound"].get("guard", {}).get("limiter_db", 0) or each["sound"].get("guard", {}).get("mix_db", 0)
        for each in facts
    )
    assert any(each["taken"]["flash"] > 0.001 for each in facts)
    assert any("stitch" in (folder / "show.toml").read_text("utf-8") for folder in GOLDENS), (
        "a sketch is drawn"
    )


WORDS = (
    "bass-denim",
    "test:kick=120",
    "--seconds",
    "1",
    "--no-video",
    "--golden",
    "--reason",
    "the first of all",
)
NOT_CI = {"CI": ""}


@pytest.fixture
def kept(wearsound: Run, tmp_path: Path) -> Path:
    """A golden of one second of a patch that lies beside it."""
    shutil.copy(ROOT / "patches" / "bass-denim.toml", tmp_path / "mine.toml")
    done = wearsound("render", "mine.toml", *WORDS[1:], "--to", "goldens/one")
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return tmp_path / "goldens" / "one"


def brighter(folder: Path) -> None:
    """The patch is another now."""
    path = folder.parent.parent / "mine.toml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("release = 0.", "release = 0.9", 1), encoding="utf-8")


class TestTheVerb:
    def test_made_once_and_checked(self, wearsound: Run, kept: Path, tmp_path: Path) -> None:
        assert sorted(path.name for path in kept.iterdir()) == [GOLDEN, "report.json", "show.toml"]
        table = json.loads((kept / "report.json").read_text("utf-8"))
        assert set(table) == {"facts", "golden"}
        assert table["golden"]["reason"] == "the first of all"
        assert len(table["golden"]["date"]) == 10
        assert {"numpy", "simd", "machine"} <= table["facts"]["versions"].keys()
        assert 'file = "../../mine.toml"' in (kept / "show.toml").read_text("utf-8")
        done = wearsound("render", "mine.toml", *WORDS[1:], "--to", "goldens/one")
        assert done.returncode == 1
        assert "never replaced unasked" in done.stderr
        done = wearsound("check", "goldens/one", "--junit", "out.xml")
        assert (done.returncode, done.stdout) == (0, "goldens/one: the same, to the bit\n")
        suite = ElementTree.parse(tmp_path / "out.xml").getroot()[0]
        assert [case.get("name") for case in suite] == [
            "features",
            "osc",
            "light",
            "vibration",
            "sound",
            "facts",
        ]

    def test_what_is_not_there_is_never_made(self, wearsound: Run, tmp_path: Path) -> None:
        done = wearsound("check", "goldens/gone")
        assert done.returncode == 3
        assert "wearsound render SHOW AUDIO --to goldens/gone --golden" in done.stderr
        (tmp_path / "empty").mkdir()
        done = wearsound("check", "empty")
        assert done.returncode == 3
        assert "holds no render, golden or take" in done.stderr
        assert list(tmp_path.iterdir()) == [tmp_path / "empty"]

    def test_what_differs_is_said_and_updated_by_a_person(self, wearsound: Run, kept: Path) -> None:
        (kept / "show.toml").write_text(
            (kept / "show.toml").read_text("utf-8") + "onsets = { min = 1 }\n", "utf-8"
        )
        words = ("check", "goldens", "--update")
        done = wearsound(*words, "--reason", "none", env=NOT_CI)
        assert done.returncode == 1
        assert "nothing differs" in done.stderr
        brighter(kept)
        done = wearsound("check", "goldens")
        assert done.returncode == 1
        assert "mine.toml has changed since the render" in done.stdout
        assert "light differs: first at " in done.stdout
        assert ", chest, " in done.stdout
        before = (kept / GOLDEN).read_bytes()
        for more, env, why in (
            (("--reason", "warmer"), {"CI": "true"}, "where CI is set"),
            ((), NOT_CI, "needs its reason"),
            (("--reason", " "), NOT_CI, "needs its reason"),
        ):
            done = wearsound(*words, *more, env=env)
            assert (done.returncode, why in done.stderr) == (1, True), done.stderr
        assert (kept / GOLDEN).read_bytes() == before
        done = wearsound(*words, "--reason", "warmer", env=NOT_CI)
        assert done.returncode == 0, done.stderr
        assert "updated" in done.stdout
        assert json.loads((kept / "report.json").read_text("utf-8"))["golden"]["reason"] == "warmer"
        assert "onsets" in (kept / "show.toml").read_text("utf-8"), "what a person expects stays"
        assert wearsound("check", "goldens").stdout == "goldens/one: the same, to the bit\n"

    def test_many_are_checked_and_none_hides_another(
        self, wearsound: Run, kept: Path, tmp_path: Path
    ) -> None:
        """One that is spoilt, one that is no golden any more, one whose patch is gone; the last is good."""
        goldens = kept.parent
        for name in ("alone", "nothing", "stranger"):
            shutil.copytree(kept, goldens / name)
        (goldens / "alone" / GOLDEN).unlink()
        for path in (goldens / "nothing").iterdir():
            path.unlink()
        text = (goldens / "stranger" / "show.toml").read_text("utf-8")
        (goldens / "stranger" / "show.toml").write_text(text.replace("../../mine", "../../gone"), "utf-8")
        done = wearsound("check", "goldens", "--junit", "out.xml")
        assert done.returncode == 3
        assert done.stdout == "goldens/one: the same, to the bit\n"
        alone, nothing, stranger = done.stderr.splitlines()
        assert f"{GOLDEN} is not there any more" in alone
        assert "nothing is no golden, render or take any more" in nothing
        assert "gone.toml" in stranger
        root = ElementTree.parse(tmp_path / "out.xml").getroot()
        assert [suite.get("failures") for suite in root] == ["1", "1", "0", "1"]

    def test_made_elsewhere_tolerances_hold(self, kept: Path) -> None:
        """One lamp of one frame is one step brighter: not the same, and good enough from another machine."""
        tables = read_tables(kept / GOLDEN)
        tables["light"].values[3, 400] += 1
        write_tables(kept / GOLDEN, tables)
        table = json.loads((kept / "report.json").read_text("utf-8"))
        table["facts"]["content"]["light"] = "0" * 64
        (kept / "report.json").write_text(json.dumps(table), "utf-8")
        (line,) = check(kept).lines
        assert line.startswith("light differs: first at 0.32 s, ")
        assert line.endswith(", 1 of 255")
        table["facts"]["versions"]["numpy"] = "1.0"
        (kept / "report.json").write_text(json.dumps(table), "utf-8")
        result = check(kept)
        assert result.elsewhere
        assert result.said == "the same within tolerance, 50% of it used (light): it was made elsewhere"
        assert check(kept, strict=True).lines[-1].startswith("numpy ")

    def test_a_render_is_updated_as_well(self, wearsound: Run, kept: Path, tmp_path: Path) -> None:
        words = ("render", "mine.toml", *WORDS[1:5], "--to", "goldens/whole")
        assert wearsound(*words).returncode == 0
        brighter(kept)
        done = wearsound("check", "goldens/whole", "--update", "--reason", "warmer", env=NOT_CI)
        assert done.returncode == 0, done.stderr
        assert (tmp_path / "goldens" / "whole" / "light.npz").is_file()
        assert wearsound("check", "goldens/whole").stdout == "goldens/whole: the same, to the bit\n"

    def test_what_a_person_put_beside_its_pictures_stays(self, wearsound: Run, kept: Path) -> None:
        (kept / "thumbs").mkdir()
        (kept / "thumbs" / "notes.txt").write_text("mine", encoding="utf-8")
        brighter(kept)
        done = wearsound("check", "goldens", "--update", "--reason", "warmer", env=NOT_CI)
        assert done.returncode == 1
        assert "is a golden but also holds 'thumbs/notes.txt': move that away first" in done.stderr
        assert (kept / "thumbs" / "notes.txt").read_text("utf-8") == "mine"

    def test_a_render_with_its_frames_keeps_them(self, wearsound: Run, kept: Path, tmp_path: Path) -> None:
        """The second update of one dropped them, for the first had written `frames = false`."""
        words = ("render", "mine.toml", *WORDS[1:4], "--to", "goldens/whole", "--frames")
        assert wearsound(*words, "--fps", "2", "--size", "160x90").returncode == 0
        brighter(kept)
        done = wearsound("check", "goldens/whole", "--update", "--reason", "warmer", env=NOT_CI)
        assert done.returncode == 0, done.stderr
        whole = tmp_path / "goldens" / "whole"
        assert len(list((whole / "frames").iterdir())) == 2
        assert "\nframes = true\n" in (whole / "show.toml").read_text("utf-8")

    def test_five_may_change_at_once(self, tmp_path: Path) -> None:
        bad, good = Verdict("light", "differs", "differs"), Verdict("light", "exact", "exact")
        many = [Result(tmp_path / name, "golden", (bad,)) for name in "abcdef"]
        with pytest.raises(WearsoundError, match=r"6 would change \(a, b, c, d, e, f\).*--all"):
            update(many, "warmer")
        for odd, why in (
            (Result(tmp_path / "t", "take", (bad,)), "is a take"),
            (Result(tmp_path / "n", "nothing", (Verdict("show", "bad", "no patch"),)), "cannot be checked"),
            (Result(tmp_path / "g", "golden", (good, Verdict("expect", "differs", "x"))), "nothing differs"),
        ):
            with pytest.raises(WearsoundError, match=why):
                update([odd], "warmer")


class TestAPart:
    def test_it_begins_where_it_is_said(self) -> None:
        source = open_part("test:sweep", 1.0, seconds=0.5)
        blocks = list(source.blocks(Clock()))
        samples = np.concatenate([block.samples[:, 0] for block in blocks])
        assert blocks[0].tick == 0
        first = 188 * 256  # the hop nearest to a second
        assert np.array_equal(
            samples[:20_000], signal_of("test:sweep").samples(first, 20_000).astype(np.float32)
        )
        assert abs(len(samples) - 24_000) <= 256

    def test_what_has_no_such_part_is_said(self, tmp_path: Path) -> None:
        (tmp_path / "t").mkdir()
        (tmp_path / "t" / "take.toml").write_text("", encoding="utf-8")
        for text, start, why in (
            (str(tmp_path / "t"), 1.0, "take trim"),
            ("test:kick=120,seconds=2", 2.0, "ends after 2.0 s"),
        ):
            with pytest.raises(WearsoundError, match=why):
                open_part(text, start)


def test_the_compact_form_is_as_long_as_the_show(kept: Path) -> None:
    tables = read_tables(kept / GOLDEN)
    assert tables["features.counted"].values.shape[0] == 188
    assert tables["light"].values.shape[0] == 10
    assert tables["light"].values.max() > 100
    assert tables["vibration"].values.max() > 0
    assert tables["osc"].values[:, 0].sum() > 500


class TestMutants:
    @pytest.mark.parametrize("mutant", mutants.MUTANTS, ids=lambda mutant: mutant.name)
    def test_each_has_a_place_to_live(self, mutant: mutants.Mutant) -> None:
        text = (ROOT / "src" / "wearsound" / mutant.where).read_text("utf-8")
        assert text.count(mutant.old) == 1
        assert mutant.old != mutant.new

    def test_one_is_found_both_ways(self, tmp_path: Path) -> None:
        (mutant,) = (each for each in mutants.MUTANTS if each.name == "hue + 1 %")
        found = mutants.tried(mutant, tmp_path / "copy", [ROOT / "tests" / "goldens" / "pulse-point"])
        assert set(found) == {"exact", "elsewhere"}
        assert found["exact"][2].startswith(("light differs: first at ", "osc differs: first at "))


@pytest.mark.parametrize("spoil", ["cut", "no pictures"])
def test_a_golden_that_is_spoilt_is_refused_before_anything_is_rendered(
    spoil: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def render(*_: object, **__: object) -> None:
        raise AssertionError("it was rendered")

    monkeypatch.setattr("wearsound.proof.check.render", render)
    golden = shutil.copytree(GOLDENS[0], tmp_path / "golden")
    if spoil == "cut":
        (golden / GOLDEN).write_bytes((golden / GOLDEN).read_bytes()[:500])
    else:
        shutil.rmtree(golden / "thumbs")
    said = "is no golden of wearsound" if spoil == "cut" else "thumbs holds no picture any more"
    with pytest.raises(WearsoundError, match=said):
        check(golden)


def test_a_garment_with_a_motor_less_is_told_by_its_name(tmp_path: Path) -> None:
    """The render is of the garment as it was: its channels are not those of today."""
    text = (ROOT / "patches" / "garments" / "denim-jacket.toml").read_text("utf-8")
    (tmp_path / "mine.toml").write_text(text, "utf-8")
    show = load("bass-denim", garment=tmp_path / "mine.toml")
    render(show, "test:kick=120", to=tmp_path / "made", seconds=0.5, video=False)
    at = text.rindex("[[actuator]]")
    (tmp_path / "mine.toml").write_text(text[:at] + text[text.index("\n[[", at + 1) :], "utf-8")
    said = {verdict.layer: verdict.said for verdict in check(tmp_path / "made").verdicts}
    assert said["vibration"] == f"differs: {show.garment.actuators[-1].name} is not there any more"


def test_vibration_that_does_less_than_was_told_is_seen(tmp_path: Path) -> None:
    """Its facts bound it from above alone, and its hash is over more than its file."""
    show = load("bass-denim")
    render(show, "test:kick=120", to=tmp_path / "made", seconds=0.5, video=False)
    path = tmp_path / "made" / "vibration.wav"
    wave, rate = soundfile.read(path, dtype="float64")
    kind = soundfile.info(path).subtype
    assert check(tmp_path / "made").good
    soundfile.write(path, 0.8 * wave, rate, subtype=kind)
    assert f"{path} is not what it was when it was rendered" in check(tmp_path / "made").lines
