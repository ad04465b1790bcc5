"""Let a network hear music and keep the weights that hear strange music best.

    python -m training.train strokes --music DIR
    python -m training.train beats --music DIR        # after the strokes, which it listens to

Features are made once by the ear's own code and kept beside the music. One piece in ten is never
learned from: it says which weights are best. Writes src/wearsound/analysis/<net>.npz.
"""

from __future__ import annotations

import argparse
import copy
import hashlib
import math
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from training.features import with_strokes
from training.model import Recurrent
from training.music_files import Music, all_features
from wearsound.analysis.detector import BEATS, STROKES
from wearsound.core import F32

ANALYSIS = Path(__file__).parents[1] / "src/wearsound/analysis"
NETS = {"strokes": STROKES, "beats": BEATS}
UNITS = {"strokes": (32, 32), "beats": (64, 64)}
STREAMS, STEPS = 32, 280
"""Pieces heard side by side, and the steps between two corrections: 3 seconds of strokes, 6 of beats. A piece is
heard on where the last ones ended."""
WARM = 40
"""The first steps of a piece do not count: nothing was heard before."""
JUDGED = 560
RARE = 2.0
"""How much more a stroke or beat that is there counts than one that is not."""
SLOW_WEIGHT = 0.005
"""What is kept is a running mean of the weights."""


def listen(net: Recurrent, pieces: Sequence[F32]) -> Iterator[F32]:
    """Likelihoods (n_steps, n_outputs) of whole pieces, many at a time."""
    for start in range(0, len(pieces), STREAMS):
        some = [torch.from_numpy(shown) for shown in pieces[start : start + STREAMS]]
        with torch.no_grad():
            likely = torch.sigmoid(net(nn.utils.rnn.pad_sequence(some).float())[0]).numpy()
        for i, shown in enumerate(some):
            yield likely[: len(shown), i]


def loss_of(scores: Tensor, asked: Tensor, fresh: Tensor | None = None) -> Tensor:
    """Weighted cross entropy, an output at a time (n_outputs,); nothing counts where either answer is right."""
    w = (asked >= 0.0) * (1.0 + asked * (RARE - 1.0))
    if fresh is not None:
        w[:WARM, fresh] = 0.0
    asked = asked.clamp_min(0.0)
    return nn.functional.binary_cross_entropy_with_logits(scores, asked, w, reduction="none").mean((0, 1))


@torch.no_grad()
def judge(net: Recurrent, shown: Tensor, asked: Tensor) -> Tensor:
    """Loss of a stretch, all but its beginning."""
    return loss_of(net(shown)[0][WARM:], asked[WARM:])


def learn(
    net: Recurrent,
    music: Music,
    strange: Music,
    options: argparse.Namespace,
    keep: Callable[[Recurrent], None],
) -> None:
    """AdamW, its rate falling along a cosine; `keep` is called whenever the strange music is heard better."""
    generator = torch.Generator().manual_seed(options.seed)
    names = NETS[options.net]
    optimiser = torch.optim.AdamW(net.parameters(), options.rate, (0.9, 0.98), weight_decay=1e-3)
    steps = music.n_batches(STREAMS, STEPS) * options.epochs
    slow = copy.deepcopy(net)
    began, best, done = time.monotonic(), float("inf"), 0
    for epoch in range(options.epochs):
        total, n = torch.zeros(len(names)), 0
        states: list[Tensor] | None = None
        for batch in music.streams(STREAMS, STEPS, options.stretch, options.rooms, generator):
            part = min(1.0, done / steps)
            rate = options.rate * min(1.0, part * 20.0) * (0.5 + 0.5 * math.cos(math.pi * part)) + 1e-6
            optimiser.param_groups[0]["lr"] = rate
            if states is not None:
                states = [layer * ~batch.fresh[:, None] for layer in states]
            scores, states = net(batch.shown, states)
            loss = loss_of(scores, batch.asked, batch.fresh)
            optimiser.zero_grad()
            loss.sum().backward()
            nn.utils.clip_grad_norm_(net.parameters(), 0.25)
            optimiser.step()
            with torch.no_grad():
                for mean, now in zip(slow.parameters(), net.parameters(), strict=True):
                    mean.lerp_(now, SLOW_WEIGHT)
            total, n, done = total + loss.detach(), n + 1, done + 1
        judged = strange.whole(JUDGED, 2 * STREAMS, partial(judge, slow))
        said = " ".join(
            f"{name} {a:.4f}/{b:.4f}" for name, a, b in zip(names, total / n, judged, strict=True)
        )
        print(f"{epoch:3d} {time.monotonic() - began:5.0f} s  {said}", flush=True)
        if float(judged.sum()) < best:
            best = float(judged.sum())
            keep(slow)


