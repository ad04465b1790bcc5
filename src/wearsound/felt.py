"""The medium of vibration: what actuators are driven with, and who has a hand in it on its way to the skin.

instruments.vibration plays it, safety.vibration limits it, garment.motors says what is felt, drivers send it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from wearsound.core import F32, F64, Clock

Part = Literal["both", "hum", "click"]
Over = Literal["beat", "bar"]


@dataclass(frozen=True, slots=True)
class Feel:
    """One line of what is felt, cast on a garment: a band of one lane, and the actuators that play it.

    `band` in Hz. `part`: the hum (continuous), its clicks (onsets), or both. `carrier`: "pitch" tracks the one voice in
    the band and folds it into what skin feels, "sound" is the band itself as it is, a number is a fixed pitch in Hz.
    `pattern` by name (`instruments.vibration.patterns`), once round `over` a beat or a bar. `zones` in the garment's
    order. `strength` is what the control `feel.NAME` rests at.
    """

    name: str
    lane: str
    band: tuple[float, float]
    zones: tuple[str, ...]
    part: Part = "both"
    carrier: Literal["pitch", "sound"] | float = "pitch"
    pattern: str = "follow"
    over: Over = "bar"
    strength: float = 1.0


@dataclass(slots=True)
class Drive:
    """Vibration of one block, for the actuators in the garment's order.

    `wave` float32 (n_hops * hop, n_actuators): what is put on each, a waveform for what follows one, a direct voltage
    for a spinning motor (negative: it brakes). +-1 is the most that it is ever given, for a moment; full and steady is
    `Kind.full` of that (`garment.motor_kinds`: 0.7). `level` float64 (n_hops, n_actuators), -1..1: its amplitude at the
    end of each hop, for drivers that are told amplitudes; negative where it brakes. `hz` float64 (n_hops, n_actuators):
    its pitch, 0 where there is none.
    """

    wave: F32
    level: F64
    hz: F64


class Motors(Protocol):
    """What actuators really do with their drive: what is felt."""

    def reset(self) -> None:
        """Still."""
        ...

    def step(self, drive: Drive) -> None:
        """One block passes. [engine thread]"""
        ...

    def touch(self, hop: int) -> F32:
        """How strongly each actuator is felt (0..1) and its Hz, (n_actuators, 2), at a hop of the last block."""
        ...

    def by_zone(self, hop: int) -> F32:
        """The strongest of each zone's actuators, (n_zones,), 0..1."""
        ...


class TouchGuard(Protocol):
    """The last hand on vibration: ramps, duty, dose."""

    def reset(self) -> None:
        """Still, nothing counted."""
        ...

    def limit(self, tick: int, drive: Drive, hand: F64) -> None:
        """Make of `drive`, in place, what may leave; `hand` (n_hops,) 0..1 is the performer's. [engine thread]"""
        ...


class Driver(Protocol):
    """Where vibration leaves, every hop: a file, a sound device, a microcontroller.

    It never trusts that a next hop comes: what it starts ends by itself within LIFETIME.
    """

    name: str

    def open(self, clock: Clock) -> None:
        """Take the device, file or socket; raise a sentence with a remedy if it cannot."""
        ...

    def drive(self, tick: int, gap: int, drive: Drive) -> None:
        """Send one block, the arrays only valid during the call; `gap` hops were lost before it. [engine thread]"""
        ...

    def close(self) -> None:
        """Still, always; twice is fine."""
        ...


LIFETIME = 0.25
"""Seconds after which anything that was started stands still if nothing more is heard (the dead-man)."""

RAMP = 0.005
"""Seconds from still to the most that is ever driven, at the least."""

CARRIER = 220.0
"""Hz: what is too high to be felt at its own pitch is felt as this, coming and going: near where skin feels best."""

HIGHEST_SOUND = 460.0
"""Hz: what is above is not put on an actuator as it is: skin does not feel it, and ears hear it."""
