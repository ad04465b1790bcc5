"""A sketch is tried in a process of its own: what it draws is timed, and whatever it does is a sentence."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from wearsound.core import Clock
from wearsound.errors import PatchError
from wearsound.gallery import files
from wearsound.show.build import make
from wearsound.show.load import load
from wearsound.show.sketch_trial import SketchTrials, Trial

HEAD = "import os, sys, time\nimport numpy as np\nfrom wearsound import Sketch, parameter\n"


@pytest.fixture(scope="module")
def trials() -> Iterator[SketchTrials]:
    with SketchTrials() as running:
        yield running


def tried(trials: SketchTrials, path: Path, size: tuple[int, int] = (320, 180)) -> Trial:
    show = load("undertow", sketch=path)
    parts = make(show, {"room": (0, 1)}, Clock(), strict=False).parts
    return trials.try_sketch(
        path, show.garment_path, size, show.seed, show.colours, parts.ear.specs, parts.score.specs
    )


def sketch(folder: Path, draw: str, parameters: str = "pass", head: str = "") -> Path:
    path = folder / "mine.py"
    path.write_text(
        f"{HEAD}{head}\nclass Mine(Sketch):\n    {parameters}\n    def draw(self, c, f):\n        {draw}\n"
    )
    return path


@pytest.mark.parametrize("name", sorted(files("sketch")))
def test_every_gallery_sketch_passes(trials: SketchTrials, name: str) -> None:
    trial = tried(trials, files("sketch")[name])
    assert 0 < trial.ms_median <= trial.ms_worst


def test_one_that_draws_is_timed(trials: SketchTrials, tmp_path: Path) -> None:
    trial = tried(trials, sketch(tmp_path, "c.background('ember')"))
    assert 0 < trial.ms_median < 16
    assert trial.note == ""


def test_a_slow_one_is_allowed_and_noted(trials: SketchTrials, tmp_path: Path) -> None:
    slow = "end = time.thread_time() + 0.031\n        while time.thread_time() < end: pass"
    trial = tried(trials, sketch(tmp_path, slow))
    assert 30 < trial.ms_median < 60
    ms = trial.ms_median
    assert (
        trial.note == f"mine.py takes {ms:.0f} ms a frame: the picture moves {int(1000 / ms)} times a second"
    )


BROKEN = {
    "raises": ("raise ValueError('no more thread')", r"mine.py:8: no more thread"),
    "divides by zero when it is loud": (
        "1 / (0.0 if f.bass > 0.9 else 1.0)",
        r"mine.py:8: ZeroDivisionError",
    ),
    "leaves": ("sys.exit(3)", r"mine.py:8: a sketch must not leave the program"),
    "ends the program": ("os._exit(3)", r"mine.py: the sketch ended the program that drew it"),
    "kills it": ("os.kill(os.getpid(), 9)", r"mine.py: the sketch ended the program that drew it"),
    "eats memory": ("self.big = bytearray(1 << 34)", r"mine.py:8: MemoryError"),
    "asks for what nobody hears": ("f.basss", r"mine.py:8: nobody hears 'basss'"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_one_that_fails_is_a_sentence_with_its_line(trials: SketchTrials, tmp_path: Path, what: str) -> None:
    draw, sentence = BROKEN[what]
    with pytest.raises(PatchError, match=sentence):
        tried(trials, sketch(tmp_path, draw))


@pytest.mark.parametrize("end", [0.0, 2.0])
def test_each_parameter_is_turned_to_both_ends(trials: SketchTrials, tmp_path: Path, end: float) -> None:
    draw = f"assert self.warmth != {end}, 'too far'"
    path = sketch(tmp_path, draw, "warmth: float = parameter(0.4, 0.0, 2.0)")
    with pytest.raises(PatchError, match=r"mine.py:8: AssertionError: too far"):
        tried(trials, path)


def test_one_that_hangs_says_where_and_is_ended(tmp_path: Path) -> None:
    with (
        SketchTrials(longest=2.0) as trials,
        pytest.raises(PatchError, match=r"mine.py:8: the picture has not come"),
    ):
        tried(trials, sketch(tmp_path, "while True: pass"))


def test_one_that_lets_nobody_have_a_turn_is_ended_from_outside(tmp_path: Path) -> None:
    # One long regular expression: nobody else of that process gets a turn.
    path = sketch(tmp_path, "__import__('re').match('(a+)+$', 'a' * 60 + 'b')")
    with SketchTrials(longest=1.0) as trials, pytest.raises(PatchError, match="did not come back within 1 s"):
        tried(trials, path)


def test_what_it_has_started_ends_with_it(trials: SketchTrials, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    started = (
        f"import subprocess\nopen({str(note)!r}, 'w').write(str(subprocess.Popen(['sleep', '60']).pid))\n"
    )
    tried(trials, sketch(tmp_path, "pass", head=started))
    end = time.monotonic() + 5
    state = Path(f"/proc/{note.read_text()}/stat")
    while state.exists() and state.read_text().rpartition(")")[2].split()[0] != "Z":
        assert time.monotonic() < end
        time.sleep(0.02)


def test_one_after_the_other_nothing_is_left(tmp_path: Path) -> None:
    before = children()
    with SketchTrials() as trials:
        for turn in range(6):
            if turn % 2:
                with pytest.raises(PatchError):
                    tried(trials, sketch(tmp_path, "raise ValueError('no')"))
            else:
                tried(trials, sketch(tmp_path, "pass"))
        assert trials.pid is not None  # the next one waits already
    assert trials.pid is None
    with pytest.raises(PatchError, match="over"):
        tried(trials, sketch(tmp_path, "pass"))
    assert children() <= before


def test_the_last_trial_leaves_no_process_ready(tmp_path: Path) -> None:
    before = children()
    with SketchTrials(again=False) as trials:
        with pytest.raises(PatchError, match=r"mine\.py:8: no more thread"):
            tried(trials, sketch(tmp_path, "raise ValueError('no more thread')"))
        assert trials.pid is None
    assert children() <= before


def children() -> set[str]:
    """The processes that this one has begun and that still are."""
    told = subprocess.run(
        ["ps", "-o", "pid=,args=", "--ppid", str(os.getpid())], capture_output=True, text=True
    )
    return {line.split()[0] for line in told.stdout.splitlines() if "sketch_trial_process" in line}
