"""Many recordings: names that never collide, a manifest that is trusted by hashes alone, and what is done again."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import many
import msgspec
import pytest
from conftest import Run, write_song
from many import Here, batch_of, hashes, jobs_of, lies_in, rows, run, songs

from wearsound.errors import AudioError, MissingError, PatchError, WearsoundError
from wearsound.many.index_page import index_page
from wearsound.many.lock import alone, let_go
from wearsound.many.manifest import MANIFEST, Manifest, Row, Settings, State, read_manifest, write_manifest
from wearsound.many.place import lock_of
from wearsound.many.recordings import recordings, result_name
from wearsound.many.render_all import render_all
from wearsound.many.render_one import render_one
from wearsound.outputs.record.show_file import Part
from wearsound.proof.check import check
from wearsound.proof.findings import SAFE


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two recordings of one name, rendered."""
    root = tmp_path_factory.mktemp("many")
    songs(root)
    _, made, told = run(root)
    assert made.count("done") == len(told) == 2, told
    return root


@pytest.fixture
def root(first: Path, tmp_path: Path) -> Path:
    """The same, to be spoilt."""
    shutil.copytree(first, tmp_path / "root")
    return tmp_path / "root"


class TestNames:
    def test_known_answer(self) -> None:
        assert result_name("day 2/low tide.wav") == "low-tide-7f3a85178654"

    def test_they_never_collide(self) -> None:
        paths = [
            *(
                "a/x.wav",
                "b/x.wav",
                "x.wav",
                "x.mp3",
                "a-x.wav",
                "a x.wav",
                "a_x.wav",
                "X.wav",
                "a/b/x.wav",
                "a b/x.wav",
            ),
            *("...wav", "-.wav", "é.wav", "e\u0301.wav", "日本.wav", "日.本.wav", "x.wav.wav", "CON.wav"),
            *("long" * 60 + ".wav", "long" * 60 + "er.wav", "é" * 120 + ".wav"),
            *(f"{n}/take" for n in range(2000)),
        ]
        names = [result_name(path) for path in paths]
        assert len({name.casefold() for name in names}) == len(paths)
        for name in names:
            assert len(name.encode()) < 100
            assert name == os.path.basename(name)
            assert not name.startswith(".")
            assert name.isprintable()

    def test_a_name_that_is_taken_is_said(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        songs(tmp_path)
        monkeypatch.setattr("wearsound.many.recordings.result_name", lambda source: "same")
        with pytest.raises(WearsoundError, match="would share a folder: rename"):
            recordings(tmp_path / "songs", tmp_path / "out")


class TestRecordings:
    def test_what_is_one_and_what_is_not(self, first: Path, tmp_path: Path) -> None:
        folder = tmp_path / "songs"
        shutil.copytree(first / "songs", folder)
        (folder / "TAKE").mkdir()
        for name in ("take.toml", "lanes.wav"):
            (folder / "TAKE" / name).write_text("x")
        for name in ("notes.txt", ".hidden.wav", "LOUD.WAV", "new\nline.wav"):
            (folder / name).write_text("x")
        (folder / ".git").mkdir()
        (folder / ".git" / "x.wav").write_text("x")
        shutil.copytree(
            next(path for path in (first / "out").iterdir() if path.is_dir()), folder / "rendered"
        )
        (folder / "out").mkdir()
        (folder / "out" / "x.wav").write_text("x")
        found = recordings(folder, without=folder / "out")
        assert [each.source for each in found] == sorted(
            ["LOUD.WAV", "TAKE", "a/one.wav", "b/one.wav", "new\\u000aline.wav"]
        )

    def test_nothing_there(self, tmp_path: Path) -> None:
        with pytest.raises(MissingError, match="is no folder"):
            recordings(tmp_path / "songs", tmp_path)
        (tmp_path / "songs").mkdir()
        with pytest.raises(AudioError, match="holds no recording"):
            recordings(tmp_path / "songs", tmp_path)
        (tmp_path / "songs" / "take.toml").write_text("")
        with pytest.raises(AudioError, match="is a take, one recording"):
            recordings(tmp_path / "songs", tmp_path)


ROW = Row(source="a.wav", result=result_name("a.wav"), state="done", key="0" * 16, seconds=1.5)
SETTINGS = Settings(seed=1, fps=30, size=(1280, 720), seconds=None, video=True, frames=False)


class TestManifest:
    def test_round_trip(self, tmp_path: Path) -> None:
        odd = '\x7f\u2028\\u0001 "é" 😀'
        whole = Row(
            source=odd,
            result=result_name(odd),
            state="failed",
            made_of={"patch": Part("bass-denim", "ab"), "input": Part('../é "😀"', "cd")},
            versions={"python": "3"},
            error="it broke: mend it",
        )
        manifest = Manifest(
            manifest=1, wearsound="0", folder="../songs", settings=SETTINGS, recordings=[ROW, whole]
        )
        write_manifest(tmp_path, manifest)
        assert read_manifest(tmp_path) == manifest
        assert lies_in(tmp_path) == {MANIFEST}

    def test_none(self, tmp_path: Path) -> None:
        assert read_manifest(tmp_path) is None

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ('"manifest": 1', '"manifest": 2', "manifest"),
            ('"state": "done"', '"state": "fine"', "recordings[0].state"),
            ('"seconds": 1.5', '"seconds": -1', "recordings[0].seconds"),
            ('"seconds": 1.5', '"seconds": 1e999', "recordings[0].seconds"),
            ('"seconds": 1.5', '"seconds": NaN', "line "),
            ('"seconds": 1.5', '"seconds": "1"', "recordings[0].seconds"),
            ('"seconds": 1.5', '"surprise": 1.5', "surprise"),
            ('"source": "a.wav"', '"source": "../a.wav"', "is not the result of"),
            (result_name("a.wav"), "../../home", "is not the result of"),
            (result_name("a.wav"), "/etc", "is not the result of"),
            ('"recordings": [', '"recordings": {', "$.recordings"),
            ('"folder": "songs"', '"folder": null', "folder"),
            ('"folder": "songs"', '"folder": ' + "[" * 100_000, ""),
            ("a.wav", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), ""),
        ],
    )
    def test_hostile(self, old: str, new: str, said: str, tmp_path: Path) -> None:
        write_manifest(
            tmp_path, Manifest(manifest=1, wearsound="0", folder="songs", settings=SETTINGS, recordings=[ROW])
        )
        path = tmp_path / MANIFEST
        text = path.read_text()
        assert old in text
        path.write_bytes(text.replace(old, new).encode("latin-1"))
        with pytest.raises(PatchError) as refused:
            read_manifest(tmp_path)
        assert str(refused.value).startswith(str(path))
        assert said in str(refused.value)
        assert "remove it, and everything is rendered again" in str(refused.value)

    @pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"[]", b"null", b"{" * 9, b"\x00" * 100], ids=repr)
    def test_no_manifest_at_all(self, data: bytes, tmp_path: Path) -> None:
        (tmp_path / MANIFEST).write_bytes(data)
        with pytest.raises(PatchError, match="remove it"):
            read_manifest(tmp_path)

    def test_one_that_is_there_twice(self, tmp_path: Path) -> None:
        twice = Manifest(manifest=1, wearsound="0", folder="s", settings=SETTINGS, recordings=[ROW, ROW])
        write_manifest(tmp_path, twice)
        with pytest.raises(PatchError, match=r"recordings\[1\]: 'a.wav' is there twice"):
            read_manifest(tmp_path)

    def test_it_is_a_folder(self, tmp_path: Path) -> None:
        (tmp_path / MANIFEST).mkdir()
        with pytest.raises(PatchError, match="cannot be read"):
            read_manifest(tmp_path)


