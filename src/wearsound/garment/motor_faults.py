"""What types cannot say of actuators: what their kind cannot do, and what skin will make of where they sit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations

from wearsound.garment.motor_kinds import KINDS
from wearsound.garment.structure import Actuator, Figure, GarmentFile, Motor
from wearsound.toml_file.words import Complaints, shown

APART, APART_ON_A_HAND = 4.0, 1.0
"""cm below which two places feel like one, on a body and on a hand (engineering practice, nearer on a finger)."""
HANDS = frozenset({"cuff", "wrist", "glove", "hand", "palm", "finger", "thumb"})
NECKS = frozenset({"neck", "throat", "collar", "choker", "tie"})
WINDPIPE = 4.0
"""cm to either side of the middle of the neck's front, above its pit."""

_A: dict[Motor, str] = {
    "lra": "an lra resonates at",
    "erm": "an erm at full spins at",
    "voice-coil": "a voice coil's resonance is",
    "piezo": "a piezo's resonance is",
    "phone": "a phone shakes at",
}


def unable(document: GarmentFile) -> Complaints:
    """Numbers that no actuator of its kind has: a slip of the pen, or of the unit."""
    found: Complaints = []
    for i, actuator in enumerate(document.actuator):
        kind = KINDS[actuator.kind]
        low, high = kind.hz_able
        if actuator.hz and not low <= actuator.hz <= high:
            what = (
                f"hz is {actuator.hz:g}, and {_A[actuator.kind]} {low:g} to {high:g} Hz; give what its data sheet "
                f"says, or leave it out: {kind.hz:g}"
            )
            found.append((("actuator", i, "hz"), what))
        low, high = kind.rise_able
        if actuator.rise and not low <= actuator.rise <= high:
            what = (
                f"rise is {actuator.rise:g} s, and {_a(actuator.kind)} takes {low:g} to {high:g} s; give seconds, as "
                f"its data sheet says, or leave it out: {kind.rise:g}"
            )
            found.append((("actuator", i, "rise"), what))
    return found


def odd(document: GarmentFile) -> Complaints:
    """What is no fault but will surprise whoever wears it."""
    found: Complaints = []
    for i, actuator in enumerate(document.actuator):
        kind = KINDS[actuator.kind]
        low, high = kind.hz_usual
        if actuator.hz and not low <= actuator.hz <= high:
            what = (
                f"hz is {actuator.hz:g}, and {_A[actuator.kind]} {low:g} to {high:g} Hz as a rule; see whether its "
                "data sheet or another kind fits"
            )
            found.append((("actuator", i, "hz"), what))
        low, high = kind.rise_usual
        if actuator.rise and not low <= actuator.rise <= high:
            what = (
                f"rise is {actuator.rise:g} s, and {_a(actuator.kind)} takes {low:g} to {high:g} s to 90 % as a rule; "
                "see its data sheet"
            )
            found.append((("actuator", i, "rise"), what))
        if _on_the_windpipe(document, actuator):
            what = (
                f"actuator {shown(actuator.name)} sits on the front of the neck, where nothing should shake or press; "
                "move it to the nape or to a collar bone"
            )
            found.append((("actuator", i, "at" if actuator.at else "zone"), what))
    return found + _near(document)


def _near(document: GarmentFile) -> Complaints:
    """Pairs on one figure that skin takes for one; what has no `at` sits nobody knows where."""
    found: Complaints = []
    for (_, one), (i, other) in combinations(enumerate(document.actuator), 2):
        if one.at is None or other.at is None:
            continue
        if _figure(document.figure, one.zone) is not _figure(document.figure, other.zone):
            continue
        hand = any(_words(document, each.zone) & HANDS for each in (one, other))
        apart, least = math.dist(one.at, other.at), APART_ON_A_HAND if hand else APART
        if apart < least:
            what = (
                f"actuator {shown(other.name)} sits {apart:.1f} cm from {shown(one.name)}, and skin there tells places "
                f"apart from {least:g} cm on; move one, or sew one stronger"
            )
            found.append((("actuator", i, "at"), what))
    return found


def _on_the_windpipe(document: GarmentFile, actuator: Actuator) -> bool:
    """Where it can be known: on a figure seen from the front, in a zone of the neck, above its pit, in the middle."""
    figure, words = _figure(document.figure, actuator.zone), _words(document, actuator.zone)
    if figure is None or figure.view != "front" or not words & NECKS:
        return False
    if actuator.at is None:
        return bool(words & {"throat", "choker"})
    x, y = actuator.at
    return abs(x) < WINDPIPE and y < 0


def _words(document: GarmentFile, name: str) -> set[str]:
    """What a zone is called: its name, that name without its side, its roles."""
    zone = next(zone for zone in document.zone if zone.name == name)
    return {name, name.removesuffix("_l").removesuffix("_r"), *zone.roles}


def _figure(figures: Sequence[Figure], zone: str) -> Figure | None:
    """The first that shows a zone: `at` is meant there."""
    for figure in figures:
        for layer in figure.layer:
            own = (layer.zone,) if isinstance(layer.zone, str) else layer.zone
            if zone in own or any(inset.zone == zone for inset in layer.insets):
                return figure
    return None


def _a(kind: Motor) -> str:
    return f"{'an' if kind in ('lra', 'erm') else 'a'} {kind}"
