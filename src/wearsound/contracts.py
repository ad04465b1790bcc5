"""What the engine alone asks of the rooms: the last hand on light, the performer's hand, and numbers from outside.

What every room shares is in `core`.
"""

from __future__ import annotations

from typing import Protocol

from wearsound.core import F32, F64, Event, Parameter


class Guard(Protocol):
    """The last hand on light: what may leave of linear RGB (n_zones, 3)."""

    @property
    def slots(self) -> tuple[int, ...]:
        """Ticks of the latest swing slots."""
        ...

    def reset(self) -> None:
        """Dark, nothing counted."""
        ...

    def limit(self, tick: int, light: F64) -> F64:
        """The light that may leave at `tick`."""
        ...


class Hand(Protocol):
    """The performer's hand on everything: panic, blackout, master."""

    @property
    def dark(self) -> str:
        """ "panic" or "blackout" while everything is kept dark, else ""."""
        ...

    def reset(self) -> None:
        """Fully up."""
        ...

    def take(self, event: Event) -> None:
        """React to one event."""
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