class TestOnce:
    def test_a_row_a_recording(self, first: Path) -> None:
        found = rows(first / "out")
        assert sorted(found) == ["a/one.wav", "b/one.wav"]
        for source, row in found.items():
            assert row["state"] == "done"
            assert row["result"] == result_name(source)
            assert set(row["made_of"]) == {"patch", "garment", "palette", "input"}
            assert all(len(part["sha256"]) == 64 for part in row["made_of"].values())
            assert row["versions"].keys() >= {"python", "numpy", "wearsound"}
            assert row["seconds"] == pytest.approx(many.SHORT, abs=0.01)
            assert row["verdict"] == "Safe to show"
        assert len({row["sha256"] for row in found.values()}) == 2

    def test_nothing_else_is_left(self, first: Path) -> None:
        names = {row["result"] for row in rows(first / "out").values()}
        assert lies_in(first / "out") == {*names, "manifest.json", "index.html"}

    def test_each_passes_its_check(self, first: Path) -> None:
        (name,) = [row["result"] for source, row in rows(first / "out").items() if source == "a/one.wav"]
        assert check(first / "out" / name).exact

    def test_pages_know_where_they_will_lie(self, first: Path) -> None:
        for row in rows(first / "out").values():
            page = (first / "out" / row["result"] / "report.html").read_text(encoding="utf-8")
            assert f"wearsound check ../{row['result']}" in page
            assert f"/.{row['result']}" not in page
        index = (first / "out" / "index.html").read_text(encoding="utf-8")
        for row in rows(first / "out").values():
            assert f'href="{row["result"]}/report.html"' in index


