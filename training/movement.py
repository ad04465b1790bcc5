"""Makes src/wearsound/analysis/movement.npz: what the body lane's two judgements learned from takes with truth.

    python -m training.movement [--keep FILE]

They are shown the takes of `training.shown` and no other; takes of its widest maker that nobody learns from, and the
yardstick's half for tuning, decide when training has gone on long enough; its half held back is never read. Learned
with NumPy alone; some ten minutes on two cores. `--keep` keeps what was heard, so that another training need not hear
it again.
"""

from __future__ import annotations

import argparse
import pickle
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.movement.takes import all_takes, made
from benchmarks.movement.truth import Truth
from training.shown import JUDGING, Job, jobs, worn
from wearsound.analysis.movement import friction, strikes
from wearsound.analysis.movement.contact import Contact
from wearsound.analysis.movement.floor import LOW_STEADY, STEADY, Floor
from wearsound.analysis.movement.moment import FLOORED, HISTORY, LOW, LOW_CEILING, SLOW, SLOW_FLOOR, WIDTH
from wearsound.analysis.spectrum import LaneSpectra
from wearsound.core import F64, Block, Clock

OUT = Path(__file__).parent.parent / "src" / "wearsound" / "analysis" / "movement.npz"
CLOCK = Clock()
HOP = CLOCK.hop / CLOCK.sample_rate
UNASKED = -1
"""An answer that nobody is asked for: neither clearly one thing nor another."""
EARLY, LATE = -0.006, 0.026
"""Seconds from a touch to the end of the hop in which it may be found: with AFTER this is within 70 ms."""
FORGOTTEN = 0.2
"""Part of all steps that a listener in training did not notice, so that it does not lean on having heard all."""
MORE = 1.5
RATE = 0.004
ROUNDS, EVERY = 6000, 250
PARTS = ("hidden", "hidden_bias", "out", "out_bias")


class Manner(NamedTuple):
    """How a judgement learns: its hidden sums, and what is done to each number that it sees, by itself."""

    hidden: int
    blur: float
    """Noise that is added, in deviations."""
    left_out: float
    """How often it is left out."""
    decay: float


MANNERS = {"strike": Manner(128, 0.1, 0.05, 1e-4), "rub": Manner(64, 0.15, 0.1, 3e-4)}
NOW = Manner(32, 0.15, 0.1, 3e-4)
"""Of the part of the judge of rubbing that remembers nothing."""

Heard = tuple[np.ndarray, Truth, int]
"""Rows of a take (n_hops, WIDTH) float32, its truth, its seed."""


@dataclass
class Lesson:
    """One take: what rose and what it was (n, 2: step, tap), and every EVERY hops for rubbing (m, 1)."""

    seen: F64
    answers: np.ndarray
    rubbed_seen: F64
    rubbed: np.ndarray


def rows_of(sound: F64) -> F64:
    """`moment` rows of a whole sound (n_hops, WIDTH), as `Movement` makes them."""
    spectra, contact = LaneSpectra(CLOCK, "body"), Contact(CLOCK)
    floors = [Floor(CLOCK, None, LOW_STEADY if band in (SLOW, LOW) else STEADY) for band in FLOORED]
    n = len(sound) // CLOCK.hop
    rows = np.zeros((n, WIDTH))
    samples = sound.astype(np.float32)[:, None]
    for at in range(0, n, 64):
        many = min(64, n - at)
        spectra.take(Block(at, samples[at * CLOCK.hop : (at + many) * CLOCK.hop], {"body": (0,)}, many))
        contact.take(spectra)
        rows[at : at + many, : contact.levels.shape[1]] = contact.levels
    for row in rows:
        for band, floor in zip(FLOORED, floors, strict=True):
            floor.hear(float(row[band]))
        row[SLOW_FLOOR:LOW_CEILING] = [floor.floor for floor in floors]
        row[LOW_CEILING:] = floors[1].ceiling, floors[3].ceiling, floors[4].ceiling
    return rows


