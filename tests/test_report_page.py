"""The report of a render: its numbers are the facts, its verdict follows from them, and the page stands alone."""

from __future__ import annotations

import json
import shlex
import shutil
import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import Run
from pages import Page
from test_take import blocks, write_take

from wearsound import gallery, load, render
from wearsound.errors import MissingError, PatchError
from wearsound.garment.materials import drive_ma
from wearsound.garment.structure import Actuator
from wearsound.outputs.record.folder import refuse_foreign
from wearsound.outputs.record.report import read_report
from wearsound.outputs.record.show_file import part, read_show
from wearsound.outputs.record.sound import FULL_SCALE
from wearsound.outputs.record.take_folder import About
from wearsound.outputs.record.vibration import full_ma
from wearsound.outputs.record.wav import WavFile
from wearsound.proof import counted, findings
from wearsound.proof.curves import LEFT, RIGHT, TOP, WIDTH, Columns, Plot, clock_words, round_marks
from wearsound.proof.origin import command
from wearsound.proof.page import Html, document, tag, words
from wearsound.proof.report_page import report_page, write_report

GOOD: dict[str, Any] = {
    "flashes": {"worst": 3, "red": 0, "whole": 1, "quarter": 1, "zones": {"chest": 3, "back": 0}},
    "power": {"peak_ma": 2000.0, "mean_ma": 900.0, "hours": 5.0},
    "warmest": {"chest": 43.0},
    "vibration": {
        "actuators": {"a": {"peak": 1.0, "duty_10s": 0.5, "duty_10min": 0.3, "taken": 0.0}},
        "dose": {"a8": 2.5, "of_action": 1.0, "of_limit": 0.25},
    },
    "sound": {"peak_db": -3.0, "mean_db": -20.0, "lufs": -18.0, "true_peak_db": -1.0, "guard": {}},
}


def facts(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "report.json").read_text(encoding="utf-8"))["facts"]
    return found


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A jacket that glows and vibrates to the demo track, with a small film."""
    folder = tmp_path_factory.mktemp("report") / "jacket"
    render(load("bass-denim", sketch="loom"), "demo", to=folder, seconds=5, fps=3, size=(160, 90))
    return folder


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A coat that plays the sound of a walk."""
    folder = tmp_path_factory.mktemp("report") / "walk"
    render(load("first-walk"), "walk", to=folder, seconds=4, video=False)
    return folder


def copied(made: Path, to: Path) -> Path:
    shutil.copytree(made, to)
    return to


def with_facts(folder: Path, **tables: Any) -> Path:
    """A render whose report says something else."""
    path = folder / "report.json"
    report = json.loads(path.read_text(encoding="utf-8"))
    report["facts"] |= tables
    path.write_text(json.dumps(report), encoding="utf-8")
    return folder


# the page


def test_a_strangers_words_mean_nothing_to_a_browser() -> None:
    assert words("<b>&\"'") == "&lt;b&gt;&amp;&quot;&#x27;"
    assert words("a\u202eb\x00c\u2028d") == "a?b?c?d"
    assert words("déjà vu 音\n") == "déjà vu 音\n"
    assert words(Html("<b>")) == "<b>"
    assert tag("p", "<i>", title='"><script>', hidden=None) == (
        '<p title="&quot;&gt;&lt;script&gt;">&lt;i&gt;</p>'
    )
    assert tag("img", src="x") == '<img src="x">'


def test_a_page_forbids_itself_every_script_and_every_other_host() -> None:
    page = Page(document("<script>", tag("p", "</main><script>alert(1)</script>")))
    (policy,) = [each["content"] for each in page.of("meta") if "http-equiv" in each]
    assert policy == "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    assert "</main><script>alert(1)</script>" in page.words


# curves


def test_columns_keep_the_least_and_the_most() -> None:
    columns = Columns(10.0, 5)
    columns.add(np.array([0.0, 1.9, 2.0, 9.9, 10.0]), np.array([1.0, 3.0, np.nan, 5.0, -5.0]))
    assert columns.time.tolist() == [1.0, 3.0, 5.0, 7.0, 9.0]
    np.testing.assert_array_equal(columns.most, [3, np.nan, np.nan, np.nan, 5])
    np.testing.assert_array_equal(columns.least, [1, np.nan, np.nan, np.nan, -5])


