"""light.npz of a render, a second at a time and never whole: what every pixel was told when.

The file may be a stranger's: nothing of it plays before all its times and every column's shape were looked at, and
no more of it is ever held than CHUNK frames.
"""

from __future__ import annotations

import math
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

import numpy as np
from numpy.lib import format as npy

from wearsound.core import F64, U8
from wearsound.errors import MissingError, PatchError
from wearsound.garment.document import Garment, load_garment
from wearsound.garment.sewn import Sewn, sewn
from wearsound.outputs.record.broken import BROKEN
from wearsound.outputs.record.folder import SHOW
from wearsound.outputs.record.show_file import locate, read_show

LIGHT = "light.npz"
CHUNK = 60
"""Frames that are read at once."""
NEAREST = 1 / 240
"""Seconds between two frames at least: a render has 60 a second."""
_ROUNDED = 1e-6
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED = 0x1


class LightFile:
    """The light.npz of a folder and the garment that its show.toml names. MissingError or PatchError if it is none."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / LIGHT
        if not self.path.is_file():
            raise MissingError(f"{folder} holds no {LIGHT}: give a folder that `wearsound render` made")
        self.garment: Garment = load_garment(locate("garment", read_show(folder / SHOW).garment, folder))
        self.body: Sewn = sewn(self.garment)
        with self._sentences(), ExitStack() as stack:
            time, _, self.count = self._open(stack)
            self._look_at_times(time)

    def moments(self, start: float = 0.0) -> Iterator[tuple[float, U8]]:
        """(seconds since the start, pixels (n_pixels, 3)) of each frame from `start` on."""
        with self._sentences(), ExitStack() as stack:
            time, zones, count = self._open(stack)
            for at in range(0, count, CHUNK):
                rows = min(CHUNK, count - at)
                times: F64 = np.frombuffer(_read(time, 8 * rows, self.path), "<f8")
                pixels = np.zeros((rows, self.body.n_pixels, 3), np.uint8)
                for member, mine in zip(zones, self.body.of_zone, strict=True):
                    data = _read(member, rows * len(mine) * 3, self.path)
                    pixels[:, mine] = np.frombuffer(data, np.uint8).reshape(rows, len(mine), 3)
                for when, row in zip(times.tolist(), pixels, strict=True):
                    if when >= start:
                        yield when, row

    @contextmanager
    def _sentences(self) -> Iterator[None]:
        """Whatever a broken file throws becomes a PatchError."""
        try:
            yield
        except BROKEN as error:
            why = " ".join(str(error).split())[:200] or type(error).__name__
            raise PatchError(f"{self.path}: no light of a render ({why}); render the show again") from error

    def _look_at_times(self, time: IO[bytes]) -> None:
        before = -math.inf
        for at in range(0, self.count, CHUNK):
            rows = min(CHUNK, self.count - at)
            times: F64 = np.frombuffer(_read(time, 8 * rows, self.path), "<f8")
            for row, when in enumerate(times.tolist(), at):
                if not (0.0 <= when < math.inf and when - before >= NEAREST - _ROUNDED):
                    raise PatchError(
                        f"{self.path}: time {row} is {when:g} s after {before:g} s; times are numbers from 0 on, "
                        f"at least 1/240 s apart; render the show again"
                    )
                before = when

    def _open(self, stack: ExitStack) -> tuple[IO[bytes], list[IO[bytes]], int]:
        """The columns at their first rows, zones in the garment's order, and how many rows there are."""
        try:
            archive = stack.enter_context(zipfile.ZipFile(self.path))
            time, shape = _column(stack, archive, "time", "<f8")
            zones = []
            for name, mine in zip(self.garment.zone_names, self.body.of_zone, strict=True):
                member, found = _column(stack, archive, name, "|u1")
                if found != (shape[0], len(mine), 3):
                    raise PatchError(
                        f"{self.path}: zone {name!r} has {found[1] if len(found) == 3 else 0} pixels, but "
                        f"{self.garment.path} gives it {len(mine)} now; render the show again"
                    )
                zones.append(member)
        except KeyError as error:
            raise PatchError(
                f"{self.path}: {error.args[0]}, which {self.garment.path} has; render the show again"
            ) from error
        return time, zones, shape[0]


def _column(
    stack: ExitStack, archive: zipfile.ZipFile, name: str, dtype: str
) -> tuple[IO[bytes], tuple[int, ...]]:
    info = archive.getinfo(f"{name}.npy")
    if info.compress_type not in _METHODS or info.flag_bits & _ENCRYPTED:
        raise ValueError(f"column {name!r} is encrypted, or compressed as no render is")
    member = stack.enter_context(archive.open(info))
    if npy.read_magic(member) != (1, 0):
        raise ValueError(f"column {name!r} is of no version that we write")
    shape, fortran, found = npy.read_array_header_1_0(member)
    if (
        fortran
        or found != np.dtype(dtype)
        or not shape
        or min(shape) < 0
        or len(shape) != (1 if name == "time" else 3)
    ):
        raise ValueError(f"column {name!r} is {found} {shape}")
    if info.file_size != member.tell() + math.prod(shape) * found.itemsize:
        raise ValueError(f"column {name!r} is not as long as it says")
    return member, shape


def _read(member: IO[bytes], size: int, path: Path) -> bytes:
    data = member.read(size)
    if len(data) != size:
        raise PatchError(f"{path} ends early; render the show again")
    return data
