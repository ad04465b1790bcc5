"""Many recordings by the real program: killed at any moment, told to stop, with a crash, and equal to the bit."""

from __future__ import annotations

import os
import re
import signal
import threading
from pathlib import Path

import pytest
from many import WAIT, batch_of, hashes, lies_in, parts, rows, run, songs, start, until

from wearsound.many.local import LocalCrew
from wearsound.many.lock import let_go
from wearsound.many.manifest import read_manifest
from wearsound.many.recordings import result_name
from wearsound.many.render_all import render_all
from wearsound.outputs.record.folder import is_render

LONG = 2.0
"""Seconds of a recording: rendered, it takes long enough to be killed in."""
NAMES = {f"{n}.wav": 1 for n in range(4)}


def done(root: Path) -> int:
    """How many are written down as done, and at their places: between the two a kill may come as well."""
    try:
        made = [row["result"] for row in rows(root / "out").values() if row["state"] == "done"]
    except FileNotFoundError:
        return 0
    return sum((root / "out" / name).exists() for name in made)


def whole_or_none(root: Path) -> None:
    """Whatever a killed run leaves: a manifest that is one, and nothing but whole results at their places."""
    manifest = read_manifest(root / "out")
    assert manifest is not None
    seen = {name for name in lies_in(root / "out") if not name.startswith(".")}
    for name in seen - {"manifest.json", "index.html"}:
        assert is_render(root / "out" / name), name
    for lock in (root / "out").glob(".*.lock"):  # whom it started ends with it
        until(lambda lock=lock: let_go(lock))  # type: ignore[misc]


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What one process makes of them, one after the other."""
    root = tmp_path_factory.mktemp("expected")
    songs(root, LONG, NAMES)
    run(root)
    return hashes(root / "out")


def test_stopped_and_killed_at_several_moments_and_equal_in_the_end(
    tmp_path: Path, expected: dict[str, str]
) -> None:
    songs(tmp_path, LONG, NAMES)
    process = start(tmp_path, "--jobs", "1")
    until(lambda: parts(tmp_path), process)
    os.kill(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=WAIT)
    assert process.returncode == 130
    assert (
        err == "wearsound: 0 of 4 are rendered; the same command goes on with the rest\nwearsound: stopped\n"
    )
    assert lies_in(tmp_path / "out") == {"manifest.json"}
    for jobs, moment in (("1", lambda: parts(tmp_path)), ("2", lambda: done(tmp_path) >= 1)):
        process = start(tmp_path, "--jobs", jobs)
        until(moment, process)
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        whole_or_none(tmp_path)
    before = done(tmp_path)
    assert 1 <= before < 4
    process = start(tmp_path, "--jobs", "2")
    out, err = process.communicate(timeout=WAIT)
    assert (process.returncode, err) == (0, ""), out
    assert f"songs: 4 recordings, {before} rendered already\n" in out
    again = re.findall(r"^(\d) to render: (?:not finished before|not at its place)$", out, re.MULTILINE)
    assert sum(map(int, again)) == 4 - before, out
    assert out.endswith("4 rendered: out/manifest.json, and as a page out/index.html\n")
    assert hashes(tmp_path / "out") == expected
    assert lies_in(tmp_path / "out") == {*map(result_name, NAMES), "manifest.json", "index.html"}


def test_a_crash_is_a_row(tmp_path: Path) -> None:
    songs(tmp_path, LONG, {"a.wav": 1})
    batch, told = batch_of(tmp_path), []
    crew = LocalCrew(1)

    def kill() -> None:
        until(lambda: parts(tmp_path))
        (aside,) = crew._at_work
        assert aside.pid is not None
        os.kill(aside.pid, signal.SIGSEGV)

    thread = threading.Thread(target=kill)
    with batch.mine():
        made = batch.planned(again=False, progress=None)
        thread.start()
        render_all(batch, made, lambda: crew, told.append)
    thread.join()
    assert told[0].startswith("1/1 a.wav: failed: the process that rendered it was ended by something else")
    assert [row.state for row in made.rows.values()] == ["failed"]
    assert lies_in(tmp_path / "out") == {"manifest.json", "index.html"}