def test_a_curve_goes_where_its_numbers_are() -> None:
    plot = Plot("about", 10.0, 0.0, 4.0, (0, 4), height=100)
    plot.line(np.array([0.0, 5.0, 7.0, 10.0]), np.array([0.0, 2.0, np.nan, 99.0]), "ink-light")
    plot.limit(3.0, "limit 3")
    page = Page(plot.svg())
    middle = (LEFT + WIDTH - RIGHT) / 2
    assert page.of("path")[0]["d"] == (
        f"M{LEFT:.1f} {TOP + 100:.1f}L{middle:.1f} {TOP + 50:.1f}L{WIDTH - RIGHT:.1f} {TOP:.1f}"
    )
    assert page.of("line", "limit")[0]["y1"] == f"{TOP + 25:.1f}"
    assert "limit 3" in page.words


def test_a_count_is_drawn_as_steps() -> None:
    plot = Plot("about", 4.0, 0.0, 2.0, (), height=100)
    plot.steps(np.array([1.0, 3.0]), np.array([0.0, 2.0]), "ink-light")
    ys = [float(point.split(" ")[1]) for point in Page(plot.svg()).of("path")[0]["d"][1:].split("L")]
    assert ys == [TOP + 100, TOP + 100, TOP, TOP]


def test_marks_are_round() -> None:
    assert round_marks(0, 3300) == [0, 1000, 2000, 3000]
    assert round_marks(-1.2, 1.2) == [-1.0, -0.5, 0.0, 0.5, 1.0]
    assert [clock_words(s, w) for s, w in ((2.5, 12), (75, 90), (3725, 4000))] == ["2.5 s", "1:15", "1:02:05"]


# the verdict


def test_what_keeps_every_limit_to_the_last_is_safe_and_a_hair_more_is_not() -> None:
    found = findings.findings(GOOD, most_ma=2000.0)
    assert [each.kept for each in found] == [True] * 7
    said = findings.judged(found)
    assert said.safe
    assert said.word == "Safe to show"
    assert "at most 3 flashes in any second (limit 3)" in said.sentence.lower()
    worse: list[tuple[str, dict[str, Any], str]] = [
        (
            "flashes",
            {"worst": 4, "zones": {"chest": 4, "back": 0}},
            "4 flashes in one second, and the limit is 3",
        ),
        ("power", {"peak_ma": 2000.1}, "2.00 A"),
        ("warmest", {"chest": 43.1}, "43.1 °C at the skin, and the limit is 43"),
        ("vibration", {"actuators": {"b": {"duty_10s": 0.5001, "duty_10min": 0.0}}}, "b at work for 50%"),
        (
            "vibration",
            {"actuators": {"b": {"duty_10s": 0.1, "duty_10min": 0.31}}},
            "b at work for 31% of 10 min",
        ),
        ("vibration", {"actuators": {}, "dose": {"of_action": 1.01}}, "101% of a day's dose"),
        ("sound", {"true_peak_db": -0.9}, "a true peak of −0.9 dBTP, and the ceiling is −1"),
    ]
    for table, instead, sentence in worse:
        said = findings.judged(findings.findings({**GOOD, table: instead}, most_ma=2000.0))
        assert said.safe is False, table
        assert said.word == "Not safe to show"
        assert sentence.lower() in said.sentence.lower()


def test_what_nobody_counted_is_not_proven() -> None:
    without = {key: table for key, table in GOOD.items() if key != "flashes"}
    assert findings.judged(findings.findings(without, 2000.0)).word == "Not proven"
    assert findings.judged(findings.findings(GOOD)).word == "Not proven"  # no battery is known
    assert findings.judged(findings.findings(GOOD, 2000.0), ["light.npz is gone."]).safe is None
    assert findings.judged(findings.findings(GOOD, 2000.0), [], ["[expect] x"]).word == "Not as expected"
    # and a light.npz that flashes more than its report says is what counts
    assert findings.judged(findings.findings(GOOD, 2000.0, counted=5)).safe is False


# the numbers


