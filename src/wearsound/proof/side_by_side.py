"""Two of one thing on a page: pictures with eight times their difference, curves with where they part."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from wearsound.core import F64, U8, Mask
from wearsound.errors import WearsoundError
from wearsound.outputs.record.png import png
from wearsound.proof.curves import COLUMNS, Columns, Plot, clock_words, round_marks
from wearsound.proof.page import Html, join, picture, tag
from wearsound.proof.pictures import THUMBS, names
from wearsound.proof.pictures import picture as read_picture
from wearsound.proof.verdict import Curve

MOST_PICTURES = 6
"""Of those that differ, the worst."""
MOST_CURVES = 4
"""Of a layer, those that part the furthest."""
TIMES = 8
"""How much a difference of colour is made larger."""


def pictures(expected: Path, actual: Path) -> Html:
    """The pictures of two renders that differ most: expected, actual, difference."""
    was, now = set(names(expected)), set(names(actual))
    found: list[tuple[int, str, U8, U8]] = []
    same = 0
    for name in sorted(was & now):
        try:
            before, after = read_picture(expected / THUMBS / name), read_picture(actual / THUMBS / name)
        except WearsoundError as error:
            return tag("p", str(error), class_="missing")
        if before.shape == after.shape and np.array_equal(before, after):
            same += 1
        else:
            found.append((_far(before, after), name, before, after))
    worst = sorted(sorted(found, key=lambda each: -each[0])[:MOST_PICTURES], key=lambda each: each[1])
    whole = float(max((int(name[:-4]) for name in was | now), default=0))
    parts = [_pair(name, before, after, whole) for _, name, before, after in worst]
    said = f"{len(found)} of {len(found) + same} pictures differ"
    said += f"; the {len(worst)} that differ most:" if len(worst) < len(found) else ":" if found else "."
    odd = len(was ^ now)
    gone = (
        tag("p", f"{odd} picture{'s are' if odd > 1 else ' is'} on one side alone.", class_="missing")
        if odd
        else ""
    )
    return join([tag("p", said), gone, *parts])


def curves(found: Sequence[Curve], layer: str) -> Html:
    """The curves of one layer that part, the furthest first; nothing where all run together."""
    parted = [(_parting(curve), curve) for curve in found if curve.layer == layer]
    parted = sorted((each for each in parted if each[0] > 0), key=lambda each: -each[0])
    if not parted:
        return Html("")
    parts = [_curve(curve) for _, curve in parted[:MOST_CURVES]]
    left = len(parted) - len(parts)
    more = tag("p", f"and {left} more that part less.", class_="note") if left > 0 else ""
    return join([*parts, more])


def _pair(name: str, before: U8, after: U8, whole: float) -> Html:
    moment = clock_words(float(int(name[:-4])), whole)
    if before.shape != after.shape:
        sides = [(before, "expected"), (after, "actual, of another size")]
    else:
        apart = np.abs(after.astype(np.int16) - before.astype(np.int16))
        changed, most = int(apart.any(axis=-1).sum()), int(apart.max())
        far = np.minimum(apart * TIMES, 255).astype(np.uint8)
        pixels = apart.shape[0] * apart.shape[1]
        words = f"difference ×{TIMES}: {changed:,} of {pixels:,} pixels, by up to {most} of 255"
        sides = [(before, "expected"), (after, "actual"), (far, words)]
    return tag(
        "div",
        *(
            tag("figure", picture(png(rgb), f"{what} at {moment}"), tag("figcaption", f"{moment} {what}"))
            for rgb, what in sides
        ),
        class_="pair",
    )


def _far(before: U8, after: U8) -> int:
    if before.shape != after.shape:
        return 1 << 40
    return int(np.abs(after.astype(np.int64) - before.astype(np.int64)).sum())


def _differs(curve: Curve) -> Mask:
    known_before, known_after = np.isfinite(curve.before), np.isfinite(curve.after)
    both = known_before & known_after
    apart: Mask = known_before != known_after
    apart[both] = curve.before[both] != curve.after[both]
    return apart


def _parting(curve: Curve) -> float:
    """How far apart, in shares of what the two span; something where one ends before the other; 0 where they do not."""
    apart = _differs(curve)
    if not apart.any():
        return 0.0
    with np.errstate(invalid="ignore"):
        far = np.nanmax(np.abs(curve.after - curve.before), initial=0.0)
    low, high = _span(curve)
    return float(far) / (high - low) + float(apart.mean()) * 1e-3


def _span(curve: Curve) -> tuple[float, float]:
    known = np.concatenate([curve.before[np.isfinite(curve.before)], curve.after[np.isfinite(curve.after)]])
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    room = 0.08 * (high - low) or max(abs(high), 1e-6) * 0.5
    return low - room, high + room


def _curve(curve: Curve) -> Html:
    apart = _differs(curve)
    seconds = float(curve.times[-1]) if len(curve.times) else 0.0
    low, high = _span(curve)
    n = int(apart.sum())
    first = float(curve.times[int(np.argmax(apart))])
    said = f"{n:,} of {len(apart):,} values differ, from {first:.2f} s on"
    plot = Plot(f"{curve.name}: {said}", seconds, low, high, round_marks(low, high), curve.unit, height=84)
    drawn = [
        _columns(curve.times, values, seconds)
        for values in (apart.astype(np.float64), curve.before, curve.after)
    ]
    for start, end in runs(drawn[0].most > 0):
        width = seconds / len(drawn[0].most)
        plot.shade(start * width, end * width)
    plot.line(drawn[1].time, drawn[1].most, "ink-was dashed")
    plot.line(drawn[2].time, drawn[2].most, "ink-is")
    return join([tag("h4", curve.name, tag("span", f" {said}", class_="note")), plot.svg()])


def runs(there: Mask) -> list[tuple[int, int]]:
    """First and one past the last of each run of what is true."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], there.astype(np.int8), [0]])))
    return [(int(start), int(end)) for start, end in zip(edges[::2], edges[1::2], strict=True)]


def _columns(times: F64, values: F64, seconds: float) -> Columns:
    columns = Columns(seconds, min(COLUMNS, len(times)))
    columns.add(times, values)
    return columns
