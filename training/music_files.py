"""Pieces as the networks learn from them: features kept beside the music, cut into segments."""

from __future__ import annotations

import json
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import soundfile
import soxr
import torch
from torch import Tensor

from training.features import beats, inputs, strokes
from wearsound.analysis.detector import BEATS, STROKES
from wearsound.core import F32, Clock

OTHER_RATE = 4
"""Every so manieth piece is heard at 44.1 kHz."""


def features(path: Path) -> dict[str, F32]:
    """Inputs, answers and weights of one piece, from the kept file or made now."""
    kept = path.with_suffix(".npz")
    if not kept.exists():
        truth = json.loads(path.with_suffix(".json").read_text())
        samples, rate = soundfile.read(path, dtype="float32")
        clock = Clock(44_100 if int(path.stem) % OTHER_RATE == 0 else 48_000)
        if rate != clock.sample_rate:
            samples = soxr.resample(samples, rate, clock.sample_rate)
        named = {name: truth[f"{name}s"] for name in (*STROKES, *BEATS)}
        made = dict(zip(("strokes_x", "beats_x"), inputs(samples, clock), strict=True))
        made["strokes_y"], made["strokes_w"] = strokes(named, len(made["strokes_x"]), clock)
        made["beats_y"], made["beats_w"] = beats(named, len(made["beats_x"]), clock)
        part = kept.with_suffix(".part.npz")
        np.savez(part, **{name: array.astype(np.float16) for name, array in made.items()})
        part.replace(kept)
    with np.load(kept) as made:
        return dict(made)


def all_features(folder: Path, pieces: int, jobs: int) -> list[dict[str, F32]]:
    """The first pieces of a folder, in the order of their seeds."""
    paths = sorted(path for path in folder.glob("*.flac") if path.with_suffix(".json").exists())[:pieces]
    with ProcessPoolExecutor(jobs) as pool:
        return list(pool.map(features, paths, chunksize=4))


class Music:
    """Pieces end to end as tensors (n_steps, n), cut into segments at will."""

    def __init__(self, pieces: list[tuple[F32, F32, F32]]) -> None:
        self.x, self.y, self.w = (
            torch.from_numpy(np.concatenate([piece[i] for piece in pieces])) for i in range(3)
        )
        ends = np.cumsum([len(piece[0]) for piece in pieces])
        self.spans = [(int(end) - len(piece[0]), int(end)) for end, piece in zip(ends, pieces, strict=True)]

    def segments(self, length: int, generator: torch.Generator) -> Tensor:
        """Starts of segments that cover the music once, at a random offset, in random order."""
        starts: list[int] = []
        for first, last in self.spans:
            offset = int(torch.randint(0, length, (1,), generator=generator))
            starts += range(first + min(offset, max(0, last - first - length)), last - length + 1, length)
        chosen = torch.tensor(starts)
        return chosen[torch.randperm(len(chosen), generator=generator)]

    def batch(
        self, starts: Tensor, length: int, speeds: Tensor | None = None
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Inputs, answers, weights (batch, length, ..) float32; at other speeds, where such are given.

        Answers are the largest of the steps that a faster one leaves out.
        """
        if speeds is None:
            at = starts[:, None] + torch.arange(length)
            return self.x[at].float(), self.y[at].float(), self.w[at].float()
        steps = torch.arange(length + 1) * speeds[:, None]
        at = (starts[:, None] + steps.long()).clamp_max(len(self.x) - 1)
        here, skipped = at[:, :-1], torch.maximum(at[:, :-1], at[:, 1:] - 1)
        y = torch.maximum(self.y[here], self.y[skipped]).float()
        w = torch.maximum(self.w[here], self.w[skipped]).float()
        return torch.maximum(self.x[here], self.x[skipped]).float(), y, w
