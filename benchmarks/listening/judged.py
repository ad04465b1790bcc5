"""All measures of one sound, over windows of 30 s of what is played."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.listening.ranges import LIMITER, MEASURES, SHORTEST
from benchmarks.listening.scale import NEAR_CENTS, SCALES, on_scale
from benchmarks.listening.tail import active
from wearsound.core import F64

WINDOW = 30.0
STEP = 15.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """One measure: its least and greatest value over the windows, and what is good."""

    name: str
    unit: str
    least: float
    most: float
    low: float
    high: float

    @property
    def good(self) -> bool:
        """In every window."""
        return self.low <= self.least and self.most <= self.high


def windows(start: float, end: float) -> list[tuple[float, float]]:
    """Pieces of 30 s, 15 s apart, the last one flush with the end; all of it where it is shorter."""
    if end - start <= WINDOW:
        return [(start, end)]
    count = int((end - start - WINDOW) / STEP) + 1
    out = [(start + STEP * i, start + STEP * i + WINDOW) for i in range(count)]
    return [*out, (end - WINDOW, end)] if end - out[-1][1] > 1.0 else out


def judge(
    sound: F64,
    rate: int,
    part: tuple[float, float] | None = None,
    root: float = 0.0,
    scale: str = "hirajoshi",
    limiter: float | None = None,
) -> list[Verdict]:
    """Every measure over the windows of `part` (seconds; what is played, where not given).

    With a `root` in Hz also how much is on the scale; `limiter` is the least gain it had.
    """
    start, end = part or active(sound, rate)
    end = min(end, len(sound) / rate)
    pieces = [(sound[round(a * rate) : round(b * rate)], b - a) for a, b in windows(start, end)]
    out = []
    for measure in MEASURES:
        found = [measure.of(x, rate) for x, s in pieces if s >= SHORTEST.get(measure.name, 0.0) and len(x)]
        if found:
            out.append(Verdict(measure.name, measure.unit, min(found), max(found), measure.low, measure.high))
    if root:
        found = [on_scale(x, rate, root, SCALES[scale]) for x, _ in pieces]
        out.append(Verdict("on the scale", "", min(found), max(found), least_on_scale(scale), 1.0))
    if limiter is not None:
        out.append(Verdict("limiter", "", limiter, limiter, *LIMITER))
    return out


def least_on_scale(scale: str) -> float:
    """What is good: a third of the way from chance to all. A guess; sums of harmonics cannot all lie on few notes."""
    chance = 2.0 * NEAR_CENTS / 1200.0 * len(SCALES[scale])
    return chance + (1.0 - chance) / 3.0


def table(verdicts: list[Verdict]) -> str:
    """Markdown: value, good range, verdict."""
    lines = ["| measure | value | good | |", "| --- | --- | --- | --- |"]
    for v in verdicts:
        value = f"{v.least:.2f}" if v.most - v.least < 0.005 else f"{v.least:.2f} to {v.most:.2f}"
        lines.append(f"| {v.name} | {value} {v.unit} | {_good(v)} | {'good' if v.good else 'OUT'} |")
    return "\n".join(lines)


def _good(v: Verdict) -> str:
    if v.low == float("-inf"):
        return f"below {v.high:g}"
    return f"{v.low:g} to {v.high:g}"
