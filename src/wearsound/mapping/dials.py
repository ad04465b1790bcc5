"""What may be turned of a patch while it plays: scenes, zones held by hand, and the numbers of its routes.

Everything has an OSC address. Nothing here is kept: `reset` brings back what the patch says.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

from wearsound.core import F64, Event, Parameter, Spec
from wearsound.mapping.curve import Curves
from wearsound.mapping.dial import PARAM, Dial, dials_of, route_names
from wearsound.mapping.document import Patch
from wearsound.mapping.scene import REST, Scenes
from wearsound.mapping.target import OWN, Part

SCENE, CUE, ZONE = "/wear/scene", "/wear/cue", "/wear/zone"
RELEASE = "release"


class Dials:
    """Takes events, answers what may be turned, and lays what is held by hand over the controls.

    `parts` stand in the patch's order. A zone held by hand is let go when a scene is called; a sketch's
    parameter and a feel's strength stay where they were put.
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
        self._dials: dict[str, Dial] = {}
        routes = [f"{patch.feature(route)} to {route.to}" for _, _, route in patch.every_route()]
        placed = zip(route_names(patch), routes, parts, curves.rows, strict=True)
        for name, about, part, row in placed:
            spec = features[part.line.column]
            target = self._specs[self._columns[part.like]]
            for dial in dials_of(f"{PARAM}/{name}", about, row, part.line, spec, target):
                self._dials[dial.address] = dial
        played = {self._columns[target] for part in parts for target in part.targets}
        self._unplayed = set(range(len(specs))) - played
        self._zones: dict[str, int] = {}
        self._own: dict[str, int] = {}
        for column, spec in enumerate(specs):
            if spec.name.partition(".")[0] in OWN:
                self._own[f"{PARAM}/{spec.name.replace('.', '/')}"] = column
            elif not spec.name.startswith("/"):
                self._zones[f"{ZONE}/{spec.name.replace('.', '/')}"] = column
        self._by_hand = self._zones | self._own
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
