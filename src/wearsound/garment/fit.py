"""The same patch on another garment: where each place that a patch names goes, by stated rules in a stated order.

1. `zone`: the zone of that name. 2. `role`: the zones that play the role of that name, or its two sides. 3. `home`: the
roles that the name has on the garment the patch was made for; of a role, the zones that it means there. 4. `side`:
the name without its side, on the same side where there are sides. 5. `neighbour`: what lies next to it on a body
(`neighbours`). 6. `heart`: the first `core` zone, else the largest. `*` is everything.

What falls back goes where it can be seen: light to a filament, dye to cloth that takes it, while rules 2 to 6 find
any; on its own garment a patch means the roles it says. What vibrates goes to zones with an actuator alone, by all
the rules, or nowhere. A name that nobody knows is nobody's: a slip must not be hidden.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from wearsound import gallery
from wearsound.errors import PatchError
from wearsound.garment.document import Garment, load_garment
from wearsound.garment.materials import SLOW
from wearsound.garment.neighbours import NEIGHBOURS, outward
from wearsound.garment.sewn import sewn

Rule = Literal["everything", "zone", "role", "home", "side", "neighbour", "heart", "nowhere"]

ALL = "*"
FELT = frozenset({"felt", "buzz", "buzz_hz", "pattern"})
"""Media that need an actuator; `felt` is what a patch's [[feel]] plays."""

NEAREST = "did you mean"

_SIDED = re.compile(r"(.+)_(l|r|left|right)")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a name goes: `zones` in the garment's order, found by `rule`; `by` is the word that was looked for."""

    name: str
    zones: tuple[str, ...]
    rule: Rule
    by: str = ""


class Fit:
    """A garment, and the garment a patch was made for, by its name in the gallery ("" for none). [any thread]

    Other garments are read only when a name is not on this one.
    """

    def __init__(self, garment: Garment, made_for: str = "") -> None:
        self.garment = garment
        self.made_for = made_for
        moved = frozenset(actuator.zone for actuator in garment.actuators)
        body = sewn(garment)
        self._lit = frozenset(garment.zone_names[filament.zone] for filament in body.filaments)
        dyed = frozenset(zone.name for zone in garment.zones if zone.fabric in SLOW)
        self._able = {"dye": dyed, **dict.fromkeys(FELT, moved)}

    def place(self, name: str, medium: str = "glow") -> Place | None:
        """Where `name` goes for one medium; None for a name that nobody knows."""
        if not self.knows(name):
            return None
        able = self._able.get(medium, self._lit)
        first = Place(name, (), "nowhere")
        for rule, by, zones in self._found(name):
            reached = self._in_order(able.intersection(zones))
            meant = rule in ("everything", "zone") or (rule == "role" and self.garment.name == self.made_for)
            if medium in FELT:
                meant = False
            elif zones and not first.zones:
                first = Place(name, self._in_order(zones), rule, by)
            if meant and zones:
                return first
            if reached:
                return Place(name, reached, rule, by)
        return first

    def knows(self, name: str) -> bool:
        """Whether this garment, the gallery's others or the table of neighbours has the name."""
        bare = split(name)[0]
        if name == ALL or self._on(name) or bare in NEIGHBOURS or self._on(bare):
            return True
        return name in self.words or bare in self.words

    @cached_property
    def words(self) -> frozenset[str]:
        """Every zone and role of this garment and the gallery's."""
        worn = [self.garment, *self._gallery.values()]
        return frozenset(word for garment in worn for word in (*garment.zone_names, *garment.roles))

    @property
    def here(self) -> tuple[str, ...]:
        """Every zone and role of this garment."""
        return (*self.garment.zone_names, *self.garment.roles)

    def suggest(self, name: str) -> str:
        """The end of an error sentence about a name that nobody knows: the nearest one."""
        here = gallery.suggest(name, self.here)
        if NEAREST in here:
            return here
        elsewhere = gallery.suggest(name, self.words | NEIGHBOURS.keys())
        return elsewhere if NEAREST in elsewhere else here

    @cached_property
    def heart(self) -> str:
        """The zone that stands for the whole garment."""
        core = self.garment.roles.get("core", ())
        return core[0] if core else max(self.garment.zones, key=lambda zone: zone.area).name

    @cached_property
    def _gallery(self) -> dict[str, Garment]:
        """The gallery's garments; one that cannot be read is told to whoever wears it."""
        found = {}
        for name, path in gallery.files("garment").items():
            try:
                found[name] = load_garment(path)
            except PatchError:
                continue
        return found

    def _in_order(self, zones: Collection[str]) -> tuple[str, ...]:
        return tuple(zone for zone in self.garment.zone_names if zone in zones)

    def _found(self, name: str) -> Iterator[tuple[Rule, str, tuple[str, ...]]]:
        """Every set of zones that might do, the best first; the empty ones too."""
        zones, roles = self.garment.zone_names, self.garment.roles
        if name == ALL:
            yield "everything", "", zones
            return
        if name in zones:
            yield "zone", "", (name,)
        yield "role", "", roles.get(name, ()) or self._sides_of(name)
        bare, side = split(name)
        words = [bare]
        home = self._gallery.get(self.made_for)
        if home is not None:
            mine = next((zone.roles for zone in home.zones if zone.name == name), ())
            words += mine
            for role in mine:
                yield "home", role, self._on(role, side)
            yield "home", name, tuple(zone for zone in home.roles.get(name, ()) if zone in zones)
        if side:
            yield "side", bare, self._on(bare, side)
        for word in outward(dict.fromkeys(words)):
            yield "neighbour", word, self._on(word, side)
        yield "heart", self.heart, (self.heart,)

    def _on(self, word: str, side: str = "") -> tuple[str, ...]:
        """The zones of a word on this garment, on one side if it has them on sides."""
        if word in self.garment.zone_names:
            return (word,)
        found = self.garment.roles.get(word, ()) or self._sides_of(word)
        return tuple(zone for zone in found if split(zone)[1] == side) or found

    def _sides_of(self, word: str) -> tuple[str, ...]:
        return tuple(zone for zone in self.garment.zone_names if split(zone)[0] == word != zone)


def split(name: str) -> tuple[str, str]:
    """A name without its side, and its side: "l", "r" or ""."""
    sided = _SIDED.fullmatch(name)
    return (sided[1], sided[2][0]) if sided else (name, "")