def save(net: Recurrent, path: Path) -> None:
    """Write what the ear plays, the inputs' scaling folded in."""
    arrays = {"leave": net.leave.weight, "leave_bias": net.leave.bias}
    for i, (enter, recur) in enumerate(zip(net.enter, net.recur, strict=True)):
        weight, bias = enter.weight, enter.bias
        if i == 0:
            weight = weight * net.scale
            bias = bias - (weight * net.mean).sum(1)
        arrays |= {f"enter_{i}": weight, f"enter_bias_{i}": bias, f"recur_{i}": recur.T.contiguous()}
    np.savez(path, **{name: array.detach().numpy() for name, array in arrays.items()})


def load(path: Path) -> Recurrent:
    """A network as `save` wrote it."""
    with np.load(path) as kept:
        layers = range(sum(name.startswith("recur_") for name in kept.files))
        units = [kept[f"recur_{i}"].shape[1] for i in layers]
        net = Recurrent(kept["enter_0"].shape[1], units, len(kept["leave"]))
        with torch.no_grad():
            for i in layers:
                net.enter[i].weight.copy_(torch.from_numpy(kept[f"enter_{i}"]))
                net.enter[i].bias.copy_(torch.from_numpy(kept[f"enter_bias_{i}"]))
                net.recur[i].copy_(torch.from_numpy(kept[f"recur_{i}"]).T)
            net.leave.weight.copy_(torch.from_numpy(kept["leave"]))
            net.leave.bias.copy_(torch.from_numpy(kept["leave_bias"]))
    return net


def main() -> None:
    """Read the command line and learn."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("net", choices=NETS)
    parser.add_argument("--music", type=Path, required=True)
    parser.add_argument("--pieces", type=int, default=100_000)
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--units", type=int, nargs="+", help="of each layer")
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument(
        "--stretch", type=float, default=0.08, help="how much faster or slower, as a deviation"
    )
    parser.add_argument("--rooms", type=float, default=1.0, help="how different rooms are from each other")
    parser.add_argument("--go-on", action="store_true", help="from the weights that are there")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--to", type=Path, default=ANALYSIS)
    options = parser.parse_args()
    torch.set_num_threads(options.jobs)
    torch.manual_seed(options.seed)
    pieces = all_features(options.music, options.pieces, options.jobs)
    if options.net == "beats":
        heard = listen(load(options.to / "strokes.npz"), [piece["shown"] for piece in pieces])
        pairs = [
            (with_strokes(piece["shown"], likely), piece["beats"])
            for piece, likely in zip(pieces, heard, strict=True)
        ]
    else:
        pairs = [(piece["shown"], piece["strokes"]) for piece in pieces]
    music = Music([pair for i, pair in enumerate(pairs) if i % 10])
    strange = Music([pair for i, pair in enumerate(pairs) if i % 10 == 0])
    del pieces, pairs
    path = options.to / f"{options.net}.npz"
    if options.go_on:
        net = load(path)
    else:
        units = options.units or UNITS[options.net]
        net = Recurrent(music.shown.shape[1], units, len(NETS[options.net]))
        sample = music.shown[:: max(1, len(music.shown) // 200_000)].float()
        net.mean.copy_(sample.mean(0))
        net.scale.copy_(1.0 / (sample.std(0) + 0.01))
    n_weights = sum(weights.numel() for weights in net.parameters())
    print(f"{len(music.spans)} pieces, {len(music.shown)} steps, {n_weights} weights", flush=True)
    learn(net, music, strange, options, lambda best: save(best, path))
    print(path.name, hashlib.sha256(path.read_bytes()).hexdigest()[:16])


if __name__ == "__main__":
    main()
