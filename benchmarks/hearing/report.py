"""Scores of many pieces as one line a listener: means over pieces with bootstrap intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from wearsound import chance

COLUMNS = (
    ("onset", "onset F1"),
    ("onset_decided", "at decision"),
    ("latency", "latency ms"),
    ("beat", "beat F"),
    ("beat_decided", "decided"),
    ("AMLt", "AMLt"),
    ("CMLt", "CMLt"),
    ("acc1", "Acc1"),
    ("acc2", "Acc2"),
    ("settle", "settles s"),
    ("false_beats", "false beats/min"),
    ("false_onsets", "false onsets/min"),
    ("kick", "kick F"),
    ("snare", "snare F"),
    ("hat", "hat F"),
    ("downbeat", "downbeat F"),
)
MEDIANS = ("latency", "settle")
"""Columns whose value is the median over pieces, not the mean."""
ROUNDS = 1000
WIDE = ("latency", "settle", "false_beats", "false_onsets")


class Value(NamedTuple):
    """A mean over pieces and its 95 % interval."""

    mean: float
    low: float
    high: float
    pieces: int


def summed(scores: Sequence[dict[str, float]]) -> dict[str, Value]:
    """Every column that any piece has."""
    out = {}
    for name, _ in COLUMNS:
        values = np.array([score[name] for score in scores if name in score])
        if len(values):
            out[name] = interval(values, name)
    return out


def interval(values: np.ndarray, name: str) -> Value:
    """Mean (or median) and where 95 % of those of resampled sets lie; the dice are looked up."""
    middle = np.median if name in MEDIANS else np.mean
    count = len(values)
    drawn = (chance.uniforms(1, f"bootstrap/{name}", ROUNDS * count) * count).astype(int)
    means = middle(values[drawn.reshape(ROUNDS, count)], axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return Value(float(middle(values)), float(low), float(high), count)


def table(rows: Sequence[tuple[str, dict[str, Value]]], intervals: bool = True) -> str:
    """Markdown: one row a listener, only columns that somebody has."""
    shown = [(name, head) for name, head in COLUMNS if any(name in values for _, values in rows)]
    lines = [
        "| listener | " + " | ".join(head for _, head in shown) + " |",
        "| --- |" + " --- |" * len(shown),
    ]
    for title, values in rows:
        cells = [cell(name, values[name], intervals) if name in values else "" for name, _ in shown]
        lines.append(f"| {title} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def cell(name: str, value: Value, intervals: bool) -> str:
    """A number, and its interval in brackets."""
    form = "{:.1f}" if name in WIDE else "{:.3f}"
    text = form.format(value.mean)
    return text + f" [{form.format(value.low)} {form.format(value.high)}]" if intervals else text
