"""Who listens: this project's ear, and peers in processes of their own."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.hearing.measures import DRUMS, Answer
from wearsound.core import F32, F64

PEERS = Path(__file__).with_name("peers")


@dataclass(frozen=True, slots=True)
class Listener:
    """`title` for the table; `script` and `kind` of a peer, "" for this project's own ear."""

    key: str
    title: str
    causal: bool
    script: str = ""
    kind: str = ""
    module: str = ""
    beats: bool = True


LISTENERS = (
    Listener("wearsound", "wearsound", True),
    Listener("aubio", "aubio default", True, "peer_aubio.py", "default", "aubio"),
    Listener(
        "aubio-flux", "aubio specflux, hop 256", True, "peer_aubio.py", "specflux", "aubio", beats=False
    ),
    Listener("madmom", "madmom online", True, "peer_madmom.py", "online", "madmom"),
    Listener("essentia", "Essentia (offline)", False, "peer_essentia.py", "offline", "essentia"),
    Listener("librosa", "librosa (offline)", False, "peer_librosa.py", "offline", "librosa"),
    Listener("madmom-offline", "madmom (offline)", False, "peer_madmom.py", "offline", "madmom"),
)


def ours(paths: list[Path], jobs: int) -> list[Answer]:
    """This project's ear over every file, through `wearsound.analyze`."""
    if jobs < 2 or len(paths) < 2:
        return [hear(path) for path in paths]
    with ProcessPoolExecutor(jobs) as pool:
        return list(pool.map(hear, paths, chunksize=2))


def hear(path: Path) -> Answer:
    """One file, heard by the core ear of `wearsound.analyze`; drums and bars if it has such counts."""
    import wearsound

    heard = wearsound.analyze(path, hears=())
    answer = Answer(
        onsets=list(heard.onsets),
        onsets_decided=list(heard.onsets_decided),
        beats=list(heard.beats),
        beats_decided=list(heard.beats_decided),
    )
    names = {spec.name for spec in heard.specs}
    lane = heard.lane
    tempo, sure = heard.series("tempo"), heard.series("confidence")
    answer.tempos = [
        (float(heard.time[at]), float(tempo[at]))
        for at in range(0, len(heard.time), 20)
        if tempo[at] > 0 and sure[at] >= 0.2
    ]
    if f"{lane}.downbeat" in names:
        answer.downbeats = grown(heard.time, heard.series("downbeat"))
    if all(f"{lane}.{name}" in names for name in DRUMS):
        answer.drums = {name: grown(heard.time, heard.series(name)) for name in DRUMS}
    return answer


def grown(time: F64, count: F32) -> list[float]:
    """When a count grew: the ends of those hops."""
    return [float(moment) for moment in time[np.diff(count, prepend=np.float32(0.0)) > 0]]


def python_for(listener: Listener, pythons: list[str]) -> str | None:
    """The first Python that can import what the peer needs."""
    for python in pythons:
        try:
            done = subprocess.run([python, "-c", _FIND.format(listener.module)], capture_output=True)
        except OSError:
            continue
        if done.returncode == 0:
            return python
    return None


_FIND = "import importlib.util, sys; sys.exit(importlib.util.find_spec('{}') is None)"


def theirs(listener: Listener, python: str, paths: list[Path], cache: Path, jobs: int) -> list[Answer] | str:
    """A peer over every file, kept in the cache; or a sentence why not."""
    code = PEERS / listener.script
    mark = hashlib.sha1(code.read_bytes() + (PEERS / "wav.py").read_bytes()).hexdigest()[:8]
    folder = cache / f"{listener.key}-{mark}"
    folder.mkdir(parents=True, exist_ok=True)
    missing = [path for path in paths if not _kept(folder, path).is_file()]
    shares = [share for start in range(4 * jobs) if (share := missing[start :: 4 * jobs])]
    with ThreadPoolExecutor(jobs) as pool:
        failed = [
            said
            for said in pool.map(lambda share: _ask(python, code, listener.kind, share, folder), shares)
            if said
        ]
    if failed:
        return failed[0]
    return [_answer(json.loads(_kept(folder, path).read_text(encoding="utf-8")), listener) for path in paths]


def _ask(python: str, code: Path, kind: str, paths: list[Path], folder: Path) -> str:
    """Run the peer; keep its answers; "" or the last thing it said when it failed."""
    with tempfile.TemporaryDirectory() as work:
        listed, out = Path(work) / "list.json", Path(work) / "out.json"
        listed.write_text(json.dumps([str(path) for path in paths]), encoding="utf-8")
        command = [python, str(code), kind, str(listed), str(out)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            return (done.stderr.strip().splitlines() or ["it stopped"])[-1]
        for path, answer in json.loads(out.read_text(encoding="utf-8")).items():
            _kept(folder, Path(path)).write_text(json.dumps(answer), encoding="utf-8")
    return ""


def _kept(folder: Path, path: Path) -> Path:
    return folder / f"{path.stem}.json"


def _answer(raw: dict[str, Any], listener: Listener) -> Answer:
    return Answer(
        onsets=raw["onsets"],
        onsets_decided=raw.get("onsets_decided") if listener.causal else None,
        beats=raw["beats"] if listener.beats else None,
        beats_decided=raw.get("beats_decided") if listener.causal else None,
        tempos=[(second, bpm) for second, bpm in raw["tempos"]],
    )


def here() -> str:
    """The Python that runs this."""
    return sys.executable
