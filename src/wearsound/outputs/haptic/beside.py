"""What is heard and what is driven, side by side on the disk: a whole song of many actuators outgrows the memory."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

import numpy as np

from wearsound.core import F32, F64, MAX_HOPS, Block, Clock
from wearsound.felt import Drive


class Beside:
    """A tape and a driver at once: `sound` (n, channels) and `drive` (n, n_actuators), float32, of the same moments.

    Lost hops become silence and stillness.
    """

    name = "plot"

    def __init__(self, folder: Path, actuators: int) -> None:
        self._heard, self._felt = folder / "heard.f32", folder / "felt.f32"
        self._actuators = actuators
        self._channels = 1
        self._hop = 256
        self._files: list[BinaryIO] = []

    def open(self, clock: Clock) -> None:
        """Take both files; twice is fine, for it is asked as a tape and as a driver."""
        self._hop = clock.hop
        if not self._files:
            self._files = [self._heard.open("wb"), self._felt.open("wb")]

    def write(self, block: Block, features: F64, controls: F64) -> None:
        """Keep the sound of one block. [engine thread]"""
        self._channels = block.samples.shape[1]
        self._keep(0, block.gap, block.samples)

    def drive(self, tick: int, gap: int, drive: Drive) -> None:
        """Keep the vibration of one block. [engine thread]"""
        self._keep(1, gap, drive.wave)

    def close(self) -> None:
        """Finish both files; twice is fine."""
        files, self._files = self._files, []
        for file in files:
            file.close()

    @property
    def sound(self) -> F32:
        """(n, channels), as it lies on the disk."""
        return _mapped(self._heard, self._channels)

    @property
    def felt(self) -> F32:
        """(n, n_actuators), as it lies on the disk."""
        return _mapped(self._felt, self._actuators)

    def _keep(self, which: int, gap: int, samples: F32) -> None:
        for lost in range(0, gap, MAX_HOPS):  # a take may have lost hours: never all at once
            rows = min(MAX_HOPS, gap - lost) * self._hop
            self._files[which].write(np.zeros((rows, samples.shape[1]), np.float32).tobytes())
        self._files[which].write(np.ascontiguousarray(samples, np.float32).tobytes())


def _mapped(path: Path, columns: int) -> F32:
    if not path.stat().st_size:
        return np.zeros((0, columns), np.float32)
    return np.memmap(path, np.float32, "r").reshape(-1, columns)
