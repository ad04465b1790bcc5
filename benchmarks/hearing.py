"""The ear: one hop at a time as in a show, 64 at a time as in a render, and a peer beside it."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from benchmarks import material, stopwatch
from benchmarks.table import Figure, Part, spread
from wearsound.analysis.ear import Ear
from wearsound.core import F64

WARM = 500
"""Hops until the tempo is known: before, the beat has less to do."""
ROUNDS = 2


def run(peer_python: str | None) -> Part:
    """Ear and peer in turn, so that both meet the same machine."""
    part = Part("The ear")
    song = material.song()
    ones, many = material.blocks(song, 1), material.blocks(song, 64)
    wall, cpu, peers, lack = [], [], [], ""
    for _ in range(ROUNDS):
        one_wall, one_cpu = stopwatch.each(_ear().hear, ones, WARM)
        wall.append(one_wall)
        cpu.append(one_cpu)
        if not lack:
            peer = _peer(peer_python, song.mean(axis=1), len(ones))
            lack = peer if isinstance(peer, str) else ""
            peers += [] if isinstance(peer, str) else [peer]
    live, live_cpu = np.concatenate(wall), np.concatenate(cpu)
    part.figures += spread("live, one hop a block", live, "us", median=100.0, p99=0.1 * material.HOP_US)
    part.figures.append(Figure("the same, CPU, median", float(np.median(live_cpu)), "us"))
    share = 100 * float(np.median(live)) / material.HOP_US
    part.figures.append(Figure("share of the hop, median", share, "%"))
    rested, _ = stopwatch.each(_ear().hear, stopwatch.paced(ones[:1500], material.HOP_US / 1e6), WARM)
    part.figures += spread("woken for each hop, cold caches", rested, "us", p99=0.1 * material.HOP_US)
    if peers:
        theirs = float(np.median(np.concatenate([cpu_us for _, cpu_us, _ in peers])))
        part.figures.append(Figure("aubio: onset + tempo + mel, CPU, median", theirs, "us"))
        ratio = float(np.median(live_cpu)) / theirs
        part.figures.append(Figure("our CPU / aubio's", ratio, "", 0.5))
        part.notes.append(f"aubio {peers[0][2]}, windows of 1024, 40 mel bands, called from Python.")
    else:
        part.notes.append(lack)
    blocks_wall, blocks_cpu = stopwatch.each(_ear().hear, many, 2)
    part.figures.append(Figure("offline, 64 hops a block, a hop", float(np.median(blocks_wall)) / 64, "us"))
    part.figures.append(
        Figure("the same, CPU", float(np.median(blocks_cpu)) / 64, "us"),
    )
    times = material.HOP_US / (float(blocks_cpu.mean()) / 64)
    part.figures.append(Figure("offline, one core", times, "x real time", 100.0, least=True))
    return part


def _ear() -> Ear:
    return Ear(material.clock(), ["room"])


def _peer(python: str | None, mono: F64, hops: int) -> tuple[F64, F64, str] | str:
    """(wall, CPU) a hop and the version of aubio, or a sentence why there is none."""
    code = Path(__file__).with_name("peer_aubio.py")
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "song.f32"
        mono.astype(np.float32).tofile(raw)
        try:
            done = subprocess.run(
                [python or sys.executable, str(code), str(raw), str(hops)], capture_output=True, text=True
            )
        except OSError as error:
            return f"No peer: {python} cannot be started ({error.strerror})."
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it stopped"])[-1]
        return f"No peer: aubio does not run here ({last}); name a Python that has it with --peer-python."
    told = json.loads(done.stdout)
    return np.array(told["wall"])[WARM:], np.array(told["cpu"])[WARM:], told["version"]
