"""Hashes over what a layer says, never over encoded bytes: zip, PNG and mp4 differ between versions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


class ContentHash:
    """SHA-256 of one array that arrives in pieces along its first axis: name, dtype, shape, values.

    The shape is only known at the end, so the values are hashed first and the header is put around.
    """

    def __init__(self, name: str, dtype: str, tail: tuple[int, ...] = ()) -> None:
        self.name = name
        self.dtype = np.dtype(dtype).newbyteorder("<")
        self.tail = tail
        self.rows = 0
        self._body = hashlib.sha256()

    def add(self, rows: NDArray[Any]) -> None:
        """Take (n, *tail) values of exactly this dtype; else a ValueError: nothing is cast in silence."""
        if rows.dtype != self.dtype or rows.shape[1:] != self.tail:
            raise ValueError(f"{self.name} is {self.dtype} {self.tail}, not {rows.dtype} {rows.shape[1:]}")
        self._body.update(np.ascontiguousarray(rows).data)
        self.rows += len(rows)

    def hexdigest(self) -> str:
        """The hash of everything taken so far."""
        header = f"{self.name} {self.dtype.str} {(self.rows, *self.tail)}\n"
        return hashlib.sha256(header.encode() + self._body.digest()).hexdigest()


def layer_digest(digests: Iterable[str]) -> str:
    """One hash of several, in the given order."""
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


def npz_digest(path: Path) -> str:
    """The content hash of an npz file as it lies on disk, member by member in the file's order."""
    digests = []
    with np.load(path, allow_pickle=False) as members:
        for name in members.files:
            array = members[name]
            part = ContentHash(name, array.dtype.str, array.shape[1:])
            part.add(array)
            digests.append(part.hexdigest())
    return layer_digest(digests)


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes: right for what a person gave (patch, song), wrong for what we encoded."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
