"""What tests of many recordings share: a folder of songs, and who renders them."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from conftest import write_song

from wearsound import load
from wearsound.errors import WearsoundError
from wearsound.many.job import Job, Outcome
from wearsound.many.plan import Plan, asked_of
from wearsound.many.render_all import Batch, render_all
from wearsound.many.render_one import render_one
from wearsound.outputs.record.content import file_digest

SONGS = {"a/one.wav": 2, "b/one.wav": 1}
"""Recordings of one name, and their channels."""
PATCH = """title = "Mine"
seed = 3
garment = "cuff"
palette = "bass-denim"

[[route]]
from = "bass"
to = "*.glow"
"""
SHORT = 0.3


def songs(root: Path, seconds: float = SHORT, names: dict[str, int] | None = None) -> Path:
    """A folder `songs` in `root`, and a patch of our own beside it, p.toml."""
    for name, channels in (names or SONGS).items():
        path = root / "songs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_song(path, 48_000, channels, seconds)
    (root / "p.toml").write_text(PATCH)
    return root / "songs"


def rows(to: Path) -> dict[str, dict[str, Any]]:
    """The rows of a manifest by their recording."""
    table = json.loads((to / "manifest.json").read_text(encoding="utf-8"))
    return {row["source"]: row for row in table["recordings"]}


def hashes(to: Path) -> dict[str, str]:
    """What came of each recording, as the manifest says it and as report.json does."""
    found = {}
    for source, row in rows(to).items():
        assert row["state"] == "done", row
        facts = json.loads((to / row["result"] / "report.json").read_text(encoding="utf-8"))["facts"]
        found[source] = row["sha256"] + " " + " ".join(facts["content"].values())
    return found


def lies_in(to: Path) -> set[str]:
    """Names of everything in a folder, the hidden too."""
    return {path.name for path in to.iterdir()}


def bits(folder: Path) -> dict[str, str]:
    """The bytes of a render's files that are the same every time."""
    return {
        name: file_digest(folder / name)
        for name in ("features.npz", "osc.jsonl", "light.npz", "sound.wav", "show.toml")
    }


class Here:
    """A crew in this very process; what it was asked for is in `asked`. `tell` may break a job."""

    def __init__(self, error: str = "", stop_after: int | None = None) -> None:
        self.asked: list[str] = []
        self.closed = 0
        self._error, self._stop_after = error, stop_after

    def render(self, jobs: Sequence[Job]) -> Iterator[tuple[Job, Outcome]]:
        for job in jobs:
            if self._stop_after is not None and len(self.asked) >= self._stop_after:
                raise KeyboardInterrupt
            self.asked.append(job.source)
            try:
                yield job, Outcome(error=self._error) if self._error else render_one(job)
            except WearsoundError as error:
                yield job, Outcome(error=str(error))

    def close(self) -> None:
        self.closed += 1


HOW: dict[str, Any] = {"fps": 30, "size": (1280, 720), "seconds": None, "video": False, "frames": False}


def batch_of(root: Path, patch: str = "p.toml", **how: Any) -> Batch:
    show = load(root / patch, seed=how.pop("seed", None))
    return Batch(root / "songs", root / "out", show, asked_of(str(root / patch), show, **{**HOW, **how}))


def run(
    root: Path, crew: Here | None = None, *, again: bool = False, **how: Any
) -> tuple[Here, Plan, list[str]]:
    """Render all that is to be; who did, what came of it, and what was told."""
    crew = crew or Here()
    batch, told = batch_of(root, **how), []
    with batch.mine():
        made = batch.planned(again=again, progress=None)
        render_all(batch, made, lambda: crew, told.append)
    return crew, made, told


def jobs_of(root: Path, *sources: str) -> list[Job]:
    batch = batch_of(root)
    with batch.mine():
        made = batch.planned(again=True, progress=None)
    return [job for job in made.jobs if job.source in sources]


WAIT = 240.0
"""Seconds, for a machine that others keep busy."""


def start(root: Path, *words: str) -> subprocess.Popen[str]:
    """The program in a session of its own, at work on the songs of `root`."""
    command = [sys.executable, "-m", "wearsound", "render-all", "songs", "--patch", "p.toml", "--to", "out"]
    return subprocess.Popen(
        [*command, "--no-video", *words],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def until(what: Callable[[], Any], process: subprocess.Popen[str] | None = None) -> None:
    """Wait for something, as long as the program runs."""
    end = time.monotonic() + WAIT
    while not what():
        assert process is None or process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.005)


def parts(root: Path) -> list[Path]:
    return list((root / "out").glob(".*.part/sound.wav"))