def test_what_is_counted_anew_is_what_the_facts_say(made: Path) -> None:
    said = facts(made)
    light = counted.light(made, 5.0)
    assert light.worst == said["flashes"]["worst"]
    assert max(np.nanmax(light.general.most), np.nanmax(light.red.most)) == light.worst
    garment = load("bass-denim").garment
    felt = counted.felt(made, garment.actuators, 5.0)
    # What driver boards are told counts too, and is in no file: a little more than the waves alone.
    assert 0.8 <= np.nanmax(felt.ma.most) / said["vibration"]["peak_ma"] <= 1.0001
    heat = said["power"]["peak_ma"] - said["vibration"]["peak_ma"] - np.nanmax(light.ma.most)
    assert -0.2 <= heat <= drive_ma(garment).sum()  # heated cloth is in no file
    for name, of in said["vibration"]["actuators"].items():
        assert of["duty_10s"] * 0.8 - 1e-4 <= np.nanmax(felt.duty[name].most) <= of["duty_10s"] + 1e-4
    assert max(of["duty_10s"] for of in said["vibration"]["actuators"].values()) > 0.01
    lufs = counted.heard(made, 5.0).lufs
    assert np.nanmax(lufs.most) > said["sound"]["lufs"] > np.nanmin(lufs.least)
    bands = counted.bands(made)
    assert bands.lane == "room"
    assert bands.seconds == pytest.approx(5.0, abs=0.01)
    with np.load(made / "features.npz") as features:
        assert np.nanmax(bands.curves["bass"].most) == features["room.bass"].max()


def test_duty_current_and_loudness_of_known_files(tmp_path: Path) -> None:
    rate, seconds = 48_000, 20
    time = np.arange(rate * seconds) / rate
    first = np.where(time < 5, FULL_SCALE - 1, 0)
    second = np.rint(np.sin(2 * np.pi * 1500 * time) * (FULL_SCALE - 1) / 2)
    for name in ("vibration.wav", "sound.wav"):
        file = WavFile(tmp_path / name, rate, 2)
        file.write(np.stack([first if name[0] == "v" else second, second], axis=1).astype(np.int32))
        file.close()
    actuators = (Actuator("a", "chest", ma=100.0), Actuator("b", "chest", ma=60.0))
    full = full_ma(actuators)
    felt = counted.felt(tmp_path, actuators, float(seconds))
    at = felt.duty["a"].time
    duty = felt.duty["a"].most
    np.testing.assert_allclose(duty[at < 5], at[at < 5] / 10, atol=0.004)
    np.testing.assert_allclose(duty[(at > 5.1) & (at < 9.9)], 0.5, atol=0.001)
    np.testing.assert_allclose(duty[at > 15.1], 0.0, atol=1e-9)
    np.testing.assert_allclose(felt.duty["b"].most[at > 10.1], 0.5, atol=0.001)
    np.testing.assert_allclose(felt.ma.most[at < 4.9], full[0] + full[1] / 2, rtol=0.001)
    np.testing.assert_allclose(felt.ma.most[at > 5.1], full[1] / 2, rtol=0.001)
    lufs = counted.heard(tmp_path, float(seconds)).lufs
    # A quarter of full power in both together is -6.02 dB; less 0.69, and more by what the K filter adds at 1500 Hz.
    assert np.nanmin(lufs.least) == pytest.approx(np.nanmax(lufs.most), abs=0.01)
    assert np.nanmax(lufs.most) == pytest.approx(-6.02 - 0.69 + 2.3, abs=1.0)
    assert lufs.time[np.isfinite(lufs.most)][0] == pytest.approx(0.4, abs=0.05)
    with pytest.raises(PatchError, match="has 2 channels for 1 actuators"):
        counted.felt(tmp_path, actuators[:1], 20.0)


def test_a_wave_that_works_longer_than_its_report_says_is_not_safe(made: Path, tmp_path: Path) -> None:
    folder = copied(made, tmp_path / "driven")
    actuators = load("bass-denim").garment.actuators
    seconds = 8
    file = WavFile(folder / "vibration.wav", 48_000, len(actuators))
    file.write(np.full((48_000 * seconds, len(actuators)), FULL_SCALE - 1, np.int32))
    file.close()
    said = counted.felt(folder, actuators, seconds).worst
    assert said == {one.name: {"duty_10s": 0.8, "duty_10min": 0.0133} for one in actuators}
    judgement, _ = report_page(folder)
    assert judgement.safe is False
    assert "at work for 80% of 10 s, and the limit is 50%" in judgement.sentence
    told = facts(made)["vibration"]["actuators"]
    assert counted.felt(made, actuators, 5.0).worst.keys() == told.keys()
    for name, of in counted.felt(made, actuators, 5.0).worst.items():
        assert of["duty_10s"] <= told[name]["duty_10s"]


