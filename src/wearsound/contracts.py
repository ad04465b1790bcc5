"""What the engine alone asks of the rooms: the last hand on light, the performer's hand, and numbers from outside.

What every room shares is in `core`; what is felt has its own contracts in `felt`.
"""

from __future__ import annotations

from typing import Protocol

from wearsound.core import F32, F64, U8, Event, Frame, Parameter


class Cloth(Protocol):
    """What the fabric itself does: dye that comes and goes in its own time, and heat."""

    @property
    def dyed(self) -> F64:
        """How far each zone shows its dye, (n_zones,), 0..1."""
        ...

    @property
    def warm(self) -> F64:
        """How warm each zone is at the skin by what its file says, (n_zones,), degrees C."""
        ...

    def reset(self) -> None:
        """At rest, at the temperature of the room."""
        ...

    def step(self, drive: F64, power: float = 1.0) -> None:
        """One light frame (1 / LIGHT_RATE s) passes with `drive` (n_zones,), 0..1, at its wires.

        `power` 0..1 is what the performer's hand lets through (`drive` is scaled by it): fabric that remembers keeps
        what it has where there is none.
        """
        ...


class Screen(Protocol):
    """A picture as the light of a garment's screen zones."""

    def reset(self) -> None:
        """As before the first picture."""
        ...

    def colours(self, frame: Frame) -> U8:
        """RGB of the screen pixels (`garment.screen.screen_pixels`), uint8 (n, 3), gamma 2.2, in a light frame."""
        ...


class Guard(Protocol):
    """The last hand on light and heat: what may leave."""

    @property
    def slots(self) -> tuple[int, ...]:
        """Ticks of the latest swing slots."""
        ...

    @property
    def ma(self) -> float:
        """What the garment draws in the last frame, mA."""
        ...

    @property
    def warm(self) -> F64:
        """How warm each zone could be at the skin, (n_zones,), degrees C, by a cautious model; -inf without heat."""
        ...

    def reset(self) -> None:
        """Dark, nothing counted."""
        ...

    def hurry(self, ticks: int) -> None:
        """So many of the ticks that come pass in no time."""
        ...

    def limit(self, tick: int, light: F64, drive: F64, cloth: Cloth) -> tuple[F64, F64]:
        """What may leave at `tick` of linear RGB (n_pixels, 3) and of the drive (n_zones,) of the fabric."""
        ...


class Hand(Protocol):
    """The performer's hand on everything: panic, blackout, freeze, master."""

    @property
    def dark(self) -> str:
        """ "panic" or "blackout" while everything is kept dark, else ""."""
        ...

    blackout: bool
    frozen: bool
    """Whether what is seen stands still; what is heard and felt plays on."""
    master: float
    """How much the fader lets through, 0..1."""

    def felt(self, n_hops: int) -> F64:
        """The factor 0..1 on vibration in the next hops, (n_hops,); a panic is at once."""
        ...

    def heard(self, n_hops: int) -> F64:
        """The factor 0..1 on sound in the next hops, (n_hops,); a panic is at once."""
        ...

    def begin_dark(self) -> None:
        """Rise from nothing at the beginning."""
        ...

    def as_events(self) -> list[Event]:
        """What would bring another hand where this one is."""
        ...

    def reset(self) -> None:
        """Fully up."""
        ...

    def take(self, event: Event) -> bool:
        """React to one event; whether it was the hand's."""
        ...

    def at(self, tick: int) -> float:
        """The factor 0..1 on all light at `tick`."""
        ...

    def parameters(self) -> list[Parameter]:
        """What it can be told and asked from outside."""
        ...


class Remote(Protocol):
    """The last values of what comes from outside."""

    @property
    def values(self) -> F32:
        """Float32 (n_remote,)."""
        ...

    def reset(self) -> None:
        """As before anything came."""
        ...

    def take(self, event: Event) -> None:
        """React to one event."""
        ...
