"""The steady part of a soak: what the show takes of its machine, and whether it takes ever more."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from wearsound.processes import Size
from wearsound.soak.slope import SURE, Slope, slope

GROWS = 1.0
"""MiB an hour that memory may grow; a night of eight hours is 8 MiB."""
SHORT = 60.0
"""Seconds in which memory says nothing of an hour."""
COUNTED = ("threads", "descriptors", "processes")


@dataclass(frozen=True, slots=True)
class Steady:
    """What was seen in `seconds` of a show that had warmed up: `sizes`, and `lines` and `octets` in its log."""

    warm: float
    seconds: float
    sizes: tuple[Size, ...]
    lines: int
    octets: int

    @property
    def memory(self) -> Slope:
        """How fast it grew, MiB a second; not a number where it was too short to say anything."""
        if self.seconds < SHORT:
            return Slope(math.nan, math.nan)
        return slope([size.when for size in self.sizes], [size.mib for size in self.sizes])

    @property
    def counts(self) -> dict[str, tuple[int, int]]:
        """Of each of COUNTED: how many in the first third, and in the last (the middle of what was counted)."""
        third = max(1, len(self.sizes) // 3)
        return {
            name: (_middle(name, self.sizes[:third]), _middle(name, self.sizes[-third:])) for name in COUNTED
        }

    def faults(self) -> list[str]:
        """What is wrong, a sentence each."""
        rise, error = self.memory.an_hour
        found = []
        if self.memory.grows(GROWS):
            found.append(f"memory grows by {rise:.2f} +- {error:.2f} MiB an hour, more than {GROWS:g}")
        found += [
            f"{name} grew from {before} to {after}"
            for name, (before, after) in self.counts.items()
            if after > before
        ]
        return found

    def __str__(self) -> str:
        rise, error = self.memory.an_hour
        sure = self.memory.grows(GROWS)
        told = {
            True: f"more than the {GROWS:g} that is allowed",
            False: f"below the {GROWS:g} that is allowed",
            None: f"too short a time to tell it from the {GROWS:g} that is allowed",
        }[sure]
        if math.isnan(rise):
            memory = "too short a time to say how memory grows"
        else:
            memory = f"{rise:+.2f} +- {error:.2f} MiB an hour ({told}, by {SURE:g} errors)"
        counts = ", ".join(
            f"{after} {name}" + ("" if after == before else f" (first {before})")
            for name, (before, after) in self.counts.items()
        )
        return (
            f"{self.seconds / 60:.1f} min after {self.warm / 60:.1f} min of warming up: {self.sizes[-1].mib:.0f} MiB, "
            f"{memory}; {counts}; the log grew by "
            f"{3600 * self.lines / self.seconds:.0f} lines, {3600 * self.octets / self.seconds / 1024:.1f} KiB an hour"
        )

    def as_json(self) -> dict[str, Any]:
        """For a report."""
        rise, error = self.memory.an_hour
        first = self.sizes[0].when
        return {
            "seconds": round(self.seconds, 1),
            "warm_seconds": round(self.warm, 1),
            "mib": round(self.sizes[-1].mib, 1),
            "mib_an_hour": None if math.isnan(rise) else round(rise, 3),
            "error": None if math.isnan(error) else round(error, 3),
            "allowed": GROWS,
            "counts": {name: list(pair) for name, pair in self.counts.items()},
            "log": {
                "lines_an_hour": round(3600 * self.lines / self.seconds, 1),
                "bytes_an_hour": round(3600 * self.octets / self.seconds),
            },
            "samples": [
                [round(size.when - first, 2), round(size.mib, 2), size.threads, size.descriptors]
                for size in self.sizes
            ],
        }


def _middle(name: str, sizes: Sequence[Size]) -> int:
    return int(statistics.median_high(getattr(size, name) for size in sizes))