class TestAgain:
    def test_nothing_is_to_be_done(self, root: Path) -> None:
        before = {path: path.stat().st_mtime_ns for path in (root / "out").rglob("*.*z")}
        for path in (root / "songs").rglob("*.wav"):
            os.utime(path)  # dates say nothing
        crew, made, told = run(root)
        assert (crew.asked, told, made.count("done")) == ([], [], 2)
        assert {path: path.stat().st_mtime_ns for path in (root / "out").rglob("*.*z")} == before

    def test_all_of_it_where_that_is_asked(self, root: Path) -> None:
        batch = batch_of(root)
        with batch.mine():
            made = batch.planned(again=True, progress=None)
            assert made.why == {"asked for again": 2}
            shutil.copytree(made.jobs[0].final, made.jobs[0].hidden)  # nor is what somebody left whole taken
            with pytest.raises(KeyboardInterrupt):
                render_all(batch, made, lambda: Here(stop_after=0), lambda line: None)
            assert not made.jobs[0].hidden.exists()

    def test_a_changed_patch(self, root: Path) -> None:
        before = hashes(root / "out")
        with (root / "p.toml").open("a") as file:
            file.write("\n# another\n")
        crew, made, _ = run(root)
        assert made.why == {"patch changed": 2}
        assert len(crew.asked) == 2
        assert hashes(root / "out") == before  # it says the same
        assert {row["made_of"]["patch"]["sha256"] for row in rows(root / "out").values()} == {
            many.file_digest(root / "p.toml")
        }

    @pytest.mark.parametrize("how", [{"seed": 99}, {"seconds": 0.2}, {"fps": 10}], ids=str)
    def test_changed_settings(self, how: dict[str, Any], root: Path) -> None:
        batch = batch_of(root, **how)
        with batch.mine():
            assert batch.planned(again=False, progress=None).why == {"settings changed": 2}

    def test_a_changed_recording_and_a_new_one(self, root: Path) -> None:
        before = hashes(root / "out")
        write_song(root / "songs" / "a" / "one.wav", 48_000, 1, many.SHORT)
        shutil.copy(root / "songs" / "b" / "one.wav", root / "songs" / "c.wav")
        crew, made, _ = run(root)
        assert made.why == {"recording changed": 1, "new": 1}
        assert sorted(crew.asked) == ["a/one.wav", "c.wav"]
        after = hashes(root / "out")
        assert after["a/one.wav"] != before["a/one.wav"]
        assert after["c.wav"] == after["b/one.wav"] == before["b/one.wav"]

    def test_what_was_spoilt_or_taken_away(self, root: Path) -> None:
        before = hashes(root / "out")
        light = root / "out" / result_name("a/one.wav") / "light.npz"
        light.write_bytes(light.read_bytes()[:-40])
        shutil.rmtree(root / "out" / result_name("b/one.wav"))
        _, made, _ = run(root)
        assert made.why == {"not what it was": 1, "not at its place": 1}
        assert hashes(root / "out") == before

    def test_a_recording_that_is_gone(self, root: Path) -> None:
        (root / "songs" / "b" / "one.wav").rename(root / "one.wav")
        crew, made, _ = run(root)
        assert crew.asked == []
        assert rows(root / "out")["b/one.wav"]["state"] == "gone"
        assert (root / "out" / result_name("b/one.wav") / "report.json").is_file()
        (root / "one.wav").rename(root / "songs" / "b" / "one.wav")
        crew, made, _ = run(root)
        assert (crew.asked, made.count("done")) == ([], 2)

    def test_one_that_is_gone_is_not_vouched_for(self, root: Path) -> None:
        """A manifest may say of a recording that never was that it is safe, and of a folder that it is a render."""
        (root / "songs" / "b" / "one.wav").unlink()
        table = json.loads((root / "out" / MANIFEST).read_text("utf-8"))
        table["recordings"].append({"source": "x.wav", "result": result_name("x.wav"), "state": "done"})
        (root / "out" / MANIFEST).write_text(json.dumps(table), encoding="utf-8")
        (root / "out" / result_name("x.wav")).mkdir()
        _, made, _ = run(root)
        assert {source: row.state for source, row in made.rows.items()} == {
            "a/one.wav": "done",
            "b/one.wav": "gone",
        }
        page = (root / "out" / "index.html").read_text("utf-8")
        assert page.count('class="good"') == page.count('class="unknown"') == 1

    @pytest.mark.parametrize(
        ("states", "said"),
        [
            (("done", "gone"), "1 of 1 are not shown to be safe"),
            (("failed", "gone"), "1 of 1 are not rendered"),
            (("gone",), "Nothing was rendered"),
        ],
    )
    def test_the_page_judges_what_is_there(self, states: tuple[State, ...], said: str) -> None:
        safe = {"gone": SAFE}
        made = [Row(source=x, result=x, state=x, verdict=safe.get(x, "Not proven")) for x in states]
        page = index_page(
            Manifest(manifest=1, wearsound="0", folder="../songs", settings=SETTINGS, recordings=made)
        )
        assert said in page

    def test_without_the_manifest_all_is_rendered_again(self, root: Path) -> None:
        (root / "out" / MANIFEST).unlink()
        batch = batch_of(root)
        with batch.mine():
            assert batch.planned(again=False, progress=None).why == {"new": 2}

    @pytest.mark.parametrize("name", ["index.html", "x", "x-0123456789ab"])
    def test_a_folder_that_is_not_ours_is_left_alone(self, name: str, root: Path) -> None:
        shutil.rmtree(root / "out")
        (root / "out").mkdir()
        (root / "out" / name).write_text("mine")
        with pytest.raises(PatchError, match=f"holds '{name}' and no manifest.json: choose another --to"):
            run(root)
        assert lies_in(root / "out") == {name}

    def test_another_folder_s_results_are_not_touched(self, root: Path) -> None:
        (root / "songs").rename(root / "others")
        (root / "songs").mkdir()
        write_song(root / "songs" / "x.wav", 48_000, 1, many.SHORT)
        batch = batch_of(root)
        batch.folder = root / "others"
        with batch.mine(), pytest.raises(PatchError, match="holds renders of"):
            batch.planned(again=False, progress=None)


