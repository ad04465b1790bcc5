"""Peers of the ear, each in the Python that has it: what they are asked for, and what they spent."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.material import HOP, RATE
from wearsound.core import F64


@dataclass(frozen=True, slots=True)
class Ask:
    """One row: the peer's script and what it is told. `whole`: it wants the recording, not hops."""

    module: str
    how: str
    title: str
    short: str = ""
    budget: float | None = None
    whole: bool = False

    def warm(self, hops: int) -> int:
        """How many of its first figures do not count."""
        return 0 if self.whole else hops


@dataclass(frozen=True, slots=True)
class Told:
    """Microseconds of CPU a hop (or of the whole), of so many seconds of sound."""

    version: str
    cpu: F64
    seconds: float


ASKS = (
    Ask("aubio", "1024", "aubio, windows of 1024: onset + tempo + mel", "aubio's, windows of 1024", 0.5),
    Ask("aubio", "2048", "aubio, windows of 2048: onset + tempo + mel", "aubio's, windows of 2048", 0.5),
    Ask("essentia", "1024", "Essentia, windows of 1024: onset + mel, no tempo", "Essentia's"),
    Ask("essentia", "whole", "Essentia offline: OnsetRate + RhythmExtractor2013", whole=True),
    Ask("librosa", "whole", "librosa offline: onset_detect + beat_track", whole=True),
)


def ask(wanted: Ask, pythons: Sequence[str], mono: F64) -> Told | str:
    """What it spent by the first Python that has it; or a sentence why there is none."""
    code = Path(__file__).with_name(f"peer_{wanted.module}.py")
    said = ""
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "song.f32"
        mono.astype(np.float32).tofile(raw)
        for python in (*pythons, sys.executable):
            command = [python, str(code), str(raw), wanted.how]
            try:
                done = subprocess.run(command, capture_output=True, text=True)
            except OSError as error:
                said = said or f"{python} cannot be started: {error.strerror}"
                continue
            if done.returncode == 0:
                told = json.loads(done.stdout.strip().splitlines()[-1])
                return Told(told["version"], np.array(told["cpu"]), len(mono) // HOP * HOP / RATE)
            last = (done.stderr.strip().splitlines() or ["it stopped"])[-1]
            if f"No module named '{wanted.module}'" not in last:
                said = said or last
    why = said or "no Python that was named has it"
    return f"No {wanted.module} beside it ({why}); name a Python that has it with --peer-python."
