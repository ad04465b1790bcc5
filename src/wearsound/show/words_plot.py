"""The words that music and movement share, drawn side by side: on the left one lane, on the right the other.

A body that was heard alone has the whole width.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from wearsound.analysis.ear import kind_of
from wearsound.core import F64
from wearsound.show.sheet import (
    BLUE,
    FINE,
    GREEN,
    INK,
    LEFT,
    OCHRE,
    PAPER,
    RIGHT,
    RULE,
    RUST,
    SOFT,
    WIDTH,
    Ink,
    Sheet,
)

if TYPE_CHECKING:
    from wearsound.analysis.analysis import Analysis

ROWS: tuple[tuple[str, str, Ink], ...] = (
    ("rhythm", "regular", RUST),
    ("pace", "30-240/min", OCHRE),
    ("texture", "rough", GREEN),
    ("silhouette", "pointed", BLUE),
)
HEIGHT = 420
ROW, TALL = 78, 62
GAP = 46
"""Between two lanes, a seam."""


def beside(analysis: Analysis) -> str | None:
    """The lane whose words stand beside those of the analysis' own: a body if one moved, else any that did."""
    names = {spec.name for spec in analysis.specs}
    if f"{analysis.lane}.rhythm" not in names:
        return None
    lanes = [name.partition(".")[0] for name in names if name.endswith(".rhythm")]
    others = sorted(
        (lane for lane in lanes if lane != analysis.lane), key=lambda lane: (lane != "body", lane)
    )
    return next(
        (lane for lane in others if float(analysis.series(f"{lane}.texture").max(initial=0.0)) > 0.0), None
    )


def drawn(analysis: Analysis) -> list[str]:
    """The lanes whose words are drawn: two that sounded, or a body alone; [] for music alone, whose bands say it."""
    if (other := beside(analysis)) is not None:
        return [analysis.lane, other]
    alone = kind_of(analysis.lane) == "body" and f"{analysis.lane}.rhythm" in {s.name for s in analysis.specs}
    return [analysis.lane] if alone else []


def draw_words(sheet: Sheet, analysis: Analysis, lanes: Sequence[str], top: float) -> None:
    """Four rows from `top` down, HEIGHT tall: the same moment stands at the same place of each part."""
    wide = (WIDTH - LEFT - RIGHT - GAP * (len(lanes) - 1)) / len(lanes)
    for lane, left in ((lane, LEFT + n * (wide + GAP)) for n, lane in enumerate(lanes)):
        sheet.write(lane, left, top, 22, INK, "sans")
        for row, (word, _, ink) in enumerate(ROWS):
            base = top + 48 + (row + 1) * ROW
            values = np.asarray(analysis.series(f"{lane}.{word}"), np.float64)
            _ridge(sheet, values, left, wide, base, ink, word == "pace")
        sheet.write("0 s", left, top + 48 + len(ROWS) * ROW + 8, 12, SOFT, "mono")
        end = f"{sheet.duration:.0f} s"
        sheet.write(end, left + wide, top + 48 + len(ROWS) * ROW + 8, 12, SOFT, "mono", right=True)
    for row, (word, most, _) in enumerate(ROWS):
        base = top + 48 + (row + 1) * ROW
        sheet.write(word, LEFT - 22, base - 44, 18, INK, "sans", right=True)
        sheet.write(most, LEFT - 22, base - 20, 12, SOFT, "mono", right=True)


def _ridge(sheet: Sheet, values: F64, left: float, width: float, base: float, ink: Ink, line: bool) -> None:
    """The mean under each column of the drawing; a pace as a line, for it is a height and no amount."""
    n = round(width * FINE / 2)
    edges = np.minimum(np.arange(n) * len(values) // n, max(len(values) - 1, 0))
    sums = np.concatenate([[0.0], np.cumsum(values)])
    ends = np.maximum(np.append(edges[1:], len(values)), edges + 1)
    heights = (sums[ends] - sums[edges]) / (ends - edges) * TALL * FINE
    xs = left * FINE + np.arange(n) * 2
    ys = base * FINE - heights
    area = (round(left * FINE), round((base - TALL) * FINE), round(width * FINE), FINE)
    sheet.surface.fill(RULE, area)
    draw = sheet.pygame.draw
    if line:
        for start, end in _runs(heights > 0.0):
            points = list(zip(xs[start:end].tolist(), ys[start:end].tolist(), strict=True))
            if len(points) > 1:
                draw.lines(sheet.surface, ink, False, points, round(2.2 * FINE))
    else:
        outline = list(zip(xs.tolist(), ys.tolist(), strict=True))
        draw.polygon(sheet.surface, ink, [(xs[0], base * FINE), *outline, (xs[-1], base * FINE)])
        pale = tuple((c + p) // 2 for c, p in zip(ink, PAPER, strict=True))
        draw.lines(sheet.surface, pale, False, outline, FINE)
    sheet.surface.fill(ink, (round(left * FINE), round(base * FINE), round(width * FINE), FINE))


def _runs(there: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], there.astype(int), [0]])))
    return [(int(start), int(end)) for start, end in zip(edges[::2], edges[1::2], strict=True)]
