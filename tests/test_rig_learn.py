"""What is learned goes into the person's own rig, whole or not at all, and their words stay."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest

from wearsound import gallery
from wearsound.errors import PatchError, WearsoundError
from wearsound.show.rig import Bind, load_rig
from wearsound.show.rig_learn import learn_bind, learn_calibration

MINE = """\
# my room
title = "Room"   # a name

[[osc]]  # out
name = "a"
port = 1
# end of out

[[bind]]  # the first
to = "/wear/master" # where to
from = "/1/a" # the knob

# between
[[bind]]
from = "/1/b"
to = "/wear/panic"
in = [
  0, # low
  127,
] # end

# the box
[midi]
input = "nano"  # q

# what was learned
[calibration.contact]
gain = 1.5 # a

# end
"""


@pytest.fixture
def rig(tmp_path: Path) -> Path:
    path = tmp_path / "room.toml"
    path.write_text(MINE, encoding="utf-8")
    return path


def changed(rig: Path) -> tuple[str, str]:
    """What went and what came, of the lines of MINE."""
    import difflib

    diff = list(difflib.ndiff(MINE.splitlines(), rig.read_text(encoding="utf-8").splitlines()))
    return (
        "\n".join(line[2:] for line in diff if line.startswith("- ")).strip(),
        "\n".join(line[2:] for line in diff if line.startswith("+ ")).strip(),
    )


def test_a_new_bind_stands_after_the_others_and_before_what_is_said_of_the_next_thing(rig: Path) -> None:
    learn_bind(rig, Bind("midi cc 21", "/wear/param/x", span=(0.0, 64.5)))
    assert changed(rig) == ("", '[[bind]]\nfrom = "midi cc 21"\nto = "/wear/param/x"\nin = [0, 64.5]')
    assert (
        ']\n\n[[bind]]\nfrom = "midi' not in rig.read_text()
    )  # the comment behind the last bind stays there
    assert '# end\n\n[[bind]]\nfrom = "midi' in rig.read_text()
    assert "in = [0, 64.5]\n\n# the box\n[midi]" in rig.read_text()
    assert load_rig(rig).bind[2] == Bind("midi cc 21", "/wear/param/x", span=(0.0, 64.5))


def test_the_same_control_is_bound_anew_in_its_place(rig: Path) -> None:
    learn_bind(rig, Bind("/1/a", "/wear/blackout"))
    assert changed(rig) == ('to = "/wear/master" # where to', 'to = "/wear/blackout" # where to')
    learn_bind(rig, Bind("/1/a", "/wear/blackout", arg=2))  # the same way, by another argument
    assert changed(rig)[1] == 'to = "/wear/blackout" # where to\narg = 2'
    learn_bind(rig, Bind("/1/a", "/wear/master", arg=1))  # another argument, another way: a second bind
    assert load_rig(rig).bind == [
        Bind("/1/a", "/wear/blackout", 2),
        Bind("/1/b", "/wear/panic", span=(0.0, 127.0)),
        Bind("/1/a", "/wear/master", 1),
    ]
    learn_bind(rig, Bind("/1/a", "/wear/master", arg=2))  # stands for both that were there
    assert load_rig(rig).bind == [
        Bind("/1/a", "/wear/master", 2),
        Bind("/1/b", "/wear/panic", span=(0.0, 127.0)),
    ]


def test_learning_the_same_twice_changes_nothing(rig: Path) -> None:
    learn_bind(rig, Bind("/1/a", "/wear/master"))
    learn_bind(rig, Bind("/1/b", "/wear/panic", span=(0.0, 127.0)))
    learn_calibration(rig, "contact", {"gain": 1.5})
    assert rig.read_text(encoding="utf-8") == MINE


def test_calibrations_are_added_and_replaced(rig: Path) -> None:
    learn_calibration(rig, "contact", {"gain": 2.5, "floor_low": -60})
    assert changed(rig) == ("gain = 1.5 # a", "gain = 2.5 # a\nfloor_low = -60.0")
    learn_calibration(rig, "coat", {"ms": 12.0})
    assert changed(rig)[1].endswith("\n[calibration.coat]\nms = 12.0")
    assert rig.read_text(encoding="utf-8").endswith("\n# end\n")
    assert load_rig(rig).calibration == {
        "contact": {"gain": 2.5, "floor_low": -60.0},
        "coat": {"ms": 12.0},
    }


WAYS = {
    "empty": "",
    "no end of line": 'title = "x" # no end',
    "inline": 'bind = [ { from = "/a", to = "/wear/a" } ]\ncalibration = { a = { x = 1 } }\n',
    "empty lists": "bind = []\n[calibration]\n",
    "dotted": "calibration.a.x = 1 # a\n",
    "apart": '[[bind]]\nfrom = "/a"\nto = "/wear/a"\n[calibration.a]\nx = 1 # a\n[midi]\n[[bind]] # b\nfrom = "/b"\n'
    'to = "/wear/b"\n[calibration.b]\nx = 2\n',
    "windows": '# c\r\ntitle = "x"\r\n[[bind]]\r\nfrom = "/a" # a\r\nto = "/wear/a"\r\n',
    "notepad": '\ufefftitle = "x" # c\n',
}


@pytest.mark.parametrize("way", WAYS)
def test_however_it_is_written_all_that_was_there_stays(way: str, tmp_path: Path) -> None:
    path = tmp_path / "room.toml"
    path.write_bytes(WAYS[way].encode())
    before = load_rig(path)
    learn_bind(path, Bind("/c", "/wear/c"))
    learn_calibration(path, "c", {"x": 3.0})
    learn_bind(path, Bind("/a", "/wear/d"))
    learn_calibration(path, "a", {"x": 4.0, "y": 5.0})
    after = load_rig(path)
    assert {(bind.source, bind.to) for bind in after.bind} == (
        {(bind.source, bind.to) for bind in before.bind if bind.source != "/a"}
        | {("/a", "/wear/d"), ("/c", "/wear/c")}
    )
    assert after.calibration == before.calibration | {"a": {"x": 4.0, "y": 5.0}, "c": {"x": 3.0}}
    assert (after.title, after.midi) == (before.title, before.midi)
    text = path.read_bytes().decode()
    assert text.count("#") == WAYS[way].count("#")
    assert text.startswith("\ufeff") == (way == "notepad")
    if way == "windows":
        assert text.count("\n") == text.count("\r\n")


def test_what_cannot_be_added_to_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "room.toml"
    path.write_text('bind = [ { from = "/a", to = "/wear/b" }, # c\n]\n')
    before = path.read_bytes()
    with pytest.raises(
        PatchError, match=r"room\.toml: is written in a way that cannot be added to; write each bind"
    ):
        learn_bind(path, Bind("/b", "/wear/b"))
    assert path.read_bytes() == before


def test_many_lessons_end_where_plain_tables_would(rig: Path) -> None:
    """Against a list that knows nothing of TOML."""
    dice = random.Random(3)
    plain = [("/1/a", "/wear/master", 0), ("/1/b", "/wear/panic", 0)]
    for _ in range(120):
        source, to = f"/s/{dice.randrange(6)}", f"/wear/t/{dice.randrange(6)}"
        arg = dice.randrange(3)
        learn_bind(rig, Bind(source, to, arg))
        same = [i for i, old in enumerate(plain) if old[0] == source and (old[2] == arg or old[1] == to)]
        if same:
            plain[same[0]] = (source, to, arg)
            plain = [entry for i, entry in enumerate(plain) if i not in same[1:]]
        else:
            plain.append((source, to, arg))
    assert [(bind.source, bind.to, bind.arg) for bind in load_rig(rig).bind] == plain
    kept = [line for line in MINE.splitlines() if "#" in line]
    assert [line for line in rig.read_text().splitlines() if "#" in line] == kept


def test_a_rig_that_came_with_the_program_is_not_written_to(tmp_path: Path) -> None:
    stage = gallery.files("rig")["stage"]
    link = tmp_path / "mine.toml"
    link.symlink_to(stage)
    for path in (stage, link):
        with pytest.raises(PatchError, match="copy it with `wearsound new rig my-room --from stage`"):
            learn_bind(path, Bind("/a", "/wear/b"))
        with pytest.raises(PatchError, match="came with wearsound"):
            learn_calibration(path, "a", {"b": 1})


def test_a_link_stays_a_link_and_rights_stay_rights(rig: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    link = tmp_path / "other" / "link.toml"
    link.symlink_to("../room.toml")
    rig.chmod(0o640)
    learn_bind(link, Bind("/a", "/wear/b"))
    assert link.is_symlink()
    assert not rig.is_symlink()
    assert Bind("/a", "/wear/b") in load_rig(rig).bind
    assert rig.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["link.toml", "other", "room.toml"]


def test_what_would_not_be_right_is_not_written(rig: Path, tmp_path: Path) -> None:
    with pytest.raises(PatchError, match=r"room\.toml:\d+: from is '/wear/x', which is wearsound's own"):
        learn_bind(rig, Bind("/wear/x", "/wear/b"))
    with pytest.raises(PatchError, match=r"room\.toml:\d+: to is '/b'; it takes one of wearsound's own"):
        learn_bind(rig, Bind("/x", "/b"))
    with pytest.raises(PatchError, match="gain of contact came out as nan; calibrate again"):
        learn_calibration(rig, "contact", {"gain": float("nan")})
    with pytest.raises(PatchError, match="takes a lower-case word"):
        learn_calibration(rig, "x" * 65, {"gain": 1})
    assert rig.read_text(encoding="utf-8") == MINE
    rig.write_text("inptu = 3\n")
    with pytest.raises(PatchError, match=r"room\.toml:1: no key 'inptu' in a rig"):
        learn_bind(rig, Bind("/a", "/wear/b"))
    assert rig.read_text() == "inptu = 3\n"
    with pytest.raises(PatchError, match="cannot be read"):
        learn_bind(tmp_path / "gone.toml", Bind("/a", "/wear/b"))
    assert not (tmp_path / "gone.toml").exists()


def test_a_full_disk_is_a_sentence_and_changes_nothing(rig: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(
        WearsoundError, match=r"cannot be written \(no space left on device\): nothing was learned"
    ):
        learn_bind(rig, Bind("/a", "/wear/b"))
    assert rig.read_text(encoding="utf-8") == MINE
    assert [path.name for path in rig.parent.iterdir()] == ["room.toml"]


LEARN = """
import os, signal, sys
from wearsound.show.rig import Bind
from wearsound.show.rig_learn import learn_bind, learn_calibration