def test_a_wave_that_is_safe_and_not_the_reports_proves_nothing(made: Path, tmp_path: Path) -> None:
    folder = copied(made, tmp_path / "still")
    samples = facts(made)["counts"]["felt"]
    file = WavFile(folder / "vibration.wav", 48_000, len(load("bass-denim").garment.actuators))
    file.write(np.zeros((samples, len(load("bass-denim").garment.actuators)), np.int32))
    file.close()
    judgement, _ = report_page(folder)
    assert judgement.word == "Not proven"
    assert "vibration.wav is not what it was when it was rendered" in judgement.sentence


def test_the_larger_of_what_is_told_and_found_counts() -> None:
    def duty(driven: dict[str, dict[str, float]]) -> str:
        return next(
            each.found for each in findings.findings(GOOD, 2000.0, driven=driven) if "10 s" in each.what
        )

    assert duty({}) == duty({"a": {"duty_10s": 0.2}}) == "50.0% (a)"
    assert duty({"a": {"duty_10s": 0.6}}) == "60.0% (a)"
    assert duty({"b": {"duty_10s": 0.7}}) == "70.0% (b)"


@pytest.mark.parametrize("time", [np.inf, np.nan, -1.0, 1e300])
def test_a_time_that_no_show_has_is_a_sentence(time: float, made: Path, tmp_path: Path) -> None:
    folder = copied(made, tmp_path / "odd")
    with np.load(folder / "features.npz") as members:
        columns = {name: members[name] for name in members.files}
    columns["time"][-1] = time
    np.savez(folder / "features.npz", **columns)
    with pytest.raises(
        PatchError, match=r"features\.npz is not what a render leaves \(a time that no show has\)"
    ):
        counted.bands(folder)
    assert report_page(folder)[0].word == "Not proven"


def test_the_page_of_a_render_says_the_facts(made: Path) -> None:
    judgement, text = report_page(made)
    page, said = Page(text), facts(made)
    assert judgement.safe
    assert judgement.sentence in page.words
    assert "Bass denim" in page.words
    assert f"on Denim jacket, to 5.0 s of demo, edition {load('bass-denim').seed}" in page.words
    for digest in said["content"].values():
        assert digest in page.words
    for name, version in said["versions"].items():
        assert f"{name} {version}" in page.words
    assert f"{said['power']['peak_ma']:,.0f} mA" in page.words
    assert f"{said['flashes']['worst']} in a second" in page.words
    assert f"{said['sound']['lufs']:g}".replace("-", "−") + " LUFS over all" in page.words
    assert f"A(8) {said['vibration']['dose']['a8']:g} m/s²" in page.words
    assert "Not live" in page.words
    assert len([one for one in page.of("img") if "jpeg" in one["src"]]) == 1
    assert len([one for one in page.of("img") if "png" in one["src"]]) == 5
    assert len(page.of("svg", "plot")) == 5


def test_a_coat_that_plays_is_held_to_its_ceiling(walk: Path) -> None:
    judgement, text = report_page(walk)
    page, peak = Page(text), facts(walk)["sound"]["true_peak_db"]
    assert judgement.safe
    assert f"no true peak above {peak:g} dBTP".replace("-", "−") in judgement.sentence
    assert "The limiter took nothing. The feedback guard stepped in never." in page.words
    assert page.of("img") == []  # no picture was made, and none is promised