class TestBroken:
    def test_one_is_a_row_and_the_others_are_rendered(self, root: Path) -> None:
        (root / "songs" / "bad.wav").write_bytes(b"RIFF....WAVEfmt nonsense")
        (root / "songs" / "new\nline.wav").write_bytes(b"x")
        (root / "songs" / "z.wav").write_bytes((root / "songs" / "b" / "one.wav").read_bytes())
        crew, made, told = run(root)
        found = rows(root / "out")
        assert (made.count("done"), made.count("failed")) == (3, 2)
        assert "bad.wav" in found["bad.wav"]["error"]
        assert "rename it" in found["new\\u000aline.wav"]["error"]
        assert found["z.wav"]["state"] == "done"
        assert any("bad.wav: failed: " in line for line in told)
        assert not (root / "out" / result_name("bad.wav")).exists()
        crew, made, _ = run(root)
        assert crew.asked == ["bad.wav"]
        assert made.why == {"failed before": 1}

    def test_what_is_not_ours_is_not_replaced(self, root: Path) -> None:
        place = root / "out" / result_name("a/one.wav")
        (place / "my notes.txt").write_text("mine")
        _, made, _ = run(root, again=True)
        assert "my notes.txt" in rows(root / "out")["a/one.wav"]["error"]
        assert (place / "my notes.txt").read_text() == "mine"
        (place / "my notes.txt").unlink()
        _, made, _ = run(root)
        assert made.count("done") == 2

    def test_a_sentence_that_no_terminal_takes(self, root: Path) -> None:
        run(root, Here(error="\x1b[2Jbroken \udc80"), again=True)
        assert {row["error"] for row in rows(root / "out").values()} == {"?[2Jbroken ?"}

    @pytest.mark.parametrize("kind", ["patch", "input"])
    def test_a_file_that_changes_meanwhile(self, kind: str, root: Path) -> None:
        """What is made is not what was asked for, and so it is not taken."""
        (job,) = jobs_of(root, "b/one.wav")
        wanted = msgspec.structs.replace(job.made_of[kind], sha256="0" * 64)
        job = msgspec.structs.replace(job, made_of={**job.made_of, kind: wanted})
        with pytest.raises(WearsoundError, match=f"the {kind} changed while it was rendered: run the same"):
            render_one(job)


