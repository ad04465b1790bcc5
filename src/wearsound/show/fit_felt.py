"""What of a patch is felt on a garment: by which actuators, what they cannot say, and who shares one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from wearsound.felt import Feel
from wearsound.garment.document import Garment
from wearsound.garment.motor_kinds import FOLLOWS, KINDS, sewn_in

MANY = 3
"""Lines on one actuator from which on they are rather one thing than several (a guess)."""

NAMED = 4
"""Actuators that are named in a sentence; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Lost:
    """Lines of what is felt whose pitch no actuator of theirs follows, in the same `zones` of the same `kinds`."""

    lines: tuple[str, ...]
    zones: tuple[str, ...]
    kinds: tuple[str, ...]

    def __str__(self) -> str:
        can = "; ".join(f"{kind}: {KINDS[kind].says}" for kind in KINDS if kind in self.kinds)
        return f"pitch is lost at {', '.join(self.zones)} ({can}): {', '.join(self.lines)}"


@dataclass(frozen=True, slots=True)
class Shared:
    """Many lines of what is felt that are played by the very same actuators."""

    lines: tuple[str, ...]
    actuators: tuple[str, ...]

    def __str__(self) -> str:
        each = "" if len(self.actuators) == 1 else "each of "
        more = len(self.actuators) - NAMED
        who = ", ".join(self.actuators[:NAMED]) + (f" and {more} more" if more > 0 else "")
        return f"{len(self.lines)} lines share {each}{who}: {', '.join(self.lines)}"


def moved(garment: Garment, zones: Collection[str]) -> list[str]:
    """The actuators of these zones and what they can do, in lines."""
    return sewn_in([actuator for actuator in garment.actuators if actuator.zone in zones])


def lost(garment: Garment, feels: Sequence[Feel]) -> tuple[Lost, ...]:
    """Where a hum has the music's pitch and lands only on what has one of its own."""
    found: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for feel in feels:
        # A carrier in Hz is no pitch of the music: one actuator's own does as well.
        meant = feel.carrier in ("pitch", "sound")
        kinds = {actuator.kind for actuator in garment.actuators if actuator.zone in feel.zones}
        if feel.part != "click" and meant and kinds and not kinds & FOLLOWS:
            found.setdefault((feel.zones, tuple(sorted(kinds))), []).append(feel.name)
    return tuple(Lost(tuple(names), zones, kinds) for (zones, kinds), names in found.items())


def shared(garment: Garment, feels: Sequence[Feel]) -> tuple[Shared, ...]:
    """Actuators that play MANY lines or more."""
    found: dict[tuple[str, ...], list[str]] = {}
    for actuator in garment.actuators:
        names = tuple(feel.name for feel in feels if actuator.zone in feel.zones)
        if len(names) >= MANY:
            found.setdefault(names, []).append(actuator.name)
    return tuple(Shared(names, tuple(actuators)) for names, actuators in found.items())