def lesson(rows: F64, truth: Truth, seed: int) -> Lesson:
    """All that is learned from one take."""
    dice = np.random.default_rng(seed)  # noqa: TID251  (training, no show)
    heels = {round((t + 0.075) / HOP) for t in truth.steps if dice.uniform() > FORGOTTEN}
    rubbing, long = friction.Friction(CLOCK, None, None), CLOCK.ticks(strikes.LONG)
    before_rise, before_rub = strikes.lately(), friction.lately(CLOCK)
    risen, seen, rub_at, rub_seen = [], [], [], []
    since = before = 1 << 20
    for now in range(HISTORY - 1, len(rows)):
        past = rows[now + 1 - HISTORY : now + 1]
        since += 1
        at = now - strikes.AFTER
        if at >= HISTORY - 1 and strikes.rises(rows[at + 1 - HISTORY : at + 1]):
            risen.append(at)
            rise = strikes.numbers(past, strikes.gait(since, before, long))
            seen.append(before_rise.beside(rise).copy())
        if now in heels:
            since, before = 0, since
        rubbing._follow(past[-1].tolist(), now in heels)
        if now % friction.EVERY == 0:
            rub_at.append(now)
            rub_seen.append(before_rub.beside(rubbing.numbers(past)).copy())
    ends = (np.array(risen, float) + 1) * HOP
    middles = (np.array(rub_at) + 0.5) * HOP
    rubbed, near = np.zeros(len(middles), int), np.zeros(len(middles), bool)
    for start, end in truth.rubs:
        rubbed[(middles >= start + 0.02) & (middles <= end)] = 1
        near |= (middles > start - 0.1) & (middles < end + 0.12)
    rubbed[near & (rubbed == 0)] = UNASKED
    answers = np.stack([touched(ends, truth.steps, 0.045), touched(ends, truth.taps, 0.07)], axis=1)
    shown = np.array(seen, np.float32).reshape(-1, 2 * strikes.NUMBERS)
    return Lesson(shown, answers, np.array(rub_seen, np.float32), rubbed[:, None])


def touched(ends: F64, times: Sequence[float], until: float) -> np.ndarray:
    """1 for the rises of these touches, UNASKED about them, 0 for all others."""
    out = np.zeros(len(ends), int)
    for i, end in enumerate(ends):
        after = end - np.array(times)
        if ((after > EARLY) & (after < LATE)).any():
            out[i] = 1
        elif ((after > EARLY - 0.006) & (after < until)).any():
            out[i] = UNASKED
    return out


@dataclass
class Asked:
    """Many moments of one judgement: what was seen (n, numbers), true answers (n, outputs), and their weight."""

    seen: F64
    answers: F64
    weight: F64


def strikes_of(lessons: Sequence[Lesson]) -> Asked:
    """Every rise; a take with many counts less for each, and what is something more than what is nothing."""
    answers = np.concatenate([one.answers for one in lessons])
    weight = np.concatenate([np.full((len(o.answers), 1), max(1, len(o.answers)) ** -0.5) for o in lessons])
    weight = weight / weight.mean() * np.where(answers == 1, MORE, 1.0) * (answers != UNASKED)
    return Asked(np.concatenate([one.seen for one in lessons]), answers, weight)


def rubs_of(lessons: Sequence[Lesson]) -> Asked:
    """Every EVERY hops; a take in which somebody rubs counts more."""
    answers = np.concatenate([one.rubbed for one in lessons])
    weight = np.concatenate(
        [np.full((len(o.rubbed), 1), 2.0 if o.rubbed.max() > 0 else 1.0) for o in lessons]
    )
    return Asked(np.concatenate([one.rubbed_seen for one in lessons]), answers, weight * (answers != UNASKED))


def fit(asked: Asked, judge: Asked, manner: Manner, rounds: int) -> list[F64]:
    """A hidden layer of rectified sums, then the log odds of each answer by itself: Adam, falling steps.

    Numbers are left out and blurred by chance, so that no judgement rests on one of them alone. Kept are the weights
    that fared best on `judge` (checked every EVERY rounds).
    """
    middle, spread = asked.seen.mean(0), asked.seen.std(0) + 1e-9
    dice, f32 = np.random.default_rng(0), np.float32  # noqa: TID251  (training, no show)
    x, known = (((part.seen - middle) / spread).astype(f32) for part in (asked, judge))
    answers, weight = asked.answers.astype(f32), asked.weight.astype(f32)
    many, n_out, hidden = x.shape[1], answers.shape[1], manner.hidden
    weights = [
        (dice.normal(size=(many, hidden)) * np.sqrt(2 / many)).astype(f32), np.zeros(hidden, f32),
        (dice.normal(size=(hidden, n_out)) * np.sqrt(1 / hidden)).astype(f32), np.zeros(n_out, f32),
    ]  # fmt: skip
    first, second = [np.zeros_like(w) for w in weights], [np.zeros_like(w) for w in weights]
    mean = [w.copy() for w in weights]
    best, kept = np.inf, mean
    for turn in range(1, rounds + 1):
        some = dice.integers(0, len(x), 1024)
        shown = x[some] + f32(manner.blur) * dice.standard_normal((1024, many), f32)
        shown *= dice.random((1024, many), f32) > f32(manner.left_out)
        z = shown @ weights[0] + weights[1]
        a = np.maximum(z, 0)
        p = 1 / (1 + np.exp(-(a @ weights[2] + weights[3])))
        g = (p - answers[some]) * weight[some] / f32(len(some))
        ga = g @ weights[2].T * (z > 0)
        slopes = [
            shown.T @ ga + f32(manner.decay) * weights[0], ga.sum(0), a.T @ g + f32(manner.decay) * weights[2], g.sum(0)
        ]  # fmt: skip
        rate = RATE * (1.02 + np.cos(np.pi * turn / rounds))
        for i, slope in enumerate(slopes):
            first[i] = f32(0.9) * first[i] + f32(0.1) * slope
            second[i] = f32(0.999) * second[i] + f32(0.001) * slope**2
            step = first[i] / f32(1 - 0.9**turn) / (np.sqrt(second[i] / f32(1 - 0.999**turn)) + f32(1e-7))
            weights[i] = weights[i] - f32(rate) * step
            mean[i] += f32(0.005) * (weights[i] - mean[i])
        if turn % EVERY == 0:
            o = (np.maximum(known @ mean[0] + mean[1], 0) @ mean[2] + mean[3]).astype(float)
            loss = float(np.mean((np.logaddexp(0.0, o) - o * (judge.answers == 1)) * judge.weight))
            if loss < best:
                best, kept = loss, [w.copy() for w in mean]
    print(f"loss on the judges {best:.4f}, at the end {loss:.4f}")
    inner = (kept[0].astype(float) / spread[:, None]).T
    bias = kept[1] - inner @ middle
    return [np.round(w.astype(float), 6) for w in (inner, bias, kept[2].T, kept[3])]


