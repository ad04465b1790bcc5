"""The set: which pieces there are, and each one made once and kept.

`seeds.json` names them: {half: {kind: {style: [seeds]}}}. The halves have the same styles and no seed in
common. They were fixed before anything was tuned on them; a changed seed is another benchmark.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.hearing import loops, midi, synth, treat, truth
from benchmarks.hearing.nothing import NOTHING
from benchmarks.hearing.styles import all_styles
from benchmarks.hearing.truth import Truth
from wearsound.core import F64

SEEDS = Path(__file__).with_name("seeds.json")
HALVES = ("tuning", "held")
TAIL_SECONDS = 1.0
"""After the last bar, so that the last sound can die."""


@dataclass(frozen=True, slots=True)
class Piece:
    """`kind` is "style" (from a score), "loop", "layered" or "nothing"."""

    half: str
    kind: str
    style: str
    seed: int

    @property
    def name(self) -> str:
        """Unique in the set."""
        return f"{self.half}-{self.kind}-{self.style}-{self.seed}"


def all_pieces(half: str | None = None) -> list[Piece]:
    """Every piece, or those of one half, in a fixed order."""
    table = json.loads(SEEDS.read_text(encoding="utf-8"))
    return [
        Piece(part, kind, name, seed)
        for part in HALVES
        if half in (None, part)
        for kind, styles in table[part].items()
        for name, seeds in styles.items()
        for seed in seeds
    ]


def made(pieces: list[Piece], cache: Path, jobs: int) -> list[tuple[Path, Truth]]:
    """The sound file and the truth of each piece; what the cache has is not made again."""
    cache.mkdir(parents=True, exist_ok=True)
    if jobs < 2 or len(pieces) < 2:
        paths = [_make(piece, cache) for piece in pieces]
    else:
        with ProcessPoolExecutor(jobs) as pool:
            paths = list(pool.map(_make, pieces, [cache] * len(pieces), chunksize=1))
    return [(path, Truth.read(path.with_suffix(".json"))) for path in paths]


def compose(piece: Piece) -> tuple[bytes, Callable[[], tuple[F64, Truth]]]:
    """What the sound depends on, and a call that makes it."""
    if piece.kind == "style":
        score, treatment = all_styles()[piece.style].write(piece.seed)
        seconds = score.seconds + TAIL_SECONDS
        known = truth.of(score, piece.style, seconds)
        known.treatment = treatment.as_json()
        file = midi.encode(score.notes, score.programs, score.volumes, score.pans)

        def play() -> tuple[F64, Truth]:
            dry = synth.play(score.notes, score.programs, score.volumes, score.pans, seconds)
            return treat.treated(dry.astype(np.float64), treatment, piece.seed), known

        return file + json.dumps([known.treatment, known.beats, piece.seed, seconds]).encode(), play
    if piece.kind == "nothing":
        return _source("nothing.py"), lambda: NOTHING[piece.style](piece.seed)
    return _source("loops.py"), lambda: loops.make(piece.style, piece.kind == "layered", piece.seed)


def _make(piece: Piece, cache: Path) -> Path:
    import soundfile

    ground, play = compose(piece)
    sources = b"".join(_source(name) for name in ("synth.py", "treat.py", "loudness.py", "truth.py"))
    mark = hashlib.sha1(ground + sources + piece.name.encode()).hexdigest()[:12]
    path = cache / f"{piece.name}-{mark}.wav"
    if not path.with_suffix(".json").is_file():
        sound, known = play()
        soundfile.write(path, np.clip(sound, -1.0, 1.0 - 2.0**-15), synth.RATE, subtype="PCM_16")
        known.write(path.with_suffix(".json"))
    return path


def _source(name: str) -> bytes:
    return Path(__file__).with_name(name).read_bytes()
