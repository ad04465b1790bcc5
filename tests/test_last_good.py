"""What was good is kept, bounded and whole; `--safe` plays it where a file is broken, and always begins."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest
from thorough import some

from wearsound import folders
from wearsound.errors import PatchError
from wearsound.gallery import files, root
from wearsound.show import last_good
from wearsound.show.last_good import copies, hint, keep, keep_show, newest
from wearsound.show.load import load
from wearsound.show.safe import Safe, load_safe
from wearsound.show.trust import trust
from wearsound.sources.signal import test_signal as make_signal

SKETCH = "from wearsound import Sketch\nclass Mine(Sketch):\n    def draw(self, c, f):\n        c.background('{}')\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state and a folder of one's own, with a show in it."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    place = tmp_path / "mine"
    place.mkdir()
    shutil.copy(root() / "patches/undertow.toml", place / "patch.toml")
    shutil.copy(root() / "patches/garments/cuff.toml", place / "coat.toml")
    shutil.copy(root() / "patches/rigs/laptop.toml", place / "rig.toml")
    (place / "mine.py").write_text(SKETCH.format("ember"))
    monkeypatch.chdir(place)
    return place


def safely(**named: str) -> Safe:
    words = {"garment": "coat.toml", "rig": "rig.toml", "sketch": "mine.py"} | named
    return load_safe(words.pop("show", "patch.toml"), **words)


def played() -> None:
    keep_show(load("patch.toml", garment="coat.toml", rig="rig.toml", sketch="mine.py"))


def test_what_is_kept_comes_back(here: Path) -> None:
    path = here / "patch.toml"
    keep(path, b"one")
    keep(path, b"two")
    assert [copy.path.read_bytes() for copy in copies(path)] == [b"two", b"one"]
    assert newest(path) == copies(path)[0]
    assert newest(path).path.name == "patch.toml"
    assert newest(Path("patch.toml")) == newest(path)
    path.unlink()
    assert newest(path) is not None
    assert newest(here / "other.toml") is None


def test_the_same_again_is_one_copy_of_now(here: Path) -> None:
    path = here / "patch.toml"
    keep(path, b"one", when=1000.0)
    keep(path, b"two", when=2000.0)
    keep(path, b"one", when=3000.0)
    assert [(copy.when, copy.path.read_bytes()) for copy in copies(path)] == [
        (3000.0, b"one"),
        (2000.0, b"two"),
    ]


def test_a_path_keeps_few_and_all_together_not_many(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for i in range(10):
        keep(here / "patch.toml", str(i).encode(), when=float(i))
    assert [copy.path.read_bytes() for copy in copies(here / "patch.toml")] == [b"9", b"8", b"7", b"6"]
    monkeypatch.setattr(last_good, "MOST", 12)
    for i in range(30):
        keep(here / f"{i}.toml", b"x", when=100.0 + i)
    kept = list((folders.state() / "last-good").glob("*/*/*"))
    assert len(kept) == 12
    assert not copies(here / "patch.toml")
    assert not copies(here / "17.toml")
    assert copies(here / "18.toml")
    assert len(list((folders.state() / "last-good").iterdir())) == 12


def test_a_damaged_copy_is_none(here: Path) -> None:
    keep(here / "a.toml", b"whole", when=1.0)
    keep(here / "a.toml", b"newer", when=2.0)
    copies(here / "a.toml")[0].path.write_bytes(b"newe")
    assert [copy.path.read_bytes() for copy in copies(here / "a.toml")] == [b"whole"]
    place = copies(here / "a.toml")[0].path.parent
    (place.parent / "nonsense").mkdir()
    (place.parent / "nonsense-too").write_text("")
    assert len(copies(here / "a.toml")) == 1
    keep(here / "a.toml", b"newer", when=3.0)
    assert copies(here / "a.toml")[0].path.read_bytes() == b"newer"


def test_where_nothing_can_be_kept_nothing_happens(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "no_folder").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(here / "no_folder"))
    keep(here / "a.toml", b"x")
    played()
    assert copies(here / "a.toml") == []


def test_a_copy_says_when(here: Path) -> None:
    today = time.mktime((*time.localtime()[:3], 14, 3, 0, 0, 0, -1))
    keep(here / "a.toml", b"x", when=today)
    assert newest(here / "a.toml").said == "14:03"  # type: ignore[union-attr]
    keep(here / "b.toml", b"x", when=today - 86400 * 40)
    assert newest(here / "b.toml").said.endswith("14:03")
    assert len(newest(here / "b.toml").said) > 5


def test_a_show_that_is_whole_plays_as_it_is(here: Path) -> None:
    safe = safely()
    plain = load("patch.toml", garment="coat.toml", rig="rig.toml", sketch="mine.py")
    assert safe.said == []
    assert safe.show.patch == plain.patch
    assert safe.show.rig == plain.rig
    assert safe.show.garment.digest == plain.garment.digest
    assert safe.show.sketch_path == Path("mine.py")
    assert safe.paths["patch"] == Path("patch.toml")
    assert safe.paths["sketch"] == Path("mine.py")


@pytest.mark.parametrize("how", some(["broken", "gone", "empty bytes"], 2))
def test_each_file_has_its_copy_played_and_said(here: Path, how: str) -> None:
    played()
    plain = load("patch.toml", garment="coat.toml", rig="rig.toml")
    for name in ("patch.toml", "coat.toml", "rig.toml"):
        before = Path(name).read_bytes()
        if how == "gone":
            Path(name).unlink()
        else:
            Path(name).write_bytes(b"\0" if how == "empty bytes" else before + b"\nnonsense = \n")
        safe = safely()
        [said] = safe.said
        assert name in said
        assert said.endswith(f"; playing the copy of {newest(Path(name)).said}")
        assert safe.show.patch.title == plain.patch.title
        assert safe.show.garment.digest == plain.garment.digest
        assert safe.show.rig is not None
        assert safe.show.rig.osc == plain.rig.osc
        assert Path(name) in safe.paths.values()  # once it is mended it is noticed
        Path(name).write_bytes(before)


def test_without_a_copy_it_begins_with_what_is_there(here: Path) -> None:
    for name in ("patch.toml", "coat.toml", "rig.toml", "mine.py"):
        Path(name).write_text("what = is this")
    safe = safely()
    assert safe.show.patch_path == files("patch")["bass-denim"]
    assert safe.show.garment_path == files("garment")["denim-jacket"]
    assert safe.show.rig is None
    assert safe.show.sketch_path is None
    assert [said.rpartition("; ")[2] for said in safe.said] == [
        "playing bass-denim, which comes with wearsound",
        "playing on denim-jacket, which comes with wearsound",
        "playing without a rig: on this machine alone",
        "the garment is shown instead",
    ]


def test_a_misspelt_name_begins_too(here: Path) -> None:
    safe = load_safe("bass-denin", garment="denim-jackt", rig="laptopp", sketch="nobody")
    assert len(safe.said) == 4
    assert "did you mean 'bass-denim'" in safe.said[0]
    assert safe.show.patch_path == files("patch")["bass-denim"]


def test_a_sketch_that_fails_its_trial_is_replaced_by_what_ran(here: Path) -> None:
    played()
    Path("mine.py").write_text(SKETCH.format("ember") + "        1 / 0\n")
    safe = safely()
    assert safe.show.sketch_path == newest(Path("mine.py")).path  # type: ignore[union-attr]
    assert "mine.py:5: ZeroDivisionError" in safe.said[0]
    assert "playing the copy" in safe.said[0]


def test_a_sketch_that_a_patch_names_needs_trust_in_that_very_text(here: Path) -> None:
    with Path("patch.toml").open("r+") as file:
        text = file.read()
        file.seek(0)
        file.write('sketch = "mine"\n' + text)
    trust(Path("mine.py"))
    keep_show(load("patch.toml"))
    good = Path("mine.py").read_bytes()
    Path("mine.py").write_text(SKETCH.format("ice"))  # nobody looked at that one
    safe = load_safe("patch.toml")
    assert safe.show.sketch_path is not None
    assert safe.show.sketch_path.read_bytes() == good
    assert "changed since you trusted it" in safe.said[0]
    assert "playing the copy" in safe.said[0]
    keep(
        Path(os.path.abspath("mine.py")), SKETCH.format("lamp").encode()
    )  # a copy of a text that nobody trusts
    safe = load_safe("patch.toml")
    assert safe.show.sketch_path is not None
    assert safe.show.sketch_path.read_bytes() == good


def test_the_palette_of_a_copy_still_lies_beside_the_file(here: Path) -> None:
    shutil.copy(root() / "patches/palettes/kiln.gpl", here / "own.gpl")
    text = (root() / "patches/kiln.toml").read_text().replace('palette = "kiln"', 'palette = "own"')
    assert 'palette = "own"' in text
    Path("patch.toml").write_text(text)
    keep_show(load("patch.toml"))
    Path("patch.toml").write_text("?")
    safe = load_safe("patch.toml")
    assert safe.show.palette_path == Path("own.gpl")
    assert len(safe.said) == 1
    Path("own.gpl").write_text("?")
    safe = load_safe("patch.toml")
    assert safe.show.colours == load("kiln").colours
    assert len(safe.said) == 2
    shutil.rmtree(folders.state() / "last-good")
    Path("patch.toml").write_text(text)
    safe = load_safe("patch.toml")
    assert safe.show.patch.title == load("kiln").patch.title
    assert "its colours are" in safe.said[0]


def test_what_does_not_fit_what_is_heard_is_replaced(here: Path) -> None:
    source = make_signal("test:kick=120")
    safe = load_safe("answer")  # it hears a body and a crowd
    assert safe.said == []
    show = safe.fit(source)
    assert show.patch_path == files("patch")["bass-denim"]
    assert "no lane" in safe.said[0]
    assert safe.said[0].endswith("playing bass-denim, which comes with wearsound")
    played()
    with Path("patch.toml").open("a") as file:
        file.write('\n[[route]]\nfrom = "bass"\nto = "nowhere.glow"\n')
    safe = load_safe("patch.toml")
    assert safe.fit(source).patch.title == load("undertow").patch.title
    assert "playing the copy" in safe.said[0]


def test_the_hint_names_the_copy_only_where_it_is_another(here: Path) -> None:
    played()
    with pytest.raises(PatchError) as gone:
        load("other.toml")
    assert hint(str(gone.value)) == ""
    assert hint("patch.toml:3: wrong") == ""  # as it was when it played
    Path("patch.toml").write_text("?")
    with pytest.raises(PatchError) as broken:
        load("patch.toml")
    said = newest(Path("patch.toml")).said  # type: ignore[union-attr]
    assert hint(str(broken.value)) == f" (--safe plays the copy of {said})"
    Path("patch.toml").unlink()
    with pytest.raises(PatchError) as gone:
        load("patch.toml")
    assert hint(str(gone.value)) == f" (--safe plays the copy of {said})"


def test_a_new_file_is_there_whole_or_not_at_all(here: Path) -> None:
    folders.write_new(here / "new.toml", b"whole")
    assert (here / "new.toml").read_bytes() == b"whole"
    with pytest.raises(FileExistsError):
        folders.write_new(here / "new.toml", b"another")
    assert (here / "new.toml").read_bytes() == b"whole"
    assert not list(here.glob(".*"))