def test_light_that_flashes_is_not_safe_whatever_the_report_says(made: Path, tmp_path: Path) -> None:
    folder = copied(made, tmp_path / "strobe")
    with np.load(folder / "light.npz") as members:
        columns = {name: members[name] for name in members.files}
    frames = np.arange(len(columns["time"]))
    on = (frames // 4 % 2 == 1)[:, None, None]  # 7.5 a second
    columns |= {
        name: np.where(on, np.uint8(255), np.uint8(0)) * np.ones_like(c)
        for name, c in columns.items()
        if name != "time"
    }
    np.savez(folder / "light.npz", **columns)
    light = counted.light(folder, 5.0)
    assert light.worst == 7
    assert np.nanmedian(light.general.most) == 7
    judgement, text = report_page(folder)
    assert judgement.safe is False
    assert "7 flashes in one second, and the limit is 3" in judgement.sentence
    assert "passed" in Page(text).words


def test_a_file_that_is_not_what_it_was_proves_nothing(made: Path, tmp_path: Path) -> None:
    folder = copied(made, tmp_path / "edited")
    (folder / "osc.jsonl").write_text("{}\n", encoding="utf-8")
    judgement, _ = report_page(folder)
    assert judgement.safe is None
    assert "osc.jsonl is not what it was when it was rendered" in judgement.sentence


def test_a_garment_that_is_another_now_proves_nothing(made: Path, tmp_path: Path) -> None:
    folder = copied(made, tmp_path / "another")
    text = (folder / "show.toml").read_text(encoding="utf-8")
    (folder / "coat.toml").write_text(
        gallery.find("garment", "denim-jacket").read_text(encoding="utf-8") + "\n"
    )
    (folder / "show.toml").write_text(
        text.replace('file = "denim-jacket"', 'file = "./coat.toml"'), encoding="utf-8"
    )
    judgement, _ = report_page(folder)
    assert judgement.safe is None
    assert "coat.toml has changed since the render" in judgement.sentence


def test_an_archive_that_is_torn_anywhere_is_a_sentence(walk: Path, tmp_path: Path) -> None:
    folder = copied(walk, tmp_path / "torn")
    for name in ("features.npz", "light.npz"):
        whole = (walk / name).read_bytes()
        with zipfile.ZipFile(walk / name) as archive:
            last = archive.infolist()[-1]
        at = last.header_offset
        packed = at + 30 + sum(struct.unpack("<HH", whole[at + 26 : at + 30]))
        for torn in (
            packed,
            at,
            len(whole) - 40,
        ):  # a block of no kind, a file of no name, an index that is none
            (folder / name).write_bytes(whole[:torn] + b"\x07" * 30 + whole[torn + 30 :])
            judgement, text = report_page(folder)
            assert judgement.safe is not True
            assert f"{name} is not what it was" in judgement.sentence
            Page(text)
        (folder / name).write_bytes(whole)


def test_a_layer_that_cannot_be_read_is_named_and_the_rest_is_drawn(made: Path, tmp_path: Path) -> None:
    folder = copied(made, tmp_path / "broken")
    (folder / "light.npz").write_bytes(b"PK no zip")
    (folder / "vibration.wav").unlink()
    (folder / "sound.wav").write_bytes(b"RIFF")
    (folder / "poster.png").write_bytes(b"no picture")
    judgement, text = report_page(folder)
    page = Page(text)
    assert judgement.word == "Not proven"
    assert len(page.of("p", "missing")) == 3
    assert "What was heard" in page.words


# what makes it again


def test_the_command_on_the_page_makes_the_same_again(made: Path, wearsound: Run) -> None:
    said = command(read_show(made / "show.toml"), made.name)
    assert said in Page(report_page(made)[1]).words
    first, *rest = shlex.split(said)
    assert first == "wearsound"
    done = wearsound(*rest, cwd=made)
    assert done.returncode == 0, done.stderr
    again = made.parent / "jacket-again"
    assert facts(again)["content"] == facts(made)["content"]
    assert (again / "report.html").is_file()
    refuse_foreign(again)  # a page in a render is ours


def test_the_command_begins_where_the_render_did(wearsound: Run, tmp_path: Path) -> None:
    words = ("test:sweep", "--from", "1.25", "--seconds", "0.5", "--no-video")
    assert wearsound("render", "bass-denim", *words, "--to", "part").returncode == 0
    said = command(read_show(tmp_path / "part"), "part")
    assert "--from 1.25 --to ../part-again" in said
    assert wearsound(*shlex.split(said)[1:], cwd=tmp_path / "part").returncode == 0
    assert facts(tmp_path / "part-again")["content"] == facts(tmp_path / "part")["content"]


def test_the_verb_tells_a_terminal_nothing(walk: Path, wearsound: Run, tmp_path: Path) -> None:
    actuators = {"\x1b]0;mine\x07": {"peak": 1.0, "duty_10s": 0.9}}
    with_facts(copied(walk, tmp_path / "walk"), vibration={"actuators": actuators})
    done = wearsound("report", "walk")
    assert "?]0;mine? at work for 90% of 10 s" in done.stdout
    assert "\x1b" not in done.stdout


# strangers


def test_a_strangers_titles_and_paths_stay_words(tmp_path: Path) -> None:
    title = "</title><script>alert(1)</script><img src=x onerror=alert(2)> & evil"
    patch = tmp_path / "a'\"><svg onload=alert(3)>.toml"
    patch.write_text(
        f'title = {json.dumps(title)}\ngarment = "cuff"\n[[route]]\nfrom = "bass"\nto = "*.glow"\n',
        encoding="utf-8",
    )
    folder = tmp_path / "<b>&out"
    render(load(patch), "test:kick=120", to=folder, seconds=1, video=False)
    with_facts(folder, versions={"<script>": "</style>\u202e"})
    page = Page(report_page(folder)[1])
    assert title in page.words
    assert patch.name in page.words
    assert "<script> </style>?" in page.words


@pytest.mark.parametrize(
    "tables",
    [
        {"flashes": 3},
        {"power": {"peak_ma": "much"}},
        {"power": {"peak_ma": float("inf"), "mean_ma": 1.0}},
        {"vibration": {"actuators": [1]}},
        {"sound": []},
        {"content": 1},
    ],
    ids=lambda tables: next(iter(tables)),
)
def test_a_report_of_other_kinds_is_a_sentence(tables: dict[str, Any], made: Path, tmp_path: Path) -> None:
    folder = with_facts(copied(made, tmp_path / "odd"), **tables)
    with pytest.raises(PatchError, match=r"report\.json is not a report of wearsound \(.*\): render again"):
        report_page(folder)


# takes


def test_a_take_says_what_it_lost_and_what_it_does_not_keep(tmp_path: Path) -> None:
    take = write_take(tmp_path / "night", blocks(200, gaps={50: 30, 100: 7}), About(title="A <night>"))
    judgement, path = write_report(take)
    page = Page(path.read_text(encoding="utf-8"))
    assert judgement.word == "Not proven"
    assert "nothing was counted while it was live" in judgement.sentence
    assert "A <night>" in page.words
    assert "37 of 237 hops lost (0.20 s, 15.61%), in 2 gaps." in page.words
    assert "are not kept by a take" in page.words
    assert len(page.of("svg", "plot")) == 1
    (take / "facts.json").write_text(json.dumps(GOOD), encoding="utf-8")
    judgement, path = write_report(take)
    assert judgement.word == "Not proven"  # its garment is not known
    page = Page(path.read_text(encoding="utf-8"))
    assert "−18 LUFS over all; true peak −1 dBTP, where −1 is the ceiling." in page.words
    assert "wearsound check ../night" in page.words


def test_a_take_that_tells_too_little_proves_nothing(walk: Path, tmp_path: Path) -> None:
    show, told = load("first-walk"), facts(walk)
    kept = {
        "patch": part("patch", show.patch_path, tmp_path),
        "garment": part("garment", show.garment_path, tmp_path),
    }
    take = write_take(tmp_path / "night", blocks(200), About(title="Night", parts=kept))

    def verdict(**tables: Any) -> findings.Judgement:
        (take / "facts.json").write_text(json.dumps({**told, **tables}), encoding="utf-8")
        return write_report(take)[0]

    assert verdict().safe
    assert verdict(flashes={"worst": 9}).safe is False
    for layer in ("light", "vibration", "sound"):
        said = verdict(content={name: hashed for name, hashed in told["content"].items() if name != layer})
        assert said.word == "Not proven"
        assert f"facts.json does not tell of content.{layer}: render the take." in said.sentence
    for name, missing in (
        ("power", "power.peak_ma"),
        ("vibration", "vibration.actuators"),
        ("sound", "sound.true_peak_db"),
    ):
        said = verdict(**{name: {}})
        assert said.word == "Not proven"
        assert f"does not tell of {missing}:" in said.sentence
    (take / "facts.json").write_text('{"flashes": {"worst": 0}}', encoding="utf-8")
    assert write_report(take)[0].word == "Not proven"


# the verb


def test_the_verb_says_the_verdict_and_ends_by_it(made: Path, wearsound: Run, tmp_path: Path) -> None:
    done = wearsound("report", str(made), "--to", "page.html")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Safe to show: At most ")
    assert (tmp_path / "page.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    folder = copied(made, tmp_path / "expected")
    with (folder / "show.toml").open("a", encoding="utf-8") as file:
        file.write("onsets = 4711\n")
    done = wearsound("report", str(folder))
    assert done.returncode == 1
    assert "Not as expected" in done.stdout
    assert "onsets: " in (folder / "report.html").read_text(encoding="utf-8")
    assert wearsound("report", str(tmp_path)).returncode == 3
    (folder / "report.json").write_text("[]", encoding="utf-8")
    assert wearsound("report", str(folder)).returncode == 2
    with pytest.raises(MissingError):
        report_page(tmp_path)


def test_a_report_made_anew_is_the_same(made: Path) -> None:
    assert report_page(made)[1] == report_page(made)[1]


def test_a_report_that_tells_too_little_proves_nothing(made: Path, tmp_path: Path) -> None:
    told, garment = facts(made), load("bass-denim").garment
    assert findings.untold(told, garment, plays=False) == findings.untold(told, None, plays=False) == []
    assert findings.untold(told, garment, plays=True) == ["sound.true_peak_db"]
    layers = [f"content.{layer}" for layer in ("features", "osc", "light", "sound")]
    assert findings.untold({}, None, plays=False) == [
        *layers,
        "flashes.worst",
        "power.peak_ma",
        "sound.peak_db",
    ]
    for name in ("flashes", "power", "warmest", "vibration", "sound", "content"):
        for instead in ([1], {}, {key: "much" if name != "content" else 1 for key in told[name]}):
            lacks = findings.untold({**told, name: instead}, garment, plays=False)
            assert {each.partition(".")[0] for each in lacks} == {name}
    for name in ("peak_ma", "mean_ma"):
        found = findings.untold(
            {**told, "power": {**told["power"], name: float("inf")}}, garment, plays=False
        )
        assert found == ([f"power.{name}"] if name == "peak_ma" else [])
    some = dict(list(told["vibration"]["actuators"].items())[:-1])
    few = {**told, "vibration": {**told["vibration"], "actuators": some}}
    assert findings.untold(few, garment, plays=False) == ["vibration.actuators"]
    poor = tmp_path / "poor"
    shutil.copytree(made, poor)
    report = json.loads((poor / "report.json").read_text(encoding="utf-8"))
    report["facts"] = {"a": [1]}
    (poor / "report.json").write_text(json.dumps(report), encoding="utf-8")
    judgement, _ = report_page(poor)
    assert judgement.word == "Not proven"
    assert "report.json does not tell of power.peak_ma: render again." in judgement.sentence
    judgement, _ = report_page(with_facts(copied(made, tmp_path / "bare"), power={}, vibration={}, sound={}))
    assert judgement.word == "Not proven"
    for name in ("power.peak_ma", "vibration.actuators", "vibration.dose", "sound.peak_db"):
        assert f"report.json does not tell of {name}: render again." in judgement.sentence


def test_every_report_of_ours_tells_enough() -> None:
    """Of every golden, whose facts are those of a render."""
    for folder in sorted(path.parent for path in (Path(__file__).parent / "goldens").glob("*/golden.npz")):
        show = load(folder / "show.toml")
        plays = show.patch.soundscape is not None
        assert findings.untold(facts(folder), show.garment, plays=plays) == [], folder.name


def test_a_report_that_never_ends_or_names_no_table_is_a_sentence(made: Path, tmp_path: Path) -> None:
    folder = copied(made, tmp_path / "deep")
    for text in ("[" * 200_000, '{"facts": {"content": ["light"]}}', '{"facts": {"versions": 3}}'):
        (folder / "report.json").write_text(text, encoding="utf-8")
        for read in (report_page, read_report):
            with pytest.raises(PatchError, match=r"report\.json is not a report of wearsound \(.*\): render"):
                read(folder)


def test_what_is_no_render_is_said(made: Path) -> None:
    with pytest.raises(PatchError, match=r"report\.json is a file: name the folder"):
        report_page(made / "report.json")
    golden = next((Path(__file__).parent / "goldens").glob("*/golden.npz")).parent
    with pytest.raises(PatchError, match="is a golden, which keeps too little for a page"):
        report_page(golden)