class TestStopped:
    """Killed between any two steps, the next run ends what was begun."""

    def test_between_two_recordings(self, root: Path) -> None:
        before = hashes(root / "out")
        crew = Here(stop_after=1)
        with pytest.raises(KeyboardInterrupt):
            run(root, crew, again=True)
        assert crew.closed == 1
        assert [row["state"] for row in rows(root / "out").values()].count("waiting") == 1
        crew, made, _ = run(root)
        assert made.why == {"not finished before": 1}
        assert hashes(root / "out") == before

    @pytest.mark.parametrize("step", ["before the manifest", "before the move", "in the move"])
    def test_whole_but_not_in_its_place(self, step: str, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """It is found by its name, and not rendered again."""
        before, wanted = hashes(root / "out"), result_name("a/one.wav")
        old = json.loads((root / "out" / MANIFEST).read_text())
        (job,) = jobs_of(root, "a/one.wav")
        final = root / "out" / wanted
        final.rename(job.hidden)
        if step == "before the manifest":
            (row,) = [row for row in old["recordings"] if row["source"] == "a/one.wav"]
            row["state"] = "waiting"
            (root / "out" / MANIFEST).write_text(json.dumps(old))
        if step == "before the move":
            shutil.copytree(root / "out" / result_name("b/one.wav"), final)
        if step == "in the move":
            shutil.copytree(root / "out" / result_name("b/one.wav"), final.with_name(f".{wanted}.before"))

        def render(*_: Any, **__: Any) -> None:
            raise AssertionError("it was rendered again")

        monkeypatch.setattr("wearsound.many.render_one.render", render)
        crew, _, _ = run(root)
        assert crew.asked == ["a/one.wav"]
        assert hashes(root / "out") == before
        assert lies_in(root / "out") == {*map(result_name, before), "manifest.json", "index.html"}

    def test_leavings_go_and_what_is_not_ours_stays(self, root: Path) -> None:
        out, (job,) = root / "out", jobs_of(root, "a/one.wav")
        (out / f"{job.hidden.name}.part").mkdir()
        (out / f"{job.hidden.name}.part" / "sound.wav").write_text("half")
        lock_of(job).touch()
        (out / ".manifest.json.12.34.part").touch()
        shutil.copytree(job.final, out / f".{job.name}.0123456789abcdef")
        mine = {".mine-0123456789ab.0123456789abcdef", ".gitignore", f".{job.name}.old"}
        for name in mine:
            (out / name).mkdir()
            (out / name / "x").touch()
        run(root)
        assert {name for name in lies_in(out) if name.startswith(".")} == mine

    def test_what_somebody_is_at_work_on_stays(self, root: Path) -> None:
        (job,) = jobs_of(root, "a/one.wav")
        half = job.hidden.with_name(f"{job.hidden.name}.part")
        half.mkdir()
        with alone(lock_of(job), wait=False):
            run(root)
            assert half.is_dir()
        run(root)
        assert not half.exists()


class TestAlone:
    def test_one_holds_it(self, tmp_path: Path) -> None:
        path = tmp_path / "lock"
        assert let_go(path)
        with alone(path, wait=False):
            assert not let_go(path)
            with pytest.raises(BlockingIOError), alone(path, wait=False):
                pass
        assert let_go(path)
        assert not path.exists()

    def test_two_runs_in_one_folder(self, root: Path) -> None:
        with (
            batch_of(root).mine(),
            pytest.raises(WearsoundError, match="another render-all is writing"),
            batch_of(root).mine(),
        ):
            pass


class TestSaid:
    """The verb itself, where nothing is to be rendered."""

    def test_all_is_there_already(self, root: Path, wearsound: Run) -> None:
        done = wearsound("render-all", "songs", "--patch", "p.toml", "--to", "out", "--no-video", cwd=root)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == "songs: 2 recordings, all rendered already: out\n"

    def test_a_manifest_tells_a_terminal_nothing(self, root: Path, wearsound: Run) -> None:
        source = "\x1b]0;mine\x07.wav"
        table = json.loads((root / "out" / MANIFEST).read_text("utf-8"))
        table["recordings"].append({"source": source, "result": result_name(source), "state": "done"})
        (root / "out" / MANIFEST).write_text(json.dumps(table), encoding="utf-8")
        shutil.copytree(root / "out" / result_name("a/one.wav"), root / "out" / result_name(source))
        done = wearsound("render-all", "songs", "--patch", "p.toml", "--to", "out", "--no-video", cwd=root)
        assert done.stdout.splitlines()[1].startswith("?]0;mine?.wav is gone; its render stays")
        assert "\x1b" not in done.stdout

    def test_a_patch_that_no_show_can_name(self, root: Path, wearsound: Run) -> None:
        (root / "a\tb").mkdir()
        shutil.copy(root / "p.toml", root / "a\tb" / "p.toml")
        done = wearsound("render-all", "songs", "--patch", "a\tb/p.toml", "--to", "new", cwd=root)
        assert (done.returncode, done.stdout) == (2, "")
        assert "a?b/p.toml: the way to this patch has a tab" in done.stderr
        assert not (root / "new").exists()

    @pytest.mark.parametrize(
        ("words", "code", "said"),
        [
            (["nowhere", "--patch", "p.toml"], 3, "nowhere is no folder"),
            (["songs", "--patch", "no-such"], 2, "no patch or sketch called 'no-such'"),
            (["songs"], 2, "--patch"),
            (["songs", "--patch", "p.toml", "--jobs", "0"], 2, "jobs are a whole number from 1 to 256"),
            (["songs", "--patch", "p.toml", "--to", "songs"], 2, "and no manifest.json: choose another --to"),
            (["songs", "--patch", "p.toml", "--to", "/"], 1, "is no folder for results"),
            (
                ["songs", "--patch", "out/{one}/show.toml"],
                2,
                "is a render's, of one recording: name its patch",
            ),
        ],
    )
    def test_refused(self, words: list[str], code: int, said: str, root: Path, wearsound: Run) -> None:
        words = [word.format(one=result_name("b/one.wav")) for word in words]
        done = wearsound("render-all", *words, "--no-video", cwd=root)
        assert said in done.stderr
        assert done.returncode == code
        assert not (root / "songs-rendered").exists()
