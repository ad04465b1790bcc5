"""What is heard and what is driven, side by side on the disk: a whole song of many actuators outgrows the memory."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

import numpy as np

from wearsound.core import F32, F64, MAX_HOPS, Block, Clock
from wearsound.felt import Drive


class OnDisk:
    """float32 (n, columns) in a file: `[a:b]` reads some of its rows, and nothing else of it is held."""

    def __init__(self, path: Path, columns: int) -> None:
        self._path, self._columns = path, columns
        self._n = path.stat().st_size // (4 * columns)

    @property
    def shape(self) -> tuple[int, int]:
        """How many rows, how many columns."""
        return self._n, self._columns

    def __len__(self) -> int:
        return self._n

    def __getitem__(self, rows: slice, /) -> F32:
        start, stop, _ = rows.indices(self._n)
        count = max(0, stop - start) * self._columns
        read = np.fromfile(self._path, np.float32, count, offset=4 * start * self._columns)
        return read.reshape(-1, self._columns)


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
    def sound(self) -> OnDisk:
        """(n, channels), once it is closed."""
        return OnDisk(self._heard, self._channels)

    @property
    def felt(self) -> OnDisk:
        """(n, n_actuators), once it is closed."""
        return OnDisk(self._felt, self._actuators)

    def _keep(self, which: int, gap: int, samples: F32) -> None:
        for lost in range(0, gap, MAX_HOPS):  # a take may have lost hours: never all at once
            rows = min(MAX_HOPS, gap - lost) * self._hop
            self._files[which].write(np.zeros((rows, samples.shape[1]), np.float32).tobytes())
        self._files[which].write(np.ascontiguousarray(samples, np.float32).tobytes())


class Loudest:
    """A tape that keeps one number: `most`, the furthest of any lane from silence."""

    name = "loudest"

    def __init__(self) -> None:
        self.most = 0.0

    def open(self, clock: Clock) -> None:
        """Nothing to take."""

    def write(self, block: Block, features: F64, controls: F64) -> None:
        """Listen to one block. [engine thread]"""
        if block.samples.size:
            self.most = max(self.most, float(np.abs(block.samples).max()))

    def close(self) -> None:
        """Nothing to finish."""
