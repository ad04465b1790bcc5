"""Let a network hear music and keep the weights that hear strange music best.

    python -m training.train strokes --music DIR
    python -m training.train beats --music DIR        # after the strokes, which it listens to

Features are made once by the ear's own code and kept beside the music. One piece in ten is never
learned from: it says which weights are best. Writes src/wearsound/analysis/<net>.npz.
"""

from __future__ import annotations

import argparse
import hashlib
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from training.model import Recurrent
from training.music_files import Music, all_features
from wearsound.analysis.detector import BEATS, STROKES
from wearsound.analysis.novelty import N_BANDS
from wearsound.core import F32

ANALYSIS = Path(__file__).parents[1] / "src/wearsound/analysis"
NETS = {"strokes": STROKES, "beats": BEATS}
UNITS = {"strokes": 48, "beats": 96}
SEGMENT = {"strokes": 500, "beats": 560}
"""Steps that a network learns from at once: 5 and 12 seconds."""
WARM = 40
"""The first steps of a segment do not count: nothing was heard before."""
BATCH = 64
RARE = 2.0
"""How much more a stroke or beat that is there counts than one that is not."""


def listen(net: Recurrent, x: F32) -> F32:
    """Likelihoods (n_steps, n_outputs) of a whole piece."""
    with torch.no_grad():
        return torch.sigmoid(net(torch.from_numpy(x)[None].float())[0][0]).numpy()


def with_strokes(pieces: list[dict[str, F32]], net: Recurrent) -> None:
    """Append what the strokes' network hears to the beats' inputs, rounded in time as the ear does."""
    for start in range(0, len(pieces), BATCH):
        some = pieces[start : start + BATCH]
        longest = max(len(piece["strokes_x"]) for piece in some)
        x = torch.zeros(len(some), longest, some[0]["strokes_x"].shape[1])
        for row, piece in zip(x, some, strict=True):
            row[: len(piece["strokes_x"])] = torch.from_numpy(piece["strokes_x"])
        with torch.no_grad():
            heard = torch.sigmoid(net(x)[0]).numpy()
        for likely, piece in zip(heard, some, strict=True):
            n = len(piece["beats_x"])
            pairs = np.maximum(likely[0 : 2 * n : 2], likely[1 : 2 * n + 1 : 2]).astype(np.float16)
            piece["beats_x"] = np.concatenate([piece["beats_x"], pairs], axis=1)


def disturbed(x: Tensor, bands: int, generator: torch.Generator) -> Tensor:
    """The same music in another room: a little louder, tilted, some bands weaker, noisier."""
    n = len(x)
    level = torch.randn(n, 1, 1, generator=generator) * 0.1
    tilt = torch.randn(n, 1, 1, generator=generator) * 0.1 * torch.linspace(-1.0, 1.0, bands)
    each = torch.randn(n, 1, bands, generator=generator) * 0.05
    logs, rest = x[:, :, :bands], x[:, :, bands:]
    logs = torch.where(logs > 0.02, logs + level + tilt + each, logs).clamp_min(0.0)
    noise = torch.randn(rest.shape, generator=generator) * 0.01
    return torch.cat([logs, (rest + noise).clamp_min(0.0)], 2)


def loss_of(scores: Tensor, y: Tensor, w: Tensor) -> Tensor:
    """Weighted cross entropy, an output at a time (n_outputs,)."""
    w = w * (1.0 + y * (RARE - 1.0))
    each = nn.functional.binary_cross_entropy_with_logits(scores, y, weight=w, reduction="none")
    return each[:, WARM:].mean((0, 1))


@torch.no_grad()
def judge(net: Recurrent, music: Music, length: int) -> Tensor:
    """Mean loss an output on music it has not learned from."""
    net.eval()
    starts = torch.tensor(
        [at for first, last in music.spans for at in range(first, last - length + 1, length)]
    )
    batches = [music.batch(some, length) for some in starts.split(BATCH)]
    total = sum(loss_of(net(x)[0], y, w) * len(x) for x, y, w in batches)
    net.train()
    return total / len(starts)


