"""The ear: one hop at a time as in a show, 64 at a time as in a render, and a peer beside it."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from benchmarks import material, stopwatch
from benchmarks.peer_aubio import MELS
from benchmarks.table import Figure, Part, spread
from wearsound.analysis.ear import Ear
from wearsound.core import F64

WARM = 500
"""Hops until the tempo is known: before, the beat has less to do."""
ROUNDS = 2
PEER_WINDOWS = (1024, 2048)


def run(peer_python: str | None) -> Part:
    """Ear and peer in turn, so that both meet the same machine."""
    part = Part("The ear")
    song = material.song()
    ones, many = material.blocks(song, 1), material.blocks(song, 64)
    wall, cpu, lack = [], [], ""
    peers: dict[int, list[F64]] = {window: [] for window in PEER_WINDOWS}
    for _ in range(ROUNDS):
        one_wall, one_cpu = stopwatch.each(_ear().hear, ones, WARM)
        wall.append(one_wall)
        cpu.append(one_cpu)
        for window in PEER_WINDOWS:
            peer = lack or _peer(peer_python, song.mean(axis=1), len(ones), window)
            if isinstance(peer, str):
                lack = peer
            else:
                peers[window].append(peer)
    live, live_cpu = np.concatenate(wall), np.concatenate(cpu)
    part.figures += spread("live, one hop a block", live, "us", median=100.0, p99=0.1 * material.HOP_US)
    part.figures += spread("the same, CPU", live_cpu, "us")
    part.figures.append(Figure("the same, CPU, mean", float(live_cpu.mean()), "us"))
    share = 100 * float(np.median(live)) / material.HOP_US
    part.figures.append(Figure("share of the hop, median", share, "%"))
    rested, _ = stopwatch.each(_ear().hear, stopwatch.paced(ones[:1500], material.HOP_US / 1e6), WARM)
    part.figures += spread("woken for each hop, cold caches", rested, "us", p99=0.1 * material.HOP_US)
    for window, theirs in peers.items() if not lack else ():
        hop = np.concatenate(theirs)
        about = f"aubio, windows of {window}"
        part.figures.append(Figure(f"{about}: onset + tempo + mel, CPU, median", float(np.median(hop)), "us"))
        part.figures.append(Figure(f"{about}, CPU, mean", float(hop.mean()), "us"))
        part.figures.append(
            Figure(
                f"our CPU / aubio's, means, windows of {window}", live_cpu.mean() / hop.mean(), "times", 0.5
            )
        )
    part.notes.append(
        lack or f"aubio called from Python, {MELS} mel bands; our own windows are 1024 and 2048."
    )
    blocks_wall, blocks_cpu = stopwatch.each(_ear().hear, many, 2)
    part.figures.append(Figure("offline, 64 hops a block, a hop", float(np.median(blocks_wall)) / 64, "us"))
    part.figures.append(Figure("the same, CPU", float(np.median(blocks_cpu)) / 64, "us"))
    times = material.HOP_US / (float(blocks_cpu.mean()) / 64)
    part.figures.append(Figure("offline, one core", times, "x real time", 100.0, least=True))
    return part


def _ear() -> Ear:
    return Ear(material.clock(), ["room"])


def _peer(python: str | None, mono: F64, hops: int, window: int) -> F64 | str:
    """CPU microseconds a hop, or a sentence why there are none."""
    code = Path(__file__).with_name("peer_aubio.py")
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "song.f32"
        mono.astype(np.float32).tofile(raw)
        command = [python or sys.executable, str(code), str(raw), str(hops), str(window)]
        try:
            done = subprocess.run(command, capture_output=True, text=True)
        except OSError as error:
            return f"No peer: {python} cannot be started ({error.strerror})."
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it stopped"])[-1]
        return f"No peer: aubio does not run here ({last}); name a Python that has it with --peer-python."
    return np.array(json.loads(done.stdout)["cpu"])[WARM:]
