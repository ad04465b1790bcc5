"""An npz file of named columns, written while they grow, in a few megabytes of memory.

Rows arrive hop by hop but npz wants each column in one piece. So full chunks go column by column
into a raw file beside it, and the end gathers each column from the chunks into its zip member.
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


class ColumnFile:
    """Columns of equal length that grow together; `close` makes the npz and its content hash."""

    def __init__(self, path: Path, columns: Sequence[Column], chunk_bytes: int = CHUNK_BYTES) -> None:
        self.path = path
        self.columns = tuple(columns)
        self.rows = 0
        self.digest = ""
        self._row_bytes = sum(column.row_bytes for column in self.columns)
        self._chunk = max(16, chunk_bytes // max(1, self._row_bytes))
        self._raw: BinaryIO | None = None
        self._whole = True
        self._filled = 0
        self._held: list[NDArray[Any]] = []

    @property
    def _raw_path(self) -> Path:
        return self.path.with_name(self.path.name + ".raw")

    def open(self) -> None:
        """Take the raw file and the memory of one chunk."""
        self._held = [np.zeros((self._chunk, *c.tail), c.dtype) for c in self.columns]
        self._raw = self._raw_path.open("w+b")

    def append(self, arrays: Sequence[NDArray[Any]]) -> None:
        """Add n rows to every column; what broadcasts to (n, *tail) is copied and cast to the column's dtype."""
        n, at = len(arrays[0]), 0
        while at < n:
            take = min(n - at, self._chunk - self._filled)
            for held, array in zip(self._held, arrays, strict=True):
                held[self._filled : self._filled + take] = array[at : at + take]
            self._filled += take
            self.rows += take
            at += take
            if self._filled == self._chunk:
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
            for number, column in enumerate(self.columns):
                content = ContentHash(column.name, column.dtype, column.tail)
                with archive.open(column.name + ".npy", "w", force_zip64=True) as member:
                    shape = (self.rows, *column.tail)
                    header = {"descr": column.dtype, "fortran_order": False, "shape": shape}
                    npy.write_array_header_1_0(member, header)
                    for rows in self._pieces(number):
                        content.add(rows)
                        member.write(rows.data)
                digests.append(content.hexdigest())
        self.digest = layer_digest(digests)

    def _pieces(self, number: int) -> Iterator[NDArray[Any]]:
        """The chunks of one column, in order, as they lie in the raw file."""
        assert self._raw is not None
        column = self.columns[number]
        before = sum(c.row_bytes for c in self.columns[:number])
        for start in range(0, self.rows, self._chunk):
            rows = min(self._chunk, self.rows - start)
            self._raw.seek(start * self._row_bytes + rows * before)
            data = self._raw.read(rows * column.row_bytes)
            yield np.frombuffer(data, column.dtype).reshape(rows, *column.tail)
