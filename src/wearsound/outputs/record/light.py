"""light.npz: what every pixel was told, 60 times a second, after safety."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wearsound.core import LIGHT_RATE, U8, Clock, Frame
from wearsound.outputs.record.columns import Column, ColumnFile
from wearsound.outputs.record.flashes import FlashMeter, QuarterMeter
from wearsound.outputs.record.power import PowerMeter


class FlashCount:
    """What is sewn of a garment, or the lamps of the room: numbers of its `zones` and `pixels`, and its counters."""

    def __init__(
        self, zones: list[int], mine: list[NDArray[np.intp]], areas: Sequence[float], rate: int
    ) -> None:
        self.zones = zones
        self.pixels = np.concatenate([mine[i] for i in zones])
        self.flashes = FlashMeter([areas[i] for i in zones], rate)
        each = np.concatenate([np.full(len(mine[i]), areas[i] / len(mine[i])) for i in zones])
        self.quarter = QuarterMeter(each, rate)

    def add(self, lit: U8, pixels: U8, number: int) -> None:
        """Take one light frame of the whole garment: `lit` (n_zones, 3) and `pixels` (n_pixels, 3)."""
        self.flashes.add(lit[self.zones], number)
        self.quarter.add(pixels[self.pixels], number)

    @property
    def now(self) -> tuple[int, int]:
        """The most general and the most red flashes in the last second: of any zone, the whole, a quarter."""
        (zones, red), (quarter, red_quarter) = self.flashes.now, self.quarter.now
        return max(zones, quarter), max(red, red_quarter)


def flash_counts(
    zones: Mapping[str, NDArray[np.intp]], areas: Sequence[float], lamps: Collection[str], rate: int
) -> list[FlashCount]:
    """One for what is sewn and one for the lamps of the room, as far as there are any of either."""
    parts = [[i for i, name in enumerate(zones) if (name in lamps) == lamp] for lamp in (False, True)]
    return [FlashCount(part, list(zones.values()), areas, rate) for part in parts if part]


class LightTape:
    """Keeps `time` (m,) float64 and a uint8 (m, n_pixels, 3) a zone: RGB, gamma 2.2.

    `zones` are the garment's, with the numbers of their pixels in a frame; `areas` their relative areas (equal if
    not given), `lamps` those that are not sewn: a garment of their own. Also counts flashes, of every zone, of the
    area-weighted whole and of the worst quarter of the area;
    `power` follows what is drawn; `safety` says in the end what safety took.
    """

    name = "light"
    mends = False
    """Half of it would lie: what breaks stays out."""
    rate = LIGHT_RATE

    def __init__(
        self,
        path: Path,
        zones: Mapping[str, NDArray[np.intp]],
        areas: Sequence[float] | None = None,
        power: PowerMeter | None = None,
        safety: Callable[[], dict[str, Any]] | None = None,
        lamps: Collection[str] = (),
    ) -> None:
        self._zones = dict(zones)
        columns = [Column("time", "<f8")]
        columns += [Column(name, "|u1", (len(mine), 3)) for name, mine in self._zones.items()]
        self._file = ColumnFile(path, columns)
        areas = areas if areas is not None else [1.0] * len(self._zones)
        self._parts = flash_counts(self._zones, areas, lamps, self.rate)
        self._power, self._safety = power, safety

    def open(self, clock: Clock) -> None:
        """Take the file; an OSError if it cannot."""
        self._file.open()

    def send(self, frame: Frame) -> None:
        """Keep one light frame. [engine thread]"""
        rows: list[NDArray[Any]] = [np.full(1, frame.time)]
        rows += [frame.pixels[None, mine] for mine in self._zones.values()]
        self._file.append(rows)
        for part in self._parts:
            part.add(frame.lit, frame.pixels, frame.number)
        if self._power is not None:
            self._power.add(frame)

    def close(self) -> None:
        """Finish the file, always; twice is fine."""
        self._file.close()

    @property
    def digest(self) -> str:
        """Content hash of the layer, after `close`."""
        return self._file.digest

    def facts(self) -> dict[str, Any]:
        """Frames of light, the most flashes in any second (of both kinds, and red alone), and what was drawn."""
        worst = [part.flashes.worst.tolist() for part in self._parts]
        red = [part.flashes.by_measure[1].tolist() for part in self._parts]
        quarter = [part.quarter.worst for part in self._parts]
        zones: dict[int, int] = {}
        for part, found in zip(self._parts, worst, strict=True):
            zones |= dict(zip(part.zones, found[:-1], strict=True))
        flashes = {
            "worst": max(n for found in (*worst, *quarter) for n in found),
            "whole": max(found[-1] for found in worst),
            "quarter": max(n for found in quarter for n in found),
            "red": max(*(n for found in red for n in found), *(found[1] for found in quarter)),
            "zones": {name: zones[i] for i, name in enumerate(self._zones)},
        }
        power = self._power.facts() if self._power is not None else {}
        safety = self._safety() if self._safety is not None else {}
        return {"counts": {"light": self._file.rows}, "flashes": flashes, **power, **safety}
