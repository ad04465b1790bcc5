"""light.npz: what every pixel was told, 60 times a second, after safety."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wearsound.core import LIGHT_RATE, Clock, Frame
from wearsound.outputs.record.columns import Column, ColumnFile
from wearsound.outputs.record.flashes import FlashMeter


class LightTape:
    """Keeps `time` (m,) float64 and a uint8 (m, n_pixels, 3) a zone: RGB, gamma 2.2.

    `zones` are the garment's, with the numbers of their pixels in a frame; `areas` their relative areas (equal if
    not given). Also counts flashes, of every zone and of the area-weighted whole.
    """

    name = "light"
    rate = LIGHT_RATE

    def __init__(
        self, path: Path, zones: Mapping[str, NDArray[np.intp]], areas: Sequence[float] | None = None
    ) -> None:
        self._zones = dict(zones)
        columns = [Column("time", "<f8")]
        columns += [Column(name, "|u1", (len(mine), 3)) for name, mine in self._zones.items()]
        self._file = ColumnFile(path, columns)
        self._flashes = FlashMeter(areas if areas is not None else [1.0] * len(self._zones), self.rate)

    def open(self, clock: Clock) -> None:
        """Take the file; an OSError if it cannot."""
        self._file.open()

    def send(self, frame: Frame) -> None:
        """Keep one light frame. [engine thread]"""
        rows: list[NDArray[Any]] = [np.full(1, frame.time)]
        rows += [frame.pixels[None, mine] for mine in self._zones.values()]
        self._file.append(rows)
        self._flashes.add(frame.lit)

    def close(self) -> None:
        """Finish the file, always; twice is fine."""
        self._file.close()

    @property
    def digest(self) -> str:
        """Content hash of the layer, after `close`."""
        return self._file.digest

    def facts(self) -> dict[str, Any]:
        """Frames of light, and the most flashes in any second."""
        worst = self._flashes.worst.tolist()
        flashes = {
            "worst": max(worst),
            "whole": worst[-1],
            "zones": {name: worst[i] for i, name in enumerate(self._zones)},
        }
        return {"counts": {"light": self._file.rows}, "flashes": flashes}
