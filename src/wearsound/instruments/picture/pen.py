"""Processing's pen: colours, places and shapes, smooth at the edges."""

from __future__ import annotations

import math
from collections.abc import Sequence
from types import TracebackType
from typing import Any

from wearsound.instruments.picture import brush, inks
from wearsound.instruments.picture.inks import Ink

Matrix = tuple[float, float, float, float, float, float]
_UPRIGHT: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class Pen:
    """Draws shapes on `surface`, a pygame surface of 32 bits. Sizes in pixels, angles in radians.

    A colour is a name, "#rrggbb", (L, C, h), whole-number RGB or a grey; three numbers may stand
    without brackets. [main thread of the process that shows it]
    """

    def __init__(self, surface: Any) -> None:
        self.surface = surface
        self._fill: Ink | None = Ink(255, 255, 255)
        self._stroke: Ink | None = None
        self._fill_alpha = self._stroke_alpha = self._weight = 1.0
        self._blend = "normal"
        self._matrix = _UPRIGHT
        self._kept: list[tuple[Any, ...]] = []

    def begin(self) -> None:
        """Start a frame: the place is upright again, fill and stroke stay."""
        self._matrix = _UPRIGHT
        self._kept.clear()

    def fill(self, *colour: Any, alpha: float = 1.0) -> None:
        """The colour of what is drawn next."""
        self._fill, self._fill_alpha = given(colour), min(1.0, max(0.0, alpha))

    def no_fill(self) -> None:
        """Draw outlines only."""
        self._fill = None

    def stroke(self, *colour: Any, alpha: float = 1.0, weight: float | None = None) -> None:
        """The colour of lines and outlines, and how thick they are in pixels."""
        self._stroke, self._stroke_alpha = given(colour), min(1.0, max(0.0, alpha))
        if weight is not None:
            self.stroke_weight(weight)

    def no_stroke(self) -> None:
        """Draw no outlines."""
        self._stroke = None

    def stroke_weight(self, weight: float) -> None:
        """How thick lines are, in pixels."""
        self._weight = max(0.0, weight)

    def blend(self, how: str = "normal") -> None:
        """ "normal", "add" (light on light) or "multiply" (dye on dye)."""
        self._blend = brush.known(how)

    def push(self) -> _Pushed:
        """Keep place and colours until `pop`; or `with c.push():`."""
        style = (self._fill, self._fill_alpha, self._stroke, self._stroke_alpha, self._weight, self._blend)
        self._kept.append((self._matrix, *style))
        return _Pushed(self)

    def pop(self) -> None:
        """Back to the place and colours of the last `push`."""
        if not self._kept:
            raise ValueError("pop without a push before it")
        self._matrix, *style = self._kept.pop()
        self._fill, self._fill_alpha, self._stroke, self._stroke_alpha, self._weight, self._blend = style

    def translate(self, x: float, y: float) -> None:
        """Move the origin."""
        a, b, c, d, e, f = self._matrix
        self._matrix = (a, b, c, d, e + a * x + c * y, f + b * x + d * y)

    def rotate(self, angle: float) -> None:
        """Turn round the origin, clockwise, in radians."""
        a, b, c, d, e, f = self._matrix
        cos, sin = math.cos(angle), math.sin(angle)
        self._matrix = (a * cos + c * sin, b * cos + d * sin, c * cos - a * sin, d * cos - b * sin, e, f)

    def scale(self, x: float, y: float | None = None) -> None:
        """Make larger or smaller from the origin."""
        a, b, c, d, e, f = self._matrix
        y = x if y is None else y
        self._matrix = (a * x, b * x, c * y, d * y, e, f)

    def rect(self, x: float, y: float, width: float, height: float) -> None:
        """A rectangle from its top left corner."""
        self._shape([(x, y), (x + width, y), (x + width, y + height), (x, y + height)])

    def circle(self, x: float, y: float, diameter: float) -> None:
        """A circle round (x, y)."""
        self._shape(brush.ellipse(x, y, diameter, diameter))

    def ellipse(self, x: float, y: float, width: float, height: float) -> None:
        """An ellipse round (x, y)."""
        self._shape(brush.ellipse(x, y, width, height))

    def arc(self, x: float, y: float, width: float, height: float, start: float, stop: float) -> None:
        """Part of an ellipse; filled as a slice, its line open. Angles in radians."""
        points = brush.ellipse(x, y, width, height, start, stop)
        self._shape([(x, y), *points], outline=points)

    def polygon(self, points: Sequence[Sequence[float]]) -> None:
        """A closed shape through the points."""
        self._shape([(point[0], point[1]) for point in points])

    def line(self, x1: float, y1: float, x2: float, y2: float) -> None:
        """A line; with no stroke set, in the colour of the fill."""
        self.path([(x1, y1), (x2, y2)])

    def path(self, points: Sequence[Sequence[float]]) -> None:
        """An open line through the points."""
        self._draw_lines([points])

    def lines(self, lines: Sequence[Sequence[float]]) -> None:
        """Many lines (x1, y1, x2, y2) at once: faster, and where they cross nothing is painted twice."""
        self._draw_lines([((line[0], line[1]), (line[2], line[3])) for line in lines])

    def _draw_lines(self, lines: Sequence[Sequence[Sequence[float]]]) -> None:
        colour, alpha = self._stroke, self._stroke_alpha
        if colour is None:
            colour, alpha = self._fill, self._fill_alpha
        if colour is None:
            return
        weight = self._weight * self._size()
        shapes = []
        for points in lines:
            shapes += brush.ribbons([self._at(point[0], point[1]) for point in points], weight, closed=False)
        brush.paint(self.surface, shapes, colour, alpha, self._blend)

    def point(self, x: float, y: float) -> None:
        """A dot as thick as the stroke."""
        with self.push():
            if self._stroke is not None:
                self._fill, self._fill_alpha = self._stroke, self._stroke_alpha
            self._stroke = None
            self.circle(x, y, max(1.0, self._weight))

    def _shape(self, points: list[brush.Point], outline: list[brush.Point] | None = None) -> None:
        places = [self._at(x, y) for x, y in points]
        if self._fill is not None:
            brush.paint(self.surface, [places], self._fill, self._fill_alpha, self._blend)
        if self._stroke is not None and self._weight > 0:
            line = places if outline is None else [self._at(x, y) for x, y in outline]
            shapes = brush.ribbons(line, self._weight * self._size(), closed=outline is None)
            brush.paint(self.surface, shapes, self._stroke, self._stroke_alpha, self._blend)

    def _at(self, x: float, y: float) -> brush.Point:
        a, b, c, d, e, f = self._matrix
        return a * x + c * y + e, b * x + d * y + f

    def _size(self) -> float:
        a, b, c, d, _, _ = self._matrix
        return math.sqrt(abs(a * d - b * c))


class _Pushed:
    def __init__(self, pen: Pen) -> None:
        self._pen = pen

    def __enter__(self) -> Pen:
        return self._pen

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pen.pop()


def given(colour: tuple[Any, ...]) -> Ink:
    """One colour, or three numbers without brackets."""
    return inks.ink(colour[0] if len(colour) == 1 else colour)
