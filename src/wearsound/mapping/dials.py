"""What may be turned of a patch while it plays: scenes, zones held by hand, and the numbers of its routes.

Everything has an OSC address. Nothing here is kept: `reset` brings back what the patch says.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence

from wearsound.core import F64, Event, Parameter, Spec
from wearsound.mapping.curve import Curves, Line
from wearsound.mapping.document import Patch
from wearsound.mapping.scene import REST, Scenes
from wearsound.mapping.target import SKETCH, Part
from wearsound.osc.packet import MAX_ADDRESS

SCENE, CUE, ZONE, PARAM = "/wear/scene", "/wear/cue", "/wear/zone", "/wear/param"
RELEASE = "release"

LONGEST = 10.0
"""Seconds that a fader for attack or release spans; a patch may say more."""

CURVE_REACH = (0.1, 8.0)

LONGEST_NAME = MAX_ADDRESS - len(f"{PARAM}//out/high")
"""Characters of a route's name, that of its scene included."""


class Dials:
    """Takes events, answers what may be turned, and lays what is held by hand over the controls.

    `parts` stand in the patch's order. A zone held by hand is let go when a scene is called; a sketch's
    parameter stays where it was put.
    """

    def __init__(
        self,
        patch: Patch,
        parts: Sequence[Part],
        curves: Curves,
        scenes: Scenes,
        specs: Sequence[Spec],
        features: Sequence[Spec],
    ) -> None:
        self._curves = curves
        self._scenes = scenes
        self._specs = specs
        self._columns = {spec.name: i for i, spec in enumerate(specs)}
        self._held: dict[int, float] = {}
        self._dials: dict[str, _Dial] = {}
        routes = [f"{patch.feature(route)} to {route.to}" for _, _, route in patch.every_route()]
        placed = zip(route_names(patch), routes, parts, curves.rows, strict=True)
        for name, about, part, row in placed:
            spec = features[part.line.column]
            target = self._specs[self._columns[part.targets[0]]]
            for dial in _dials(f"{PARAM}/{name}", about, row, part.line, spec, target):
                self._dials[dial.address] = dial
        played = {self._columns[target] for part in parts for target in part.targets}
        self._unplayed = set(range(len(specs))) - played
        self._zones: dict[str, int] = {}
        self._sketch: dict[str, int] = {}
        for column, spec in enumerate(specs):
            if spec.name.startswith(f"{SKETCH}."):
                self._sketch[f"{PARAM}/{spec.name.replace('.', '/')}"] = column
            elif not spec.name.startswith("/"):
                self._zones[f"{ZONE}/{spec.name.replace('.', '/')}"] = column
        self._by_hand = self._zones | self._sketch
        self._releases: dict[str, list[int]] = {}
        for address, column in self._by_hand.items():
            whose = address
            while whose not in ("/wear", PARAM):
                self._releases.setdefault(f"{whose}/{RELEASE}", []).append(column)
                whose = whose.rpartition("/")[0]

    def reset(self) -> None:
        """Nothing held, nothing turned. [engine thread]"""
        self._held.clear()

    def take(self, event: Event) -> bool:
        """Do what an event says, and say whether it turned a route's number; what is not ours is left alone.

        PatchError for a scene that is not. [engine thread]
        """
        address = event.address
        if address.startswith(f"{SCENE}/"):
            self._call(address.removeprefix(f"{SCENE}/"))
        elif address == SCENE and event.args and isinstance(event.args[0], str):
            self._call(event.args[0])
        elif address == f"{CUE}/go":
            self._call("next")
        elif address == f"{CUE}/back":
            self._call("previous")
        elif address in self._releases:
            self._release(self._releases[address])
        else:
            return self._turn(address, event.args)
        return False

    def _call(self, name: str) -> None:
        """A scene by its name, or the one after or before; what was held by hand is let go."""
        names = [scene for scene in self._scenes.names if scene and scene != REST]
        if name in ("next", "previous") and name not in names:
            if not names:
                return
            # From what was last called: two quick presses go two on, though neither has come yet.
            now = self._scenes.called
            at = names.index(now) if now in names else -1 if name == "next" else 0
            name = names[(at + (1 if name == "next" else -1)) % len(names)]
        self._scenes.change(name)
        self._release(self._zones.values())

    def _release(self, columns: Iterable[int]) -> None:
        for column in columns:
            self._held.pop(column, None)

    def _turn(self, address: str, args: tuple[object, ...]) -> bool:
        """Whether the address is that of a route's number."""
        value = args[0] if args else None
        if not isinstance(value, int | float) or not math.isfinite(value):
            return False
        dial = self._dials.get(address)
        if dial is not None:
            self._curves.turn(dial.row, **dial.change(self._curves.line(dial.row), float(value)))
        elif address in self._by_hand:
            column = self._by_hand[address]
            spec = self._specs[column]
            self._held[column] = min(spec.high, max(spec.low, float(value)))
        return dial is not None

    def hold(self, out: F64) -> None:
        """Lay what is held by hand over the controls of a block (n, n_controls). [engine thread]"""
        for column, value in self._held.items():
            out[:, column] = value

    def parameters(self, values: Callable[[], F64]) -> list[Parameter]:
        """All that may be turned; `values` gives the controls as they are now (n_controls,)."""
        scenes = [name for name in self._scenes.names if name]
        found = [
            Parameter(
                SCENE,
                "the leading scene; a name calls another",
                "text",
                choices=tuple(scenes),
                read=lambda: self._scenes.names[self._scenes.leader],
            )
        ]
        found += [Parameter(f"{SCENE}/{name}", f"call the scene {name}", "trigger") for name in scenes]
        if any(name != REST for name in scenes):
            for way, about in (
                ("next", "the scene after this one"),
                ("previous", "the scene before this one"),
            ):
                if way not in scenes:
                    found.append(Parameter(f"{SCENE}/{way}", about, "trigger"))
            found.append(Parameter(f"{CUE}/go", "the next step: the scene after this one", "trigger"))
            found.append(Parameter(f"{CUE}/back", "one step back", "trigger"))
        found += [self._control(address, column, values) for address, column in self._by_hand.items()]
        about = "let go: the patch plays it again"
        found += [Parameter(address, about, "trigger") for address in self._releases]
        found += [dial.parameter(self._curves) for dial in self._dials.values()]
        return found

    def _control(self, address: str, column: int, values: Callable[[], F64]) -> Parameter:
        spec = self._specs[column]
        return Parameter(
            address,
            spec.about.partition(";")[0],
            "whole" if spec.step == 1.0 else "number",
            spec.unit,
            spec.low,
            spec.high,
            spec.step,
            spec.default,
            read=lambda: float(values()[column]),
            moves=column not in self._unplayed,
        )


