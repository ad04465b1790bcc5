"""Curves over time as SVG: small, without a library, in the colours of the page they stand on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from wearsound.core import F64
from wearsound.proof.page import Html, tag

WIDTH, LEFT, RIGHT = 960, 66, 14
TOP, BELOW = 22, 26
COLUMNS: Final = 440
"""Stretches of time that a curve is drawn of: about two pixels of a page each."""
_STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600)


class Columns:
    """What a long row of numbers comes to in equal stretches of time: the least and the most of each; NaN where none.

    `seconds` is how long all is, `points` how many numbers there will be: no more stretches are made than these.
    """

    def __init__(self, seconds: float, points: int = COLUMNS) -> None:
        self.seconds = max(float(seconds), 1e-3)
        n = max(1, min(COLUMNS, points))
        self.most: F64 = np.full(n, np.nan)
        self.least: F64 = np.full(n, np.nan)

    @property
    def time(self) -> F64:
        """The middle of each stretch, seconds."""
        n = len(self.most)
        return (np.arange(n, dtype=np.float64) + 0.5) * (self.seconds / n)

    def add(self, time: F64, values: F64) -> None:
        """Take numbers and when they were."""
        n = len(self.most)
        known = np.isfinite(values)
        at = np.clip(time[known] / self.seconds * n, 0, n - 1).astype(np.intp)
        np.fmax.at(self.most, at, values[known])
        np.fmin.at(self.least, at, values[known])


class Plot:
    """Curves of one unit beside a scale, over one time; `about` says in words what is seen.

    `marks` are the numbers of the scale, with `low` and `high` its ends.
    """

    def __init__(
        self,
        about: str,
        seconds: float,
        low: float,
        high: float,
        marks: Sequence[float],
        unit: str = "",
        height: float = 150.0,
    ) -> None:
        self._about, self._seconds = about, max(float(seconds), 1e-3)
        self._low, self._high, self._height = low, max(high, low + 1e-9), height
        self._parts: list[Html] = []
        for value in marks:
            y = self._y(value)
            self._parts.append(_line(LEFT, y, WIDTH - RIGHT, y, "rule"))
            self._parts.append(_word(f"{value:g}".replace("-", "−"), LEFT - 8, y + 4, "scale right"))
        if unit:
            self._parts.append(_word(unit, LEFT - 8, 9, "unit right"))
        self._parts += _time_marks(self._seconds, TOP, TOP + height)

    def line(self, time: F64, values: F64, ink: str) -> None:
        """From point to point; what is not known is left out."""
        self._path(self._points(time, values), f"line {ink}")

    def steps(self, time: F64, values: F64, ink: str, *, filled: bool = False) -> None:
        """Of counts: each value holds from half way before its moment to half way after; `filled` to the low end."""
        known = np.isfinite(values)
        time, values = time[known], values[known]
        if not len(time):
            return
        between = (time[1:] + time[:-1]) / 2
        edges = np.concatenate([[0.0], between, [self._seconds]])
        points = self._points(np.repeat(edges, 2)[1:-1], np.repeat(values, 2))
        if filled:
            self._area(points, ink)
        self._path(points, f"line {ink}")

    def area(self, time: F64, values: F64, ink: str) -> None:
        """Filled from the low end up, with an edge."""
        points = self._points(time, values)
        self._area(points, ink)
        self._path(points, f"line {ink}")

    def between(self, time: F64, least: F64, most: F64, ink: str) -> None:
        """Filled between two curves: how far something went to and fro in each stretch."""
        up, down = self._points(time, most), self._points(time, least)
        if len(up):
            self._parts.append(tag("path", d=_drawn([*up, *reversed(down)]) + "Z", class_=f"fill {ink}"))

    def limit(self, value: float, said: str) -> None:
        """The line that nothing may pass, with its words above it at the right."""
        y = self._y(value)
        self._parts.append(_line(LEFT, y, WIDTH - RIGHT, y, "limit"))
        self._parts.append(_word(said, WIDTH - RIGHT - 4, y - 5, "limit-word right"))

    def level(self, value: float, said: str) -> None:
        """A value that belongs to the whole, as a thin line with its words."""
        y = self._y(value)
        self._parts.append(_line(LEFT, y, WIDTH - RIGHT, y, "level"))
        self._parts.append(_word(said, WIDTH - RIGHT - 4, y - 5, "level-word right"))

    def moment(self, seconds: float, said: str) -> None:
        """A mark at one time, with its words above all."""
        x = self._x(seconds)
        self._parts.append(_line(x, TOP, x, TOP + self._height, "moment"))
        right = x > WIDTH * 0.8
        self._parts.append(_word(said, x - 4 if right else x + 4, TOP + 10, f"moment-word{' right' * right}"))

    def shade(self, start: float, end: float) -> None:
        """A stretch of time, behind the curves drawn after it."""
        x, y = self._x(start), TOP
        size = {"width": f"{max(self._x(end) - x, 1.0):.1f}", "height": f"{self._height:g}"}
        self._parts.append(tag("rect", x=f"{x:.1f}", y=y, class_="apart", **size))

    def svg(self) -> Html:
        """What was drawn."""
        return _svg(self._about, TOP + self._height + BELOW, self._parts)

    def _x(self, seconds: float) -> float:
        return LEFT + seconds / self._seconds * (WIDTH - LEFT - RIGHT)

    def _y(self, value: float) -> float:
        share = (value - self._low) / (self._high - self._low)
        return TOP + self._height * (1.0 - min(max(share, 0.0), 1.0))

    def _points(self, time: F64, values: F64) -> list[tuple[float, float]]:
        known = np.isfinite(values)
        return [
            (self._x(t), self._y(v))
            for t, v in zip(time[known].tolist(), values[known].tolist(), strict=True)
        ]

    def _path(self, points: Sequence[tuple[float, float]], class_: str) -> None:
        if points:
            self._parts.append(tag("path", d=_drawn(points), class_=class_))

    def _area(self, points: Sequence[tuple[float, float]], ink: str) -> None:
        if points:
            base = TOP + self._height
            down = [(points[0][0], base), *points, (points[-1][0], base)]
            self._parts.append(tag("path", d=_drawn(down) + "Z", class_=f"fill {ink}"))


def ridges(
    about: str, seconds: float, rows: Sequence[tuple[str, str, str, F64, F64]], tall: float = 34.0
) -> Html:
    """Curves of 0..1 over one another, each on its own line: rows of (name, detail, ink, time, values)."""
    seconds = max(float(seconds), 1e-3)
    height = tall * len(rows) + tall * 0.2
    parts = _time_marks(seconds, TOP, TOP + height)
    for row, (name, detail, ink, time, values) in enumerate(rows):
        base = TOP + tall * 0.2 + tall * (row + 1)
        known = np.isfinite(values)
        xs = LEFT + time[known] / seconds * (WIDTH - LEFT - RIGHT)
        ys = base - np.clip(values[known], 0.0, 1.0) * tall * 1.12
        points = list(zip(xs.tolist(), ys.tolist(), strict=True))
        if points:
            around = [(points[0][0], base), *points, (points[-1][0], base)]
            parts.append(tag("path", d=_drawn(around) + "Z", class_=f"ridge {ink}"))
        parts.append(_line(LEFT, base, WIDTH - RIGHT, base, "rule"))
        parts.append(_word(name, LEFT - 8, base - 14, "name right"))
        parts.append(_word(detail, LEFT - 8, base - 3, "unit right"))
    return _svg(about, TOP + height + BELOW, parts)


def gauge(share: float, about: str, kept: bool | None) -> Html:
    """How much of a limit is used, as a short bar whose end is a third beyond the limit."""
    wide, high = 120.0, 10.0
    limit = wide * 0.75
    ink = {True: "good", False: "bad", None: "unknown"}[kept]
    return tag(
        "svg",
        tag("rect", x=0, y=2, width=f"{wide:g}", height=f"{high - 4:g}", class_="gauge"),
        tag(
            "rect",
            x=0,
            y=2,
            width=f"{min(share * limit, wide):.1f}",
            height=f"{high - 4:g}",
            class_=f"gauge-{ink}",
        ),
        _line(limit, 0, limit, high, "gauge-limit"),
        viewBox=f"0 0 {wide:g} {high:g}",
        class_="gauge-box",
        role="img",
        aria_label=about,
    )


def round_marks(low: float, high: float, most: int = 5) -> list[float]:
    """Some round numbers from `low` to `high`."""
    rough = max(high - low, 1e-12) / most
    unit = 10.0 ** math.floor(math.log10(rough))
    step = next(unit * k for k in (1, 2, 5, 10) if unit * k >= rough)
    first, last = math.ceil(low / step), math.floor(high / step)
    return [round(step * k, 12) for k in range(first, last + 1)]


def clock_words(seconds: float, whole: float) -> str:
    """A moment of something that is `whole` seconds long."""
    if whole < 60:
        return f"{seconds:g} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if whole >= 3600 else f"{minutes}:{rest:02}"


def _time_marks(seconds: float, top: float, bottom: float) -> list[Html]:
    step = next((s for s in _STEPS if seconds / s <= 12), seconds / 10)
    parts = []
    for i in range(int(seconds / step + 1e-9) + 1):
        x = LEFT + i * step / seconds * (WIDTH - LEFT - RIGHT)
        parts.append(_line(x, top, x, bottom, "rule"))
        parts.append(_word(clock_words(round(i * step, 3), seconds), x, bottom + 16, "scale middle"))
    return parts


def _svg(about: str, height: float, parts: Sequence[Html]) -> Html:
    box = f"0 0 {WIDTH} {height:g}"
    drawn = tag("svg", tag("title", about), *parts, viewBox=box, class_="plot", role="img", aria_label=about)
    return tag("div", drawn, class_="rolls")


def _drawn(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _line(x0: float, y0: float, x1: float, y1: float, class_: str) -> Html:
    return tag("line", x1=f"{x0:.1f}", y1=f"{y0:.1f}", x2=f"{x1:.1f}", y2=f"{y1:.1f}", class_=class_)


def _word(said: str, x: float, y: float, class_: str) -> Html:
    return tag("text", said, x=f"{x:.1f}", y=f"{y:.1f}", class_=class_)
