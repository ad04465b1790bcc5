"""What may be turned of a patch while it plays: scenes, cues, zones held by hand, and the numbers of its routes.

Everything has an OSC address. Nothing here is kept: `reset` brings back what the patch says.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

from wearsound.chance import uniform
from wearsound.core import F64, Event, Parameter, Spec
from wearsound.mapping.cue import NONE, Step
from wearsound.mapping.curve import Curves
from wearsound.mapping.dial import PARAM, Dial, dials_of, route_names
from wearsound.mapping.document import Patch
from wearsound.mapping.scene import REST, Scenes
from wearsound.mapping.target import OWN, Part

SCENE, CUE, ZONE = "/wear/scene", "/wear/cue", "/wear/zone"
RELEASE = "release"

Number = float | tuple[float, float]

AGAIN = "again"
"""The word of a GO or BACK that is only repeated, at a cut in a take: it was one already, so no guard looks at it."""


class Dials:
    """Takes events, answers what may be turned, and lays what is held by hand over the controls.

    `parts` stand in the patch's order. A zone held by hand is let go when a hand calls a scene or takes a cue; a
    sketch's parameter and a feel's strength stay where they were put. `seed` decides which scene comes by chance.
    """

    def __init__(
        self,
        patch: Patch,
        parts: Sequence[Part],
        curves: Curves,
        scenes: Scenes,
        specs: Sequence[Spec],
        features: Sequence[Spec],
        seed: int | None = None,
    ) -> None:
        self._seed = patch.seed if seed is None else seed
        self._curves = curves
        self._scenes = scenes
        self._specs = specs
        self._columns = {spec.name: i for i, spec in enumerate(specs)}
        self._held: dict[int, float] = {}
        self._dials: dict[str, Dial] = {}
        self._by_route: list[list[Dial]] = []
        """In the patch's order."""
        routes = [f"{patch.feature(route)} to {route.to}" for _, _, route in patch.every_route()]
        placed = zip(route_names(patch), routes, parts, curves.rows, strict=True)
        for name, about, part, row in placed:
            spec = features[part.line.column]
            target = self._specs[self._columns[part.like]]
            dials = dials_of(f"{PARAM}/{name}", about, row, part.line, spec, target)
            self._by_route.append(dials)
            self._dials.update((dial.address, dial) for dial in dials)
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

    @property
    def held(self) -> tuple[int, ...]:
        """Columns of the controls that a hand holds."""
        return tuple(self._held)

    @property
    def held_at(self) -> dict[str, float]:
        """The controls that a hand holds, and where. [any thread]"""
        return {self._specs[column].name: value for column, value in self._held.copy().items()}

    @property
    def turned(self) -> dict[int, dict[str, Number]]:
        """The numbers that a hand turned away from what the patch says, by their `Line`'s names, of each route by its
        place in `Patch.every_route`. [any thread]"""
        found: dict[int, dict[str, Number]] = {}
        for at, dials in enumerate(self._by_route):
            fields = {dial.field for dial in dials if dial.value(self._curves) != dial.default}
            if fields:
                line = self._curves.line(dials[0].row)
                found[at] = {field: getattr(line, field) for field in sorted(fields)}
        return found

    def take(self, event: Event) -> bool:
        """Do what an event says, and say whether it turned a route's number; what is not ours is left alone.

        PatchError for a scene that is not. [engine thread]
        """
        address, args = event.address, event.args
        cues = self._scenes.cues
        if address.startswith(f"{SCENE}/"):
            self._call(address.removeprefix(f"{SCENE}/"), event.tick)
        elif address == SCENE and args and isinstance(args[0], str):
            self._call(args[0], event.tick)
        elif address == f"{CUE}/go" and cues.names:
            self._take(cues.go(event.tick, AGAIN in args))
        elif address == f"{CUE}/back" and cues.names:
            self._take(cues.back(event.tick, AGAIN in args))
        elif address == f"{CUE}/goto" or (address == CUE and args):
            self._take(cues.goto(args[0] if args else None))
        elif address in self._releases:
            self._release(self._releases[address])
        else:
            return self._turn(address, args)
        return False

    def inherit(self, old: Dials) -> None:
        """Keep what a hand held and turned of another patch, as far as this one has it. [engine thread]

        Where the file itself says another number than that of the other patch did, the file wins.
        """
        for address, column in old._by_hand.items():
            now = self._by_hand.get(address)
            if column in old._held and now is not None and self._same_rest(now, old._specs[column]):
                self._hold(address, old._held[column])
        for address, dial in self._dials.items():
            before = old._dials.get(address)
            if before is None or before.default != dial.default:
                continue
            written, value = dial.value(self._curves), before.value(old._curves)
            if value not in (before.default, written):
                self._curves.turn(dial.row, **dial.change(self._curves.line(dial.row), value))

    def as_events(self) -> list[Event]:
        """What brings another patch's dials, from their start, to what a hand holds and has turned. [engine thread]"""
        held = self._held
        found = [Event(0, at, (held[column],)) for at, column in self._by_hand.items() if column in held]
        for address, dial in self._dials.items():
            value = dial.value(self._curves)
            if value != dial.default:
                found.append(Event(0, address, (value,)))
        return found

    def _same_rest(self, column: int, before: Spec) -> bool:
        """Whether a control that a file gives a number to (a strength, a level) has the same one as before."""
        spec = self._specs[column]
        return column not in self._own.values() or spec.default == before.default

    def _call(self, name: str, tick: int) -> None:
        """A scene by its name, the one after or before, or any other; what was held by hand is let go."""
        names = [scene for scene in self._scenes.names if scene and scene != REST]
        if name in ("next", "previous", "random") and name not in names:
            # From what was last called: two quick presses go two on, though neither has come yet.
            now = self._scenes.called
            if name == "random":
                names = [scene for scene in names if scene != now]
                at = int(uniform(self._seed, SCENE, tick) * len(names))
            else:
                at = names.index(now) if now in names else -1 if name == "next" else 0
                at += 1 if name == "next" else -1
            if not names:
                return
            name = names[at % len(names)]
        self._scenes.change(name)
        self._release(self._zones.values())

    def _take(self, step: Step | None) -> None:
        """A cue that was taken, if one was; what was held by hand is let go."""
        if step is not None:
            self._scenes.follow(step)
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
            self._hold(address, float(value))
        return dial is not None

    def _hold(self, address: str, value: float) -> None:
        column = self._by_hand[address]
        spec = self._specs[column]
        self._held[column] = min(spec.high, max(spec.low, value))

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
                ("random", "another scene, by chance"),
            ):
                if way not in scenes:
                    found.append(Parameter(f"{SCENE}/{way}", about, "trigger"))
        found += self._steps()
        found += [self._control(address, column, values) for address, column in self._by_hand.items()]
        about = "let go: the patch plays it again"
        found += [Parameter(address, about, "trigger") for address in self._releases]
        found += [dial.parameter(self._curves) for dial in self._dials.values()]
        return found

    def _steps(self) -> list[Parameter]:
        """The cue list, if there is one."""
        cues = self._scenes.cues
        if not cues.names:
            return []

        def name(at: int) -> str:
            return "" if at == NONE else cues.names[at]

        read, following = (lambda: name(cues.at)), (lambda: name(cues.next))
        about = "the cue that was taken last; a name takes another"
        then = "the cue that GO will take; an empty word at the end"
        return [
            Parameter(CUE, about, "text", choices=cues.names, read=read),
            Parameter(f"{CUE}/next", then, "text", read=following, settable=False),
            Parameter(f"{CUE}/go", "GO: the next cue; twice in a moment is once", "trigger"),
            Parameter(f"{CUE}/back", "the cue before", "trigger"),
            Parameter(f"{CUE}/goto", "a cue by its name, or by its number from 1", "trigger"),
        ]

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
