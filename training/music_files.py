"""Pieces as the networks learn from them: what is shown and asked, kept beside the music, read as streams."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr
import torch
from torch import Tensor

from training.features import beats, inputs, strokes
from wearsound.analysis.detector import BEATS, STROKES
from wearsound.analysis.novelty import N_BANDS
from wearsound.core import F32, Clock

OTHER_RATE = 4
"""Every so manieth piece is heard at 44.1 kHz."""


def features(path: Path) -> dict[str, F32]:
    """What is `shown` of one piece and asked of `strokes` and `beats`, from the kept file or made now."""
    kept = path.with_suffix(".npz")
    if not kept.exists():
        truth = json.loads(path.with_suffix(".json").read_text())
        samples, rate = soundfile.read(path, dtype="float32")
        clock = Clock(44_100 if int(path.stem) % OTHER_RATE == 0 else 48_000)
        if rate != clock.sample_rate:
            samples = soxr.resample(samples, rate, clock.sample_rate)
        named = {name: truth[f"{name}s"] for name in (*STROKES, *BEATS)}
        shown = inputs(samples, clock)
        n = len(shown)
        made = {"shown": shown, "strokes": strokes(named, n, clock), "beats": beats(named, n // 2, clock)}
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


@dataclass(frozen=True, slots=True)
class Batch:
    """A stretch of every stream: shown and asked (n_steps, n_streams, ..), `fresh` (n_streams,) where a piece
    begins."""

    shown: Tensor
    asked: Tensor
    fresh: Tensor


@dataclass(frozen=True, slots=True)
class _Stretch:
    start: float
    speed: float
    fresh: bool
    room: Tensor


class Music:
    """Pieces end to end as tensors (n_steps, n): `shown` and `asked`; which inputs ever vary (n,)."""

    def __init__(self, pieces: list[tuple[F32, F32]]) -> None:
        self.shown, self.asked = (
            torch.from_numpy(np.concatenate([piece[i] for piece in pieces])) for i in range(2)
        )
        self.varies = (self.shown[:: max(1, len(self.shown) // 10_000)] != 0.0).any(0)
        ends = np.cumsum([len(piece[0]) for piece in pieces])
        self.spans = [(int(end) - len(piece[0]), int(end)) for end, piece in zip(ends, pieces, strict=True)]

    def n_batches(self, n_streams: int, length: int) -> int:
        """About how many there are of them."""
        return sum((last - first) // length for first, last in self.spans) // n_streams

    def streams(
        self, n_streams: int, length: int, spread: float, rooms: float, generator: torch.Generator
    ) -> Iterator[Batch]:
        """The whole music once, in random order, each piece in one stream from near its beginning on.

        What is too short for a stretch is left out, and what is left of the longer streams. Each piece at
        another speed (`spread` is the deviation) and in another room: louder, tilted, some bands weaker, `rooms`
        times as much as a little, and noisier.
        """
        queues: list[list[_Stretch]] = [[] for _ in range(n_streams)]
        for piece in torch.randperm(len(self.spans), generator=generator).tolist():
            first, last = self.spans[piece]
            speed = float(torch.exp(torch.randn(1, generator=generator) * spread))
            spare = (last - first) / speed - length
            if spare < 0:
                continue
            begin = first + float(torch.rand(1, generator=generator)) * (spare % length) * speed
            room = rooms * torch.randn(2 + N_BANDS, generator=generator)
            queue = min(queues, key=len)
            for i in range(int(spare // length) + 1):
                queue.append(_Stretch(begin + i * length * speed, speed, i == 0, room))
        steps = torch.arange(length + 1)[:, None]
        for row in range(min(len(queue) for queue in queues)):
            now = [queue[row] for queue in queues]
            starts, speeds = torch.tensor([(s.start, s.speed) for s in now], dtype=torch.float64).T
            at = (starts + steps * speeds).long().clamp_max(len(self.shown) - 1)
            # What a faster one leaves out is not lost: the largest of what is skipped.
            here, skipped = at[:-1], torch.maximum(at[:-1], at[1:] - 1)
            shown = torch.maximum(self.shown[here], self.shown[skipped]).float()
            asked = _most_asked(self.asked[here], self.asked[skipped]).float()
            _disturb(shown, self.varies, torch.stack([s.room for s in now]), generator)
            yield Batch(shown, asked, torch.tensor([s.fresh for s in now]))

    def whole(self, length: int, n_streams: int, judge: Callable[[Tensor, Tensor], Tensor]) -> Tensor:
        """The mean of `judge(shown, asked)` over all stretches of so many steps, undisturbed."""
        starts = torch.tensor(
            [at for first, last in self.spans for at in range(first, last - length + 1, length)]
        )
        total = torch.zeros(())
        for some in starts.split(n_streams):
            at = some + torch.arange(length)[:, None]
            total = total + judge(self.shown[at].float(), self.asked[at].float()) * len(some)
        return total / len(starts)


def _most_asked(a: Tensor, b: Tensor) -> Tensor:
    """Of two answers the larger, but one that is not asked for wins over 0."""
    most = torch.maximum(a, b)
    return torch.where((most == 0.0) & (torch.minimum(a, b) < 0.0), torch.minimum(a, b), most)


def _disturb(shown: Tensor, varies: Tensor, room: Tensor, generator: torch.Generator) -> None:
    """The same music in another room; an input that is always 0 stays so."""
    tilt = torch.linspace(-1.0, 1.0, N_BANDS)
    offsets = 0.1 * room[:, :1] + 0.1 * room[:, 1:2] * tilt + 0.05 * room[:, 2:]
    logs, rest = shown[:, :, :N_BANDS], shown[:, :, N_BANDS:]
    logs += (logs > 0.02) * offsets
    rest += 0.01 * varies[N_BANDS:] * torch.randn(rest.shape, generator=generator)
    shown.clamp_min_(0.0)