class _Dial:
    """One number of one route: `attack`, or one end of a range."""

    __slots__ = ("_about", "_default", "_end", "_field", "_unit", "address", "high", "low", "row")

    def __init__(
        self, address: str, row: int, field: str, end: int | None, unit: str, reach: tuple[float, float],
        default: float, about: str,
    ) -> None:  # fmt: skip
        self.address = address
        self.row = row
        self.low, self.high = reach
        self._field = field
        self._end = end
        self._unit = unit
        self._default = default
        self._about = about

    def change(self, line: Line, value: float) -> dict[str, float | tuple[float, float]]:
        """What `Curves.turn` takes."""
        value = min(self.high, max(self.low, value))
        if self._end is None:
            return {self._field: value}
        pair = list(getattr(line, self._field))
        pair[self._end] = value
        return {self._field: (pair[0], pair[1])}

    def parameter(self, curves: Curves) -> Parameter:
        def read() -> float:
            value = getattr(curves.line(self.row), self._field)
            return float(value if self._end is None else value[self._end])

        return Parameter(
            self.address,
            self._about,
            "number",
            self._unit,
            self.low,
            self.high,
            0.0,
            self._default,
            read=read,
        )


def _dials(base: str, of: str, row: int, line: Line, feature: Spec, target: Spec) -> list[_Dial]:
    """The numbers of one route; `of` says which."""

    def dial(key: str, field: str, end: int | None, unit: str, low: float, high: float, about: str) -> _Dial:
        value = getattr(line, field)
        default = float(value if end is None else value[end])
        reach = (min(low, default), max(high, default))
        return _Dial(f"{base}/{key}", row, field, end, unit, reach, default, f"{of}: {about}")

    seconds = (0.0, LONGEST)
    dials = [
        dial("attack", "attack", None, "s", *seconds, "seconds to rise"),
        dial("release", "release", None, "s", *seconds, "seconds to fall"),
        dial("out/low", "reach", 0, target.unit, target.low, target.high, "where it starts"),
        dial("out/high", "reach", 1, target.unit, target.low, target.high, "where it ends"),
    ]
    if not line.count:
        dials += [
            dial("curve", "curve", None, "", *CURVE_REACH, "above 1 quiet stays quiet"),
            dial("in/low", "span", 0, feature.unit, feature.low, feature.high, "what counts as nothing"),
            dial("in/high", "span", 1, feature.unit, feature.low, feature.high, "what counts as full"),
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
