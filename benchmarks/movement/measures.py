"""How near a listener came: events one to one within 70 ms, rubbing by frames of 50 ms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from benchmarks.movement.truth import Span, Truth
from wearsound.core import F64

NEAR_SECONDS = 0.07
FRAME_SECONDS = 0.05
CLASSES = ("step", "tap", "rub")


@dataclass(slots=True)
class Answer:
    """What a listener said of a take: times of steps and taps in seconds, and where it heard rubbing.

    `rubbing` (frames,) says for every 50 ms whether it does.
    """

    steps: list[float] = field(default_factory=list)
    taps: list[float] = field(default_factory=list)
    rubbing: np.ndarray = field(default_factory=lambda: np.zeros(0, bool))


@dataclass(slots=True)
class Count:
    """Right, wrong and missed ones; counts of several takes add up."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, other: Count) -> None:
        """Another take's counts too."""
        self.right += other.right
        self.wrong += other.wrong
        self.missed += other.missed

    @property
    def precision(self) -> float:
        """Part of what was said that is right; 1 where nothing was said."""
        said = self.right + self.wrong
        return self.right / said if said else 1.0

    @property
    def recall(self) -> float:
        """Part of what is true that was said; 1 where nothing is true."""
        true = self.right + self.missed
        return self.right / true if true else 1.0

    @property
    def f(self) -> float:
        """2 P R / (P + R)."""
        both = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / both if both else 1.0


def events(truth: Sequence[float], said: Sequence[float]) -> Count:
    """Each true event takes at most one said within 70 ms, and each said one serves once.

    In order of time the first free one is taken: with windows of one length no pairing has more pairs.
    """
    known, given = sorted(truth), sorted(said)
    right = at = 0
    for moment in known:
        while at < len(given) and given[at] < moment - NEAR_SECONDS - 1e-9:
            at += 1
        if at < len(given) and given[at] <= moment + NEAR_SECONDS + 1e-9:
            right += 1
            at += 1
    return Count(right, len(given) - right, len(known) - right)


def frames(spans: Iterable[Span], seconds: float) -> tuple[np.ndarray, np.ndarray]:
    """Frames that are wholly rubbed (count,), and frames further than 100 ms from any stroke (count,).

    All others count neither way: an edge, or the turning point between two strokes.
    """
    count = int(seconds / FRAME_SECONDS)
    start = np.arange(count) * FRAME_SECONDS
    inside, near = np.zeros(count, bool), np.zeros(count, bool)
    for first, last in spans:
        inside |= (start >= first - 1e-9) & (start + FRAME_SECONDS <= last + 1e-9)
        near |= (start + FRAME_SECONDS > first - 0.1) & (start < last + 0.1)
    return inside, ~near


def rubbing(spans: Iterable[Span], seconds: float, said: np.ndarray) -> Count:
    """Frames. An answer may come a frame late: a rubbed frame is found if it or the next one is said to be."""
    inside, quiet = frames(spans, seconds)
    heard = np.zeros(len(inside) + 1, bool)
    heard[: min(len(said), len(heard))] = said[: len(heard)]
    late = heard[:-1] | heard[1:]
    right = int((inside & late).sum())
    return Count(right, int((quiet & heard[:-1]).sum()), int(inside.sum()) - right)


def score(truth: Truth, answer: Answer) -> dict[str, Count]:
    """Counts of one take, by class."""
    return {
        "step": events(truth.steps, answer.steps),
        "tap": events(truth.taps, answer.taps),
        "rub": rubbing(truth.rubs, truth.seconds, answer.rubbing),
    }


def by_frames(time: F64, values: F64, seconds: float, least: float) -> np.ndarray:
    """Whether a feature's mean over each frame of 50 ms reaches `least`; `time` are the ends of its hops."""
    count = int(seconds / FRAME_SECONDS)
    place = np.minimum((time / FRAME_SECONDS).astype(int), count)
    total = np.bincount(place, weights=values, minlength=count + 1)[:count]
    many = np.bincount(place, minlength=count + 1)[:count]
    return np.asarray(total >= least * np.maximum(1, many)) & (many > 0)