def learn(
    net: Recurrent, music: Music, strange: Music, asked: argparse.Namespace, keep: Callable[[Recurrent], None]
) -> None:
    """AdamW with a one-cycle rate; `keep` is called whenever the strange music is heard better."""
    generator = torch.Generator().manual_seed(asked.seed)
    length, names = SEGMENT[asked.net], NETS[asked.net]
    optimiser = torch.optim.AdamW(net.parameters(), asked.rate, weight_decay=1e-3)
    steps = (len(music.segments(length, generator)) // BATCH + 2) * asked.epochs
    cycle = torch.optim.lr_scheduler.OneCycleLR(optimiser, asked.rate, total_steps=steps, pct_start=0.2)
    began, best = time.monotonic(), float("inf")
    for epoch in range(asked.epochs):
        total, n = torch.zeros(len(names)), 0
        for starts in music.segments(length, generator).split(BATCH):
            speeds = torch.exp(torch.randn(len(starts), generator=generator) * asked.stretch)
            x, y, w = music.batch(starts, length, speeds if asked.stretch else None)
            loss = loss_of(net(disturbed(x, asked.bands, generator))[0], y, w)
            optimiser.zero_grad()
            loss.sum().backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            if cycle.last_epoch < steps - 1:
                cycle.step()
            total, n = total + loss.detach(), n + 1
        judged = judge(net, strange, length)
        said = " ".join(
            f"{name} {a:.4f}/{b:.4f}" for name, a, b in zip(names, total / n, judged, strict=True)
        )
        print(f"{epoch:3d} {time.monotonic() - began:5.0f} s  {said}", flush=True)
        if float(judged.sum()) < best:
            best = float(judged.sum())
            keep(net)


def save(net: Recurrent, path: Path) -> None:
    """Write what the ear plays, the inputs' scaling folded in, the numbers as short as they may be."""
    enter = net.enter.weight.detach() * net.scale
    np.savez(
        path,
        enter=enter.numpy(),
        enter_bias=(net.enter.bias.detach() - (enter * net.mean).sum(1)).numpy(),
        recur=net.recur.detach().T.contiguous().numpy(),
        leave=net.leave.weight.detach().numpy(),
        leave_bias=net.leave.bias.detach().numpy(),
    )


def load(path: Path) -> Recurrent:
    """A network as `save` wrote it."""
    with np.load(path) as kept:
        net = Recurrent(kept["enter"].shape[1], kept["recur"].shape[1], len(kept["leave"]))
        with torch.no_grad():
            net.enter.weight.copy_(torch.from_numpy(kept["enter"]))
            net.enter.bias.copy_(torch.from_numpy(kept["enter_bias"]))
            net.recur.copy_(torch.from_numpy(kept["recur"]).T)
            net.leave.weight.copy_(torch.from_numpy(kept["leave"]))
            net.leave.bias.copy_(torch.from_numpy(kept["leave_bias"]))
    return net


def main() -> None:
    """Read the command line and learn."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("net", choices=NETS)
    parser.add_argument("--music", type=Path, required=True)
    parser.add_argument("--pieces", type=int, default=100_000)
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--units", type=int, default=0)
    parser.add_argument("--rate", type=float, default=4e-3)
    parser.add_argument(
        "--stretch", type=float, default=0.08, help="how much faster or slower, as a deviation"
    )
    parser.add_argument("--go-on", action="store_true", help="from the weights that are there")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--to", type=Path, default=ANALYSIS)
    asked = parser.parse_args()
    torch.set_num_threads(asked.jobs)
    torch.manual_seed(asked.seed)
    pieces = all_features(asked.music, asked.pieces, asked.jobs)
    asked.bands = N_BANDS
    if asked.net == "beats":
        with_strokes(pieces, load(asked.to / "strokes.npz"))
    shown = [tuple(piece[f"{asked.net}_{part}"] for part in "xyw") for piece in pieces]
    music = Music([piece for i, piece in enumerate(shown) if i % 10])
    strange = Music([piece for i, piece in enumerate(shown) if i % 10 == 0])
    path = asked.to / f"{asked.net}.npz"
    if asked.go_on:
        net = load(path)
    else:
        net = Recurrent(music.x.shape[1], asked.units or UNITS[asked.net], len(NETS[asked.net]))
        sample = music.x[:: max(1, len(music.x) // 200_000)].float()
        net.mean.copy_(sample.mean(0))
        net.scale.copy_(1.0 / (sample.std(0) + 0.01))
    n_weights = sum(weights.numel() for weights in net.parameters())
    print(f"{len(pieces)} pieces, {len(music.x)} steps, {n_weights} weights", flush=True)
    learn(net, music, strange, asked, lambda best: save(best, path))
    print(path.name, hashlib.sha256(path.read_bytes()).hexdigest()[:16])


if __name__ == "__main__":
    main()
