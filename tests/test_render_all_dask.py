"""Many recordings by dask.distributed: a scheduler and two workers that run already, and one of them is killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Run
from many import WAIT, batch_of, hashes, lies_in, parts, run, songs, until

from wearsound.errors import DeviceError
from wearsound.many import dask_jobs
from wearsound.many.recordings import result_name
from wearsound.many.render_all import render_all

pytest.importorskip("distributed")
pytestmark = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="who works is read in /proc")

NAMES = {f"{n}.wav": 1 for n in range(2)}
LONG = 2.0


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The address of a scheduler that runs already, and its two workers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address, folder = f"tcp://127.0.0.1:{port}", tmp_path_factory.mktemp("dask")
    programs = [
        ["scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard", "--no-jupyter"],
        *[["worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]] * 2,
    ]
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "dask", *words],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for words in programs
    ]
    yield address, running[1:]
    for process in running:
        process.kill()
        process.wait()


def children(process: subprocess.Popen[bytes]) -> list[int]:
    """Whom a process has started, in any of its threads."""
    found: list[int] = []
    for thread in Path(f"/proc/{process.pid}/task").iterdir():
        found += map(int, (thread / "children").read_text().split())
    return found


def test_a_worker_is_killed_and_nothing_is_lost(
    engine: tuple[str, list[subprocess.Popen[bytes]]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask_jobs, "ANSWER", WAIT)
    monkeypatch.setattr(dask_jobs, "WORKERS", WAIT)
    address, workers = engine
    songs(tmp_path / "here", LONG, NAMES)
    songs(tmp_path / "there", LONG, NAMES)
    orphans: list[int] = []

    def kill() -> None:
        until(lambda: parts(tmp_path / "there") and any(map(children, workers)))
        victim = next(worker for worker in workers if children(worker))
        orphans.extend(children(victim))
        os.kill(victim.pid, signal.SIGKILL)

    batch, told = batch_of(tmp_path / "there"), []
    thread = threading.Thread(target=kill)
    with batch.mine():
        made = batch.planned(again=False, progress=None)
        thread.start()
        render_all(batch, made, lambda: dask_jobs.DaskCrew(address, None), told.append)
    thread.join()
    assert len(told) == made.count("done") == len(NAMES), told
    assert orphans
    until(
        lambda: not any(Path(f"/proc/{pid}").exists() for pid in orphans)
    )  # they do not outlive their worker
    run(tmp_path / "here")
    assert hashes(tmp_path / "there" / "out") == hashes(tmp_path / "here" / "out")
    assert lies_in(tmp_path / "there" / "out") == {*map(result_name, NAMES), "manifest.json", "index.html"}


def test_nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_jobs, "ANSWER", 0.3)
    began = time.monotonic()
    with pytest.raises(DeviceError, match=r"no dask scheduler answers at tcp://127.0.0.1:9 .*start one with"):
        dask_jobs.DaskCrew("tcp://127.0.0.1:9", None)
    assert time.monotonic() - began < 60
    with pytest.raises(DeviceError, match="no dask scheduler answers at nonsense://x"):
        dask_jobs.DaskCrew("nonsense://x", None)


def test_without_the_extra(wearsound: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    songs(tmp_path, 0.1, {"a.wav": 1})
    monkeypatch.setitem(sys.modules, "distributed", None)
    done = wearsound("render-all", "songs", "--patch", "p.toml", "--no-video", "--dask")
    assert done.returncode == 3
    assert "wearsound[dask] is not installed here: run `pip install wearsound[dask]`" in done.stderr
