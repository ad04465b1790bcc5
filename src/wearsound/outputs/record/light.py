"""light.npz: what every pixel was told, 60 times a second, after safety."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wearsound.core import LIGHT_RATE, Clock, Frame
from wearsound.outputs.record.columns import Column, ColumnFile
from wearsound.outputs.record.flashes import FlashMeter, QuarterMeter
from wearsound.outputs.record.power import PowerMeter


class LightTape:
    """Keeps `time` (m,) float64 and a uint8 (m, n_pixels, 3) a zone: RGB, gamma 2.2.

    `zones` are the garment's, with the numbers of their pixels in a frame; `areas` their relative areas (equal if
    not given). Also counts flashes, of every zone, of the area-weighted whole and of the worst quarter of the area;
    `power` follows what is drawn; `safety` says in the end what safety took.
    """

    name = "light"
    rate = LIGHT_RATE

    def __init__(
        self,
        path: Path,
        zones: Mapping[str, NDArray[np.intp]],
        areas: Sequence[float] | None = None,
        power: PowerMeter | None = None,
        safety: Callable[[], dict[str, Any]] | None = None,
    ) -> None:
        self._zones = dict(zones)
        columns = [Column("time", "<f8")]
        columns += [Column(name, "|u1", (len(mine), 3)) for name, mine in self._zones.items()]
        self._file = ColumnFile(path, columns)
        areas = areas if areas is not None else [1.0] * len(self._zones)
        self._flashes = FlashMeter(areas, self.rate)
        mine = list(self._zones.values())
        each = [np.full(len(pixels), area / len(pixels)) for area, pixels in zip(areas, mine, strict=True)]
        self._order = np.concatenate(mine)
        self._quarter = QuarterMeter(np.concatenate(each), self.rate)
        self._power, self._safety = power, safety

    def open(self, clock: Clock) -> None:
        """Take the file; an OSError if it cannot."""
        self._file.open()

    def send(self, frame: Frame) -> None:
        """Keep one light frame. [engine thread]"""
        rows: list[NDArray[Any]] = [np.full(1, frame.time)]
        rows += [frame.pixels[None, mine] for mine in self._zones.values()]
        self._file.append(rows)
        self._flashes.add(frame.lit)
        self._quarter.add(frame.pixels[self._order])
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
        worst, red = self._flashes.worst.tolist(), self._flashes.by_measure[1].tolist()
        quarter = self._quarter.worst
        flashes = {
            "worst": max(*worst, *quarter),
            "whole": worst[-1],
            "quarter": max(quarter),
            "red": max(*red, quarter[1]),
            "zones": {name: worst[i] for i, name in enumerate(self._zones)},
        }
        power = self._power.facts() if self._power is not None else {}
        safety = self._safety() if self._safety is not None else {}
        return {"counts": {"light": self._file.rows}, "flashes": flashes, **power, **safety}
