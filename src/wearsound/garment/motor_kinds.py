"""The kinds of actuator in numbers: what each can do, what is usual, and how sure that is.

1 of drive is the most that is ever put on an actuator: its short overdrive voltage, or full scale of its channel. What
it bears for ever, its rated drive, is `full` of that; strength 1 is what it does there. All numbers are typical of the
kind; a data sheet is better: an [[actuator]] table takes `hz`, `rise`, `g` and `ma` from it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from wearsound.garment.structure import Actuator, Motor

Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind. `hz` and `rise` as `Actuator` means them, `hz_usual`, `rise_usual`: what is sold; `hz_able`,
    `rise_able`: beyond these a number is a slip of the pen. `g` peak and `ma` at rated drive. `full`: its rated drive.
    `says` is a maker's line of it."""

    hz: float
    hz_usual: Range
    hz_able: Range
    rise: float
    rise_usual: Range
    rise_able: Range
    g: float
    ma: float
    full: float
    says: str


LRA_Q = 15.0
"""Quality of a usual linear resonant actuator; sure within a factor of two (data sheets seldom say it)."""
LOWEST, HIGHEST = 50.0, 500.0
"""Hz between which a voice coil or exciter shakes well (engineering practice); a piezo goes higher, skin does not."""
TO_90 = math.log(10.0)
"""Time constants from rest to 90 % of what grows as 1 - exp(-t/tau)."""
TO_90_SQUARED = -math.log(1.0 - math.sqrt(0.9))
"""The same of what grows as its square: the force of an unbalanced mass by its speed."""

KINDS: Mapping[Motor, Kind] = MappingProxyType(
    {
        # Resonance 150-300 Hz is sure (data sheets). Free rise is TO_90 Q / (pi hz): 63 ms at 175 Hz, Q 15; the
        # 10-20 ms that makers state are with a driver that overdrives. 0.7: 1.3 to 1.5 of rated is usual as overdrive.
        "lra": Kind(
            hz=175.0,
            hz_usual=(150.0, 300.0),
            hz_able=(40.0, 500.0),
            rise=round(TO_90 * LRA_Q / (math.pi * 175.0), 4),
            rise_usual=(0.008, 0.12),
            rise_able=(0.003, 0.5),
            g=1.2,
            ma=80.0,
            full=0.7,
            says="rhythm and strength only",
        ),
        # 50-100 ms is what sellers state, one 5 mm part needs 180 ms: sure within a factor of two. Speed at rated
        # voltage 120-250 Hz is sure.
        "erm": Kind(
            hz=180.0,
            hz_usual=(100.0, 260.0),
            hz_able=(30.0, 400.0),
            rise=0.09,
            rise_usual=(0.03, 0.25),
            rise_able=(0.008, 1.0),
            g=1.0,
            ma=75.0,
            full=0.7,
            says="slow rhythm and strength only",
        ),
        # Under 5 ms and 50-500 Hz: engineering practice, each part differs. `hz` is the resonance below which it fades.
        # 0.7 leaves room for what many voices add up to: bent into a square, a tone is 1.3 as strong.
        "voice-coil": Kind(
            hz=LOWEST,
            hz_usual=(20.0, 200.0),
            hz_able=(5.0, 400.0),
            rise=0.004,
            rise_usual=(0.0005, 0.008),
            rise_able=(0.0, 0.1),
            g=1.5,
            ma=250.0,
            full=0.7,
            says="pitch",
        ),
        # Under 1 ms is sure; strength depends on its driver (60 V and more) and on what it is glued to.
        "piezo": Kind(
            hz=LOWEST,
            hz_usual=(20.0, 300.0),
            hz_able=(5.0, 500.0),
            rise=0.0008,
            rise_usual=(0.0002, 0.003),
            rise_able=(0.0, 0.1),
            g=0.8,
            ma=60.0,
            full=0.7,
            says="pitch",
        ),
        # On or off is all that a web page can ask of most phones; 20-60 ms is engineering practice.
        "phone": Kind(
            hz=170.0,
            hz_usual=(100.0, 300.0),
            hz_able=(30.0, 500.0),
            rise=0.04,
            rise_usual=(0.01, 0.08),
            rise_able=(0.003, 0.5),
            g=1.0,
            ma=0.0,
            full=1.0,
            says="on and off only",
        ),
    }
)

FOLLOWS: frozenset[Motor] = frozenset({"voice-coil", "piezo"})
"""Kinds that follow any waveform; the others have a pitch of their own."""


@dataclass(frozen=True, slots=True)
class Motion:
    """One actuator's numbers, its own or its kind's: `tau` is the time constant in seconds of its amplitude (of an
    erm, of its speed), the rest as in `Kind`."""

    kind: Motor
    hz: float
    rise: float
    tau: float
    g: float
    ma: float
    full: float


def motion(actuator: Actuator) -> Motion:
    """What an [[actuator]] table says, and its kind where it says nothing. [any thread]"""
    kind = KINDS[actuator.kind]
    hz = actuator.hz or kind.hz
    rise = actuator.rise or kind.rise
    if actuator.kind == "lra" and not actuator.rise:
        rise = TO_90 * LRA_Q / (math.pi * hz)
    tau = rise / (TO_90_SQUARED if actuator.kind == "erm" else TO_90)
    return Motion(
        actuator.kind,
        hz,
        rise,
        round(tau, 9),
        actuator.g or kind.g,
        actuator.ma or kind.ma,
        kind.full,
    )


def sewn_in(actuators: Sequence[Actuator]) -> list[str]:
    """What there is, where, and what it can do, in lines: "voice-coil from 50 to 500 Hz: chest (2), back"."""
    found: dict[str, dict[str, int]] = {}
    for actuator in actuators:
        zones = found.setdefault(_told(actuator), {})
        zones[actuator.zone] = zones.get(actuator.zone, 0) + 1
    return [
        f"{what}: {', '.join(f'{zone} ({n})' if n > 1 else zone for zone, n in zones.items())}"
        for what, zones in found.items()
    ]


def _told(actuator: Actuator) -> str:
    kind, hz = actuator.kind, motion(actuator).hz
    if kind in FOLLOWS:
        return f"{kind} from {hz:g} to {HIGHEST:g} Hz"
    if kind == "phone":
        return f"{kind}, {KINDS[kind].says}"
    return f"{kind} {'up to' if kind == 'erm' else 'at'} {hz:g} Hz, {KINDS[kind].says}"
