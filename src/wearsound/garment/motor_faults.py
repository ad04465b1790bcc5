"""What types cannot say of actuators: the numbers that their kind cannot have, or seldom has."""

from __future__ import annotations

from wearsound.garment.motor_kinds import KINDS
from wearsound.garment.spots import badly_placed, few
from wearsound.garment.structure import Actuator, GarmentFile, Motor
from wearsound.toml_file.words import Complaints

MOST_G, MOST_MA = 5.0, 1000.0
"""g peak and mA at rated drive above which a number is rather a slip: what is sewn into clothes has 0.5 to 3 g and
60 to 500 mA (data sheets); beyond these are shakers for furniture (a guess where they begin)."""

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
    found: dict[str, Complaints] = {}
    for i, actuator in enumerate(document.actuator):
        for key, what in _unusual(actuator):
            found.setdefault(key, []).append((("actuator", i, key), what))
    numbers = [complaint for key, same in found.items() for complaint in few(same, f"with an unusual {key}")]
    return numbers + badly_placed(document)


def _unusual(actuator: Actuator) -> list[tuple[str, str]]:
    """Key and sentence of each number that is possible, and seldom."""
    found: list[tuple[str, str]] = []
    kind = KINDS[actuator.kind]
    low, high = kind.hz_usual
    if actuator.hz and not low <= actuator.hz <= high:
        what = (
            f"hz is {actuator.hz:g}, and {_A[actuator.kind]} {low:g} to {high:g} Hz as a rule; see whether its "
            "data sheet or another kind fits"
        )
        found.append(("hz", what))
    low, high = kind.rise_usual
    if actuator.rise and not low <= actuator.rise <= high:
        what = (
            f"rise is {actuator.rise:g} s, and {_a(actuator.kind)} takes {low:g} to {high:g} s to 90 % as a rule; "
            "see its data sheet"
        )
        found.append(("rise", what))
    if actuator.g > MOST_G:
        what = (
            f"g is {actuator.g:g}, and {_a(actuator.kind)} for clothes shakes with {MOST_G:g} at most as a rule "
            "(peak, 1 is 9.81 m/s2); see its data sheet"
        )
        found.append(("g", what))
    if actuator.ma > MOST_MA:
        what = (
            f"ma is {actuator.ma:g}, and {_a(actuator.kind)} for clothes draws {MOST_MA:g} at most as a rule; see its "
            "data sheet"
        )
        found.append(("ma", what))
    return found


def _a(kind: Motor) -> str:
    return f"{'an' if kind in ('lra', 'erm') else 'a'} {kind}"
