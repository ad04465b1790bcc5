"""Makes src/wearsound/analysis/movement.npz: what the body lane's two judgements learned from takes with truth.

    python -m training.movement [--check]

They are shown the half for tuning of `benchmarks.movement` and the body channel of the built-in track, each also twice
with another speed, gain, microphone corner and noise; the half held back is never read. NumPy alone; some minutes.
`--check` trains on four fifths of the people and asks about the last fifth, five times, and writes nothing.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.signal import lfilter

from benchmarks.movement.listener import hear
from benchmarks.movement.measures import CLASSES, Count, score
from benchmarks.movement.takes import all_takes, made
from benchmarks.movement.truth import Truth
from wearsound.analysis.movement import friction, judgement, strikes
from wearsound.analysis.movement.contact import Contact
from wearsound.analysis.movement.floor import LOW_STEADY, STEADY, Floor
from wearsound.analysis.movement.moment import FLOORED, HISTORY, LOW, LOW_CEILING, SLOW, SLOW_FLOOR, WIDTH
from wearsound.analysis.spectrum import LaneSpectra
from wearsound.core import F64, Block, Clock
from wearsound.sources.composer import compose

OUT = Path(__file__).parent.parent / "src" / "wearsound" / "analysis" / "movement.npz"
CLOCK = Clock()
HOP = CLOCK.hop / CLOCK.sample_rate
COMPOSED = (7, 11, 23)
VARIANTS = 2
FOLDS = 5
NEITHER, STEP, TAP, FOOT, UNASKED = 0, 1, 2, 3, -1
"""Answers: FOOT is what follows a heel, so that a toe is no tap."""


@dataclass
class Lesson:
    """One take: who (for the folds), truth, the moments that rose with what they were, and every hop for rubbing."""

    person: int
    steps: Sequence[float]
    taps: Sequence[float]
    rubs: Sequence[tuple[float, float]]
    seconds: float
    rises: list[int]
    seen: F64
    answers: np.ndarray
    rubbed_seen: F64
    rubbed: np.ndarray
    composed: bool


def sound_of(job: tuple[int, int]) -> tuple[F64, list[float], list[float], list[tuple[float, float]], float]:
    """Sound and truth of a person, in one variant; 0 is as it was."""
    person, variant = job
    takes = all_takes("tuning")
    if person < len(takes):
        sound, truth = made(takes[person])
        steps, taps, rubs, seconds = truth.steps, truth.taps, truth.rubs, truth.seconds
    else:
        track = compose(COMPOSED[person - len(takes)])
        sound = track.samples[:, 2].astype(np.float64)
        steps, taps = list(track.truth.steps), list(track.truth.taps)
        rubs, seconds = [(s.time, s.time + s.duration) for s in track.truth.rubs], 40.0
    if not variant:
        return sound, steps, taps, rubs, seconds
    dice = np.random.default_rng(1000 * variant + person)  # noqa: TID251  (training, no show)
    speed = dice.uniform(0.82, 1.2)
    count = int(len(sound) / speed)
    wave = np.interp(np.arange(count) * speed, np.arange(len(sound)), sound)
    corner = dice.choice((0.0, dice.uniform(60, 300), dice.uniform(500, 1500)), p=(0.4, 0.3, 0.3))
    if corner:
        before = float(np.sqrt(np.mean(wave * wave)))
        keep = np.exp(-2 * np.pi * corner / CLOCK.sample_rate)
        wave = lfilter([(1 + keep) / 2, -(1 + keep) / 2], [1, -keep], wave)
        wave *= np.sqrt(before / (float(np.sqrt(np.mean(wave * wave))) + 1e-12))
    wave += dice.normal(size=count) * 10 ** (dice.uniform(-84, -64) / 20)
    wave = np.clip(wave * 10 ** (dice.uniform(-10, 10) / 20), -1, 1)
    moved = [[t / speed for t in times] for times in (steps, taps)]
    return wave, *moved, [(a / speed, b / speed) for a, b in rubs], seconds / speed


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


def lesson(job: tuple[int, int]) -> Lesson:
    """All that is learned from one take."""
    sound, steps, taps, rubs, seconds = sound_of(job)
    rows = rows_of(sound)
    heel = {round((t + 0.05) / HOP) for t in steps}
    rubbing_of = friction.Friction(CLOCK, None, None)
    rises, seen, rub_at, rub_seen = [], [], [], []
    for now in range(HISTORY - 1, len(rows)):
        past = rows[now + 1 - HISTORY : now + 1]
        rubbing_of._follow(past[-1].tolist(), now in heel)
        if now % friction.EVERY == 0:
            rub_at.append(now)
            rub_seen.append(rubbing_of.numbers(past))
        at = now - strikes.AFTER
        if at >= HISTORY - 1 and strikes._rises(rows[at + 1 - HISTORY : at + 1]):
            rises.append(at)
            seen.append(strikes.numbers(past))
    ends = (np.array(rises, float) + 1) * HOP
    middles = (np.array(rub_at) + 0.5) * HOP
    rubbed, near = np.zeros(len(middles), int), np.zeros(len(middles), bool)
    for start, end in rubs:
        rubbed[(middles >= start + 0.02) & (middles <= end)] = 1
        near |= (middles > start - 0.1) & (middles < end + 0.12)
    rubbed[near & (rubbed == 0)] = UNASKED
    return Lesson(
        person=job[0], steps=steps, taps=taps, rubs=rubs, seconds=seconds, rises=rises,
        seen=np.array(seen).reshape(-1, strikes.NUMBERS), answers=answers_of(ends, steps, taps),
        rubbed_seen=np.array(rub_seen), rubbed=rubbed, composed=job[0] >= len(all_takes("tuning")),
    )  # fmt: skip


def answers_of(ends: F64, steps: Sequence[float], taps: Sequence[float]) -> np.ndarray:
    """What each rise was; UNASKED where it is neither clearly one thing nor another."""
    out = np.zeros(len(ends), int)
    for i, end in enumerate(ends):
        step, tap = end - np.array(steps), end - np.array(taps)
        if ((step > -0.006) & (step < 0.032)).any():
            out[i] = STEP
        elif ((tap > -0.006) & (tap < 0.032)).any():
            out[i] = TAP
        elif ((tap > -0.01) & (tap < 0.07)).any() or ((step > -0.01) & (step <= -0.006)).any():
            out[i] = UNASKED
        elif ((step > 0.03) & (step < 0.25)).any():
            out[i] = FOOT
    return out


def fit(x: F64, y: np.ndarray, weight: F64, hidden: int, n_out: int, rounds: int = 2500) -> list[F64]:
    """A hidden layer of rectified sums and `n_out` log odds (softmax; of 1, logistic): Adam, falling steps."""
    middle, spread = x.mean(0), x.std(0) + 1e-9
    dice, decay = np.random.default_rng(0), 1e-3  # noqa: TID251  (training, no show)
    x = (x - middle) / spread
    many = x.shape[1]
    weights: list[F64] = [
        dice.normal(size=(many, hidden)) * np.sqrt(2 / many), np.zeros(hidden),
        dice.normal(size=(hidden, n_out)) * np.sqrt(1 / hidden), np.zeros(n_out),
    ]  # fmt: skip
    first, second = [np.zeros_like(w) for w in weights], [np.zeros_like(w) for w in weights]
    target = np.eye(max(2, n_out))[y] if n_out > 1 else y[:, None].astype(float)
    for turn in range(1, rounds + 1):
        some = dice.integers(0, len(x), 2048)
        z = x[some] @ weights[0] + weights[1]
        a = np.maximum(z, 0)
        o = a @ weights[2] + weights[3]
        if n_out > 1:
            p = np.exp(o - o.max(1, keepdims=True))
            p /= p.sum(1, keepdims=True)
        else:
            p = 1 / (1 + np.exp(-o))
        g = (p - target[some]) * weight[some][:, None] / len(some)
        ga = g @ weights[2].T * (z > 0)
        slopes = [x[some].T @ ga + decay * weights[0], ga.sum(0), a.T @ g + decay * weights[2], g.sum(0)]
        rate = 0.005 * (1 + np.cos(np.pi * turn / rounds))
        for i, slope in enumerate(slopes):
            first[i] = 0.9 * first[i] + 0.1 * slope
            second[i] = 0.999 * second[i] + 0.001 * slope**2
            step = first[i] / (1 - 0.9**turn) / (np.sqrt(second[i] / (1 - 0.999**turn)) + 1e-8)
            weights[i] = weights[i] - rate * step
    inner = (weights[0] / spread[:, None]).T
    bias = weights[1] - inner @ middle
    return [np.round(w, 6) for w in (inner, bias, weights[2].T, weights[3])]


def learned(lessons: Sequence[Lesson]) -> dict[str, F64]:
    """All weights by name."""
    kept: dict[str, F64] = {}
    seen = np.concatenate([one.seen for one in lessons])
    answers = np.concatenate([one.answers for one in lessons])
    weight = np.concatenate([np.full(len(o.answers), max(1, len(o.answers)) ** -0.5) for o in lessons])
    asked = answers != UNASKED
    weight = weight / weight[asked].mean() * np.array([1.0, 1.5, 1.5, 1.0, 0.0])[answers]
    parts = fit(seen[asked], answers[asked], weight[asked], 20, 4)
    kept |= zip((f"strike.{n}" for n in ("hidden", "hidden_bias", "out", "out_bias")), parts, strict=True)
    seen, rubbed = (np.concatenate([getattr(o, n) for o in lessons]) for n in ("rubbed_seen", "rubbed"))
    weight = np.concatenate([np.full(len(o.rubbed), 2.0 if o.rubs else 1.0) for o in lessons])
    asked = rubbed != UNASKED
    parts = fit(seen[asked], rubbed[asked], weight[asked], 12, 1)
    kept |= zip((f"rub.{n}" for n in ("hidden", "hidden_bias", "out", "out_bias")), parts, strict=True)
    return kept


def blank() -> dict[str, F64]:
    """Weights that say nothing: before the first training there are none."""
    sizes = (("strike", strikes.NUMBERS, 20, 4), ("rub", friction.NUMBERS, 12, 1))
    kept: dict[str, F64] = {}
    for name, n, hidden, out in sizes:
        kept[f"{name}.hidden"], kept[f"{name}.hidden_bias"] = np.zeros((hidden, n)), np.zeros(hidden)
        kept[f"{name}.out"], kept[f"{name}.out_bias"] = np.zeros((out, hidden)), np.zeros(out)
    return kept


def main() -> None:
    """Train, or check."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--check", action="store_true", help="ask about people that were not shown; write nothing"
    )
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    if not OUT.exists():
        np.savez_compressed(OUT, **blank())  # type: ignore[arg-type]
    people = len(all_takes("tuning")) + len(COMPOSED)
    jobs = [(person, variant) for variant in range(1 + VARIANTS) for person in range(people)]
    with ProcessPoolExecutor(options.jobs) as pool:
        lessons = list(pool.map(lesson, jobs))
    if not options.check:
        np.savez_compressed(OUT, **learned(lessons))  # type: ignore[arg-type]
        print(f"{OUT}: {OUT.stat().st_size} bytes")
        return
    asked = [(fold, learned([one for one in lessons if one.person % FOLDS != fold])) for fold in range(FOLDS)]
    with ProcessPoolExecutor(options.jobs) as pool:
        counts = [c for part in pool.map(asked_about, [(f, k, people) for f, k in asked]) for c in part]
    for name in CLASSES:
        total = Count()
        for one in counts:
            total.add(one[name])
        print(f"{name}: P {total.precision:.3f} R {total.recall:.3f}")


def asked_about(job: tuple[int, dict[str, F64], int]) -> list[dict[str, Count]]:
    """How the meter itself fares, with these weights, on the people of one fold."""
    fold, kept, people = job
    judgement._kept = lambda: kept  # type: ignore[assignment]
    out = []
    for person in range(fold, people, FOLDS):
        sound, steps, taps, rubs, seconds = sound_of((person, 0))
        counts = score(Truth(seconds, steps, taps, rubs), hear(sound, seconds))
        said = ", ".join(f"{n} {c.right}+{c.wrong}-{c.missed}" for n, c in counts.items())
        print(all_takes("tuning")[person].name if person < len(all_takes("tuning")) else "composer", said)
        out.append(counts)
    return out


if __name__ == "__main__":
    main()
