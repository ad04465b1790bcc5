"""One number of one route as something that can be turned: what it is called, what it spans, what it changes."""

from __future__ import annotations

import re

from wearsound.core import Parameter, Spec
from wearsound.mapping.curve import Curves
from wearsound.mapping.document import Patch
from wearsound.mapping.line import LEAST, Line
from wearsound.osc.packet import MAX_ADDRESS

PARAM = "/wear/param"

LONGEST = 10.0
"""Seconds that a fader for attack or release spans; a patch may say more."""

CURVE_REACH = (0.1, 8.0)

LONGEST_NAME = MAX_ADDRESS - len(f"{PARAM}//out/high")
"""Characters of a route's name, that of its scene included."""


class Dial:
    """One number of one route: `attack`, or one end of a range. `default` is what the patch says, `field` what its
    `Line` calls it."""

    __slots__ = ("_about", "_end", "_unit", "address", "default", "field", "high", "low", "row")

    def __init__(
        self, address: str, row: int, field: str, end: int | None, unit: str, reach: tuple[float, float],
        default: float, about: str,
    ) -> None:  # fmt: skip
        self.address = address
        self.row = row
        self.low, self.high = reach
        self.field = field
        self._end = end
        self._unit = unit
        self.default = default
        self._about = about

    def change(self, line: Line, value: float) -> dict[str, float | tuple[float, float]]:
        """What `Curves.turn` takes; six digits, as a person would write it, for a fader's 32 bits are no more."""
        value = float(f"{min(self.high, max(self.low, value)):.6g}")
        if self._end is None:
            return {self.field: value}
        pair = list(getattr(line, self.field))
        pair[self._end] = value
        return {self.field: (pair[0], pair[1])}

    def value(self, curves: Curves) -> float:
        """What it is now. [any thread]"""
        value = getattr(curves.line(self.row), self.field)
        return float(value if self._end is None else value[self._end])

    def parameter(self, curves: Curves) -> Parameter:
        """What the tree lists of it. [any thread]"""

        return Parameter(
            self.address,
            self._about,
            "number",
            self._unit,
            self.low,
            self.high,
            0.0,
            self.default,
            read=lambda: self.value(curves),
        )


def dials_of(base: str, of: str, row: int, line: Line, feature: Spec, target: Spec) -> list[Dial]:
    """The numbers of one route; `of` says which."""

    def dial(key: str, field: str, end: int | None, unit: str, low: float, high: float, about: str) -> Dial:
        value = getattr(line, field)
        default = float(value if end is None else value[end])
        reach = (min(low, default), max(high, default))
        return Dial(f"{base}/{key}", row, field, end, unit, reach, default, f"{of}: {about}")

    seconds = (0.0, LONGEST)
    # A logarithm begins above 0: the feature's own step is the least that can be told.
    least = feature.low if line.scale == "even" else max(feature.low, feature.step or LEAST)
    dials = [
        dial("attack", "attack", None, "s", *seconds, "seconds to rise"),
        dial("release", "release", None, "s", *seconds, "seconds to fall"),
        dial("out/low", "reach", 0, target.unit, target.low, target.high, "where it starts"),
        dial("out/high", "reach", 1, target.unit, target.low, target.high, "where it ends"),
    ]
    if not line.count:
        dials += [
            dial("curve", "curve", None, "", *CURVE_REACH, "above 1 quiet stays quiet"),
            dial("in/low", "span", 0, feature.unit, least, feature.high, "what counts as nothing"),
            dial("in/high", "span", 1, feature.unit, least, feature.high, "what counts as full"),
        ]
    return dials


def route_names(patch: Patch) -> list[str]:
    """What each route is called in an address: "bass-chest-glow"; those of a scene "rest/bass-all-glow".

    In the patch's order; a second one of the same name is "...-2".
    """
    names: list[str] = []
    for _, scene, route in patch.every_route():
        feature = patch.feature(route).removeprefix(f"{patch.lane}.")
        words = f"{feature}-{route.to.replace('*', 'all')}"
        words = re.sub(r"[^A-Za-z0-9_]+", "-", words).strip("-")
        place = f"{scene}/" if scene else ""
        again, end = 1, ""
        while (name := f"{place}{words[: LONGEST_NAME - len(place) - len(end)]}{end}") in names:
            again += 1
            end = f"-{again}"
        names.append(name)
    return names
