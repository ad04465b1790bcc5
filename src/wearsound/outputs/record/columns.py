"""An npz file of named columns, written while they grow, in a few megabytes of memory.

Rows arrive hop by hop but npz wants each column in one piece. So full chunks go column by column
into a raw file beside it, and the end gathers each column from the chunks into its zip member. Columns may come
and go while it grows: where one was not, it is NaN.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from wearsound.outputs.record.content import ContentHash, layer_digest

CHUNK_BYTES = 4 << 20
"""How much is held before it is written: the memory a layer costs, however long the show."""


@dataclass(frozen=True, slots=True)
class Column:
    """One array of the file: (n, *tail) of a little-endian dtype."""

    name: str
    dtype: str
    tail: tuple[int, ...] = ()

    @property
    def row_bytes(self) -> int:
        """Bytes of one row."""
        return int(np.dtype(self.dtype).itemsize * np.prod(self.tail, dtype=np.int64))


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Rows of the same columns: they begin `at` a byte of the raw file, as the `first` row of all."""

    columns: tuple[Column, ...]
    at: int
    first: int
    chunk: int

    @property
    def row_bytes(self) -> int:
        return sum(column.row_bytes for column in self.columns)


class ColumnFile:
    """Columns of equal length that grow together; `close` makes the npz and its content hash."""

    def __init__(self, path: Path, columns: Sequence[Column], chunk_bytes: int = CHUNK_BYTES) -> None:
        self.path = path
        self.columns = tuple(columns)
        """All that there ever were, in the order in which they came."""
        self.rows = 0
        self.digest = ""
        self._chunk_bytes = chunk_bytes
        self._stretches = [self._stretch(self.columns, 0)]
        self._raw: BinaryIO | None = None
        self._whole = True
        self._filled = 0
        self._held: list[NDArray[Any]] = []

    @property
    def _raw_path(self) -> Path:
        return self.path.with_name(self.path.name + ".raw")

    def open(self) -> None:
        """Take the raw file and the memory of one chunk."""
        self._raw = self._raw_path.open("w+b")
        self._hold()

    def turn(self, columns: Sequence[Column]) -> None:
        """From here on rows are of these columns; one of a name that was there before goes on."""
        known = {column.name: column for column in self.columns}
        columns = tuple(columns)
        if columns == self._stretches[-1].columns:
            return
        self.columns += tuple(column for column in columns if column.name not in known)
        if self._raw is None:
            self._stretches[-1] = self._stretch(columns, 0)
            return
        self._flush()
        self._stretches.append(self._stretch(columns, self._raw.tell()))
        self._hold()

    def append(self, arrays: Sequence[NDArray[Any]]) -> None:
        """Add n rows to every column; what broadcasts to (n, *tail) is copied and cast to the column's dtype."""
        n, at = len(arrays[0]), 0
        while at < n:
            take = min(n - at, self._stretches[-1].chunk - self._filled)
            for held, array in zip(self._held, arrays, strict=True):
                held[self._filled : self._filled + take] = array[at : at + take]
            self._filled += take
            self.rows += take
            at += take
            if self._filled == self._stretches[-1].chunk:
                self._flush()

    def close(self) -> None:
        """Make the npz, unless a write failed before: then only the raw file goes. Twice is fine."""
        if self._raw is None:
            return
        try:
            if self._whole:
                self._flush()
                self._finish()
        finally:
            raw, self._raw, self._held = self._raw, None, []
            try:
                raw.close()
            finally:
                self._raw_path.unlink(missing_ok=True)

    def _stretch(self, columns: tuple[Column, ...], at: int) -> _Stretch:
        row_bytes = sum(column.row_bytes for column in columns)
        return _Stretch(columns, at, self.rows, max(16, self._chunk_bytes // max(1, row_bytes)))

    def _hold(self) -> None:
        stretch = self._stretches[-1]
        self._held = [np.zeros((stretch.chunk, *c.tail), c.dtype) for c in stretch.columns]

    def _flush(self) -> None:
        assert self._raw is not None
        try:
            for held in self._held:
                self._raw.write(np.ascontiguousarray(held[: self._filled]).data)
            self._raw.flush()
        except OSError:
            self._whole = False
            raise
        self._filled = 0

    def _finish(self) -> None:
        digests = []
        # A member opened by name is dated 1980, so that the same content makes the same file.
        with zipfile.ZipFile(self.path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for column in self.columns:
                content = ContentHash(column.name, column.dtype, column.tail)
                with archive.open(column.name + ".npy", "w", force_zip64=True) as member:
                    shape = (self.rows, *column.tail)
                    header = {"descr": column.dtype, "fortran_order": False, "shape": shape}
                    npy.write_array_header_1_0(member, header)
                    for rows in self._pieces(column):
                        content.add(rows)
                        member.write(rows.data)
                digests.append(content.hexdigest())
        self.digest = layer_digest(digests)

    def _pieces(self, column: Column) -> Iterator[NDArray[Any]]:
        """The chunks of one column, in order, as they lie in the raw file."""
        assert self._raw is not None
        ends = [*(stretch.first for stretch in self._stretches[1:]), self.rows]
        for stretch, end in zip(self._stretches, ends, strict=True):
            names = [each.name for each in stretch.columns]
            there = names.index(column.name) if column.name in names else -1
            before = sum(each.row_bytes for each in stretch.columns[:there])
            for start in range(0, end - stretch.first, stretch.chunk):
                rows = min(stretch.chunk, end - stretch.first - start)
                if there < 0:
                    yield np.full((rows, *column.tail), np.nan, column.dtype)
                    continue
                self._raw.seek(stretch.at + start * stretch.row_bytes + rows * before)
                data = self._raw.read(rows * column.row_bytes)
                yield np.frombuffer(data, column.dtype).reshape(rows, *column.tail)