path, at = sys.argv[1:]
if at != "any time":
    kept = getattr(os, at)
    def killed(*args):
        os.kill(os.getpid(), signal.SIGKILL)
    setattr(os, at, killed)
print("ready", flush=True)
for i in range(100):
    learn_bind(path, Bind(f"/1/{i % 7}", f"/wear/x/{i}"))
    learn_calibration(path, "contact", {"gain": i})
"""


def start(rig: Path, at: str) -> subprocess.Popen[str]:
    child = subprocess.Popen(
        [sys.executable, "-c", LEARN, str(rig), at], stdout=subprocess.PIPE, text=True, env={**os.environ}
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    return child


def whole(text: str) -> None:
    assert text.endswith("# end\n")
    assert [line for line in text.splitlines() if line.startswith("#")] == [
        line for line in MINE.splitlines() if line.startswith("#")
    ]
    tomllib.loads(text)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="kills a process as only Unix can")
class TestAKill:
    @pytest.mark.parametrize("at", ["fsync", "replace"])
    def test_between_writing_and_replacing(self, rig: Path, at: str) -> None:
        assert start(rig, at).wait(timeout=30) == -signal.SIGKILL
        assert rig.read_text(encoding="utf-8") == MINE

    def test_at_any_time(self, rig: Path) -> None:
        dice = random.Random(5)
        saves = 0
        for _ in range(3):
            rig.write_text(MINE, encoding="utf-8")
            child = start(rig, "any time")
            end = time.monotonic() + dice.uniform(0.1, 0.8)
            seen = {MINE}
            while time.monotonic() < end:
                text = rig.read_text(encoding="utf-8")  # while it is written: the old one or the new one
                whole(text)
                seen.add(text)
            child.kill()
            child.wait()
            whole(rig.read_text(encoding="utf-8"))
            load_rig(rig)
            saves += len(seen) - 1
        assert saves > 5