def first(asked: Asked) -> Asked:
    """Of rubbing, without what lately was."""
    return Asked(asked.seen[:, : friction.NUMBERS], asked.answers, asked.weight)


def learned(shown: Sequence[Lesson], makers: Sequence[str], judges: Sequence[Lesson]) -> dict[str, F64]:
    """All weights by name. What is switched on is shown to the judge of rubbing alone: steps got worse by it."""
    kept: dict[str, F64] = {}
    moved = [one for one, maker in zip(shown, makers, strict=True) if maker != "begun"]
    strike = fit(strikes_of(moved), strikes_of(judges), MANNERS["strike"], ROUNDS)
    # Who remembers knows the walker, who does not is quicker at a stroke: rubbing is what both say in the mean.
    now, then = (
        fit(first(rubs_of(moved)), first(rubs_of(judges)), NOW, ROUNDS),
        fit(rubs_of(shown), rubs_of(judges), MANNERS["rub"], ROUNDS),
    )
    now[0] = np.pad(now[0], ((0, 0), (0, then[0].shape[1] - friction.NUMBERS)))
    rub = [np.concatenate([a, b]) for a, b in zip(now[:2], then[:2], strict=True)]
    rub += [np.concatenate([0.5 * now[2], 0.5 * then[2]], axis=1), 0.5 * (now[3] + then[3])]
    for name, parts in (("strike", strike), ("rub", rub)):
        kept |= {f"{name}.{part}": weights for part, weights in zip(PARTS, parts, strict=True)}
    return kept


def shown(job: Job) -> Heard:
    """One take to learn from."""
    sound, truth = worn(job)
    return rows_of(sound).astype(np.float32), truth, job.seed


def judging(at: int) -> Heard:
    """One take that says when it is enough: of the half for tuning as it is, then of the widest maker."""
    takes = all_takes("tuning")
    if at >= len(takes):
        return shown(Job("wide", "any", JUDGING[at - len(takes)]))
    sound, truth = made(takes[at])
    return rows_of(sound).astype(np.float32), truth, at


def taught(heard: Heard) -> Lesson:
    """What is learned from a take that was heard."""
    rows, truth, seed = heard
    return lesson(rows.astype(np.float64), truth, seed)


def main() -> None:
    """Hear all takes, learn, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--keep", type=Path, help="a file in which what was heard is kept, or from which it is taken"
    )
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    with ProcessPoolExecutor(options.jobs) as pool:
        if options.keep and options.keep.exists():
            heard, judged = pickle.loads(options.keep.read_bytes())
        else:
            judged = list(pool.map(judging, range(len(all_takes("tuning")) + len(JUDGING)), chunksize=4))
            heard = list(pool.map(shown, jobs(), chunksize=4))
            if options.keep:
                options.keep.write_bytes(pickle.dumps((heard, judged)))
        lessons, judges = (list(pool.map(taught, takes, chunksize=4)) for takes in (heard, judged))
    np.savez_compressed(OUT, **learned(lessons, [job.maker for job in jobs()], judges))  # type: ignore[arg-type]
    print(f"{OUT}: {OUT.stat().st_size} bytes")


if __name__ == "__main__":
    main()
